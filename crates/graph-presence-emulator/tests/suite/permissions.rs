//! Permissions that each operation requires.

use graph_presence_emulator::Caller;
use serde_json::{Value, json};

use crate::actions::body;
use crate::tenant::{ACTIONS, ADA, APP, BOB, GET_PRESENCES, Tenant, guid};

const ALL: [&str; 4] = ["Presence.Read", "Presence.Read.All", "Presence.ReadWrite", "Presence.ReadWrite.All"];

/// Sends the request once with each permission and returns those with which it succeeds.
async fn sufficient_permissions(caller: &Caller, method: &str, path: &str, body: &Value) -> Vec<&'static str> {
    let mut sufficient = Vec::new();
    for scope in ALL {
        let tenant = Tenant::new().await;
        tenant.post_action("setPresence", &json!({"sessionId": APP, "availability": "Away", "activity": "Away"})).await;
        let token = tenant.emulator.token(caller.clone().with_scopes(["User.Read", scope]));
        let response = tenant.call(method, &token, path, body).await;
        if response.status.is_success() {
            sufficient.push(scope);
        } else {
            assert_eq!(response.error(), (403, "Forbidden".to_owned(), String::new()), "{method} {path} {scope}");
        }
    }
    sufficient
}

#[tokio::test]
async fn reading_requires_a_read_permission() {
    let ada = Caller::user(guid(ADA));
    let app = Caller::application(guid(APP));
    let own = ["Presence.Read", "Presence.Read.All"].as_slice();
    let others = ["Presence.Read.All"].as_slice();
    let application = ["Presence.Read.All", "Presence.ReadWrite.All"].as_slice();
    let users_path = |user: &str| format!("/v1.0/users/{user}/presence");
    let by_id = |user: &str| format!("/beta/communications/presences/{user}");
    let empty = json!({});
    let ids = json!({"ids": [ADA]});
    for (caller, method, path, body, expected) in [
        (&ada, "GET", "/v1.0/me/presence".to_owned(), &empty, own),
        (&ada, "GET", users_path(ADA), &empty, own),
        (&ada, "GET", by_id(ADA), &empty, own),
        (&ada, "GET", users_path(BOB), &empty, others),
        (&ada, "GET", by_id(BOB), &empty, others),
        (&ada, "POST", GET_PRESENCES.to_owned(), &ids, others),
        (&app, "GET", users_path(ADA), &empty, application),
        (&app, "GET", by_id(ADA), &empty, application),
        (&app, "POST", GET_PRESENCES.to_owned(), &ids, application),
        (&ada, "GET", "/v1.0/subscriptions".to_owned(), &empty, others),
    ] {
        assert_eq!(sufficient_permissions(caller, method, &path, body).await, expected, "{method} {path}");
    }
}

#[tokio::test]
async fn setting_requires_a_write_permission() {
    for action in ACTIONS {
        for path in ["me/presence".to_owned(), format!("users/{ADA}/presence")] {
            let path = format!("/v1.0/{path}/{action}");
            let found = sufficient_permissions(&Caller::user(guid(ADA)), "POST", &path, &body(action)).await;
            assert_eq!(found, ["Presence.ReadWrite"], "{path}");
        }
        if !action.contains("Location") {
            let path = format!("/v1.0/users/{ADA}/presence/{action}");
            let found = sufficient_permissions(&Caller::application(guid(APP)), "POST", &path, &body(action)).await;
            assert_eq!(found, ["Presence.ReadWrite.All"], "{path}");
        }
    }
}

/// The response to an invalid request has status 400 even if the caller does not have the permission.
#[tokio::test]
async fn permissions_are_checked_last() {
    let tenant = Tenant::new().await;
    let token = tenant.emulator.token(Caller::user(guid(ADA)).with_scopes(["User.Read"]));
    for (method, path, body, message) in [
        ("POST", "/v1.0/me/presence/setPresence", json!({}), "[SessionId]: The SessionId field is required."),
        ("POST", "/v1.0/me/presence/clearPresence", json!({}), "[SessionId]: The SessionId field is required."),
        ("POST", GET_PRESENCES, json!({}), "[Ids]: The Ids field is required."),
        ("GET", "/v1.0/users/ada/presence", json!({}), "[Id]: The Id field must be a GUID."),
    ] {
        let response = tenant.call(method, &token, path, &body).await;
        assert_eq!(response.error(), (400, "InvalidArgument".to_owned(), message.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn scopes_are_case_insensitive_and_may_contain_the_resource() {
    for scope in ["presence.read", "PRESENCE.READ", "https://graph.microsoft.com/Presence.Read"] {
        let tenant = Tenant::new().await;
        let token = tenant.emulator.token(Caller::user(guid(ADA)).with_scopes([scope]));
        assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 200, "{scope}");
    }
}
