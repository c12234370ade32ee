//! `spec apply`: the effects of overlays.

use crate::folder::{Folder, Outcome};

const DOTS: &str = include_str!("dots.yaml");

/// Applies an overlay with these actions to `dots.yaml`.
pub(crate) fn apply(actions: &str) -> (Folder, Outcome) {
    apply_overlay(&format!("overlay: 1.0.0\ninfo: {{ title: Test, version: 1.0.0 }}\nactions:\n{actions}"))
}

pub(crate) fn apply_overlay(overlay: &str) -> (Folder, Outcome) {
    let folder = Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", overlay)]);
    let outcome = folder.run(&["spec", "apply"]);
    (folder, outcome)
}

#[test]
fn actions_are_applied_in_order() {
    let (folder, outcome) = apply(
        r"
- target: $.info
  description: Objects are merged, and primitive values replaced by values of the same type.
  update: { title: Spots, description: New. }
- target: $.components.schemas.dot
  description: Arrays inside an object are concatenated.
  update: { required: [colour] }
- target: $.paths[*][*].parameters
  description: The update is appended to a selected array.
  update: { name: $select, in: query, description: The properties to return., schema: { type: string } }
- target: $.components.schemas.dot.properties.shade
  description: A reference cannot be replaced by a string, so it is removed first.
  remove: true
- target: $.components.schemas.dot.properties
  description: Then the string can be added.
  update: { shade: { description: Its shade., type: string } }
- target: $.components.schemas[?@.properties.degree]
  description: Filters can select values to remove.
  remove: true
",
    );
    assert_eq!(outcome.to_string(), "DIR/presence.openapi.yaml written\nexit 0");
    insta::assert_snapshot!(folder.read("presence.openapi.yaml"));
}

#[test]
fn several_selectors_remove_from_one_array() {
    let (folder, outcome) = apply(
        r"
- target: $.components.schemas.failure.required
  description: An element with another index.
  update: within
- target: $.components.schemas.dot
  description: Twelve entries.
  update: { enum: [{ a: 0 }, { a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }, { a: 6 }, { a: 7 }, { a: 8 }, { a: 9 }, { a: 10 }, { a: 11 }] }
- target: $.components.schemas.dot.enum[10, 2, 2, 0]
  description: Indices out of order, one of them duplicated.
  remove: true
",
    );
    assert_eq!(outcome.code, 0, "{outcome}");
    let document = folder.read("presence.openapi.yaml");
    let remaining: Vec<&str> = document.lines().filter_map(|line| line.trim().strip_prefix("- a: ")).collect();
    assert_eq!(remaining, ["1", "3", "4", "5", "6", "7", "8", "9", "11"]);
}
