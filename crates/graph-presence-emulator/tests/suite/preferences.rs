//! Preferred presence: precedence, when it shows, expiry.

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

async fn prefer(tenant: &Tenant, [availability, activity]: [&str; 2], expiration: Option<&str>) {
    let body = json!({"availability": availability, "activity": activity, "expirationDuration": expiration});
    tenant.act("setUserPreferredPresence", &body).await;
}

#[tokio::test]
async fn a_preference_outranks_every_session() {
    let sessions = [["DoNotDisturb", "Presenting"], ["Busy", "InACall"], ["Available", "Available"], ["Away", "Away"]];
    for preferred in PAIRS {
        for session in sessions {
            let tenant = Tenant::new().await;
            prefer(&tenant, preferred, None).await;
            tenant.set(APP, session[0], session[1], None).await;
            assert_eq!(tenant.ada().await, preferred, "{preferred:?} then {session:?}");

            let tenant = Tenant::new().await;
            tenant.emulator.sign_in(guid(ADA), session[0], session[1]);
            tenant.set(APP, "DoNotDisturb", "Presenting", None).await;
            prefer(&tenant, preferred, None).await;
            assert_eq!(tenant.ada().await, preferred, "{session:?} then {preferred:?}");
        }
    }
}

#[tokio::test]
async fn a_preference_shows_only_while_there_is_a_session() {
    for preferred in PAIRS {
        let tenant = Tenant::new().await;
        prefer(&tenant, preferred, None).await;
        assert_eq!(tenant.ada().await, OFFLINE, "{preferred:?}");
        tenant.set(APP, "Away", "Away", Some("PT5M")).await;
        assert_eq!(tenant.ada().await, preferred);
        tenant.advance(4, 59);
        assert_eq!(tenant.ada().await, preferred);
        tenant.advance(0, 1);
        assert_eq!(tenant.ada().await, OFFLINE, "{preferred:?}");
        tenant.emulator.sign_in(guid(ADA), "Available", "Available");
        assert_eq!(tenant.ada().await, preferred);
        tenant.emulator.sign_out(guid(ADA));
        assert_eq!(tenant.ada().await, OFFLINE, "{preferred:?}");
    }
}

#[tokio::test]
async fn a_preference_does_not_fade() {
    let tenant = Tenant::new().await;
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    prefer(&tenant, PAIRS[0], None).await;
    tenant.advance(59, 59);
    assert_eq!(tenant.ada().await, PAIRS[0]);
}

#[tokio::test]
async fn a_preference_goes_away_at_the_second_it_expires() {
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
    for (preferred, expiration, lasts) in rows {
        let tenant = Tenant::new().await;
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        prefer(&tenant, preferred, expiration).await;
        tenant.advance(0, lasts - 1);
        assert_eq!(tenant.ada().await, preferred, "{preferred:?} {expiration:?}");
        tenant.advance(0, 1);
        assert_eq!(tenant.ada().await, IN_A_MEETING, "{preferred:?} {expiration:?}");
    }
}

#[tokio::test]
async fn a_preference_that_expires_unseen_is_never_seen() {
    let tenant = Tenant::new().await;
    prefer(&tenant, PAIRS[1], Some("PT1H")).await;
    tenant.advance(60, 0);
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    assert_eq!(tenant.ada().await, IN_A_MEETING);
}

#[tokio::test]
async fn a_later_preference_replaces_and_clearing_uncovers_the_sessions() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    for preferred in PAIRS {
        prefer(&tenant, preferred, Some("PT1H")).await;
        tenant.advance(59, 0);
        assert_eq!(tenant.ada().await, preferred);
    }
    for _ in 0..2 {
        tenant.act("clearUserPreferredPresence", &json!({})).await;
        assert_eq!(tenant.ada().await, IN_A_MEETING);
    }
    tenant.set(OTHER_APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(tenant.ada().await, ["DoNotDisturb", "Presenting"]);
}

#[tokio::test]
async fn all_six_pairs_can_be_preferred_in_either_case() {
    for preferred in PAIRS {
        let tenant = Tenant::new().await;
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let [availability, activity] = preferred.map(str::to_lowercase);
        prefer(&tenant, [&availability, &activity], None).await;
        assert_eq!(tenant.ada().await, preferred);
    }
}

#[tokio::test]
async fn an_application_prefers_for_anybody() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    let path = format!("/v1.0/users/{ADA}/presence");
    let body = json!({"availability": "Away", "activity": "Away"});
    assert_eq!(tenant.post(&tenant.app, &format!("{path}/setUserPreferredPresence"), &body).await.status, 200);
    assert_eq!(tenant.ada().await, ["Away", "Away"]);
    assert_eq!(tenant.post(&tenant.app, &format!("{path}/clearUserPreferredPresence"), &json!({})).await.status, 200);
    assert_eq!(tenant.ada().await, IN_A_MEETING);
}
