//! Cached responses are never stale, for any caller and operation.

use std::time::Duration;

use graph_presence_emulator::WorkLocationType;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, Tenant, UNKNOWN_USER, guid};

/// Returns Ada's presence as she reads it, after checking that every caller and operation returns the same.
async fn read_presence(tenant: &Tenant) -> Value {
    let ids = json!({"ids": [UNKNOWN_USER, ADA, BOB]});
    let by_user_id = async |token: &str| {
        let mut batch = tenant.post(token, GET_PRESENCES, &ids).await.json();
        batch["value"][1].take()
    };
    let single = async |token: &str, path: &str| {
        let mut presence = tenant.get(token, path).await.json();
        presence.as_object_mut().unwrap().remove("@odata.context").unwrap();
        presence
    };
    let users_path = format!("/v1.0/users/{ADA}/presence");
    let own = single(&tenant.ada, "/v1.0/me/presence").await;
    assert_eq!(by_user_id(&tenant.ada).await, own);
    assert_eq!(single(&tenant.ada, &users_path).await, own);

    let mut others = own.clone();
    if let Some(message) = others["statusMessage"].as_object_mut() {
        message.retain(|name, _| name == "message");
    }
    assert_eq!(by_user_id(&tenant.app).await, others);
    assert_eq!(by_user_id(&tenant.bob).await, others);
    assert_eq!(single(&tenant.bob, &users_path).await, others);
    assert_eq!(single(&tenant.app, &format!("/beta/communications/presences/{ADA}")).await, others);

    let select = format!("{users_path}?$select=activity,sequenceNumber");
    let selected = json!({"activity": own["activity"], "sequenceNumber": own["sequenceNumber"]});
    assert_eq!(single(&tenant.app, &select).await, selected);
    own
}

#[tokio::test]
async fn every_action_is_visible_immediately() {
    let tenant = Tenant::new().await;
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    let until = json!({"dateTime": "2026-01-01T10:00:00", "timeZone": "UTC"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    let (activity, content, source) = ("/activity", "/statusMessage/message/content", "/workLocation/source");
    let mut last = read_presence(&tenant).await;
    for (action, body, pointer, expected) in [
        ("setPresence", session, activity, json!("InACall")),
        ("setUserPreferredPresence", json!({"availability": "Away", "activity": "Away"}), activity, json!("Away")),
        ("clearUserPreferredPresence", json!({}), activity, json!("InACall")),
        ("clearPresence", json!({"sessionId": APP}), activity, json!("Offline")),
        ("setStatusMessage", message, content, json!("x")),
        ("setStatusMessage", json!({"statusMessage": {"message": {"content": ""}}}), "/statusMessage", Value::Null),
        ("setAutomaticLocation", json!({"workLocationType": "office"}), source, json!("automatic")),
        ("setManualLocation", json!({"workLocationType": "remote"}), source, json!("manual")),
        ("clearLocation", json!({}), source, json!("none")),
        ("setAutomaticLocation", json!({"workLocationType": "remote"}), source, json!("automatic")),
        ("clearAutomaticLocation", json!({}), source, json!("none")),
    ] {
        tenant.post_action(action, &body).await;
        let now = read_presence(&tenant).await;
        assert_eq!(now.pointer(pointer), Some(&expected), "{action}");
        assert_ne!(now, last, "{action}");
        last = now;
    }

    let snapshot = tenant.emulator.snapshot();
    let emulator = &tenant.emulator;
    let calls: [(&str, &str, Value, &dyn Fn()); 8] = [
        ("sign_in", activity, json!("Available"), &|| emulator.sign_in(guid(ADA), "Available", "Available")),
        ("in_meeting", activity, json!("InAMeeting"), &|| emulator.in_meeting(guid(ADA), true)),
        ("sign_out", activity, json!("Offline"), &|| emulator.sign_out(guid(ADA))),
        ("out_of_office", "/outOfOfficeSettings/message", json!("y"), &|| emulator.out_of_office(guid(ADA), Some("y"))),
        ("back_in_office", "/outOfOfficeSettings/message", Value::Null, &|| emulator.back_in_office(guid(ADA))),
        ("schedule_location", source, json!("scheduled"), &|| {
            emulator.schedule_location(guid(ADA), WorkLocationType::Office, None);
        }),
        ("remove_users", "/availability", json!("PresenceUnknown"), &|| emulator.remove_users([guid(ADA)])),
        ("restore", "/availability", json!("Offline"), &|| emulator.restore(&snapshot).unwrap()),
    ];
    for (name, pointer, expected, call) in calls {
        call();
        let now = read_presence(&tenant).await;
        assert_eq!(now.pointer(pointer), Some(&expected), "{name}");
        assert_ne!(now, last, "{name}");
        last = now;
    }
    emulator.reset();
    assert_eq!(read_presence(&tenant).await["availability"], "PresenceUnknown");
}

/// Each row: the actions at the start, a property, and its values after a number of seconds.
#[tokio::test]
async fn every_change_of_the_clock_is_visible_immediately() {
    let until = json!({"dateTime": "2026-01-01T09:10:00", "timeZone": "UTC"});
    let session = |availability: &str, activity: &str, duration: &str| {
        let body = json!({
            "sessionId": APP, "availability": availability, "activity": activity, "expirationDuration": duration,
        });
        ("setPresence", body)
    };
    let rows = [
        (
            vec![session("Available", "Available", "PT1H")],
            "/activity",
            vec![
                (0, json!("Available")),
                (300, json!("AvailableInactive")),
                (600, json!("Away")),
                (3_600, json!("Offline")),
            ],
        ),
        (
            vec![
                session("Busy", "InACall", "PT4H"),
                (
                    "setUserPreferredPresence",
                    json!({"availability": "DoNotDisturb", "activity": "DoNotDisturb", "expirationDuration": "PT30M"}),
                ),
            ],
            "/activity",
            vec![(0, json!("DoNotDisturb")), (1_800, json!("InACall")), (4 * 3_600, json!("Offline"))],
        ),
        (
            vec![(
                "setStatusMessage",
                json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}}),
            )],
            "/statusMessage/message/content",
            vec![(0, json!("x")), (600, Value::Null)],
        ),
        (
            vec![("setManualLocation", json!({"workLocationType": "office"})), ("clearLocation", json!({}))],
            "/workLocation/source",
            vec![(0, json!("none")), (15 * 3_600, json!("manual"))],
        ),
    ];
    for (actions, pointer, steps) in rows {
        let tenant = Tenant::new().await;
        let start = tenant.emulator.now();
        for (action, body) in &actions {
            tenant.post_action(action, body).await;
        }
        let mut instants = Vec::new();
        for (index, (seconds, value)) in steps.iter().enumerate() {
            instants.push((*seconds, value));
            if let Some((next, _)) = steps.get(index + 1) {
                instants.push((next - 1, value));
            }
        }
        // The clock is set forward step by step, and then backward.
        for (seconds, value) in instants.iter().chain(instants.iter().rev()) {
            tenant.clock.set(start + Duration::from_secs(*seconds));
            let presence = read_presence(&tenant).await;
            assert_eq!(presence.pointer(pointer).unwrap_or(&Value::Null), *value, "{actions:?} after {seconds} s");
        }
    }
}
