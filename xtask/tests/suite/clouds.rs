//! `regen`: the generated table of clouds.

use crate::folder::{Folder, Outcome};

const DOTS: &str = include_str!("dots.yaml");
/// Adds a presence schema, whose properties must have rows.
pub(crate) const OVERLAY: &str = r"
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
          properties: { availability: { description: The availability., type: string }, id: { description: The user id., type: string } }
- target: $.components.schemas.dot.properties
  description: A property that refers to the schema.
  update: { painter: { description: The user who painted it., allOf: [{ $ref: '#/components/schemas/microsoft.graph.presence' }] } }
";
pub(crate) const CLOUDS: &str = r"
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

pub(crate) fn regen(clouds: &str) -> (Folder, Outcome) {
    let files = [("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", clouds)];
    let folder = Folder::new(&files);
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    (folder, outcome)
}

#[test]
fn generated_table() {
    let (folder, outcome) = regen(CLOUDS);
    assert_eq!(outcome.code, 0, "{outcome}");
    insta::assert_snapshot!(folder.read("crate/src/generated/clouds.rs"));
}
