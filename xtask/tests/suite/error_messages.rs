//! The messages of every error and finding of the commands, except the findings of the lint, which are in `lint.rs`.
//!
//! The messages of compilers, package registries and the recorder of pages are not covered: they come from other
//! programs and crates.

use std::fmt::Write as _;
use std::fs;

use crate::folder::{Folder, Outcome};
use crate::trim::{KEEP, UPSTREAM};
use crate::{clouds, conformance, layers, operations, overlay, regen};

/// The messages so far, grouped by command.
struct Messages(String);

impl Messages {
    fn command(&mut self, name: &str) {
        writeln!(self.0, "\n# {name}\n").unwrap();
    }

    /// Adds the output of a run that must fail. For outdated files, the diff on standard output is omitted.
    fn add(&mut self, case: &str, outcome: &Outcome) {
        assert_ne!(outcome.code, 0, "{case}: {outcome}");
        let stdout = if outcome.stdout.contains("@@") { "" } else { outcome.stdout.as_str() };
        writeln!(self.0, "{case} (exit code {})", outcome.code).unwrap();
        for line in stdout.lines().chain(outcome.stderr.lines()) {
            writeln!(self.0, "  {}", without_temporary_name(line)).unwrap();
        }
    }
}

/// Replaces the name of a temporary folder, which is random.
fn without_temporary_name(line: &str) -> String {
    match line.split_once("/.tmp") {
        Some((before, after)) => {
            let end = after.find('/').unwrap_or(after.len());
            let start = before.rfind(' ').map_or(0, |space| space + 1);
            format!("{}TEMPORARY{}", &before[..start], &after[end..])
        }
        None => line.to_owned(),
    }
}

#[test]
fn every_error_and_finding() {
    let mut messages = Messages(String::new());
    spec_trim(&mut messages);
    spec_apply(&mut messages);
    spec_drift(&mut messages);
    regen_outputs(&mut messages);
    api(&mut messages);
    layers_of_crates(&mut messages);
    record(&mut messages);
    conformance_suite(&mut messages);
    interop(&mut messages);
    insta::assert_snapshot!(messages.0.trim_start());
}

/// Trims a document that must be rejected, and checks that no file is written.
fn rejected(keep: &str, document: &[u8]) -> Outcome {
    let folder = Folder::new(&[("keep.yaml", keep), ("presence.trimmed.yaml", "the previous content\n")]);
    folder.write("upstream", document);
    let outcome = folder.run(&["spec", "trim", "upstream"]);
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert_eq!(folder.read("presence.trimmed.yaml"), "the previous content\n");
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml", "upstream"]);
    outcome
}

/// Returns `UPSTREAM` with one piece of its text replaced.
fn with(from: &str, to: &str) -> String {
    assert!(UPSTREAM.contains(from), "{from}");
    UPSTREAM.replacen(from, to, 1)
}

fn json() -> String {
    let value: serde_json::Value = serde_saphyr::from_str(UPSTREAM).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

/// Returns a document with aliases that expand exponentially.
fn exponential_aliases() -> String {
    let mut aliases = "a0: &a0 [a, a]\n".to_owned();
    for level in 1..40 {
        let previous = level - 1;
        writeln!(aliases, "a{level}: &a{level} [*a{previous}, *a{previous}]").unwrap();
    }
    format!("{aliases}{UPSTREAM}")
}

/// Schemas that each refer to the next one twice, so that the number of paths between them is exponential.
fn exponential_references(schemas: &str) -> String {
    let mut schemas = schemas.to_owned();
    for level in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/many{}'}}", level + 1);
        writeln!(schemas, "    many{level}:\n      allOf: [{next}, {next}]").unwrap();
    }
    schemas + "    many40:\n      type: string\n"
}

