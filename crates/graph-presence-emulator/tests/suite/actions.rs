//! Behaviour that all actions share: bindings, versions, responses, optional bodies.

use serde_json::{Value, json};

use crate::tenant::{ACTIONS, ADA, APP, Tenant, UNKNOWN_USER, guid};

/// Returns a valid body for the action.
pub(crate) fn body(action: &str) -> Value {
    match action {
        "setPresence" => json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"}),
        "clearPresence" => json!({"sessionId": APP}),
        "setUserPreferredPresence" => json!({"availability": "Away", "activity": "Away"}),
        "setStatusMessage" => json!({"statusMessage": {"message": {"content": "x"}}}),
        "setManualLocation" | "setAutomaticLocation" => json!({"workLocationType": "office"}),
        _ => json!({}),
    }
}

#[tokio::test]
async fn every_action_has_an_empty_response_on_each_binding_and_version() {
    let tenant = Tenant::new().await;
    for version in ["v1.0", "beta"] {
        for binding in
            ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
        {
            for action in ACTIONS {
                let path = format!("/{version}/{binding}/{action}");
                let response = tenant.post(&tenant.ada, &path, &body(action)).await;
                let (status, length) = if action.contains("Location") { (204, None) } else { (200, Some("0")) };
                assert_eq!(response.status, status, "{path}");
                assert_eq!(response.body, b"", "{path}");
                assert_eq!(response.header("content-type"), None, "{path}");
                assert_eq!(response.header("content-length"), length, "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_set_by_one_binding_can_be_cleared_by_another() {
    let tenant = Tenant::new().await;
    let (user, by_id) = (format!("/v1.0/users/{ADA}/presence"), format!("/v1.0/communications/presences/{ADA}"));
    for (one, other) in [("/v1.0/me/presence", &user), (&user, &by_id), (&by_id, &"/v1.0/me/presence".to_owned())] {
        tenant.post(&tenant.ada, &format!("{one}/setPresence"), &body("setPresence")).await;
        assert_eq!(tenant.ada_state().await, ["Busy", "InACall"], "{one}");
        tenant.post(&tenant.ada, &format!("{other}/clearPresence"), &body("clearPresence")).await;
        assert_eq!(tenant.ada_state().await, ["Offline", "Offline"], "{other}");
    }
}

/// The bodies that the SDKs and the examples of the documentation send, and others. 0 means the success status.
#[tokio::test]
async fn the_body_of_an_action_without_parameters_is_optional() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.ada);
    let rows: [(Option<&str>, &[u8], u16); 10] = [
        (None, b"", 0),
        (Some("application/json"), b"", 0),
        (Some("text/plain"), b"", 0),
        (Some("application/json"), b"{}", 0),
        (Some("application/json"), b"{\r\n}", 0),
        (Some("application/json"), b" ", 0),
        (Some("application/json"), b"{\"sessionId\": 5}", 0),
        (Some("application/json"), b"[]", 400),
        (Some("application/json"), b"{", 400),
        (Some("text/plain"), b"{}", 415),
    ];
    for (action, success) in
        [("clearUserPreferredPresence", 200), ("clearLocation", 204), ("clearAutomaticLocation", 204)]
    {
        for (content_type, body, status) in rows {
            let mut headers = vec![("authorization", authorization.as_str())];
            headers.extend(content_type.map(|content_type| ("content-type", content_type)));
            let path = format!("/v1.0/me/presence/{action}");
            let response = tenant.send("POST", &path, &headers, body.to_vec()).await;
            let expected = if status == 0 { success } else { status };
            assert_eq!(response.status, expected, "{action} {content_type:?} {body:?}");
        }
    }
}

#[tokio::test]
async fn setting_makes_an_unknown_user_known_and_clearing_does_not() {
    for (action, seen) in [
        ("setPresence", "Busy"),
        ("clearPresence", "PresenceUnknown"),
        ("setUserPreferredPresence", "Offline"),
        ("clearUserPreferredPresence", "PresenceUnknown"),
        ("setStatusMessage", "Offline"),
    ] {
        let tenant = Tenant::new().await;
        let path = format!("/v1.0/users/{UNKNOWN_USER}/presence");
        tenant.post(&tenant.app, &format!("{path}/{action}"), &body(action)).await;
        assert_eq!(tenant.get(&tenant.app, &path).await.json()["availability"], seen, "{action}");
    }
}

#[tokio::test]
async fn automatic_replies_are_visible_and_do_not_change_availability() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    let path = format!("/beta/users/{ADA}/presence");
    let seen = async || tenant.get(&tenant.bob, &path).await.json()["outOfOfficeSettings"].take();

    tenant.emulator.out_of_office(guid(ADA), Some("Back on Monday"));
    assert_eq!(seen().await, json!({"isOutOfOffice": true, "message": "Back on Monday"}));
    assert_eq!(tenant.ada_state().await, ["Available", "Available"]);
    tenant.emulator.out_of_office(guid(ADA), None);
    assert_eq!(seen().await, json!({"isOutOfOffice": true, "message": null}));
    tenant.emulator.back_in_office(guid(ADA));
    assert_eq!(seen().await, json!({"isOutOfOffice": false, "message": null}));
}
