//! `spec trim`: the trimmed document.

use std::io::Write;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::folder::Folder;

pub(crate) const KEEP: &str = include_str!("keep.yaml");
pub(crate) const UPSTREAM: &str = include_str!("upstream.yaml");

/// Trims `document`, which must succeed, and returns the result.
pub(crate) fn trimmed(document: &[u8]) -> String {
    let folder = Folder::new(&[("keep.yaml", KEEP)]);
    folder.write("upstream", document);
    let outcome = folder.run(&["spec", "trim", "upstream"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    folder.read("presence.trimmed.yaml")
}

fn json() -> Value {
    serde_saphyr::from_str(UPSTREAM).unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn all_rules_are_applied() {
    insta::assert_snapshot!(trimmed(UPSTREAM.as_bytes()));
}

#[test]
fn result_is_independent_of_the_input_format() {
    let expected = trimmed(UPSTREAM.as_bytes());
    let compact = serde_json::to_vec(&json()).unwrap();
    let pretty = serde_json::to_vec_pretty(&json()).unwrap();
    let with_bom_and_crlf = format!("\u{feff}{}", UPSTREAM.replace('\n', "\r\n"));
    let explicit = format!("%YAML 1.2\n--- # a document\n{UPSTREAM}...\n");
    for (format, document) in [
        ("compact JSON", compact.clone()),
        ("indented JSON", pretty),
        ("compressed JSON", gzipped(&compact)),
        ("compressed YAML", gzipped(UPSTREAM.as_bytes())),
        ("YAML with a byte order mark and CRLF", with_bom_and_crlf.into_bytes()),
        ("YAML with document markers", explicit.into_bytes()),
        (
            "YAML with explicit keys",
            UPSTREAM.replace("  /lamps/{lamp-id}:\n    d", "  ? /lamps/{lamp-id}\n  : d").into_bytes(),
        ),
        ("YAML with a tag", UPSTREAM.replace("    colour:\n", "    !!str colour: !!map\n").into_bytes()),
        ("YAML in flow style", [b"# a document\n", compact.as_slice()].concat()),
    ] {
        assert_eq!(trimmed(&document), expected, "{format}");
    }
}

#[test]
fn result_is_independent_of_the_order_of_sets_and_maps() {
    let reordered = UPSTREAM
        .replace("[upper, lower]", "[lower, upper]")
        .replace("[lamps.lamp, house]", "[house, lamps.lamp]")
        .replace("[warm, cold, unknownFutureValue]", "[unknownFutureValue, cold, warm]")
        .replace("[room, '@odata.type', colour]", "[colour, room, '@odata.type']");
    let (paths, components) = reordered.split_at(reordered.find("components:\n").unwrap());
    let (head, paths) = paths.split_at(paths.find("paths:\n").unwrap());
    assert_eq!(trimmed(format!("{head}{components}{paths}").as_bytes()), trimmed(UPSTREAM.as_bytes()));
}

#[test]
fn dash_reads_standard_input() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    let outcome = folder.run_with_input(&["spec", "trim", "-"], "upstream");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(folder.read("presence.trimmed.yaml"), trimmed(UPSTREAM.as_bytes()));
}

#[test]
fn trimming_the_result_again_changes_only_the_header() {
    let body = |text: &str| text.split_once("\nopenapi:").unwrap().1.to_owned();
    let keep = KEEP.split_once("drop:").unwrap().0;
    let trimmed_once = trimmed(UPSTREAM.as_bytes());
    let folder = Folder::new(&[("keep.yaml", keep), ("upstream", &trimmed_once)]);
    assert_eq!(folder.run(&["spec", "trim", "upstream"]).code, 0);
    assert_eq!(body(&folder.read("presence.trimmed.yaml")), body(&trimmed_once));
}

#[test]
fn byte_order_mark_is_ignored() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", &format!("\u{feff}{UPSTREAM}"))]);
    assert_eq!(folder.run(&["spec", "trim", "upstream"]).stderr, "");
}

#[test]
fn unwritable_output_leaves_no_temporary_file() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    std::fs::create_dir(folder.path().join("presence.trimmed.yaml")).unwrap();
    assert_eq!(folder.run(&["spec", "trim", "upstream"]).code, 2);
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml", "upstream"]);
}

#[test]
fn interrupted_run_leaves_the_file_unchanged() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("presence.trimmed.yaml", "the previous content\n")]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["spec", "trim", "-", "--specs"])
        .arg(folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // The pipe stays open, so the command waits for more input.
    child.stdin.as_mut().unwrap().write_all(UPSTREAM.as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folder.read("presence.trimmed.yaml"), "the previous content\n");
    assert_eq!(folder.names(), ["keep.yaml", "presence.trimmed.yaml"]);
}