fn spec_trim(messages: &mut Messages) {
    messages.command("spec trim");
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    messages.add("missing document", &folder.run(&["spec", "trim", "absent.yaml"]));
    messages.add("infinite document", &folder.run(&["spec", "trim", "/dev/zero"]));
    fs::create_dir(folder.path().join("presence.trimmed.yaml")).unwrap();
    messages.add("output is a folder", &folder.run(&["spec", "trim", "upstream"]));
    messages.add("invalid UTF-8", &rejected(KEEP, b"openapi: 3.0.4\ninfo: \xff\n"));
    messages.add("invalid gzip", &rejected(KEEP, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x01"));
    let cases = [malformed_documents(), unsupported_versions(), invalid_references(), mismatches()].concat();
    for (case, document) in cases {
        messages.add(case, &rejected(KEEP, document.as_bytes()));
    }
    for (case, keep) in [
        ("keep.yaml: empty reason", KEEP.replace("reason: Lamps are immutable.", "reason: ''")),
        ("keep.yaml: property of a schema that is not kept", KEEP.replace("schema: lamp", "schema: torch")),
        ("keep.yaml: operation on another path", KEEP.replace("  - get /lamps/{lamp-id}\n", "  - get /users\n")),
        (
            "keep.yaml: operation both kept and dropped",
            KEEP.replace("  - post /lamps/{lamp-id}/dim", "  - patch /lamps/{lamp-id}"),
        ),
        ("keep.yaml: unknown field", KEEP.replace("drop:\n  -", "drops:\n  -")),
    ] {
        messages.add(case, &rejected(&keep, UPSTREAM.as_bytes()));
    }
}

fn malformed_documents() -> Vec<(&'static str, String)> {
    let half = |text: &str| text.get(..text.len() / 2).unwrap().to_owned();
    vec![
        ("empty document", String::new()),
        ("prose", "Some text.\nMore text.\n".to_owned()),
        ("array", "- openapi\n- 3.0.4\n".to_owned()),
        ("YAML with a tab", with("  /lamps/{lamp-id}:", "\t/lamps/{lamp-id}:")),
        ("YAML with an unclosed quote", with("version: v1.0", "version: 'v1.0")),
        ("YAML with a malformed kept part", with("maximum: 100}", "maximum: 100")),
        ("YAML with a duplicate path", with("  /users:", "  /lamps/{lamp-id}:")),
        ("YAML with duplicate paths", format!("{UPSTREAM}paths:\n  /users: {{}}\n")),
        ("YAML with a duplicate key in a kept part", with("      summary: Get lamp", "      operationId: other")),
        ("YAML with a second document", format!("{UPSTREAM}---\nopenapi: 3.0.4\n")),
        ("YAML truncated in the middle", half(UPSTREAM)),
        ("YAML truncated before the components", UPSTREAM.split("components:\n").next().unwrap().to_owned()),
        ("YAML truncated in the middle of a key", with("      operationId: lamps.History\n", "      opera\n")),
        ("exponential aliases", exponential_aliases()),
        ("deeply nested brackets", format!("{UPSTREAM}x-deep: {}", "[".repeat(100_000))),
        ("deeply nested brackets in a kept part", with("maximum: 100}", &format!("default: {}", "[".repeat(100_000)))),
        (
            "JSON with deeply nested brackets in a kept part",
            json().replacen("100", &("[".repeat(100_000) + &"]".repeat(100_000)), 1),
        ),
        ("JSON truncated in the middle", half(&json())),
        ("JSON with an extra comma", json().replacen("\"get\": {", "\"get\": {,", 1)),
        ("JSON with a duplicate path", json().replacen("\"/users\"", "\"/lamps/{lamp-id}\"", 1)),
        ("JSON with duplicate paths", json().replacen("\"components\"", "\"paths\"", 1)),
    ]
}

fn unsupported_versions() -> Vec<(&'static str, String)> {
    vec![
        ("OpenAPI 2.0", with("openapi: 3.0.4", "swagger: '2.0'")),
        ("OpenAPI 3.1", with("openapi: 3.0.4", "openapi: 3.1.0")),
        ("number as version", with("openapi: 3.0.4", "openapi: 3.0")),
        ("no version", with("openapi: 3.0.4", "closedapi: 3.0.4")),
    ]
}

fn invalid_references() -> Vec<(&'static str, String)> {
    let colour = "    colour:\n      enum: [warm, cold, unknownFutureValue]\n      type: string\n";
    vec![
        (
            "unresolved reference",
            with("#/components/schemas/room'\n            - type", "#/components/schemas/hall'\n            - type"),
        ),
        ("number as reference", with("'#/components/parameters/top'", "7")),
        ("reference to another file", with("'#/components/parameters/top'", "common.yaml#/top")),
        ("reference to another host", with("'#/components/parameters/top'", "https://lamps.example/top.yaml")),
        ("reference to a path", with("'#/components/parameters/top'", "'#/paths/~1users'")),
        ("reference to itself", with(colour, "    colour:\n      $ref: '#/components/schemas/colour'\n")),
        (
            "cyclic references",
            with(
                colour,
                "    colour:\n      $ref: '#/components/schemas/paint'\n    paint:\n      $ref: '#/components/schemas/colour'\n",
            ),
        ),
        (
            "cyclic references next to exponentially many paths",
            with(
                colour,
                &exponential_references(
                    "    colour:\n      allOf: [{$ref: '#/components/schemas/many0'}, {$ref: '#/components/schemas/round'}]\n    round:\n      $ref: '#/components/schemas/round'\n",
                ),
            ),
        ),
        (
            "deeply nested composition",
            with(colour, &{
                let next = |level| format!("      allOf: [{{$ref: '#/components/schemas/row{level}'}}]\n");
                let rows: String = (0..50_000).map(|level| format!("    row{level}:\n{}", next(level + 1))).collect();
                format!("    colour:\n{}{rows}    row50000:\n      type: string\n", next(0))
            }),
        ),
        (
            "schema composed of itself",
            with(
                "    entity:\n      title: entity\n",
                "    entity:\n      allOf: [{$ref: '#/components/schemas/lamp'}]\n",
            ),
        ),
        (
            "path item with a reference",
            with("    description: Provides operations to manage a lamp.", "    $ref: other.yaml"),
        ),
    ]
}

fn mismatches() -> Vec<(&'static str, String)> {
    vec![
        ("kept operation removed", with("  '/lamps/{lamp-id}/dim':\n    post:", "  '/lamps/{lamp-id}/dim':\n    put:")),
        ("operation added to a kept path", with("    patch:\n", "    trace: {operationId: t}\n    patch:\n")),
        ("operation added to a subpath", with("  /users:", "  /lamps/{lamp-id}/blink:")),
        ("dropped operation removed", with("  /lamps/{lamp-id}/history:", "  /history:")),
        (
            "dropped property removed",
            with("          legacy:\n            $ref", "          modern:\n            $ref"),
        ),
        ("duplicate id of kept operations", with("lamps.lamp.dim", "lamps.GetLamp")),
        ("duplicate id of a kept and a dropped operation", with("lamps.UpdateLamp", "lamps.GetLamp")),
        ("duplicate id of an operation on another path", with("users.List", "'lamps.GetLamp'")),
        ("duplicate id of an operation on another path, in JSON", json().replacen("users.List", "lamps.GetLamp", 1)),
        ("operation without an id", with("      operationId: lamps.lamp.dim\n", "")),
    ]
}

fn spec_apply(messages: &mut Messages) {
    messages.command("spec apply");
    let files = [("presence.trimmed.yaml", regen::DOTS), ("presence.overlay.yaml", regen::OVERLAY)];
    for (case, name, content) in [
        ("missing trimmed document", "presence.trimmed.yaml", None),
        ("missing overlay", "presence.overlay.yaml", None),
        ("truncated trimmed document", "presence.trimmed.yaml", Some("openapi: 3.0.4\ninfo: { title: Do")),
        ("trimmed document is a string", "presence.trimmed.yaml", Some("Dots.")),
        ("tab as indentation", "presence.trimmed.yaml", Some("openapi: 3.0.4\ninfo:\n\ttitle: Dots")),
    ] {
        let folder = Folder::new(&files);
        match content {
            Some(content) => folder.write(name, content),
            None => fs::remove_file(folder.path().join(name)).unwrap(),
        }
        messages.add(case, &folder.run(&["spec", "apply"]));
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
    }
    let folder = Folder::new(&files);
    fs::create_dir(folder.path().join("presence.openapi.yaml")).unwrap();
    messages.add("output is a folder", &folder.run(&["spec", "apply"]));
    let folder = Folder::new(&files);
    messages.add("outdated output", &folder.run(&["spec", "apply", "--check"]));
    for (case, text) in [
        ("another overlay version", "overlay: 1.1.0\ninfo: { title: T, version: '1' }\nactions: [{ target: $.info }]"),
        ("no overlay version", "info: { title: T, version: '1' }\nactions: []"),
        ("no info", "overlay: 1.0.0\nactions: [{ target: $.info, description: A reason., update: { title: T } }]"),
        ("incomplete info", "overlay: 1.0.0\ninfo: { title: T, of: me }\nactions: x"),
        ("unknown keys", "overlay: 1.0.0\nextends: dots.yaml\nx-a: 1\nsteps: []\ninfo: { title: T, version: '1' }"),
        ("overlay is an array", "- overlay: 1.0.0"),
        ("truncated overlay", "overlay: 1.0.0\ninfo: { title: T, ver"),
        ("duplicate key", "overlay: 1.0.0\noverlay: 1.0.0"),
        ("undefined alias", "overlay: *undefined"),
    ] {
        let (folder, outcome) = overlay::apply_overlay(text);
        messages.add(case, &outcome);
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
    }
    let (folder, outcome) = overlay::apply(INVALID_ACTIONS);
    messages.add("invalid actions", &outcome);
    assert_eq!(folder.find("presence.openapi.yaml"), None);
}

const INVALID_ACTIONS: &str = r"
- target: $.paths['/spots']
  description: The target selects nothing.
  update: { get: {} }
- target: $.components.schemas.dot
  description: Values of other types.
  update: { type: [object], properties: { colour: blue, shade: { nullable: 'yes' } } }
- target: $.info.title
  description: The target is a string.
  update: {}
- target: $
  description: The target is the root.
  remove: true
- target: $.info
  description: The update changes nothing.
  update: { title: Dots }
- target: $.info
  description: Neither update nor remove.
- target: $.info
  description: Neither update nor remove, with remove set to false.
  remove: false
- target: $.info
  description: Both update and remove.
  update: { title: Spots }
  remove: true
- target: $.info
  description: A string instead of a boolean.
  remove: 'yes'
- target: $.info
  description: ' '
  update: { title: Spots }
- target: $.info
  update: { title: Dabs }
- target: info.title
  description: An invalid JSONPath.
  remove: true
- description: No target.
  remove: true
- target: $.info
  description: A key of Overlay 1.1.
  copy: $.servers
  x-ours: extensions are allowed
  update: { title: Blots }
- not an action
";

fn spec_drift(messages: &mut Messages) {
    messages.command("spec drift");
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    messages.add("missing trimmed document", &folder.run(&["spec", "drift", "upstream"]));
    folder.write("presence.trimmed.yaml", UPSTREAM);
    folder.write("upstream", with("openapi: 3.0.4", "openapi: 3.1.0"));
    messages.add("unsupported document", &folder.run(&["spec", "drift", "upstream", "--json"]));
    messages.add("missing document", &folder.run(&["spec", "drift", "absent.yaml"]));
}

fn regen_outputs(messages: &mut Messages) {
    messages.command("regen");
    let regen = ["regen", "--crate", "crate"];
    let folder = regen::folder();
    messages.add("outdated files", &folder.run(&["regen", "--crate", "crate", "--check"]));
    fs::remove_file(folder.path().join("clouds.yaml")).unwrap();
    messages.add("missing clouds.yaml", &folder.run(&regen));
    let folder = regen::folder();
    fs::create_dir_all(folder.path().join("crate/src/generated/clouds.rs")).unwrap();
    messages.add("output is a folder", &folder.run(&regen));
    let folder = regen::folder();
    folder.write(
        "presence.trimmed.yaml",
        regen::DOTS.replace("{ description: The color., type: string }", "{ description: The color., enum: [1, red] }"),
    );
    messages.add("panic of the generator", &folder.run(&regen));
    assert_eq!(folder.find("presence.openapi.yaml"), None);

    let changes = [
        ("ids: [dots.GetDot, dots.dot.paint]", "ids: [dots.GetDot, dots.GetDot, dots.dot.wash]"),
        ("date: 2026-08 }", "date: August 2026 }"),
        ("{ clouds: [], source: metadata", "{ clouds: [global, global, moon], source: rumor"),
        ("presence.id:", "presence.mood:"),
        ("page: a page }", "page: a page, other: another page }"),
    ];
    let mut invalid = clouds::CLOUDS.to_owned();
    for (valid, replacement) in changes {
        assert!(invalid.contains(valid), "{valid}");
        invalid = invalid.replace(valid, replacement);
    }
    let unknown_field = clouds::CLOUDS.replace("      source: metadata\n", "      sauce: metadata\n");
    for (case, text) in [("invalid clouds.yaml", invalid), ("unknown field in clouds.yaml", unknown_field)] {
        let (folder, outcome) = clouds::regen(&text);
        messages.add(case, &outcome);
        for output in ["presence.openapi.yaml", "crate/src/generated/client.rs", "crate/src/generated/clouds.rs"] {
            assert_eq!(folder.find(output), None, "{case}");
        }
    }
    for (case, valid, replacement) in [
        ("no permissions", "x-permissions: { delegated: Presence.Read }", "x-idempotent: true"),
        ("invalid x-idempotent", "x-idempotent: false", "x-idempotent: unknown"),
        ("duplicate action", "x-action: listSubscriptions", "x-action: createSubscription"),
        (
            "invalid permissions",
            "x-idempotent: false\n      x-permissions: { delegated: Presence.Read.All }",
            "x-idempotent: false\n      x-permissions: { application: Presence.Read.All }",
        ),
    ] {
        assert!(operations::DOCUMENT.contains(valid), "{valid}");
        let (folder, outcome) = operations::regen(&operations::DOCUMENT.replace(valid, replacement));
        messages.add(case, &outcome);
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
    }
}

fn api(messages: &mut Messages) {
    messages.command("api");
    let folder = Folder::new(&[]);
    folder.write_script("cargo", "exit 1");
    let cargo = folder.path().join("cargo");
    let cargo = [("CARGO", cargo.to_str().unwrap())];
    let arguments = ["api", "--crate", "spot-light"];
    messages.add("cargo doc fails", &folder.build_with_env(&arguments, &cargo));
    messages.add("cargo not found", &folder.build_with_env(&arguments, &[("CARGO", "/absent/cargo")]));
    folder.write_script("cargo", "exit 0");
    messages.add("no output of rustdoc", &folder.build_with_env(&arguments, &cargo));
}

fn layers_of_crates(messages: &mut Messages) {
    messages.command("layers");
    let cases: [(&str, &[(&str, &str)]); 4] = [
        ("module without a file", &[("lib.rs", "\nmod disc;")]),
        ("invalid Rust", &[("lib.rs", "mod disc;"), ("disc.rs", "struct Disc;\nfn (")]),
        ("missing file in a path attribute", &[("lib.rs", "#[path = \"ring.rs\"]\nmod disc;")]),
        ("file that declares itself as a module", &[("lib.rs", "#[path = \"lib.rs\"]\nmod disc;")]),
    ];
    for (case, files) in cases {
        messages.add(case, &layers::layers("spot", files));
    }
    let folder = Folder::new(&[]);
    folder.write("Cargo.toml", layers::manifest("spot"));
    folder.write("src/lib.rs", "mod disc;");
    folder.write("src/disc.rs", b"// \xff");
    let arguments = ["layers", "--manifest-path", "Cargo.toml"];
    messages.add("invalid UTF-8", &folder.build(&arguments));
    folder.write("src/disc.rs", "fn disc() { crate::spin() }");
    folder.write("src/lib.rs", "mod disc;\nfn spin() { disc::disc() }");
    messages.add("import cycle", &folder.build(&arguments));
    let files = [
        ("lib.rs", "mod generated { pub mod client; }\nmod hooks;"),
        ("generated/client.rs", "pub struct Client;"),
        ("hooks.rs", "pub struct Inner;"),
    ];
    messages.add("unused exception", &layers::layers("graph-presence-raw", &files));
    messages.add("cargo not found", &folder.build_with_env(&arguments, &[("CARGO", "/absent/cargo")]));
    folder.write_script("cargo", "echo 'error: no manifest' >&2; exit 101");
    let cargo = folder.path().join("cargo");
    let cargo = [("CARGO", cargo.to_str().unwrap())];
    messages.add("cargo metadata fails", &folder.build_with_env(&arguments, &cargo));
    folder.write_script("cargo", "echo '{}'");
    messages.add("invalid output of cargo metadata", &folder.build_with_env(&arguments, &cargo));
}

fn record(messages: &mut Messages) {
    const PAGE: &str = "GET https://graph.microsoft.com/v1.0/me/presence\nHTTP/1.1 200 OK\n";
    messages.command("record");
    let folder = Folder::new(&[]);
    for name in ["sv.v1.0.presence-get.txt", "sv.v1.0.presence-get.md", "sv.v1.0.presence-get.pdf"] {
        folder.write(name, PAGE);
    }
    folder.write("nb.v1.0.presence-get.txt", b"\xff\xfepresence");
    folder.write("empty/picture.png", "");
    folder.write("file", "");
    for (case, pages) in [
        ("missing page", &["absent.txt"][..]),
        ("unsupported file type", &["sv.v1.0.presence-get.pdf"]),
        ("invalid UTF-8", &["nb.v1.0.presence-get.txt"]),
        ("folder without pages", &["empty"]),
        ("duplicate recording", &["sv.v1.0.presence-get.txt", "sv.v1.0.presence-get.md"]),
    ] {
        messages.add(case, &folder.build(&[&["record", "--out", "recordings"], pages].concat()));
    }
    let page = "sv.v1.0.presence-get.txt";
    messages.add("output folder is a file", &folder.build(&["record", "--out", "file", page]));
    messages.add("two pages with --explain", &folder.build(&["record", "--explain", page, page]));
}

fn conformance_suite(messages: &mut Messages) {
    messages.command("conformance");
    messages.add("build fails", &conformance::run(101, &[], "", 0));
    messages.add("check without an outcome", &conformance::run(0, &[("raw", "raw")], "", 101));
    messages.add("unknown column", &conformance::run(0, &[("raw", "rare")], "", 0));
    let folder = Folder::new(&[]);
    messages.add("cargo not found", &folder.build_with_env(&["conformance"], &[("CARGO", "/absent/cargo")]));
}

fn interop(messages: &mut Messages) {
    messages.command("interop");
    let folder = Folder::new(&[]);
    let text = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cargo, programs) = (text("cargo"), text("bin"));
    let variables = [("CARGO", cargo.as_str()), ("PATH", programs.as_str())];
    let mut add = |case: &str| messages.add(case, &folder.build_with_env(&["interop", "--only", "python"], &variables));
    folder.write_script("cargo", "exit 101");
    add("python3 not found");
    folder.write_script("bin/python3", "[ \"$1\" = --version ] || { echo 'no module named venv' >&2; exit 1; }");
    add("build of the emulator fails");
    folder.write_script("cargo", "exit 0");
    add("no executable");
    folder.write_script("cargo", &format!("echo '{{\"executable\": \"{}\"}}'", text("emulator")));
    add("virtual environment fails");
    let pip = "#!/bin/sh\\necho pip is offline >&2\\nexit 1\\n";
    let python = |pip: &str| {
        format!(
            "[ \"$1\" = --version ] && exit 0\n/bin/mkdir -p \"$3/bin\"\nprintf '{pip}' > \"$3/bin/python\"\n\
             /bin/chmod +x \"$3/bin/python\""
        )
    };
    folder.write_script("bin/python3", &python(pip));
    add("installation fails");
    folder.write_script("bin/python3", &python("#!/bin/sh\\nexit 0\\n"));
    add("emulator not found");
    folder.write_script("emulator", "echo listening");
    add("no URL");
}
