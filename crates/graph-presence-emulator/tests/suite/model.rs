//! Property test: random actions and clock changes against a simple model, which records the actions and computes the
//! visible presence from them each time.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use graph_presence_emulator::{Caller, Clock, Emulator, SteppedClock, WorkLocationType};
use http::Request;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, UNKNOWN_USER, guid};

const USERS: [&str; 3] = [ADA, BOB, UNKNOWN_USER];
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
/// States that the Teams client reports.
const TEAMS: [[&str; 2]; 4] = [
    ["Available", "Available"],
    ["Busy", "InAMeeting"],
    ["DoNotDisturb", "DoNotDisturb"],
    ["BeRightBack", "BeRightBack"],
];

#[derive(Clone, Debug)]
enum Action {
    Set { session: u8, pair: usize, minutes: Option<u64> },
    Clear { session: u8 },
    SetPreferred { pair: usize, minutes: Option<u64> },
    ClearPreferred,
    SetMessage { minutes: Option<u64> },
    SignIn { pair: usize },
    SignOut,
    InMeeting(bool),
    OutOfOffice(bool),
    ScheduleLocation(bool),
    RemoveUser,
}

#[derive(Clone, Debug)]
enum Step {
    Act {
        user: usize,
        action: Action,
    },
    Advance {
        seconds: u64,
    },
    /// Sets the clock back.
    SetBack {
        seconds: u64,
    },
    /// Restores the current snapshot.
    Restore,
}

