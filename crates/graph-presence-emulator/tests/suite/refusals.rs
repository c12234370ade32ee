//! Callers, ids, paths and methods that are refused, and in which words.

use serde_json::json;

use crate::tenant::{ACTIONS, ADA, APP, BOB, MANY, SET, STATUS, Tenant};

const NO_GUID: &str = "[Id]: The Id field must be a GUID.";

#[tokio::test]
async fn callers_that_nobody_knows() {
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
            ("GET", "/beta/users/nobody/presence"),
            ("POST", SET),
            ("POST", STATUS),
            ("POST", MANY),
            ("POST", "/v1.0/me/presence/clearLocation"),
            ("POST", "/beta/communications/presences/nobody/clearPresence"),
            ("GET", "/v1.0/subscriptions"),
            ("POST", "/v1.0/subscriptions"),
            ("PATCH", "/v1.0/subscriptions/none"),
            ("DELETE", "/v1.0/subscriptions/none"),
            ("POST", "/v1.0/subscriptions/none/reauthorize"),
        ] {
            let headers: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
            let answer = tenant.send(method, path, &headers, b"{".to_vec()).await;
            let expected = (401, "InvalidAuthenticationToken".to_owned(), message.to_owned());
            assert_eq!(answer.error(), expected, "{method} {path} {authorization:?}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
    }
}

#[tokio::test]
async fn callers_that_may_not() {
    let own = (403, "Forbidden", "A user can set only their own presence.");
    let own_location = (403, "Forbidden", "A user can set only their own work location.");
    let no_application = (403, "Forbidden", "Application permissions are not supported for the work location.");
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    let status = json!({"statusMessage": {"message": {"content": "x"}}});
    let preference = json!({"availability": "Away", "activity": "Away"});
    let place = json!({"workLocationType": "office"});
    let nothing = json!({});
    let tenant = Tenant::new().await;
    let rows = [
        (&tenant.bob, "setPresence", &session, own),
        (
            &tenant.bob,
            "setPresence",
            &nothing,
            (400, "InvalidArgument", "[SessionId]: The SessionId field is required."),
        ),
        (&tenant.bob, "clearPresence", &session, own),
        (&tenant.bob, "setUserPreferredPresence", &preference, own),
        (&tenant.bob, "clearUserPreferredPresence", &nothing, own),
        (&tenant.bob, "setStatusMessage", &status, (401, "Unauthorized", "Cannot set the presence of another user")),
        (&tenant.bob, "setManualLocation", &place, own_location),
        (&tenant.bob, "setAutomaticLocation", &place, own_location),
        (&tenant.bob, "clearLocation", &nothing, own_location),
        (&tenant.bob, "clearAutomaticLocation", &nothing, own_location),
        (&tenant.app, "setManualLocation", &place, no_application),
        (&tenant.app, "setAutomaticLocation", &place, no_application),
        (&tenant.app, "clearLocation", &nothing, no_application),
        (&tenant.app, "clearAutomaticLocation", &nothing, no_application),
    ];
    let before = tenant.get(&tenant.ada, "/v1.0/me/presence").await.json();
    for (token, action, body, (status, code, message)) in rows {
        for binding in [format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")] {
            let answer = tenant.post(token, &format!("/beta/{binding}/{action}"), body).await;
            let expected = (status, code.to_owned(), message.to_owned());
            assert_eq!(answer.error(), expected, "{binding} {action}");
        }
    }
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.json(), before);
}

#[tokio::test]
async fn an_application_is_not_me() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let message = "/me request is only valid with delegated authentication flow.";
    for version in ["v1.0", "beta"] {
        let mut rows = vec![("GET", format!("/{version}/me/presence"))];
        rows.extend(ACTIONS.map(|action| ("POST", format!("/{version}/me/presence/{action}"))));
        for (method, path) in rows {
            let answer = tenant.send(method, &path, &[("authorization", &authorization)], vec![]).await;
            assert_eq!(answer.error(), (400, "BadRequest".to_owned(), message.to_owned()), "{path}");
        }
    }
}

