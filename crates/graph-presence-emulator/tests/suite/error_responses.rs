//! Error responses to invalid callers, ids, paths and methods, with code and message.

use serde_json::json;

use crate::tenant::{ACTIONS, ADA, APP, BOB, GET_PRESENCES, SET_PRESENCE, SET_STATUS_MESSAGE, Tenant};

const NOT_A_GUID: &str = "[Id]: The Id field must be a GUID.";

#[tokio::test]
async fn requests_without_a_valid_token_are_unauthorized() {
    let tenant = Tenant::new().await;
    let basic = format!("Basic {}", tenant.ada);
    let bare = tenant.ada.clone();
    let empty = "Access token is empty.";
    let rows = [
        (None, empty),
        (Some(""), empty),
        (Some("Bearer"), empty),
        (Some("Bearer  "), empty),
        (Some(basic.as_str()), empty),
        (Some(bare.as_str()), empty),
        (Some("Bearer eyJ0eXAiOiJKV1QifQ"), "Access token validation failure."),
    ];
    for (authorization, message) in rows {
        for (method, path) in [
            ("GET", "/v1.0/me/presence"),
            ("GET", "/beta/users/invalid-id/presence"),
            ("POST", SET_PRESENCE),
            ("POST", SET_STATUS_MESSAGE),
            ("POST", GET_PRESENCES),
            ("POST", "/v1.0/me/presence/clearLocation"),
            ("POST", "/beta/communications/presences/invalid-id/clearPresence"),
            ("GET", "/v1.0/subscriptions"),
            ("POST", "/v1.0/subscriptions"),
            ("PATCH", "/v1.0/subscriptions/none"),
            ("DELETE", "/v1.0/subscriptions/none"),
            ("POST", "/v1.0/subscriptions/none/reauthorize"),
        ] {
            let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
            let response = tenant.send(method, path, &headers, b"{".to_vec()).await;
            let expected = (401, "InvalidAuthenticationToken".to_owned(), message.to_owned());
            assert_eq!(response.error(), expected, "{method} {path} {authorization:?}");
            assert_eq!(response.header("www-authenticate"), Some("Bearer"));
        }
    }
}

#[tokio::test]
async fn forbidden_actions_are_rejected_and_change_nothing() {
    let own = (403, "Forbidden", "A user can set only their own presence.");
    let own_location = (403, "Forbidden", "A user can set only their own work location.");
    let application = (403, "Forbidden", "Application permissions are not supported for the work location.");
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    let status = json!({"statusMessage": {"message": {"content": "x"}}});
    let preference = json!({"availability": "Away", "activity": "Away"});
    let place = json!({"workLocationType": "office"});
    let empty = json!({});
    let tenant = Tenant::new().await;
    let rows = [
        (&tenant.bob, "setPresence", &session, own),
        (&tenant.bob, "setPresence", &empty, (400, "InvalidArgument", "[SessionId]: The SessionId field is required.")),
        (&tenant.bob, "clearPresence", &session, own),
        (&tenant.bob, "setUserPreferredPresence", &preference, own),
        (&tenant.bob, "clearUserPreferredPresence", &empty, own),
        (&tenant.bob, "setStatusMessage", &status, (401, "Unauthorized", "Cannot set the presence of another user")),
        (&tenant.bob, "setManualLocation", &place, own_location),
        (&tenant.bob, "setAutomaticLocation", &place, own_location),
        (&tenant.bob, "clearLocation", &empty, own_location),
        (&tenant.bob, "clearAutomaticLocation", &empty, own_location),
        (&tenant.app, "setManualLocation", &place, application),
        (&tenant.app, "setAutomaticLocation", &place, application),
        (&tenant.app, "clearLocation", &empty, application),
        (&tenant.app, "clearAutomaticLocation", &empty, application),
    ];
    let before = tenant.get(&tenant.ada, "/v1.0/me/presence").await.json();
    for (token, action, body, (status, code, message)) in rows {
        for binding in [format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")] {
            let response = tenant.post(token, &format!("/beta/{binding}/{action}"), body).await;
            let expected = (status, code.to_owned(), message.to_owned());
            assert_eq!(response.error(), expected, "{binding} {action}");
        }
    }
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.json(), before);
}

#[tokio::test]
async fn me_requires_a_user() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let message = "/me request is only valid with delegated authentication flow.";
    for version in ["v1.0", "beta"] {
        let mut rows = vec![("GET", format!("/{version}/me/presence"))];
        rows.extend(ACTIONS.map(|action| ("POST", format!("/{version}/me/presence/{action}"))));
        for (method, path) in rows {
            let response = tenant.send(method, &path, &[("authorization", &authorization)], vec![]).await;
            assert_eq!(response.error(), (400, "BadRequest".to_owned(), message.to_owned()), "{path}");
        }
    }
}

