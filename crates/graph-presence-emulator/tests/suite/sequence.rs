//! `sequenceNumber`: which changes increase it.

use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, Tenant, guid};

async fn sequence(tenant: &Tenant) -> String {
    tenant.ada_property("sequenceNumber").await.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_visible_change_increases_it() {
    let steps: &[(&str, Value)] = &[
        ("setPresence", json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"})),
        ("setUserPreferredPresence", json!({"availability": "Away", "activity": "Away"})),
        ("clearUserPreferredPresence", json!({})),
        ("clearPresence", json!({"sessionId": APP})),
        ("setStatusMessage", json!({"statusMessage": {"message": {"content": "x"}}})),
        ("setStatusMessage", json!({"statusMessage": {"message": {"content": ""}}})),
        ("setAutomaticLocation", json!({"workLocationType": "office"})),
        ("setManualLocation", json!({"workLocationType": "office"})),
        ("clearLocation", json!({})),
        ("setAutomaticLocation", json!({"workLocationType": "remote"})),
        ("clearAutomaticLocation", json!({})),
    ];
    let tenant = Tenant::new().await;
    let mut seen = vec![sequence(&tenant).await];
    for (action, body) in steps {
        tenant.post_action(action, body).await;
        seen.push(sequence(&tenant).await);
    }
    tenant.emulator.out_of_office(guid(ADA), None);
    seen.push(sequence(&tenant).await);
    assert!(seen.is_sorted_by(|earlier, later| earlier < later), "{seen:?}");
    assert_eq!(seen.first().map(String::as_str), Some("A0000000000"));
}

#[tokio::test]
async fn it_sorts_as_text() {
    let tenant = Tenant::new().await;
    let mut seen = Vec::new();
    for step in 0..101 {
        tenant.emulator.sign_in(guid(ADA), "Busy", if step % 2 == 0 { "InACall" } else { "InAMeeting" });
        seen.push(sequence(&tenant).await);
    }
    assert!(seen.is_sorted_by(|earlier, later| earlier < later), "{seen:?}");
}

#[tokio::test]
async fn unread_changes_increase_it() {
    let tenant = Tenant::new().await;
    let before = sequence(&tenant).await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InACall");
    tenant.emulator.sign_out(guid(ADA));
    let between = sequence(&tenant).await;
    assert!(between > before);
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    tenant.advance(5, 0);
    assert!(sequence(&tenant).await > between);
}

#[tokio::test]
async fn invisible_changes_do_not_increase_it() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    tenant.set_session(APP, "Away", "Away", Some("PT1H")).await;
    let before = sequence(&tenant).await;
    // A session below the Teams client, a renewal, nothing to clear, a change of another user.
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    tenant.post_action("clearUserPreferredPresence", &json!({})).await;
    tenant.post_action("clearLocation", &json!({})).await;
    tenant.post_action("clearPresence", &json!({"sessionId": APP})).await;
    tenant.emulator.sign_in(guid(BOB), "Busy", "InAMeeting");
    assert_eq!(sequence(&tenant).await, before);
}

#[tokio::test]
async fn an_expiry_increases_it_once_for_all_readers() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    let busy = sequence(&tenant).await;
    tenant.advance(5, 0);
    let offline = sequence(&tenant).await;
    assert!(offline > busy);
    assert_eq!(sequence(&tenant).await, offline);
    let path = format!("/v1.0/users/{ADA}/presence");
    assert_eq!(tenant.get(&tenant.bob, &path).await.json()["sequenceNumber"], offline.as_str());
}

#[tokio::test]
async fn an_unread_expiry_increases_it_when_the_same_state_is_set_again() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    let before = sequence(&tenant).await;
    tenant.advance(5, 0);
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    assert!(sequence(&tenant).await > before);
}