#[tokio::test]
async fn ids_that_are_no_guids() {
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
            let answer = tenant.get(&tenant.ada, &path).await;
            let expected = (400, "InvalidArgument".to_owned(), NO_GUID.to_owned());
            assert_eq!(answer.error(), expected, "{path}");
        }
        let path = format!("/v1.0/users/{id}/presence/setPresence");
        let answer = tenant.post(&tenant.app, &path, &session).await;
        assert_eq!(answer.error().2, NO_GUID, "{path}");
    }
}

#[tokio::test]
async fn selections_of_what_there_is_not() {
    let tenant = Tenant::new().await;
    let no_property =
        |name: &str| format!("Could not find a property named '{name}' on type 'microsoft.graph.presence'.");
    let twice = "Query option '$select' was specified more than once, but it must be specified at most once.";
    for (query, message) in [
        ("$select=mood", no_property("mood")),
        ("$select=id,", no_property("")),
        ("$select=Availability", no_property("Availability")),
        ("$select=%22", no_property("\"")),
        ("$select=id&$select=activity", twice.to_owned()),
    ] {
        let answer = tenant.get(&tenant.ada, &format!("/v1.0/me/presence?{query}")).await;
        let expected = (400, "BadRequest".to_owned(), message);
        assert_eq!(answer.error(), expected, "{query}");
    }
}

#[tokio::test]
async fn paths_that_are_not_documented() {
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
            let answer = tenant.send(method, path, &headers, vec![]).await;
            let message = "Resource not found for the path of the request.";
            let expected = (404, "NotFound".to_owned(), message.to_owned());
            assert_eq!(answer.error(), expected, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn methods_that_are_not_documented() {
    let tenant = Tenant::new().await;
    let by_id = format!("/v1.0/communications/presences/{BOB}");
    for (path, allowed, others) in [
        ("/v1.0/me/presence", "GET,HEAD", ["POST", "PATCH", "PUT", "DELETE"]),
        (&by_id, "GET,HEAD", ["POST", "PATCH", "PUT", "DELETE"]),
        (SET, "POST", ["GET", "PATCH", "PUT", "DELETE"]),
        (STATUS, "POST", ["GET", "PATCH", "PUT", "OPTIONS"]),
        (MANY, "POST", ["GET", "PATCH", "BREW", "DELETE"]),
        ("/v1.0/me/presence/clearPresence", "POST", ["GET", "PATCH", "PUT", "DELETE"]),
        ("/v1.0/subscriptions", "GET,HEAD,POST", ["PATCH", "PUT", "DELETE", "OPTIONS"]),
        ("/v1.0/subscriptions/none", "GET,HEAD,PATCH,DELETE", ["POST", "PUT", "BREW", "OPTIONS"]),
        ("/v1.0/subscriptions/none/reauthorize", "POST", ["GET", "PATCH", "PUT", "DELETE"]),
    ] {
        for method in others {
            let answer = tenant.send(method, path, &[], b"{}".to_vec()).await;
            let message = "Specified HTTP method is not allowed for the request target.";
            let expected = (405, "MethodNotAllowed".to_owned(), message.to_owned());
            assert_eq!(answer.error(), expected, "{method} {path}");
            assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn an_error_tells_when_and_which_request() {
    let tenant = Tenant::at("2026-01-01T00:00:00.75Z").await;
    let ours = "a \"quoted\" id";
    let answer = tenant.send("GET", "/v1.0/me/presence", &[("client-request-id", ours)], vec![]).await;
    assert_eq!(
        answer.header("content-type"),
        Some("application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
    );
    assert_eq!(
        answer.json(),
        json!({
            "error": {
                "code": "InvalidAuthenticationToken",
                "message": "Access token is empty.",
                "innerError": {
                    "date": "2026-01-01T00:00:00",
                    "request-id": answer.header("request-id").unwrap(),
                    "client-request-id": ours,
                },
            },
        })
    );
}
