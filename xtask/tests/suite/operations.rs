//! `regen`: the generated table of operations.

use crate::folder::{Folder, Outcome};

pub(crate) const DOCUMENT: &str = r"
openapi: 3.0.4
info: { title: Presence, version: v1.0 }
paths:
  /me/presence:
    get:
      operationId: me.GetPresence
      summary: Returns the signed-in user's presence
      x-permissions: { delegated: Presence.Read }
      responses: { 2XX: { description: The presence. } }
  /me/presence/set:
    post:
      operationId: me.presence.set
      summary: Sets the presence
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      responses: { 2XX: { description: Success. } }
  /users/{user-id}/presence/set:
    post:
      operationId: users.user.presence.set
      summary: Sets the presence
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      parameters: [{ name: user-id, in: path, required: true, description: The user., schema: { type: string } }]
      responses: { 2XX: { description: Success. } }
  /communications/presences/{presence-id}/set:
    post:
      operationId: communications.presences.presence.set
      summary: Sets the presence
      x-idempotent: true
      x-permissions: { delegated: Presence.ReadWrite, application: Presence.ReadWrite.All }
      parameters: [{ name: presence-id, in: path, required: true, description: The user., schema: { type: string } }]
      responses: { 2XX: { description: Success. } }
  /subscriptions:
    get:
      operationId: subscriptions.ListSubscription
      summary: Returns the subscriptions
      x-action: listSubscriptions
      x-permissions: { delegated: Presence.Read.All }
      responses: { 2XX: { description: The subscriptions. } }
    post:
      operationId: subscriptions.CreateSubscription
      summary: Creates a subscription
      x-idempotent: false
      x-permissions: { delegated: Presence.Read.All }
      responses: { 2XX: { description: The subscription. } }
";
const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: A reason.\n  update: { title: P }\n";
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

pub(crate) fn regen(document: &str) -> (Folder, Outcome) {
    let files = [("presence.trimmed.yaml", document), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", CLOUDS)];
    let folder = Folder::new(&files);
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    (folder, outcome)
}

#[test]
fn generated_table_and_actions() {
    let (folder, outcome) = regen(DOCUMENT);
    assert_eq!(outcome.code, 0, "{outcome}");
    let [table, actions] = ["operations", "actions"].map(|name| folder.read(&format!("crate/src/generated/{name}.rs")));
    insta::assert_snapshot!(format!("{table}\n// ----\n\n{actions}"));
}
