//! Sessions: precedence, fading to `Away`, renewal, expiry.

use crate::tenant::{ADA, APP, OTHER_APP, Tenant, guid, pair};

const DO_NOT_DISTURB: [&str; 2] = ["DoNotDisturb", "Presenting"];
const BUSY: [&str; 2] = ["Busy", "InACall"];
const AVAILABLE: [&str; 2] = ["Available", "Available"];
const AWAY: [&str; 2] = ["Away", "Away"];

#[tokio::test]
async fn the_higher_availability_wins_regardless_of_order_and_source() {
    let order = [DO_NOT_DISTURB, BUSY, AVAILABLE, AWAY];
    for (index, high) in order.iter().enumerate() {
        for low in &order[index + 1..] {
            for (first, second) in [(high, low), (low, high)] {
                let between_applications = Tenant::new().await;
                between_applications.set_session(APP, first[0], first[1], None).await;
                between_applications.set_session(OTHER_APP, second[0], second[1], None).await;
                assert_eq!(between_applications.ada_state().await, *high, "{first:?} {second:?}");

                let with_teams = Tenant::new().await;
                with_teams.set_session(APP, first[0], first[1], None).await;
                with_teams.emulator.sign_in(guid(ADA), second[0], second[1]);
                assert_eq!(with_teams.ada_state().await, *high, "{first:?} {second:?}");
            }
        }
    }
}

#[tokio::test]
async fn availabilities_that_only_teams_sets_are_ranked() {
    let be_right_back = ["BeRightBack", "BeRightBack"];
    let rows = [
        (["BusyIdle", "Inactive"], AVAILABLE, "BusyIdle"),
        (["AvailableIdle", "Inactive"], AWAY, "AvailableIdle"),
        (be_right_back, AVAILABLE, "Available"),
        (["Offline", "Offline"], AWAY, "Away"),
        (["Focusing", "Focusing"], AWAY, "Away"),
    ];
    for (teams, application, seen) in rows {
        let tenant = Tenant::new().await;
        tenant.set_session(APP, application[0], application[1], None).await;
        tenant.emulator.sign_in(guid(ADA), teams[0], teams[1]);
        assert_eq!(tenant.ada_state().await[0], seen, "{teams:?} {application:?}");
    }
}

#[tokio::test]
async fn the_latest_of_equally_ranked_sessions_wins() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Busy", "InACall", None).await;
    tenant.set_session(OTHER_APP, "Busy", "InAConferenceCall", None).await;
    assert_eq!(tenant.ada_state().await, ["Busy", "InAConferenceCall"]);
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    assert_eq!(tenant.ada_state().await, ["Busy", "InAMeeting"]);
    tenant.set_session(APP, "Busy", "InACall", None).await;
    assert_eq!(tenant.ada_state().await, BUSY);
}

#[tokio::test]
async fn available_of_an_application_fades_in_two_steps() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    let rows = [
        ((4, 59), AVAILABLE),
        ((0, 1), ["Available", "AvailableInactive"]),
        ((4, 59), ["Available", "AvailableInactive"]),
        ((0, 1), AWAY),
        ((49, 59), AWAY),
        ((0, 1), ["Offline", "Offline"]),
    ];
    for ((minutes, seconds), seen) in rows {
        tenant.advance(minutes, seconds);
        assert_eq!(tenant.ada_state().await, seen, "after {minutes}:{seconds} more");
    }
}

#[tokio::test]
async fn renewing_restarts_fading_and_expiration() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT10M")).await;
    tenant.advance(4, 59);
    tenant.set_session(APP, "Available", "Available", Some("PT10M")).await;
    tenant.advance(4, 59);
    assert_eq!(tenant.ada_state().await, AVAILABLE);
    tenant.advance(0, 1);
    assert_eq!(tenant.ada_state().await, ["Available", "AvailableInactive"]);
    tenant.advance(4, 59);
    assert_eq!(tenant.ada_state().await, ["Available", "AvailableInactive"]);
    tenant.advance(0, 1);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn a_faded_session_is_ranked_by_its_faded_state() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Away", "Away", Some("PT1H")).await;
    tenant.set_session(OTHER_APP, "Available", "Available", Some("PT1H")).await;
    tenant.emulator.sign_in(guid(ADA), "BeRightBack", "BeRightBack");
    tenant.advance(9, 59);
    assert_eq!(tenant.ada_state().await, ["Available", "AvailableInactive"]);
    tenant.advance(0, 1);
    assert_eq!(tenant.ada_state().await, ["BeRightBack", "BeRightBack"]);
}

#[tokio::test]
async fn only_available_of_an_application_fades() {
    for [availability, activity] in [BUSY, AWAY, DO_NOT_DISTURB] {
        let tenant = Tenant::new().await;
        tenant.set_session(APP, availability, activity, Some("PT4H")).await;
        tenant.advance(239, 59);
        assert_eq!(tenant.ada_state().await, [availability, activity]);
    }
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    tenant.advance(60 * 24 * 365, 0);
    assert_eq!(tenant.ada_state().await, AVAILABLE);
}

