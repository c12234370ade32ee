//! Random acts and steps of time, against a model that is slow and obvious: it keeps what was said, and works out what is
//! seen from the beginning each time.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use graph_presence_emulator::{Caller, Clock, Emulator, SteppedClock, WorkLocationType};
use http::Request;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, NOBODY, guid};

const PEOPLE: [&str; 3] = [ADA, BOB, NOBODY];
const SETTABLE: [[&str; 2]; 5] = [
    ["Available", "Available"],
    ["Busy", "InACall"],
    ["Busy", "InAConferenceCall"],
    ["Away", "Away"],
    ["DoNotDisturb", "Presenting"],
];
const PREFERABLE: [[&str; 2]; 6] = [
    ["Available", "Available"],
    ["Busy", "Busy"],
    ["DoNotDisturb", "DoNotDisturb"],
    ["BeRightBack", "BeRightBack"],
    ["Away", "Away"],
    ["Offline", "OffWork"],
];
/// What a Teams client says, and where that stands.
const TEAMS: [[&str; 2]; 4] = [
    ["Available", "Available"],
    ["Busy", "InAMeeting"],
    ["DoNotDisturb", "DoNotDisturb"],
    ["BeRightBack", "BeRightBack"],
];

#[derive(Clone, Debug)]
enum Act {
    Set { session: u8, pair: usize, minutes: Option<u64> },
    Clear { session: u8 },
    Prefer { pair: usize, minutes: Option<u64> },
    Unprefer,
    Say { minutes: Option<u64> },
    SignIn { pair: usize },
    SignOut,
    Meet(bool),
    Leave(bool),
    Plan(bool),
    Forget,
}

#[derive(Clone, Debug)]
enum Step {
    Act {
        user: usize,
        act: Act,
    },
    Wait {
        seconds: u64,
    },
    /// The clock is set back.
    Back {
        seconds: u64,
    },
    /// Everything goes out and comes in again.
    Restore,
}

