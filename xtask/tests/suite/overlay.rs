//! `spec apply`: what an overlay does to a document, and what is wrong with overlays.

use crate::folder::{Folder, Outcome};

const DOTS: &str = include_str!("dots.yaml");

/// Applies an overlay with these actions to the dots.
fn apply(actions: &str) -> (Folder, Outcome) {
    apply_overlay(&format!("overlay: 1.0.0\ninfo: {{ title: Test, version: 1.0.0 }}\nactions:\n{actions}"))
}

fn apply_overlay(overlay: &str) -> (Folder, Outcome) {
    let folder = Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", overlay)]);
    let outcome = folder.run(&["spec", "apply"]);
    (folder, outcome)
}

#[test]
fn updates_and_removals_in_their_order() {
    let (folder, outcome) = apply(
        r"
- target: $.info
  description: An object merges, and a primitive value takes the place of one of its type.
  update: { title: Spots, description: New. }
- target: $.components.schemas.dot
  description: Lists inside an object are joined.
  update: { required: [colour] }
- target: $.paths[*][*].parameters
  description: A list takes one more entry.
  update: { name: $select, in: query, description: Which fields., schema: { type: string } }
- target: $.components.schemas.dot.properties.shade
  description: A reference cannot become a string, so it goes first.
  remove: true
- target: $.components.schemas.dot.properties
  description: Then there is room for it.
  update: { shade: { description: Its shade., type: string } }
- target: $.components.schemas[?@.properties.degree]
  description: What a filter selects can go too.
  remove: true
",
    );
    assert_eq!(outcome.to_string(), "SPECS/presence.openapi.yaml written\nexit 0");
    insta::assert_snapshot!(folder.read("presence.openapi.yaml"));
}

#[test]
fn removals_from_a_list_by_several_selectors() {
    let (folder, outcome) = apply(
        r"
- target: $.components.schemas.failure.required
  description: The tenth entry comes after the second.
  update: within
- target: $.components.schemas.dot
  description: Twelve entries.
  update: { enum: [{ a: 0 }, { a: 1 }, { a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }, { a: 6 }, { a: 7 }, { a: 8 }, { a: 9 }, { a: 10 }, { a: 11 }] }
- target: $.components.schemas.dot.enum[10, 2, 2, 0]
  description: In no order, and one of them twice.
  remove: true
",
    );
    assert_eq!(outcome.code, 0, "{outcome}");
    let document = folder.read("presence.openapi.yaml");
    let left: Vec<&str> = document.lines().filter_map(|line| line.trim().strip_prefix("- a: ")).collect();
    assert_eq!(left, ["1", "3", "4", "5", "6", "7", "8", "9", "11"]);
}

#[test]
fn faults_of_actions_are_told_together_and_nothing_is_written() {
    let (folder, outcome) = apply(
        r"
- target: $.paths['/spots']
  description: Nothing there.
  update: { get: {} }
- target: $.components.schemas.dot
  description: Other types.
  update: { type: [object], properties: { colour: blue, shade: { nullable: 'yes' } } }
- target: $.info.title
  description: A string.
  update: {}
- target: $
  description: Everything.
  remove: true
- target: $.info
  description: As it is.
  update: { title: Dots }
- target: $.info
  description: Neither.
- target: $.info
  description: Neither, in words.
  remove: false
- target: $.info
  description: Both.
  update: { title: Spots }
  remove: true
- target: $.info
  description: No boolean.
  remove: 'yes'
- target: $.info
  description: ' '
  update: { title: Spots }
- target: $.info
  update: { title: Dabs }
- target: info.title
  description: No path.
  remove: true
- description: No target.
  remove: true
- target: $.info
  description: A key that Overlay 1.1 has.
  copy: $.servers
  x-ours: extensions are allowed
  update: { title: Blots }
- not an action
",
    );
    assert_eq!(outcome.code, 2);
    assert_eq!(folder.find("presence.openapi.yaml"), None);
    insta::assert_snapshot!(outcome);
}

#[test]
fn faults_of_overlays() {
    let cases = [
        ("another version", "overlay: 1.1.0\ninfo: { title: T, version: '1' }\nactions: [{ target: $.gone }]"),
        ("no version", "info: { title: T, version: '1' }\nactions: []"),
        ("no info", "overlay: 1.0.0\nactions: [{ target: $.info, description: Why., update: { title: T } }]"),
        ("half an info", "overlay: 1.0.0\ninfo: { title: T, of: me }\nactions: x"),
        ("unknown keys", "overlay: 1.0.0\nextends: dots.yaml\nx-a: 1\nsteps: []\ninfo: { title: T, version: '1' }"),
        ("a list", "- overlay: 1.0.0"),
        ("cut in the middle", "overlay: 1.0.0\ninfo: { title: T, ver"),
        ("a key twice", "overlay: 1.0.0\noverlay: 1.0.0"),
        ("a reference to nowhere", "overlay: *nowhere"),
    ];
    let mut told = String::new();
    for (case, overlay) in cases {
        let (folder, outcome) = apply_overlay(overlay);
        assert_eq!(outcome.code, 2, "{case}");
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
        told.push_str(&format!("# {case}\n{outcome}\n\n"));
    }
    insta::assert_snapshot!(told);
}
