//! What stays of a document.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::folder::Folder;

pub(crate) const KEEP: &str = include_str!("keep.yaml");
pub(crate) const UPSTREAM: &str = include_str!("upstream.yaml");

/// The trimmed document that `document` gives.
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
fn every_quirk_of_the_large_document_is_trimmed() {
    insta::assert_snapshot!(trimmed(UPSTREAM.as_bytes()));
}

#[test]
fn the_form_of_the_document_does_not_matter() {
    let expected = trimmed(UPSTREAM.as_bytes());
    let compact = serde_json::to_vec(&json()).unwrap();
    let pretty = serde_json::to_vec_pretty(&json()).unwrap();
    let windows = format!("\u{feff}{}", UPSTREAM.replace('\n', "\r\n"));
    let explicit = format!("%YAML 1.2\n--- # a document\n{UPSTREAM}...\n");
    for (form, document) in [
        ("compact JSON", compact.clone()),
        ("JSON with lines", pretty),
        ("JSON in gzip", gzipped(&compact)),
        ("YAML in gzip", gzipped(UPSTREAM.as_bytes())),
        ("YAML from Windows", windows.into_bytes()),
        ("YAML with markers", explicit.into_bytes()),
        (
            "YAML with explicit keys",
            UPSTREAM.replace("  /lamps/{lamp-id}:\n    d", "  ? /lamps/{lamp-id}\n  : d").into_bytes(),
        ),
        ("YAML with a tag", UPSTREAM.replace("    colour:\n", "    !!str colour: !!map\n").into_bytes()),
        ("YAML in flow style", [b"# a document\n", compact.as_slice()].concat()),
    ] {
        assert_eq!(trimmed(&document), expected, "{form}");
    }
}

#[test]
fn the_order_of_sets_and_maps_does_not_matter() {
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
fn standard_input_is_a_file_called_dash() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    let outcome = folder.run_with_input(&["spec", "trim", "-"], "upstream");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert_eq!(folder.read("presence.trimmed.yaml"), trimmed(UPSTREAM.as_bytes()));
}

#[test]
fn trimming_what_was_trimmed_changes_no_more_than_the_head() {
    let body = |text: &str| text.split_once("\nopenapi:").unwrap().1.to_owned();
    let keep = KEEP.split_once("drop:").unwrap().0;
    let once = trimmed(UPSTREAM.as_bytes());
    let folder = Folder::new(&[("keep.yaml", keep), ("upstream", &once)]);
    assert_eq!(folder.run(&["spec", "trim", "upstream"]).code, 0);
    assert_eq!(body(&folder.read("presence.trimmed.yaml")), body(&once));
}