fn action() -> impl Strategy<Value = Action> {
    let minutes = || prop::option::of(prop_oneof![Just(5_u64), Just(10), 5_u64..=240]);
    prop_oneof![
        4 => (0_u8..3, 0..SETTABLE.len(), minutes())
            .prop_map(|(session, pair, minutes)| Action::Set { session, pair, minutes }),
        2 => (0_u8..3).prop_map(|session| Action::Clear { session }),
        2 => (0..PREFERABLE.len(), minutes()).prop_map(|(pair, minutes)| Action::SetPreferred { pair, minutes }),
        1 => Just(Action::ClearPreferred),
        1 => minutes().prop_map(|minutes| Action::SetMessage { minutes }),
        2 => (0..TEAMS.len()).prop_map(|pair| Action::SignIn { pair }),
        2 => Just(Action::SignOut),
        1 => any::<bool>().prop_map(Action::InMeeting),
        1 => any::<bool>().prop_map(Action::OutOfOffice),
        1 => any::<bool>().prop_map(Action::ScheduleLocation),
        1 => Just(Action::RemoveUser),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let seconds = prop_oneof![Just(1_u64), Just(299), Just(300), Just(600), Just(3_600), Just(86_400), 0_u64..20_000];
    prop_oneof![
        6 => (0..USERS.len(), action()).prop_map(|(user, action)| Step::Act { user, action }),
        4 => seconds.clone().prop_map(|seconds| Step::Advance { seconds }),
        1 => seconds.prop_map(|seconds| Step::SetBack { seconds }),
        1 => Just(Step::Restore),
    ]
}

/// The recorded actions of one user. Times are seconds since the start of the test.
#[derive(Debug, Default)]
struct ModelUser {
    /// By session: index of the pair, time set, lifetime, sequence number of the action.
    sessions: BTreeMap<u8, (usize, u64, u64, u64)>,
    /// Index of the pair, sequence number of the action.
    teams: Option<(usize, u64)>,
    in_meeting: bool,
    /// Index of the pair, expiry.
    preferred: Option<(usize, u64)>,
    /// Content, expiry.
    message: Option<(String, Option<u64>)>,
    is_out_of_office: bool,
    has_scheduled_location: bool,
}

impl ModelUser {
    /// Removes expired entries. An action removes them permanently, even if the clock is set back later.
    fn remove_expired(&mut self, now: u64) {
        self.sessions.retain(|_, (_, at, lifetime, _)| now < *at + *lifetime);
        self.preferred.take_if(|(_, ends)| *ends <= now);
        self.message.take_if(|(_, ends)| ends.is_some_and(|ends| ends <= now));
    }

    fn is_live(&self, session: u8, now: u64) -> bool {
        self.sessions.get(&session).is_some_and(|(_, at, lifetime, _)| now < at + lifetime)
    }

    fn visible_state(&self, now: u64) -> [&'static str; 2] {
        let mut candidates = Vec::new();
        for (session, (pair, at, _, action_number)) in &self.sessions {
            if self.is_live(*session, now) {
                let pair = match (SETTABLE[*pair], now.saturating_sub(*at)) {
                    (["Available", _], 300..600) => ["Available", "AvailableInactive"],
                    (["Available", _], 600..) => ["Away", "Away"],
                    (pair, _) => pair,
                };
                candidates.push((pair, *action_number));
            }
        }
        if let Some((pair, action_number)) = self.teams {
            candidates.push((TEAMS[pair], action_number));
            if self.in_meeting {
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
            let equally_ranked = candidates.iter().filter(|(pair, _)| rank.contains(&pair[0]));
            if let Some((pair, _)) = equally_ranked.max_by_key(|(_, action_number)| *action_number) {
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
    /// Number of actions so far.
    actions: u64,
    users: BTreeMap<usize, ModelUser>,
}

impl Model {
    /// Records an action and returns the status that the emulator must respond with.
    fn apply(&mut self, user: usize, action: &Action) -> u16 {
        let now = self.now;
        self.actions += 1;
        let action_number = self.actions;
        let is_known = self.users.contains_key(&user);
        match action {
            Action::RemoveUser => {
                self.users.remove(&user);
                return 200;
            }
            Action::Clear { .. } if !is_known => return 404,
            Action::ClearPreferred if !is_known => return 200,
            _ => {}
        }
        let model_user = self.users.entry(user).or_default();
        model_user.remove_expired(now);
        match action {
            Action::Set { session, pair, minutes } => {
                model_user.sessions.insert(*session, (*pair, now, minutes.unwrap_or(5) * 60, action_number));
            }
            Action::Clear { session } => {
                let was_live = model_user.is_live(*session, now);
                model_user.sessions.remove(session);
                return if was_live { 200 } else { 404 };
            }
            Action::SetPreferred { pair, minutes } => {
                let days = if matches!(PREFERABLE[*pair][0], "Busy" | "DoNotDisturb") { 1 } else { 7 };
                model_user.preferred = Some((*pair, now + minutes.map_or(days * 86_400, |minutes| minutes * 60)));
            }
            Action::ClearPreferred => model_user.preferred = None,
            Action::SetMessage { minutes } => {
                model_user.message =
                    Some((format!("message {action_number}"), minutes.map(|minutes| now + minutes * 60)));
            }
            Action::SignIn { pair } => model_user.teams = Some((*pair, action_number)),
            Action::SignOut => model_user.teams = None,
            Action::InMeeting(in_meeting) => model_user.in_meeting = *in_meeting,
            Action::OutOfOffice(is_out) => model_user.is_out_of_office = *is_out,
            Action::ScheduleLocation(is_scheduled) => model_user.has_scheduled_location = *is_scheduled,
            Action::RemoveUser => {}
        }
        200
    }
}

/// The emulator, called without a network connection.
struct Service {
    emulator: Emulator,
    token: String,
}

impl Service {
    async fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let response = self.emulator.respond(request).await;
        (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
    }

    /// Sends the request of an action, or calls the library where there is none, and returns the status.
    async fn apply(&self, user: usize, action: &Action, model: &Model) -> u16 {
        let id = USERS[user];
        let duration = |minutes: &Option<u64>| minutes.map(|minutes| format!("PT{minutes}M"));
        let session = |session: &u8| format!("{APP}-{session}");
        let (path, body) = match action {
            Action::Set { session: name, pair, minutes } => {
                let [availability, activity] = SETTABLE[*pair];
                let body = json!({
                    "sessionId": session(name),
                    "availability": availability,
                    "activity": activity,
                    "expirationDuration": duration(minutes),
                });
                ("setPresence", body)
            }
            Action::Clear { session: name } => ("clearPresence", json!({"sessionId": session(name)})),
            Action::SetPreferred { pair, minutes } => {
                let [availability, activity] = PREFERABLE[*pair];
                let body = json!({
                    "availability": availability,
                    "activity": activity,
                    "expirationDuration": duration(minutes),
                });
                ("setUserPreferredPresence", body)
            }
            Action::ClearPreferred => ("clearUserPreferredPresence", json!({})),
            Action::SetMessage { minutes } => {
                let until = minutes.map(|minutes| {
                    let ends = self.emulator.now() + Duration::from_secs(minutes * 60);
                    json!({"dateTime": ends.strftime("%Y-%m-%dT%H:%M:%S").to_string(), "timeZone": "UTC"})
                });
                let message = json!({"content": format!("message {}", model.actions)});
                ("setStatusMessage", json!({"statusMessage": {"message": message, "expiryDateTime": until}}))
            }
            Action::SignIn { pair } => {
                let [availability, activity] = TEAMS[*pair];
                self.emulator.sign_in(guid(id), availability, activity);
                return 200;
            }
            Action::SignOut => {
                self.emulator.sign_out(guid(id));
                return 200;
            }
            Action::InMeeting(in_meeting) => {
                self.emulator.in_meeting(guid(id), *in_meeting);
                return 200;
            }
            Action::OutOfOffice(is_out) => {
                if *is_out {
                    self.emulator.out_of_office(guid(id), None);
                } else {
                    self.emulator.back_in_office(guid(id));
                }
                return 200;
            }
            Action::ScheduleLocation(is_scheduled) => {
                if *is_scheduled {
                    self.emulator.schedule_location(guid(id), WorkLocationType::Remote, None);
                } else {
                    self.emulator.unschedule_location(guid(id));
                }
                return 200;
            }
            Action::RemoveUser => {
                self.emulator.remove_users([guid(id)]);
                return 200;
            }
        };
        self.send("POST", &format!("/v1.0/users/{id}/presence/{path}"), &body).await.0
    }
}

/// Runs the steps against the emulator and the model. The presence is read only after some of the steps, so that the
/// emulator also has to handle changes that were never read.
async fn run(steps: Vec<(Step, bool)>) {
    let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse().unwrap());
    let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
    let token = emulator.token(Caller::application(guid(APP)));
    let service = Service { emulator, token };
    let mut model = Model::default();
    let mut last: BTreeMap<usize, (String, Value)> = BTreeMap::new();
    for (step, is_read) in steps {
        match &step {
            Step::Act { user, action } => {
                let expected = model.apply(*user, action);
                assert_eq!(service.apply(*user, action, &model).await, expected, "{step:?}");
                if matches!(action, Action::RemoveUser) {
                    last.remove(user);
                }
            }
            Step::Advance { seconds } => {
                model.now += seconds;
                service.emulator.advance(Duration::from_secs(*seconds)).unwrap();
            }
            Step::SetBack { seconds } => {
                let seconds = model.now.min(*seconds);
                model.now -= seconds;
                clock.set(clock.now() - Duration::from_secs(seconds));
            }
            Step::Restore => service.emulator.restore(&service.emulator.snapshot()).unwrap(),
        }
        if !is_read {
            continue;
        }
        let (status, batch) =
            service.send("POST", "/v1.0/communications/getPresencesByUserId", &json!({"ids": USERS})).await;
        assert_eq!(status, 200);
        for (user, presence) in batch["value"].as_array().unwrap().iter().enumerate() {
            let model_user = model.users.get(&user);
            let visible = model_user.map_or(["PresenceUnknown"; 2], |user| user.visible_state(model.now));
            assert_eq!([&presence["availability"], &presence["activity"]], visible, "{step:?} {model_user:?}");
            let message = presence.pointer("/statusMessage/message/content").and_then(Value::as_str);
            assert_eq!(message, model_user.and_then(|user| user.message(model.now)), "{step:?}");
            assert_eq!(
                presence["outOfOfficeSettings"]["isOutOfOffice"],
                model_user.is_some_and(|user| user.is_out_of_office)
            );
            let source = if model_user.is_some_and(|user| user.has_scheduled_location) { "scheduled" } else { "none" };
            assert_eq!(presence["workLocation"]["source"], source);

            let path = format!("/v1.0/users/{}/presence", USERS[user]);
            let (_, mut single) = service.send("GET", &path, &Value::Null).await;
            single.as_object_mut().unwrap().remove("@odata.context");
            assert_eq!(single, *presence, "{step:?}");

            let Some(sequence) = presence["sequenceNumber"].as_str() else {
                assert!(model_user.is_none());
                continue;
            };
            // The sequence number increases with every visible change.
            let mut visible = presence.clone();
            visible["sequenceNumber"].take();
            if let Some((last_sequence, last_visible)) = last.insert(user, (sequence.to_owned(), visible.clone())) {
                assert!(sequence >= last_sequence.as_str(), "{step:?}");
                let is_greater = sequence > last_sequence.as_str();
                assert!(visible == last_visible || is_greater, "{step:?}: {last_visible} became {visible}");
            }
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_emulator_agrees_with_the_model(steps in prop::collection::vec((step(), prop::bool::weighted(0.7)), 1..60)) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run(steps));
    }
}
