//! Why a dot is what it is.

use serde_json::{Value, json};

use crate::tenant::{ADA, APP, OTHER_APP, Tenant, guid};

/// What is done to Ada.
#[derive(Clone, Copy)]
enum Act {
    Teams(&'static str, &'static str),
    SignOut,
    Meeting,
    Session(&'static str, &'static str, &'static str, &'static str),
    Prefer(&'static str, &'static str),
    Pass(u64),
}

use Act::{Meeting, Pass, Prefer, Session, SignOut, Teams};

struct Case {
    acts: &'static [Act],
    /// What is seen, and what time makes of it.
    seen: &'static str,
    next: Option<(&'static str, &'static str)>,
    /// The standings, what weighs most first.
    standings: &'static [(&'static str, &'static str)],
    why: &'static str,
}

const CASES: [Case; 17] = [
    Case { acts: &[], seen: "Offline", next: None, standings: &[], why: "There is no session." },
    Case {
        acts: &[Teams("Busy", "InAMeeting")],
        seen: "InAMeeting",
        next: None,
        standings: &[("teamsClient", "shown")],
        why: "Only the Teams client has a session.",
    },
    Case {
        acts: &[Session(APP, "Available", "Available", "PT1H")],
        seen: "Available",
        next: Some(("09:05:00", "AvailableInactive")),
        standings: &[("application", "shown")],
        why: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session.",
    },
    Case {
        acts: &[Session(APP, "Available", "Available", "PT1H"), Pass(5)],
        seen: "AvailableInactive",
        next: Some(("09:10:00", "Away")),
        standings: &[("application", "shown")],
        why: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        acts: &[Session(APP, "Available", "Available", "PT1H"), Pass(10)],
        seen: "Away",
        next: Some(("10:00:00", "Offline")),
        standings: &[("application", "shown")],
        why: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        acts: &[Session(APP, "Available", "Available", "PT1H"), Pass(60)],
        seen: "Offline",
        next: None,
        standings: &[],
        why: "There is no session.",
    },
    // An expiration before the fade.
    Case {
        acts: &[Session(APP, "Available", "Available", "PT7M"), Pass(6)],
        seen: "AvailableInactive",
        next: Some(("09:07:00", "Offline")),
        standings: &[("application", "shown")],
        why: "Only application 22553876-f5ab-4529-bffb-cfe50aa89f87 has a session. Its Available has faded.",
    },
    Case {
        acts: &[Teams("Available", "Available"), Session(APP, "Busy", "InACall", "PT30M")],
        seen: "InACall",
        next: Some(("09:30:00", "Available")),
        standings: &[("application", "shown"), ("teamsClient", "outranked")],
        why: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 says Busy, which outranks Available of the Teams client.",
    },
    Case {
        acts: &[Teams("DoNotDisturb", "Presenting"), Session(APP, "Busy", "InACall", "PT30M")],
        seen: "Presenting",
        next: None,
        standings: &[("teamsClient", "shown"), ("application", "outranked")],
        why: "The Teams client says DoNotDisturb, which outranks Busy of application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    Case {
        acts: &[Session(APP, "Busy", "InACall", "PT1H"), Session(OTHER_APP, "Busy", "InAConferenceCall", "PT30M")],
        seen: "InAConferenceCall",
        next: Some(("09:30:00", "InACall")),
        standings: &[("application", "shown"), ("application", "older")],
        why: "Application 7ab87f1f-0cd5-4d8a-b9f2-9c4b6d8f4c11 says Busy, and was set later than application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    // What ends first makes no difference, for the other says the same.
    Case {
        acts: &[Session(APP, "Busy", "InACall", "PT1H"), Session(OTHER_APP, "Busy", "InACall", "PT30M")],
        seen: "InACall",
        next: Some(("10:00:00", "Offline")),
        standings: &[("application", "shown"), ("application", "older")],
        why: "Application 7ab87f1f-0cd5-4d8a-b9f2-9c4b6d8f4c11 says Busy, and was set later than application \
              22553876-f5ab-4529-bffb-cfe50aa89f87.",
    },
    Case {
        acts: &[Teams("Available", "Available"), Meeting],
        seen: "InAMeeting",
        next: None,
        standings: &[("meeting", "shown"), ("teamsClient", "outranked")],
        why: "The meeting says Busy, which outranks Available of the Teams client.",
    },
    Case {
        acts: &[Teams("Away", "Away"), Meeting, Session(APP, "Busy", "InACall", "PT5M")],
        seen: "InACall",
        next: Some(("09:05:00", "InAMeeting")),
        standings: &[("application", "shown"), ("meeting", "yields"), ("teamsClient", "outranked")],
        why: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 says Busy, and the meeting yields to it.",
    },
    // A meeting speaks through the Teams client.
    Case { acts: &[Meeting], seen: "Offline", next: None, standings: &[], why: "There is no session." },
    Case {
        acts: &[Prefer("Busy", "Busy"), Teams("Available", "Available"), SignOut],
        seen: "Offline",
        next: None,
        standings: &[],
        why: "There is no session: the preference for Busy waits for one.",
    },
    // The preference shows for as long as there is a session, and hides what that session does.
    Case {
        acts: &[Prefer("Away", "Away"), Session(APP, "Available", "Available", "PT1H")],
        seen: "Away",
        next: Some(("10:00:00", "Offline")),
        standings: &[("application", "overruled")],
        why: "The preference for Away outranks every session.",
    },
    Case {
        acts: &[Teams("Moon", "<b>"), Session(APP, "Away", "Away", "PT5M")],
        seen: "Away",
        next: Some(("09:05:00", "<b>")),
        standings: &[("application", "shown"), ("teamsClient", "outranked")],
        why: "Application 22553876-f5ab-4529-bffb-cfe50aa89f87 says Away, which outranks Moon of the Teams client.",
    },
];

impl Tenant {
    async fn explanation(&self) -> Value {
        self.control("GET", &format!("/users/{ADA}"), Value::Null).await.json()
    }
}

#[tokio::test]
async fn what_wins_and_what_comes_next() {
    for Case { acts, seen, next, standings, why } in CASES {
        let tenant = Tenant::new().await;
        for act in acts {
            match *act {
                Teams(availability, activity) => tenant.emulator.sign_in(guid(ADA), availability, activity),
                SignOut => tenant.emulator.sign_out(guid(ADA)),
                Meeting => tenant.emulator.in_meeting(guid(ADA), true),
                Session(id, availability, activity, expiration) => {
                    tenant.set(id, availability, activity, Some(expiration)).await;
                }
                Prefer(availability, activity) => {
                    let body = json!({"availability": availability, "activity": activity});
                    tenant.act("setUserPreferredPresence", &body).await;
                }
                Pass(minutes) => tenant.advance(minutes, 0),
            }
        }
        let explanation = tenant.explanation().await;
        assert_eq!((&explanation["why"], &explanation["activity"]), (&json!(why), &json!(seen)));
        assert_eq!(tenant.ada().await[1], seen, "{why}");
        let sessions = explanation["sessions"].as_array().unwrap().iter();
        let found: Vec<_> = sessions.map(|said| [&said["holder"], &said["standing"]]).collect();
        assert_eq!(json!(found), json!(standings), "{why}");
        // What is foretold comes true, and nothing before.
        let foretold = next.map(|(at, _)| format!("2026-01-01T{at}Z"));
        assert_eq!(explanation["nextChange"]["at"], json!(foretold), "{why}");
        let Some(at) = foretold else {
            tenant.advance(7 * 24 * 60, 0);
            assert_eq!(tenant.ada().await[1], seen, "{why}");
            continue;
        };
        let at: jiff::Timestamp = at.parse().unwrap();
        tenant.clock.set(at - std::time::Duration::from_nanos(1));
        assert_eq!(tenant.ada().await[1], seen, "{why}");
        tenant.clock.set(at);
        assert_eq!(Some(tenant.ada().await[1].as_str()), next.map(|(_, activity)| activity), "{why}");
    }
}

#[tokio::test]
async fn who_asks_why_changes_nothing() {
    let looked_at = Tenant::new().await;
    let left_alone = Tenant::new().await;
    for tenant in [&looked_at, &left_alone] {
        tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    }
    for minutes in [5, 5] {
        for tenant in [&looked_at, &left_alone] {
            tenant.advance(minutes, 0);
        }
        assert_eq!(looked_at.explanation().await["sequenceNumber"], "A0000000002");
        looked_at.control("GET", "/users", Value::Null).await;
    }
    assert_eq!(looked_at.adas("sequenceNumber").await, left_alone.adas("sequenceNumber").await);
}

#[tokio::test]
async fn ten_thousand_sessions_are_explained_as_well() {
    let tenant = Tenant::new().await;
    let mut snapshot: Value = serde_json::from_str(&tenant.emulator.snapshot()).unwrap();
    tenant.set(APP, "Busy", "InACall", Some("PT4H")).await;
    let full: Value = serde_json::from_str(&tenant.emulator.snapshot()).unwrap();
    let home = tenant.emulator.tenant_id().to_string();
    let user = full["tenants"][&home]["users"][ADA].clone();
    let session = user["sessions"][0][1].clone();
    let sessions: Vec<_> = (0..10_000)
        .map(|n| {
            let mut session = session.clone();
            session["turn"] = json!(n);
            session["lifetime"]["Expires"]["secs"] = json!(14_400 - n);
            json!([{"Application": n.to_string()}, session])
        })
        .collect();
    snapshot["tenants"][&home]["users"][ADA] = user;
    snapshot["tenants"][&home]["users"][ADA]["sessions"] = json!(sessions);
    tenant.emulator.restore(&snapshot.to_string()).unwrap();
    // They end one after the other, and all say the same: it is not looked for ever.
    let explanation = tenant.explanation().await;
    assert_eq!(explanation["sessions"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(explanation["nextChange"]["activity"], "InACall");
}