#[tokio::test]
async fn invalid_user_ids_are_rejected() {
    let tenant = Tenant::new().await;
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    for id in [
        "ada@contoso.com",
        "fa8bf3dceca746b7bad1db199b62afc3",
        "%7Bfa8bf3dc-eca7-46b7-bad1-db199b62afc3%7D",
        "urn:uuid:fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
        "fa8bf3dc-eca7-46b7-bad1-db199b62afc",
        "fa8bf3dc-eca7-46b7-bad1-db199b62afcg",
        "%20fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
        "me",
        "%2F",
        "..%2F..%2Fme",
        "%00",
        "%FF",
        "%",
        "'",
    ] {
        for path in [format!("/v1.0/users/{id}/presence"), format!("/beta/communications/presences/{id}")] {
            let response = tenant.get(&tenant.ada, &path).await;
            let expected = (400, "InvalidArgument".to_owned(), NOT_A_GUID.to_owned());
            assert_eq!(response.error(), expected, "{path}");
        }
        let path = format!("/v1.0/users/{id}/presence/setPresence");
        let response = tenant.post(&tenant.app, &path, &session).await;
        assert_eq!(response.error().2, NOT_A_GUID, "{path}");
    }
}

#[tokio::test]
async fn invalid_select_options_are_rejected() {
    let tenant = Tenant::new().await;
    let unknown_property =
        |name: &str| format!("Could not find a property named '{name}' on type 'microsoft.graph.presence'.");
    let repeated = "Query option '$select' was specified more than once, but it must be specified at most once.";
    for (query, message) in [
        ("$select=mood", unknown_property("mood")),
        ("$select=id,", unknown_property("")),
        ("$select=Availability", unknown_property("Availability")),
        ("$select=%22", unknown_property("\"")),
        ("$select=id&$select=activity", repeated.to_owned()),
    ] {
        let response = tenant.get(&tenant.ada, &format!("/v1.0/me/presence?{query}")).await;
        let expected = (400, "BadRequest".to_owned(), message);
        assert_eq!(response.error(), expected, "{query}");
    }
}

#[tokio::test]
async fn undocumented_paths_are_not_found() {
    let tenant = Tenant::new().await;
    for path in [
        "/nothing",
        "/v1.0",
        "/v1.0/",
        "/v2.0/me/presence",
        "/me/presence",
        "/v1.0/me",
        "/v1.0/me/presence/",
        "/v1.0/me/presence/setLocation",
        "/v1.0/me/presence/setpresence",
        "/v1.0/communications/setPresence",
        "/v1.0/me/subscriptions",
        "/v1.0/subscriptions/",
        "/v1.0/subscriptions/a/b",
        "/v1.0//me/presence",
        "/v1.0/communications/presences",
        "/v1.0/me%2Fpresence",
        "/beta/communications/presences/a/b",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let headers = [("authorization", "Bearer unknown")];
            let response = tenant.send(method, path, &headers, vec![]).await;
            let message = "Resource not found for the path of the request.";
            let expected = (404, "NotFound".to_owned(), message.to_owned());
            assert_eq!(response.error(), expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn undocumented_methods_are_not_allowed() {
    let tenant = Tenant::new().await;
    let by_id = format!("/v1.0/communications/presences/{BOB}");
    for (path, allowed, others) in [
        ("/v1.0/me/presence", "GET,HEAD", ["POST", "PATCH", "PUT", "DELETE"]),
        (&by_id, "GET,HEAD", ["POST", "PATCH", "PUT", "DELETE"]),
        (SET_PRESENCE, "POST", ["GET", "PATCH", "PUT", "DELETE"]),
        (SET_STATUS_MESSAGE, "POST", ["GET", "PATCH", "PUT", "OPTIONS"]),
        (GET_PRESENCES, "POST", ["GET", "PATCH", "BREW", "DELETE"]),
        ("/v1.0/me/presence/clearPresence", "POST", ["GET", "PATCH", "PUT", "DELETE"]),
        ("/v1.0/subscriptions", "GET,HEAD,POST", ["PATCH", "PUT", "DELETE", "OPTIONS"]),
        ("/v1.0/subscriptions/none", "GET,HEAD,PATCH,DELETE", ["POST", "PUT", "BREW", "OPTIONS"]),
        ("/v1.0/subscriptions/none/reauthorize", "POST", ["GET", "PATCH", "PUT", "DELETE"]),
    ] {
        for method in others {
            let response = tenant.send(method, path, &[], b"{}".to_vec()).await;
            let message = "Specified HTTP method is not allowed for the request target.";
            let expected = (405, "MethodNotAllowed".to_owned(), message.to_owned());
            assert_eq!(response.error(), expected, "{method} {path}");
            assert_eq!(response.header("allow"), Some(allowed), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn an_error_contains_the_date_and_the_request_ids() {
    let tenant = Tenant::starting_at("2026-01-01T00:00:00.75Z").await;
    let client_request_id = "a \"quoted\" id";
    let response = tenant.send("GET", "/v1.0/me/presence", &[("client-request-id", client_request_id)], vec![]).await;
    assert_eq!(
        response.header("content-type"),
        Some("application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
    );
    assert_eq!(
        response.json(),
        json!({
            "error": {
                "code": "InvalidAuthenticationToken",
                "message": "Access token is empty.",
                "innerError": {
                    "date": "2026-01-01T00:00:00",
                    "request-id": response.header("request-id").unwrap(),
                    "client-request-id": client_request_id,
                },
            },
        })
    );
}