#[tokio::test]
async fn a_session_expires_on_time() {
    let rows = [
        (None, (4, 59)),
        (Some("PT5M"), (4, 59)),
        (Some("PT300S"), (4, 59)),
        (Some("P0DT0H5M0S"), (4, 59)),
        (Some("PT1H30M"), (89, 59)),
        (Some("PT5400S"), (89, 59)),
        (Some("PT4H"), (239, 59)),
        (Some("PT240M"), (239, 59)),
    ];
    for (expiration, (minutes, seconds)) in rows {
        let tenant = Tenant::new().await;
        tenant.set_session(APP, "Busy", "InACall", expiration).await;
        tenant.advance(minutes, seconds);
        assert_eq!(tenant.ada_state().await, BUSY, "{expiration:?}");
        tenant.advance(0, 1);
        assert_eq!(tenant.ada_state().await, ["Offline", "Offline"], "{expiration:?}");
    }
}

#[tokio::test]
async fn expiry_reveals_the_next_session() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    tenant.set_session(APP, "Busy", "InACall", Some("PT1H")).await;
    tenant.set_session(OTHER_APP, "DoNotDisturb", "Presenting", Some("PT30M")).await;
    for seen in [DO_NOT_DISTURB, BUSY, AWAY] {
        assert_eq!(tenant.ada_state().await, seen);
        tenant.advance(30, 0);
    }
}

#[tokio::test]
async fn session_ids_are_case_insensitive() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Busy", "InACall", None).await;
    tenant.set_session(&APP.to_uppercase(), "Away", "Away", None).await;
    assert_eq!(tenant.ada_state().await, AWAY);
}

#[tokio::test]
async fn all_five_session_pairs_are_case_insensitive() {
    let pairs = [AVAILABLE, BUSY, ["Busy", "InAConferenceCall"], AWAY, DO_NOT_DISTURB];
    for [availability, activity] in pairs {
        let tenant = Tenant::new().await;
        tenant.set_session(APP, availability, activity, None).await;
        assert_eq!(tenant.ada_state().await, [availability, activity]);
        tenant.set_session(APP, &availability.to_lowercase(), &activity.to_lowercase(), None).await;
        assert_eq!(tenant.ada_state().await, [availability, activity]);
    }
}

#[tokio::test]
async fn signing_out_keeps_application_sessions() {
    let tenant = Tenant::new().await;
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
    tenant.emulator.sign_in(guid(ADA), "Available", "OutOfOffice");
    tenant.set_session(APP, "Away", "Away", None).await;
    assert_eq!(tenant.ada_state().await, pair("Available", "OutOfOffice"));
    tenant.emulator.sign_out(guid(ADA));
    assert_eq!(tenant.ada_state().await, AWAY);
    tenant.emulator.sign_out(guid(ADA));
    tenant.advance(5, 0);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn a_user_can_set_their_own_session() {
    let tenant = Tenant::new().await;
    let path = format!("/beta/users/{ADA}/presence/setPresence");
    let body = serde_json::json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
    assert_eq!(tenant.post(&tenant.ada, &path, &body).await.status, 200);
    assert_eq!(tenant.ada_state().await, BUSY);
}

async fn clear(tenant: &Tenant, session: &str) -> Result<(), (u16, String, String)> {
    let path = format!("/v1.0/users/{ADA}/presence/clearPresence");
    let response = tenant.post(&tenant.app, &path, &serde_json::json!({ "sessionId": session })).await;
    if response.status == 200 { Ok(()) } else { Err(response.error()) }
}

#[tokio::test]
async fn clearing_a_session_reveals_the_next_or_offline() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Away", "Away", Some("PT1H")).await;
    tenant.set_session(OTHER_APP, "Busy", "InACall", Some("PT1H")).await;
    assert_eq!(clear(&tenant, OTHER_APP).await, Ok(()));
    assert_eq!(tenant.ada_state().await, AWAY);
    assert_eq!(clear(&tenant, &APP.to_uppercase()).await, Ok(()));
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn clearing_a_missing_session_is_not_found() {
    let missing = || Err((404, "NotFound".to_owned(), "The presence session does not exist.".to_owned()));
    let tenant = Tenant::new().await;
    assert_eq!(clear(&tenant, APP).await, missing());
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    assert_eq!(clear(&tenant, APP).await, missing());
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    assert_eq!(clear(&tenant, OTHER_APP).await, missing());
    assert_eq!(clear(&tenant, APP).await, Ok(()));
    assert_eq!(clear(&tenant, APP).await, missing());
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    tenant.advance(4, 59);
    assert_eq!(clear(&tenant, APP).await, Ok(()));
    tenant.set_session(APP, "Busy", "InACall", Some("PT5M")).await;
    tenant.advance(5, 0);
    assert_eq!(clear(&tenant, APP).await, missing());
    assert_eq!(tenant.ada_state().await, AVAILABLE);
}
