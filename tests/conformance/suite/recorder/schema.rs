//! The JSON Schema of a recording.

use std::fs;

use graph_presence_conformance::Recording;

#[test]
fn the_committed_schema_is_the_one_of_the_recordings() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/recording.schema.json");
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(committed, Recording::schema().unwrap(), "write `cargo xtask record --schema` to {path}");
}
