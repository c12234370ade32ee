//! Explanations of a presence.

use serde_json::{Value, json};

use crate::tenant::{ADA, APP, OTHER_APP, Tenant, guid};

/// A change of Ada's presence or of the clock.
#[derive(Clone, Copy)]
enum Step {
    Teams(&'static str, &'static str),
    SignOut,
    Meeting,
    Session(&'static str, &'static str, &'static str, &'static str),
    Preferred(&'static str, &'static str),
    Advance(u64),
}

use Step::{Advance, Meeting, Preferred, Session, SignOut, Teams};

struct Case {
    steps: &'static [Step],
    /// The visible activity.
    activity: &'static str,
    /// Time and activity of the next change.
    next: Option<(&'static str, &'static str)>,
    /// Kind and outcome of each session, by descending rank.
    sessions: &'static [(&'static str, &'static str)],
    reason: &'static str,
}

const CASES: [Case; 17] = [
    Case { steps: &[], activity: "Offline", next: None, sessions: &[], reason: "No session is active." },
    Case {
        steps: &[Teams("Busy", "InAMeeting")],
        activity: "InAMeeting",
        next: None,
        sessions: &[("teamsClient", "shown")],
        reason: "Only the Teams client has a session.",
    },
    Case {
        steps: &[Session(APP, "Available", "Available", "PT1H")],
        activity: "Available",
        next: Some(("09:05:00", "AvailableInactive")),
        sessions: &[("application", "shown")],
        reason: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session.",
    },
    Case {
        steps: &[Session(APP, "Available", "Available", "PT1H"), Advance(5)],
        activity: "AvailableInactive",
        next: Some(("09:10:00", "Away")),
        sessions: &[("application", "shown")],
        reason: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        steps: &[Session(APP, "Available", "Available", "PT1H"), Advance(10)],
        activity: "Away",
        next: Some(("10:00:00", "Offline")),
        sessions: &[("application", "shown")],
        reason: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        steps: &[Session(APP, "Available", "Available", "PT1H"), Advance(60)],
        activity: "Offline",
        next: None,
        sessions: &[],
        reason: "No session is active.",
    },
    // The session expires before it fades further.
    Case {
        steps: &[Session(APP, "Available", "Available", "PT7M"), Advance(6)],
        activity: "AvailableInactive",
        next: Some(("09:07:00", "Offline")),
        sessions: &[("application", "shown")],
        reason: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        steps: &[Teams("Available", "Available"), Session(APP, "Busy", "InACall", "PT30M")],
        activity: "InACall",
        next: Some(("09:30:00", "Available")),
        sessions: &[("application", "shown"), ("teamsClient", "outranked")],
        reason: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 sets Busy, which outranks Available of the Teams client.",
    },
    Case {
        steps: &[Teams("DoNotDisturb", "Presenting"), Session(APP, "Busy", "InACall", "PT30M")],
        activity: "Presenting",
        next: None,
        sessions: &[("teamsClient", "shown"), ("application", "outranked")],
        reason: "The Teams client sets DoNotDisturb, which outranks Busy of application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    Case {
        steps: &[Session(APP, "Busy", "InACall", "PT1H"), Session(OTHER_APP, "Busy", "InAConferenceCall", "PT30M")],
        activity: "InAConferenceCall",
        next: Some(("09:30:00", "InACall")),
        sessions: &[("application", "shown"), ("application", "superseded")],
        reason: "Application 7ab87f1f-0cd5-4d8a-b9f2-9c4b6d8f4c11 sets Busy, more recently than application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    // The first expiry changes nothing visible, because the other session has the same state.
    Case {
        steps: &[Session(APP, "Busy", "InACall", "PT1H"), Session(OTHER_APP, "Busy", "InACall", "PT30M")],
        activity: "InACall",
        next: Some(("10:00:00", "Offline")),
        sessions: &[("application", "shown"), ("application", "superseded")],
        reason: "Application 7ab87f1f-0cd5-4d8a-b9f2-9c4b6d8f4c11 sets Busy, more recently than application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    Case {
        steps: &[Teams("Available", "Available"), Meeting],
        activity: "InAMeeting",
        next: None,
        sessions: &[("meeting", "shown"), ("teamsClient", "outranked")],
        reason: "The meeting sets Busy, which outranks Available of the Teams client.",
    },
    Case {
        steps: &[Teams("Away", "Away"), Meeting, Session(APP, "Busy", "InACall", "PT5M")],
        activity: "InACall",
        next: Some(("09:05:00", "InAMeeting")),
        sessions: &[("application", "shown"), ("meeting", "yields"), ("teamsClient", "outranked")],
        reason: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 sets Busy, which takes precedence over the meeting.",
    },
    // A meeting counts only while the Teams client is signed in.
    Case { steps: &[Meeting], activity: "Offline", next: None, sessions: &[], reason: "No session is active." },
    Case {
        steps: &[Preferred("Busy", "Busy"), Teams("Available", "Available"), SignOut],
        activity: "Offline",
        next: None,
        sessions: &[],
        reason: "No session is active: the preferred presence Busy applies once there is one.",
    },
    // The preferred presence is visible while there is a session, and hides the fading of that session.
    Case {
        steps: &[Preferred("Away", "Away"), Session(APP, "Available", "Available", "PT1H")],
        activity: "Away",
        next: Some(("10:00:00", "Offline")),
        sessions: &[("application", "overridden")],
        reason: "The preferred presence Away takes precedence over every session.",
    },
    Case {
        steps: &[Teams("Moon", "<b>"), Session(APP, "Away", "Away", "PT5M")],
        activity: "Away",
        next: Some(("09:05:00", "<b>")),
        sessions: &[("application", "shown"), ("teamsClient", "outranked")],
        reason: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 sets Away, which outranks Moon of the Teams client.",
    },
];

impl Tenant {
    async fn explanation(&self) -> Value {
        self.control("GET", &format!("/users/{ADA}"), Value::Null).await.json()
    }
}

#[tokio::test]
async fn explanations_contain_the_reason_and_the_next_change() {
    for Case { steps, activity: expected, next, sessions, reason } in CASES {
        let tenant = Tenant::new().await;
        for step in steps {
            match *step {
                Teams(availability, activity) => tenant.emulator.sign_in(guid(ADA), availability, activity),
                SignOut => tenant.emulator.sign_out(guid(ADA)),
                Meeting => tenant.emulator.in_meeting(guid(ADA), true),
                Session(id, availability, activity, expiration) => {
                    tenant.set_session(id, availability, activity, Some(expiration)).await;
                }
                Preferred(availability, activity) => {
                    let body = json!({"availability": availability, "activity": activity});
                    tenant.post_action("setUserPreferredPresence", &body).await;
                }
                Advance(minutes) => tenant.advance(minutes, 0),
            }
        }
        let explanation = tenant.explanation().await;
        assert_eq!((&explanation["reason"], &explanation["activity"]), (&json!(reason), &json!(expected)));
        assert_eq!(tenant.ada_state().await[1], expected, "{reason}");
        let explained = explanation["sessions"].as_array().unwrap().iter();
        let found: Vec<_> = explained.map(|session| [&session["kind"], &session["outcome"]]).collect();
        assert_eq!(json!(found), json!(sessions), "{reason}");
        // The next change happens at the announced time, and none before.
        let next_at = next.map(|(at, _)| format!("2026-01-01T{at}Z"));
        assert_eq!(explanation["nextChange"]["at"], json!(next_at), "{reason}");
        let Some(at) = next_at else {
            tenant.advance(7 * 24 * 60, 0);
            assert_eq!(tenant.ada_state().await[1], expected, "{reason}");
            continue;
        };
        let at: jiff::Timestamp = at.parse().unwrap();
        tenant.clock.set(at - std::time::Duration::from_nanos(1));
        assert_eq!(tenant.ada_state().await[1], expected, "{reason}");
        tenant.clock.set(at);
        assert_eq!(Some(tenant.ada_state().await[1].as_str()), next.map(|(_, activity)| activity), "{reason}");
    }
}

#[tokio::test]
async fn reading_an_explanation_changes_nothing() {
    let explained = Tenant::new().await;
    let untouched = Tenant::new().await;
    for tenant in [&explained, &untouched] {
        tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    }
    for minutes in [5, 5] {
        for tenant in [&explained, &untouched] {
            tenant.advance(minutes, 0);
        }
        assert_eq!(explained.explanation().await["sequenceNumber"], "A0000000002");
        explained.control("GET", "/users", Value::Null).await;
    }
    assert_eq!(explained.ada_property("sequenceNumber").await, untouched.ada_property("sequenceNumber").await);
}

#[tokio::test]
async fn ten_thousand_sessions_are_explained() {
    let tenant = Tenant::new().await;
    let mut snapshot: Value = serde_json::from_str(&tenant.emulator.snapshot()).unwrap();
    tenant.set_session(APP, "Busy", "InACall", Some("PT4H")).await;
    let full: Value = serde_json::from_str(&tenant.emulator.snapshot()).unwrap();
    let home = tenant.emulator.tenant_id().to_string();
    let user = full["tenants"][&home]["users"][ADA].clone();
    let session = user["sessions"][0][1].clone();
    let sessions: Vec<_> = (0..10_000)
        .map(|n| {
            let mut session = session.clone();
            session["order"] = json!(n);
            session["lifetime"]["Expires"]["secs"] = json!(14_400 - n);
            json!([{"Application": n.to_string()}, session])
        })
        .collect();
    snapshot["tenants"][&home]["users"][ADA] = user;
    snapshot["tenants"][&home]["users"][ADA]["sessions"] = json!(sessions);
    tenant.emulator.restore(&snapshot.to_string()).unwrap();
    // All sessions have the same state and expire one after the other: the search for a visible change is limited.
    let explanation = tenant.explanation().await;
    assert_eq!(explanation["sessions"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(explanation["nextChange"]["activity"], "InACall");
}
