//! The JSON Schema of a recording.

use std::fs;

use graph_presence_conformance::Recording;

#[test]
fn committed_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/recording.schema.json");
    let committed = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        committed,
        Recording::schema().unwrap(),
        "outdated schema: write the output of `cargo xtask record --schema` to {path}"
    );
}
