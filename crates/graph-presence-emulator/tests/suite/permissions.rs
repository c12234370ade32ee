//! Which permission each operation needs.

use graph_presence_emulator::Caller;
use serde_json::{Value, json};

use crate::actions::body;
use crate::tenant::{ACTIONS, ADA, APP, BOB, MANY, Tenant, guid};

const ALL: [&str; 4] = ["Presence.Read", "Presence.Read.All", "Presence.ReadWrite", "Presence.ReadWrite.All"];

/// The permissions with which the request is answered, out of all four one by one.
async fn sufficient(caller: &Caller, method: &str, path: &str, body: &Value) -> Vec<&'static str> {
    let mut sufficient = Vec::new();
    for scope in ALL {
        let tenant = Tenant::new().await;
        tenant.act("setPresence", &json!({"sessionId": APP, "availability": "Away", "activity": "Away"})).await;
        let token = tenant.emulator.token(caller.clone().with_scopes(["User.Read", scope]));
        let answer = tenant.call(method, &token, path, body).await;
        if answer.status.is_success() {
            sufficient.push(scope);
        } else {
            assert_eq!(answer.error(), (403, "Forbidden".to_owned(), String::new()), "{method} {path} {scope}");
        }
    }
    sufficient
}

#[tokio::test]
async fn reading_needs_permission_to_read() {
    let ada = Caller::user(guid(ADA));
    let app = Caller::application(guid(APP));
    let own = ["Presence.Read", "Presence.Read.All"].as_slice();
    let others = ["Presence.Read.All"].as_slice();
    let application = ["Presence.Read.All", "Presence.ReadWrite.All"].as_slice();
    let of = |user: &str| format!("/v1.0/users/{user}/presence");
    let by_id = |user: &str| format!("/beta/communications/presences/{user}");
    let nothing = json!({});
    let one = json!({"ids": [ADA]});
    for (caller, method, path, body, expected) in [
        (&ada, "GET", "/v1.0/me/presence".to_owned(), &nothing, own),
        (&ada, "GET", of(ADA), &nothing, own),
        (&ada, "GET", by_id(ADA), &nothing, own),
        (&ada, "GET", of(BOB), &nothing, others),
        (&ada, "GET", by_id(BOB), &nothing, others),
        (&ada, "POST", MANY.to_owned(), &one, others),
        (&app, "GET", of(ADA), &nothing, application),
        (&app, "GET", by_id(ADA), &nothing, application),
        (&app, "POST", MANY.to_owned(), &one, application),
        (&ada, "GET", "/v1.0/subscriptions".to_owned(), &nothing, others),
    ] {
        assert_eq!(sufficient(caller, method, &path, body).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn setting_needs_permission_to_write() {
    for action in ACTIONS {
        for path in ["me/presence".to_owned(), format!("users/{ADA}/presence")] {
            let path = format!("/v1.0/{path}/{action}");
            let found = sufficient(&Caller::user(guid(ADA)), "POST", &path, &body(action)).await;
            assert_eq!(found, ["Presence.ReadWrite"], "{path}");
        }
        if !action.contains("Location") {
            let path = format!("/v1.0/users/{ADA}/presence/{action}");
            let found = sufficient(&Caller::application(guid(APP)), "POST", &path, &body(action)).await;
            assert_eq!(found, ["Presence.ReadWrite.All"], "{path}");
        }
    }
}

/// What is wrong with the request is said before what is wrong with the caller.
#[tokio::test]
async fn permissions_are_looked_at_last() {
    let tenant = Tenant::new().await;
    let token = tenant.emulator.token(Caller::user(guid(ADA)).with_scopes(["User.Read"]));
    for (method, path, body, message) in [
        ("POST", "/v1.0/me/presence/setPresence", json!({}), "[SessionId]: The SessionId field is required."),
        ("POST", "/v1.0/me/presence/clearPresence", json!({}), "[SessionId]: The SessionId field is required."),
        ("POST", MANY, json!({}), "[Ids]: The Ids field is required."),
        ("GET", "/v1.0/users/ada/presence", json!({}), "[Id]: The Id field must be a GUID."),
    ] {
        let answer = tenant.call(method, &token, path, &body).await;
        assert_eq!(answer.error(), (400, "InvalidArgument".to_owned(), message.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn names_of_permissions_may_be_in_any_case_and_name_the_resource() {
    for scope in ["presence.read", "PRESENCE.READ", "https://graph.microsoft.com/Presence.Read"] {
        let tenant = Tenant::new().await;
        let token = tenant.emulator.token(Caller::user(guid(ADA)).with_scopes([scope]));
        assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 200, "{scope}");
    }
}
