//! What was read once is not answered again when it is no longer so, whoever reads and however.

use std::time::Duration;

use graph_presence_emulator::WorkLocationType;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, MANY, NOBODY, Tenant, guid};

/// Ada's presence as she sees it. Everybody is asked in every way, and has to say the same.
async fn seen(tenant: &Tenant) -> Value {
    let ids = json!({"ids": [NOBODY, ADA, BOB]});
    let of_many = async |token: &str| {
        let mut batch = tenant.post(token, MANY, &ids).await.json();
        batch["value"][1].take()
    };
    let of_one = async |token: &str, path: &str| {
        let mut presence = tenant.get(token, path).await.json();
        presence.as_object_mut().unwrap().remove("@odata.context").unwrap();
        presence
    };
    let users = format!("/v1.0/users/{ADA}/presence");
    let own = of_one(&tenant.ada, "/v1.0/me/presence").await;
    assert_eq!(of_many(&tenant.ada).await, own);
    assert_eq!(of_one(&tenant.ada, &users).await, own);

    let mut others = own.clone();
    if let Some(message) = others["statusMessage"].as_object_mut() {
        message.retain(|name, _| name == "message");
    }
    assert_eq!(of_many(&tenant.app).await, others);
    assert_eq!(of_many(&tenant.bob).await, others);
    assert_eq!(of_one(&tenant.bob, &users).await, others);
    assert_eq!(of_one(&tenant.app, &format!("/beta/communications/presences/{ADA}")).await, others);

    let select = format!("{users}?$select=activity,sequenceNumber");
    let few = json!({"activity": own["activity"], "sequenceNumber": own["sequenceNumber"]});
    assert_eq!(of_one(&tenant.app, &select).await, few);
    own
}

#[tokio::test]
async fn whatever_is_done_shows_at_once() {
    let tenant = Tenant::new().await;
    let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    let until = json!({"dateTime": "2026-01-01T10:00:00", "timeZone": "UTC"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    let (activity, content, source) = ("/activity", "/statusMessage/message/content", "/workLocation/source");
    let mut last = seen(&tenant).await;
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
        tenant.act(action, &body).await;
        let now = seen(&tenant).await;
        assert_eq!(now.pointer(pointer), Some(&expected), "{action}");
        assert_ne!(now, last, "{action}");
        last = now;
    }

    let snapshot = tenant.emulator.snapshot();
    let emulator = &tenant.emulator;
    let acts: [(&str, &str, Value, &dyn Fn()); 8] = [
        ("sign in", activity, json!("Available"), &|| emulator.sign_in(guid(ADA), "Available", "Available")),
        ("meet", activity, json!("InAMeeting"), &|| emulator.in_meeting(guid(ADA), true)),
        ("sign out", activity, json!("Offline"), &|| emulator.sign_out(guid(ADA))),
        ("leave", "/outOfOfficeSettings/message", json!("y"), &|| emulator.out_of_office(guid(ADA), Some("y"))),
        ("return", "/outOfOfficeSettings/message", Value::Null, &|| emulator.back_in_office(guid(ADA))),
        ("plan", source, json!("scheduled"), &|| {
            emulator.schedule_location(guid(ADA), WorkLocationType::Office, None);
        }),
        ("forget", "/availability", json!("PresenceUnknown"), &|| emulator.remove_users([guid(ADA)])),
        ("restore", "/availability", json!("Offline"), &|| emulator.restore(&snapshot).unwrap()),
    ];
    for (name, pointer, expected, act) in acts {
        act();
        let now = seen(&tenant).await;
        assert_eq!(now.pointer(pointer), Some(&expected), "{name}");
        assert_ne!(now, last, "{name}");
        last = now;
    }
    emulator.reset();
    assert_eq!(seen(&tenant).await["availability"], "PresenceUnknown");
}

/// A row says what is done at nine, what is looked at, and when it becomes what.
#[tokio::test]
async fn whatever_time_does_shows_at_once_and_so_does_time_that_is_set_back() {
    let until = json!({"dateTime": "2026-01-01T09:10:00", "timeZone": "UTC"});
    let session = |availability: &str, activity: &str, lasts: &str| {
        let body = json!({
            "sessionId": APP, "availability": availability, "activity": activity, "expirationDuration": lasts,
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
    for (acts, pointer, steps) in rows {
        let tenant = Tenant::new().await;
        let nine = tenant.emulator.now();
        for (action, body) in &acts {
            tenant.act(action, body).await;
        }
        let mut instants = Vec::new();
        for (index, (seconds, value)) in steps.iter().enumerate() {
            instants.push((*seconds, value));
            if let Some((next, _)) = steps.get(index + 1) {
                instants.push((next - 1, value));
            }
        }
        // There, and back again.
        for (seconds, value) in instants.iter().chain(instants.iter().rev()) {
            tenant.clock.set(nine + Duration::from_secs(*seconds));
            let shown = seen(&tenant).await;
            assert_eq!(shown.pointer(pointer).unwrap_or(&Value::Null), *value, "{acts:?} after {seconds} s");
        }
    }
}
