//! What cannot be trimmed: one line that says where and why, exit code 2, nothing written.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::folder::{Folder, Outcome};
use crate::trim::{KEEP, UPSTREAM};

/// Trims a document that must be refused, and checks that this leaves the folder as it was.
fn refused(keep: &str, document: &[u8]) -> Outcome {
    let folder = Folder::new(&[("keep.yaml", keep), ("presence.trimmed.yaml", "the old one\n")]);
    folder.write("upstream", document);
    let outcome = folder.run(&["spec", "trim", "upstream"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert_eq!(folder.read("presence.trimmed.yaml"), "the old one\n");
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml", "upstream"]);
    outcome
}

/// The message for each case.
fn messages(cases: &[(&str, String)]) -> String {
    let mut messages = String::new();
    for (case, document) in cases {
        write!(messages, "{case}\n  {}", refused(KEEP, document.as_bytes()).stderr).unwrap();
    }
    messages
}

/// The document with one piece of its text replaced, which must be there.
fn with(from: &str, to: &str) -> String {
    assert!(UPSTREAM.contains(from), "{from}");
    UPSTREAM.replacen(from, to, 1)
}

fn json() -> String {
    let value: serde_json::Value = serde_saphyr::from_str(UPSTREAM).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

fn bomb() -> String {
    let mut bomb = "a0: &a0 [boom, boom]\n".to_owned();
    for level in 1..40 {
        let below = level - 1;
        writeln!(bomb, "a{level}: &a{level} [*a{below}, *a{below}]").unwrap();
    }
    format!("{bomb}{UPSTREAM}")
}

/// Schemas of which each is composed of the next one, twice.
fn many_ways(schemas: &str) -> String {
    let mut schemas = schemas.to_owned();
    for level in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/many{}'}}", level + 1);
        writeln!(schemas, "    many{level}:\n      allOf: [{next}, {next}]").unwrap();
    }
    schemas + "    many40:\n      type: string\n"
}

#[test]
fn what_is_no_document_is_refused_with_its_line() {
    let half = |text: &str| text.get(..text.len() / 2).unwrap().to_owned();
    let found = messages(&[
        ("nothing", String::new()),
        ("prose", "Dear all,\nthe lamps are on.\n".to_owned()),
        ("a list", "- openapi\n- 3.0.4\n".to_owned()),
        ("YAML with a tab", with("  /lamps/{lamp-id}:", "\t/lamps/{lamp-id}:")),
        ("YAML with a quote that stays open", with("version: v1.0", "version: 'v1.0")),
        ("YAML in which a kept part is malformed", with("maximum: 100}", "maximum: 100")),
        ("YAML with a key twice", with("  /users:", "  /lamps/{lamp-id}:")),
        ("YAML with the paths twice", format!("{UPSTREAM}paths:\n  /users: {{}}\n")),
        ("YAML with a key twice in a kept part", with("      summary: Get lamp", "      operationId: other")),
        ("YAML with a second document", format!("{UPSTREAM}---\nopenapi: 3.0.4\n")),
        ("YAML cut in the middle", half(UPSTREAM)),
        ("YAML cut before the components", UPSTREAM.split("components:\n").next().unwrap().to_owned()),
        ("YAML cut in the middle of a key", with("      operationId: lamps.History\n", "      opera\n")),
        ("a bomb of aliases", bomb()),
        ("a bomb of brackets", format!("{UPSTREAM}x-deep: {}", "[".repeat(100_000))),
        ("a bomb of brackets in a kept part", with("maximum: 100}", &format!("default: {}", "[".repeat(100_000)))),
        (
            "JSON with a bomb of brackets in a kept part",
            json().replacen("100", &("[".repeat(100_000) + &"]".repeat(100_000)), 1),
        ),
        ("JSON cut in the middle", half(&json())),
        ("JSON with a comma too many", json().replacen("\"get\": {", "\"get\": {,", 1)),
        ("JSON with a key twice", json().replacen("\"/users\"", "\"/lamps/{lamp-id}\"", 1)),
        ("JSON with the paths twice", json().replacen("\"components\"", "\"paths\"", 1)),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn what_is_no_openapi_3_0_is_refused() {
    let found = messages(&[
        ("OpenAPI 2.0", with("openapi: 3.0.4", "swagger: '2.0'")),
        ("OpenAPI 3.1", with("openapi: 3.0.4", "openapi: 3.1.0")),
        ("a number as version", with("openapi: 3.0.4", "openapi: 3.0")),
        ("no version", with("openapi: 3.0.4", "closedapi: 3.0.4")),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", &format!("\u{feff}{UPSTREAM}"))]);
    assert_eq!(folder.run(&["spec", "trim", "upstream"]).stderr, "");
}

#[test]
fn what_has_no_end_is_refused() {
    let folder = Folder::new(&[("keep.yaml", KEEP)]);
    insta::assert_snapshot!(folder.run(&["spec", "trim", "/dev/zero"]), @r"
    error: cannot read /dev/zero: longer than 256 MiB
    exit 2
    ");
}

#[test]
fn what_is_no_utf_8_or_no_gzip_is_refused() {
    insta::assert_snapshot!(refused(KEEP, b"openapi: 3.0.4\ninfo: \xff\n").stderr, @"error: upstream:2:7: this is no UTF-8 text");
    insta::assert_snapshot!(refused(KEEP, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01").stderr, @"error: upstream: broken gzip: incomplete deflate stream");
}

#[test]
fn references_that_cannot_be_followed_are_refused_with_their_pointer() {
    let colour = "    colour:\n      enum: [warm, cold, unknownFutureValue]\n      type: string\n";
    let found = messages(&[
        (
            "dangling",
            with("#/components/schemas/room'\n            - type", "#/components/schemas/hall'\n            - type"),
        ),
        ("to a number", with("'#/components/parameters/top'", "7")),
        ("to another file", with("'#/components/parameters/top'", "common.yaml#/top")),
        ("to another host", with("'#/components/parameters/top'", "https://lamps.example/top.yaml")),
        ("to something that is no component", with("'#/components/parameters/top'", "'#/paths/~1users'")),
        ("to itself", with(colour, "    colour:\n      $ref: '#/components/schemas/colour'\n")),
        (
            "round in a circle",
            with(
                colour,
                "    colour:\n      $ref: '#/components/schemas/paint'\n    paint:\n      $ref: '#/components/schemas/colour'\n",
            ),
        ),
        (
            "round in a circle, beside what is reached in a million million ways",
            with(
                colour,
                &many_ways(
                    "    colour:\n      allOf: [{$ref: '#/components/schemas/many0'}, {$ref: '#/components/schemas/round'}]\n    round:\n      $ref: '#/components/schemas/round'\n",
                ),
            ),
        ),
        (
            "a row without end",
            with(colour, &{
                let next = |level| format!("      allOf: [{{$ref: '#/components/schemas/row{level}'}}]\n");
                let rows: String = (0..50_000).map(|level| format!("    row{level}:\n{}", next(level + 1))).collect();
                format!("    colour:\n{}{rows}    row50000:\n      type: string\n", next(0))
            }),
        ),
        (
            "composed of itself",
            with(
                "    entity:\n      title: entity\n",
                "    entity:\n      allOf: [{$ref: '#/components/schemas/lamp'}]\n",
            ),
        ),
        (
            "a path that is a reference",
            with("    description: Provides operations to manage a lamp.", "    $ref: other.yaml"),
        ),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn decisions_and_documents_that_do_not_fit_are_all_named() {
    let found = messages(&[
        (
            "a kept operation is gone",
            with("  '/lamps/{lamp-id}/dim':\n    post:", "  '/lamps/{lamp-id}/dim':\n    put:"),
        ),
        ("a new operation at a kept path", with("    patch:\n", "    trace: {operationId: t}\n    patch:\n")),
        ("a new operation below a kept path", with("  /users:", "  /lamps/{lamp-id}/blink:")),
        ("a dropped operation is gone", with("  /lamps/{lamp-id}/history:", "  /history:")),
        (
            "a dropped property is gone",
            with("          legacy:\n            $ref", "          modern:\n            $ref"),
        ),
        ("two operations with one id", with("lamps.lamp.dim", "lamps.GetLamp")),
        ("one id for a kept and a dropped operation", with("lamps.UpdateLamp", "lamps.GetLamp")),
        ("one id for a kept operation and one that is elsewhere", with("users.List", "'lamps.GetLamp'")),
        (
            "one id for a kept operation and one that is elsewhere, in JSON",
            json().replacen("users.List", "lamps.GetLamp", 1),
        ),
        ("an operation without an id", with("      operationId: lamps.lamp.dim\n", "")),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn a_decision_without_a_reason_or_a_place_is_refused() {
    let mut messages = String::new();
    for (case, keep) in [
        ("no reason", KEEP.replace("why: Lamps do not change.", "why: ''")),
        ("a property of a schema that is not kept", KEEP.replace("schema: lamp", "schema: torch")),
        ("outside of the paths", KEEP.replace("  - get /lamps/{lamp-id}\n", "  - get /users\n")),
        ("kept and dropped", KEEP.replace("  - post /lamps/{lamp-id}/dim", "  - patch /lamps/{lamp-id}")),
        ("a word that is unknown", KEEP.replace("drop:\n  -", "drops:\n  -")),
    ] {
        write!(messages, "{case}\n  {}", refused(&keep, UPSTREAM.as_bytes()).stderr).unwrap();
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = Folder::new(&[("keep.yaml", KEEP)]);
    let outcome = folder.run(&["spec", "trim", "nothing.yaml"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"error: cannot read nothing.yaml: No such file or directory (os error 2)");
}

#[test]
fn a_target_that_cannot_be_written_is_named_and_nothing_is_left_behind() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    std::fs::create_dir(folder.path().join("presence.trimmed.yaml")).unwrap();
    let outcome = folder.run(&["spec", "trim", "upstream"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"error: cannot write SPECS/presence.trimmed.yaml: is a directory");
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml", "upstream"]);
}

#[test]
fn a_run_that_is_interrupted_leaves_the_old_file_whole() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("presence.trimmed.yaml", "the old one\n")]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["spec", "trim", "-", "--specs"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for the rest, which never comes.
    child.stdin.as_mut().unwrap().write_all(UPSTREAM.as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folder.read("presence.trimmed.yaml"), "the old one\n");
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml"]);
}
