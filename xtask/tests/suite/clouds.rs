//! `regen`: the table of clouds.

use crate::folder::{Folder, Outcome};

const DOTS: &str = include_str!("dots.yaml");
/// Gives the dots a presence, whose properties the table must have.
const OVERLAY: &str = r"
overlay: 1.0.0
info: { title: Test, version: 1.0.0 }
actions:
- target: $.components.schemas
  description: A presence.
  update:
    microsoft.graph.presence:
      description: A presence.
      allOf:
        - type: object
          properties: { availability: { description: A word., type: string }, id: { description: Whose., type: string } }
- target: $.components.schemas.dot.properties
  description: And somebody who has it.
  update: { painter: { description: Who painted it., allOf: [{ $ref: '#/components/schemas/microsoft.graph.presence' }] } }
";
const CLOUDS: &str = r"
clouds: { global: the global service, usGovL4: the US Government }
sources: { metadata: the metadata, page: a page }
operations:
  dots:
    ids: [dots.GetDot, dots.dot.paint]
    v1.0:
      clouds: [global, usGovL4]
      source: metadata
      date: 2026-08-20
      differing: [{ clouds: [global], source: page, date: 2026-09 }]
    beta: { clouds: [global], source: metadata, date: 2026-08 }
properties:
  presence.availability:
    v1.0: { clouds: [global, usGovL4], source: metadata, date: 2026-08-20 }
    beta: { clouds: [], source: metadata, date: 2026-08-20 }
  presence.id:
    v1.0: { clouds: [global], source: metadata, date: 2026-08-20 }
    beta: { clouds: [global], source: metadata, date: 2026-08-20 }
";

fn regen(clouds: &str) -> (Folder, Outcome) {
    let files = [("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", clouds)];
    let folder = Folder::new(&files);
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    (folder, outcome)
}

#[test]
fn the_table_as_rust() {
    let (folder, outcome) = regen(CLOUDS);
    assert_eq!(outcome.code, 0, "{outcome}");
    insta::assert_snapshot!(folder.read("crate/src/generated/clouds.rs"));
}

#[test]
fn faults_are_told_together_and_nothing_is_written() {
    let faults = [
        ("ids: [dots.GetDot, dots.dot.paint]", "ids: [dots.GetDot, dots.GetDot, dots.dot.wash]"),
        ("date: 2026-08 }", "date: August 2026 }"),
        ("{ clouds: [], source: metadata", "{ clouds: [global, global, moon], source: hearsay"),
        ("presence.id:", "presence.mood:"),
        ("page: a page }", "page: a page, other: another page }"),
    ];
    let mut clouds = CLOUDS.to_owned();
    for (right, wrong) in faults {
        assert!(clouds.contains(right), "{right}");
        clouds = clouds.replace(right, wrong);
    }
    let (folder, outcome) = regen(&clouds);
    assert_eq!(outcome.code, 2);
    assert_eq!(folder.find("presence.openapi.yaml"), None);
    assert_eq!(folder.find("crate/src/generated/client.rs"), None);
    assert_eq!(folder.find("crate/src/generated/clouds.rs"), None);
    insta::assert_snapshot!(outcome);
}

#[test]
fn an_unknown_key_is_told_with_its_line() {
    let (_, outcome) = regen(&CLOUDS.replace("      source: metadata\n", "      sauce: metadata\n"));
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome);
}
