//! Concurrent requests.

use std::thread;

use serde_json::json;
use tokio::task::JoinSet;

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, Tenant, guid};

/// States that the Teams client alternates between: all are ranked like a call, so that each becomes visible.
const PAIRS: [[&str; 2]; 3] = [["Busy", "InACall"], ["Busy", "InAConferenceCall"], ["Busy", "InAMeeting"]];

#[tokio::test]
async fn readers_never_see_parts_of_two_sessions() {
    let tenant = std::sync::Arc::new(Tenant::new().await);
    // Signed in before the race, so that Offline can never be seen.
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    let mut tasks = JoinSet::new();
    for (availability, activity) in [("Busy", "InAConferenceCall"), ("DoNotDisturb", "Presenting")] {
        let tenant = tenant.clone();
        tasks.spawn(async move {
            for _ in 0..50 {
                tenant.set_session(APP, availability, activity, None).await;
            }
        });
    }
    for _ in 0..8 {
        let tenant = tenant.clone();
        tasks.spawn(async move {
            for _ in 0..50 {
                let seen = tenant.ada_state().await;
                let is_consistent = PAIRS.iter().any(|pair| seen == *pair) || seen == ["DoNotDisturb", "Presenting"];
                assert!(is_consistent, "{seen:?}");
            }
        });
    }
    let writer = {
        let tenant = tenant.clone();
        thread::spawn(move || {
            for step in 0..5_000 {
                let [availability, activity] = PAIRS[step % PAIRS.len()];
                tenant.emulator.sign_in(guid(ADA), availability, activity);
            }
        })
    };
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }
    writer.join().unwrap();
}

#[tokio::test]
async fn get_presences_by_user_id_is_atomic() {
    let tenant = std::sync::Arc::new(Tenant::new().await);
    let ids: Vec<_> = (0..650).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let signing_in = {
        let tenant = tenant.clone();
        let ids = ids.clone();
        // Users sign in in the order of the ids, so in a consistent read all known users precede the unknown
        // ones.
        thread::spawn(move || {
            for id in ids {
                tenant.emulator.sign_in(guid(&id), "Available", "Available");
            }
        })
    };
    for _ in 0..20 {
        let batch = tenant.post(&tenant.app, GET_PRESENCES, &json!({ "ids": ids })).await.json();
        let unknown: Vec<_> = batch["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|presence| presence["availability"] == "PresenceUnknown")
            .collect();
        assert!(unknown.is_sorted(), "{unknown:?}");
    }
    signing_in.join().unwrap();
}

/// All parts of a calendar change together: every response with the same sequence number has the same content.
#[tokio::test]
async fn a_calendar_is_replaced_atomically() {
    let tenant = std::sync::Arc::new(Tenant::new().await);
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    let calendar = |step: usize| {
        json!({
            "inMeeting": step % 2 == 1,
            "outOfOffice": {"message": step.to_string()},
            "workLocation": {"workLocationType": "office", "placeId": step.to_string()},
        })
    };
    let path = format!("/_emulator/users/{ADA}/calendar");
    assert_eq!(tenant.call("PUT", "", &path, &calendar(0)).await.status, 204);
    let mut writers = JoinSet::new();
    for writer in 0..2 {
        let (tenant, path) = (tenant.clone(), path.clone());
        writers.spawn(async move {
            for step in 0..100 {
                assert_eq!(tenant.call("PUT", "", &path, &calendar(writer + 2 * step)).await.status, 204);
            }
        });
    }
    let mut readers = JoinSet::new();
    for _ in 0..4 {
        let tenant = tenant.clone();
        readers.spawn(async move {
            let mut versions = std::collections::BTreeMap::new();
            for _ in 0..50 {
                let mut batch = tenant.post(&tenant.app, GET_PRESENCES, &json!({"ids": [BOB, ADA]})).await.json();
                let presence = batch["value"][1].take();
                let step = presence["outOfOfficeSettings"]["message"].as_str().unwrap();
                assert_eq!(presence["workLocation"]["placeId"], step, "{presence}");
                let activity = if step.parse::<usize>().unwrap() % 2 == 1 { "InAMeeting" } else { "Available" };
                assert_eq!(presence["activity"], activity, "{presence}");
                let sequence = presence["sequenceNumber"].as_str().unwrap().to_owned();
                assert!(versions.last_key_value().is_none_or(|(last, _)| *last <= sequence));
                assert_eq!(*versions.entry(sequence).or_insert_with(|| presence.clone()), presence);
            }
            versions
        });
    }
    writers.join_all().await;
    let mut all = std::collections::BTreeMap::new();
    for (sequence, presence) in readers.join_all().await.into_iter().flatten() {
        assert_eq!(*all.entry(sequence).or_insert_with(|| presence.clone()), presence);
    }
}

#[tokio::test]
async fn only_one_of_many_subscriptions_to_a_user_succeeds() {
    let tenant = std::sync::Arc::new(Tenant::new().await);
    let mut tasks = JoinSet::new();
    for n in 0..20 {
        let tenant = tenant.clone();
        tasks.spawn(async move {
            let body = json!({
                "changeType": "updated",
                "notificationUrl": format!("https://webhook.contoso.com/{n}"),
                "resource": format!("communications/presences/{ADA}"),
                "expirationDateTime": "2026-01-01T10:00:00Z",
            });
            let token = if n % 2 == 0 { &tenant.ada } else { &tenant.bob };
            tenant.post(token, "/v1.0/subscriptions", &body).await.status.as_u16()
        });
    }
    let mut statuses = tasks.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses.split_first(), Some((&201, [409; 19].as_slice())));
}