fn act() -> impl Strategy<Value = Act> {
    let minutes = || prop::option::of(prop_oneof![Just(5_u64), Just(10), 5_u64..=240]);
    prop_oneof![
        4 => (0_u8..3, 0..SETTABLE.len(), minutes())
            .prop_map(|(session, pair, minutes)| Act::Set { session, pair, minutes }),
        2 => (0_u8..3).prop_map(|session| Act::Clear { session }),
        2 => (0..PREFERABLE.len(), minutes()).prop_map(|(pair, minutes)| Act::Prefer { pair, minutes }),
        1 => Just(Act::Unprefer),
        1 => minutes().prop_map(|minutes| Act::Say { minutes }),
        2 => (0..TEAMS.len()).prop_map(|pair| Act::SignIn { pair }),
        2 => Just(Act::SignOut),
        1 => any::<bool>().prop_map(Act::Meet),
        1 => any::<bool>().prop_map(Act::Leave),
        1 => any::<bool>().prop_map(Act::Plan),
        1 => Just(Act::Forget),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let seconds = prop_oneof![Just(1_u64), Just(299), Just(300), Just(600), Just(3_600), Just(86_400), 0_u64..20_000];
    prop_oneof![
        6 => (0..PEOPLE.len(), act()).prop_map(|(user, act)| Step::Act { user, act }),
        4 => seconds.clone().prop_map(|seconds| Step::Wait { seconds }),
        1 => seconds.prop_map(|seconds| Step::Back { seconds }),
        1 => Just(Step::Restore),
    ]
}

/// What was said about somebody and when, in seconds. Later entries of one kind replace earlier ones.
#[derive(Debug, Default)]
struct Said {
    /// By session: which pair, when, for how long, and as the how manieth.
    sessions: BTreeMap<u8, (usize, u64, u64, u64)>,
    teams: Option<(usize, u64)>,
    meets: bool,
    preferred: Option<(usize, u64)>,
    message: Option<(String, Option<u64>)>,
    is_out: bool,
    is_planned: bool,
}

impl Said {
    /// What is over when something is done stays over, even if the clock is set back.
    fn forget_what_is_over(&mut self, now: u64) {
        self.sessions.retain(|_, (_, at, lasts, _)| now < *at + *lasts);
        self.preferred.take_if(|(_, ends)| *ends <= now);
        self.message.take_if(|(_, ends)| ends.is_some_and(|ends| ends <= now));
    }

    fn live(&self, session: u8, now: u64) -> bool {
        self.sessions.get(&session).is_some_and(|(_, at, lasts, _)| now < at + lasts)
    }

    fn seen(&self, now: u64) -> [&'static str; 2] {
        let mut candidates = Vec::new();
        for (session, (pair, at, _, turn)) in &self.sessions {
            if self.live(*session, now) {
                let pair = match (SETTABLE[*pair], now.saturating_sub(*at)) {
                    (["Available", _], 300..600) => ["Available", "AvailableInactive"],
                    (["Available", _], 600..) => ["Away", "Away"],
                    (pair, _) => pair,
                };
                candidates.push((pair, *turn));
            }
        }
        if let Some((pair, turn)) = self.teams {
            candidates.push((TEAMS[pair], turn));
            if self.meets {
                candidates.push((["Busy", "InAMeeting"], 0));
            }
        }
        if candidates.is_empty() {
            return ["Offline", "Offline"];
        }
        if let Some((pair, ends)) = self.preferred
            && now < ends
        {
            return PREFERABLE[pair];
        }
        for rank in [&["DoNotDisturb"][..], &["Busy"], &["Available"], &["Away", "BeRightBack"]] {
            let alike = candidates.iter().filter(|(pair, _)| rank.contains(&pair[0]));
            if let Some((pair, _)) = alike.max_by_key(|(_, turn)| *turn) {
                return *pair;
            }
        }
        unreachable!("every pair has a rank");
    }

    fn message(&self, now: u64) -> Option<&str> {
        let (text, ends) = self.message.as_ref()?;
        ends.is_none_or(|ends| now < ends).then_some(text)
    }
}

#[derive(Debug, Default)]
struct Model {
    now: u64,
    turns: u64,
    users: BTreeMap<usize, Said>,
}

impl Model {
    /// The status that the service answers.
    fn act(&mut self, user: usize, act: &Act) -> u16 {
        let now = self.now;
        self.turns += 1;
        let turn = self.turns;
        let is_known = self.users.contains_key(&user);
        match act {
            Act::Forget => {
                self.users.remove(&user);
                return 200;
            }
            Act::Clear { .. } if !is_known => return 404,
            Act::Unprefer if !is_known => return 200,
            _ => {}
        }
        let said = self.users.entry(user).or_default();
        said.forget_what_is_over(now);
        match act {
            Act::Set { session, pair, minutes } => {
                said.sessions.insert(*session, (*pair, now, minutes.unwrap_or(5) * 60, turn));
            }
            Act::Clear { session } => {
                let was_live = said.live(*session, now);
                said.sessions.remove(session);
                return if was_live { 200 } else { 404 };
            }
            Act::Prefer { pair, minutes } => {
                let days = if matches!(PREFERABLE[*pair][0], "Busy" | "DoNotDisturb") { 1 } else { 7 };
                said.preferred = Some((*pair, now + minutes.map_or(days * 86_400, |minutes| minutes * 60)));
            }
            Act::Unprefer => said.preferred = None,
            Act::Say { minutes } => {
                said.message = Some((format!("message {turn}"), minutes.map(|minutes| now + minutes * 60)));
            }
            Act::SignIn { pair } => said.teams = Some((*pair, turn)),
            Act::SignOut => said.teams = None,
            Act::Meet(meets) => said.meets = *meets,
            Act::Leave(is_out) => said.is_out = *is_out,
            Act::Plan(is_planned) => said.is_planned = *is_planned,
            Act::Forget => {}
        }
        200
    }
}

/// The service, without a network.
struct Real {
    emulator: Emulator,
    token: String,
}

impl Real {
    async fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let answer = self.emulator.respond(request).await;
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or_default())
    }

    async fn act(&self, user: usize, act: &Act, model: &Model) -> u16 {
        let id = PEOPLE[user];
        let lasts = |minutes: &Option<u64>| minutes.map(|minutes| format!("PT{minutes}M"));
        let session = |session: &u8| format!("{APP}-{session}");
        let (action, body) = match act {
            Act::Set { session: name, pair, minutes } => {
                let [availability, activity] = SETTABLE[*pair];
                let body = json!({
                    "sessionId": session(name),
                    "availability": availability,
                    "activity": activity,
                    "expirationDuration": lasts(minutes),
                });
                ("setPresence", body)
            }
            Act::Clear { session: name } => ("clearPresence", json!({"sessionId": session(name)})),
            Act::Prefer { pair, minutes } => {
                let [availability, activity] = PREFERABLE[*pair];
                let body =
                    json!({"availability": availability, "activity": activity, "expirationDuration": lasts(minutes)});
                ("setUserPreferredPresence", body)
            }
            Act::Unprefer => ("clearUserPreferredPresence", json!({})),
            Act::Say { minutes } => {
                let until = minutes.map(|minutes| {
                    let ends = self.emulator.now() + Duration::from_secs(minutes * 60);
                    json!({"dateTime": ends.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": "UTC"})
                });
                let message = json!({"content": format!("message {}", model.turns)});
                ("setStatusMessage", json!({"statusMessage": {"message": message, "expiryDateTime": until}}))
            }
            Act::SignIn { pair } => {
                let [availability, activity] = TEAMS[*pair];
                self.emulator.sign_in(guid(id), availability, activity);
                return 200;
            }
            Act::SignOut => {
                self.emulator.sign_out(guid(id));
                return 200;
            }
            Act::Meet(meets) => {
                self.emulator.in_meeting(guid(id), *meets);
                return 200;
            }
            Act::Leave(is_out) => {
                if *is_out {
                    self.emulator.out_of_office(guid(id), None);
                } else {
                    self.emulator.back_in_office(guid(id));
                }
                return 200;
            }
            Act::Plan(is_planned) => {
                if *is_planned {
                    self.emulator.schedule_location(guid(id), WorkLocationType::Remote, None);
                } else {
                    self.emulator.unschedule_location(guid(id));
                }
                return 200;
            }
            Act::Forget => {
                self.emulator.remove_users([guid(id)]);
                return 200;
            }
        };
        self.ask("POST", &format!("/v1.0/users/{id}/presence/{action}"), &body).await.0
    }
}

/// Not after every step is read: what nobody saw must not be seen later.
async fn run(steps: Vec<(Step, bool)>) {
    let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse().unwrap());
    let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
    let token = emulator.token(Caller::application(guid(APP)));
    let real = Real { emulator, token };
    let mut model = Model::default();
    let mut last: BTreeMap<usize, (String, Value)> = BTreeMap::new();
    for (step, is_read) in steps {
        match &step {
            Step::Act { user, act } => {
                let expected = model.act(*user, act);
                assert_eq!(real.act(*user, act, &model).await, expected, "{step:?}");
                if matches!(act, Act::Forget) {
                    last.remove(user);
                }
            }
            Step::Wait { seconds } => {
                model.now += seconds;
                real.emulator.advance(Duration::from_secs(*seconds)).unwrap();
            }
            Step::Back { seconds } => {
                let seconds = model.now.min(*seconds);
                model.now -= seconds;
                clock.set(clock.now() - Duration::from_secs(seconds));
            }
            Step::Restore => real.emulator.restore(&real.emulator.snapshot()).unwrap(),
        }
        if !is_read {
            continue;
        }
        let (status, batch) =
            real.ask("POST", "/v1.0/communications/getPresencesByUserId", &json!({"ids": PEOPLE})).await;
        assert_eq!(status, 200);
        for (user, presence) in batch["value"].as_array().unwrap().iter().enumerate() {
            let said = model.users.get(&user);
            let seen = said.map_or(["PresenceUnknown"; 2], |said| said.seen(model.now));
            assert_eq!([&presence["availability"], &presence["activity"]], seen, "{step:?} {said:?}");
            let message = presence.pointer("/statusMessage/message/content").and_then(Value::as_str);
            assert_eq!(message, said.and_then(|said| said.message(model.now)), "{step:?}");
            assert_eq!(presence["outOfOfficeSettings"]["isOutOfOffice"], said.is_some_and(|said| said.is_out));
            let source = if said.is_some_and(|said| said.is_planned) { "scheduled" } else { "none" };
            assert_eq!(presence["workLocation"]["source"], source);

            let path = format!("/v1.0/users/{}/presence", PEOPLE[user]);
            let (_, mut alone) = real.ask("GET", &path, &Value::Null).await;
            alone.as_object_mut().unwrap().remove("@odata.context");
            assert_eq!(alone, *presence, "{step:?}");

            let Some(sequence) = presence["sequenceNumber"].as_str() else {
                assert!(said.is_none());
                continue;
            };
            // The number grows when and only when something else is seen.
            let mut shown = presence.clone();
            shown["sequenceNumber"].take();
            if let Some((before, was)) = last.insert(user, (sequence.to_owned(), shown.clone())) {
                assert!(sequence >= before.as_str(), "{step:?}");
                assert!(shown == was || sequence > before.as_str(), "{step:?}: {was} became {shown}");
            }
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn whatever_is_done_is_seen_as_the_model_sees_it(steps in prop::collection::vec((step(), prop::bool::weighted(0.7)), 1..60)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(steps));
    }
}
