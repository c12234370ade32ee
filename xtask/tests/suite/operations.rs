//! `regen`: the table of operations.

use crate::folder::{Folder, Outcome};

const DOCUMENT: &str = r"
openapi: 3.0.4
info: { title: Presence, version: v1.0 }
paths:
  /me/presence:
    get:
      operationId: me.GetPresence
      summary: Read one's own presence
      x-permissions: { delegated: Presence.Read }
      responses: { 2XX: { description: The presence. } }
  /me/presence/set:
    post:
      operationId: me.presence.set
      summary: Set it
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      responses: { 2XX: { description: Done. } }
  /users/{user-id}/presence/set:
    post:
      operationId: users.user.presence.set
      summary: Set it
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      parameters: [{ name: user-id, in: path, required: true, description: Who., schema: { type: string } }]
      responses: { 2XX: { description: Done. } }
  /communications/presences/{presence-id}/set:
    post:
      operationId: communications.presences.presence.set
      summary: Set it
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      parameters: [{ name: presence-id, in: path, required: true, description: Who., schema: { type: string } }]
      responses: { 2XX: { description: Done. } }
  /subscriptions:
    get:
      operationId: subscriptions.ListSubscription
      summary: List them
      x-action: listSubscriptions
      x-permissions: { delegated: Presence.Read.All }
      responses: { 2XX: { description: The subscriptions. } }
    post:
      operationId: subscriptions.CreateSubscription
      summary: Create one
      x-idempotent: false
      x-permissions: { delegated: Presence.Read.All }
      responses: { 2XX: { description: The subscription. } }
";
const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: Why.\n  update: { title: P }\n";
const CLOUDS: &str = r"
clouds: { global: the global service }
sources: { page: a page }
operations:
  all:
    ids:
      - communications.presences.presence.set
      - me.GetPresence
      - me.presence.set
      - subscriptions.CreateSubscription
      - subscriptions.ListSubscription
      - users.user.presence.set
    v1.0: { clouds: [global], source: page, date: 2026-08-20 }
    beta: { clouds: [global], source: page, date: 2026-08-20 }
properties: {}
";

fn regen(document: &str) -> (Folder, Outcome) {
    let files = [("presence.trimmed.yaml", document), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", CLOUDS)];
    let folder = Folder::new(&files);
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    (folder, outcome)
}

#[test]
fn the_table_and_the_actions_as_rust() {
    let (folder, outcome) = regen(DOCUMENT);
    assert_eq!(outcome.code, 0, "{outcome}");
    let [table, actions] = ["operations", "actions"].map(|name| folder.read(&format!("crate/src/generated/{name}.rs")));
    insta::assert_snapshot!(format!("{table}\n// ----\n\n{actions}"));
}

#[test]
fn findings_name_the_place_and_the_remedy_and_nothing_is_written() {
    let changes = [
        ("x-permissions: { delegated: Presence.Read }", "x-idempotent: true"),
        ("x-idempotent: false", "x-idempotent: no one knows"),
        ("x-action: listSubscriptions", "x-action: createSubscription"),
        (
            "summary: Create one\n      x-idempotent: false\n      x-permissions: { delegated: Presence.Read.All }",
            "summary: Create one\n      x-idempotent: false\n      x-permissions: { application: Presence.Read.All }",
        ),
    ];
    for (right, wrong) in changes {
        assert!(DOCUMENT.contains(right), "{right}");
        let (folder, outcome) = regen(&DOCUMENT.replace(right, wrong));
        assert_eq!(outcome.code, 2, "{wrong}");
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{wrong}");
        insta::assert_snapshot!(outcome);
    }
}
