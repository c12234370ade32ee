//! Preferred presence: precedence, visibility, expiry.

use serde_json::json;

use crate::tenant::{ADA, APP, OTHER_APP, Tenant, guid};

const PAIRS: [[&str; 2]; 6] = [
    ["Available", "Available"],
    ["Busy", "Busy"],
    ["DoNotDisturb", "DoNotDisturb"],
    ["BeRightBack", "BeRightBack"],
    ["Away", "Away"],
    ["Offline", "OffWork"],
];
const OFFLINE: [&str; 2] = ["Offline", "Offline"];
const IN_A_MEETING: [&str; 2] = ["Busy", "InAMeeting"];

async fn set_preferred(tenant: &Tenant, [availability, activity]: [&str; 2], expiration: Option<&str>) {
    let body = json!({"availability": availability, "activity": activity, "expirationDuration": expiration});
    tenant.post_action("setUserPreferredPresence", &body).await;
}

#[tokio::test]
async fn preferred_presence_takes_precedence_over_every_session() {
    let sessions = [["DoNotDisturb", "Presenting"], ["Busy", "InACall"], ["Available", "Available"], ["Away", "Away"]];
    for preferred in PAIRS {
        for session in sessions {
            let tenant = Tenant::new().await;
            set_preferred(&tenant, preferred, None).await;
            tenant.set_session(APP, session[0], session[1], None).await;
            assert_eq!(tenant.ada_state().await, preferred, "{preferred:?} then {session:?}");

            let tenant = Tenant::new().await;
            tenant.emulator.sign_in(guid(ADA), session[0], session[1]);
            tenant.set_session(APP, "DoNotDisturb", "Presenting", None).await;
            set_preferred(&tenant, preferred, None).await;
            assert_eq!(tenant.ada_state().await, preferred, "{session:?} then {preferred:?}");
        }
    }
}

#[tokio::test]
async fn preferred_presence_is_visible_only_with_a_session() {
    for preferred in PAIRS {
        let tenant = Tenant::new().await;
        set_preferred(&tenant, preferred, None).await;
        assert_eq!(tenant.ada_state().await, OFFLINE, "{preferred:?}");
        tenant.set_session(APP, "Away", "Away", Some("PT5M")).await;
        assert_eq!(tenant.ada_state().await, preferred);
        tenant.advance(4, 59);
        assert_eq!(tenant.ada_state().await, preferred);
        tenant.advance(0, 1);
        assert_eq!(tenant.ada_state().await, OFFLINE, "{preferred:?}");
        tenant.emulator.sign_in(guid(ADA), "Available", "Available");
        assert_eq!(tenant.ada_state().await, preferred);
        tenant.emulator.sign_out(guid(ADA));
        assert_eq!(tenant.ada_state().await, OFFLINE, "{preferred:?}");
    }
}

#[tokio::test]
async fn preferred_available_does_not_fade() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    set_preferred(&tenant, PAIRS[0], None).await;
    tenant.advance(59, 59);
    assert_eq!(tenant.ada_state().await, PAIRS[0]);
}

#[tokio::test]
async fn preferred_presence_expires_on_time() {
    let day = 24 * 60 * 60;
    let rows = [
        (PAIRS[0], None, 7 * day),
        (PAIRS[1], None, day),
        (PAIRS[2], None, day),
        (PAIRS[3], None, 7 * day),
        (PAIRS[4], None, 7 * day),
        (PAIRS[5], None, 7 * day),
        (PAIRS[2], Some("PT8H"), 8 * 60 * 60),
        (PAIRS[1], Some("PT1M"), 60),
        (PAIRS[0], Some("PT1S"), 1),
        (PAIRS[1], Some("P2DT1M"), 2 * day + 60),
        (PAIRS[4], Some("P3650D"), 3650 * day),
    ];
    for (preferred, expiration, seconds) in rows {
        let tenant = Tenant::new().await;
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        set_preferred(&tenant, preferred, expiration).await;
        tenant.advance(0, seconds - 1);
        assert_eq!(tenant.ada_state().await, preferred, "{preferred:?} {expiration:?}");
        tenant.advance(0, 1);
        assert_eq!(tenant.ada_state().await, IN_A_MEETING, "{preferred:?} {expiration:?}");
    }
}

#[tokio::test]
async fn preferred_presence_that_expired_without_a_session_is_not_visible() {
    let tenant = Tenant::new().await;
    set_preferred(&tenant, PAIRS[1], Some("PT1H")).await;
    tenant.advance(60, 0);
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    assert_eq!(tenant.ada_state().await, IN_A_MEETING);
}

#[tokio::test]
async fn preferred_presence_is_replaced_and_cleared() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    for preferred in PAIRS {
        set_preferred(&tenant, preferred, Some("PT1H")).await;
        tenant.advance(59, 0);
        assert_eq!(tenant.ada_state().await, preferred);
    }
    for _ in 0..2 {
        tenant.post_action("clearUserPreferredPresence", &json!({})).await;
        assert_eq!(tenant.ada_state().await, IN_A_MEETING);
    }
    tenant.set_session(OTHER_APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(tenant.ada_state().await, ["DoNotDisturb", "Presenting"]);
}

#[tokio::test]
async fn all_six_preferred_pairs_are_case_insensitive() {
    for preferred in PAIRS {
        let tenant = Tenant::new().await;
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let [availability, activity] = preferred.map(str::to_lowercase);
        set_preferred(&tenant, [&availability, &activity], None).await;
        assert_eq!(tenant.ada_state().await, preferred);
    }
}

#[tokio::test]
async fn an_application_sets_the_preferred_presence_of_any_user() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    let path = format!("/v1.0/users/{ADA}/presence");
    let body = json!({"availability": "Away", "activity": "Away"});
    assert_eq!(tenant.post(&tenant.app, &format!("{path}/setUserPreferredPresence"), &body).await.status, 200);
    assert_eq!(tenant.ada_state().await, ["Away", "Away"]);
    assert_eq!(tenant.post(&tenant.app, &format!("{path}/clearUserPreferredPresence"), &json!({})).await.status, 200);
    assert_eq!(tenant.ada_state().await, IN_A_MEETING);
}
