//! What holds for every value, not only for those that somebody thought of.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::jiff::{self, Timestamp, civil};
use graph_presence::presences::PartialPresences;
use graph_presence::{
    Activity, Availability, Client, DateTimeTimeZone, Error, Expiration, Presence, RetryPolicy, SessionId, UserId,
    WorkLocationSource, WorkLocationType,
};
use httpmock::{HttpMockResponse, MockServer};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::server::{ada, builder};

/// Many cases where a case is arithmetic, fewer where it is a request.
fn many() -> TestRunner {
    runner(256)
}

fn some() -> TestRunner {
    runner(96)
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// A service that answers whatever it is given.
struct Parrot {
    runtime: Runtime,
    words: Arc<Mutex<HttpMockResponse>>,
    client: Client,
    _server: MockServer,
}

impl Parrot {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let words = Arc::new(Mutex::new(HttpMockResponse::builder().status(200).build()));
        let said = words.clone();
        let server = runtime.block_on(async {
            let server = MockServer::start_async().await;
            server
                .mock_async(|when, then| {
                    when.any_request();
                    then.respond_with(move |_| said.lock().unwrap().clone());
                })
                .await;
            server
        });
        let client = builder(server.base_url()).retry(RetryPolicy::none()).quota(None).build().unwrap();
        Self { runtime, words, client, _server: server }
    }

    fn say(&self, body: impl Into<Vec<u8>>) {
        *self.words.lock().unwrap() = HttpMockResponse::builder().status(200).body(body.into()).build();
    }

    fn presence(&self, body: impl Into<Vec<u8>>) -> Result<Presence, Error> {
        self.say(body);
        self.runtime.block_on(self.client.user(ada()).get_presence().send())
    }

    /// Reads the body as the answer to each call that has one: a value, or an error that says that it is none.
    fn read_everywhere(&self, body: &[u8]) -> Result<(), TestCaseError> {
        self.say(body);
        self.runtime.block_on(async {
            let subscriptions = self.client.subscriptions();
            let outcomes = [
                self.client.user(ada()).get_presence().send().await.map(|presence| format!("{presence:?}")),
                self.client.communications(ada()).get_presence().send().await.map(|presence| format!("{presence:?}")),
                self.client
                    .presences([ada()])
                    .await
                    .and_then(PartialPresences::complete)
                    .map(|presences| format!("{presences:?}")),
                subscriptions.list().await.map(|all| format!("{all:?}")),
                subscriptions.get("s-1").await.map(|one| format!("{one:?}")),
            ];
            for error in outcomes.into_iter().filter_map(Result::err) {
                let message = error.to_string();
                prop_assert!(message.ends_with("failed to decode the response body (200 OK)"));
                prop_assert!(std::error::Error::source(&error).is_some());
            }
            Ok(())
        })
    }
}

/// JSON whose properties are often the ones that a presence, a subscription or a collection has.
fn any_json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        3 => proptest::sample::select(vec![
            "id", "availability", "activity", "statusMessage", "message", "content", "contentType", "expiryDateTime",
            "dateTime", "timeZone", "publishedDateTime", "outOfOfficeSettings", "isOutOfOffice", "workLocation",
            "placeId", "source", "workLocationType", "sequenceNumber", "value", "@odata.nextLink", "resource",
            "expirationDateTime", "notificationUrl", "clientState", "includeResourceData", "error", "code",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let text = prop_oneof![
        any::<String>(),
        proptest::sample::select(vec![
            "Busy",
            "2026-11-20T12:00:00Z",
            "2026-13-40T99:00:00",
            "UTC",
            "communications/presences/x"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        4 => text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => btree_map(name.clone(), inner, 0..8).prop_map(|object| Value::Object(Map::from_iter(object))),
        ]
    })
}

#[test]
fn any_json_is_a_value_or_an_error() {
    let parrot = Parrot::start();
    some().run(&any_json(), |value| parrot.read_everywhere(value.to_string().as_bytes())).unwrap();
}

#[test]
fn any_bytes_and_any_json_cut_off_are_a_value_or_an_error() {
    let parrot = Parrot::start();
    some().run(&vec(any::<u8>(), 0..64), |body| parrot.read_everywhere(&body)).unwrap();
    let cut = (any_json(), any::<proptest::sample::Index>());
    some()
        .run(&cut, |(value, end)| {
            let mut body = value.to_string().into_bytes();
            body.truncate(end.index(body.len()));
            parrot.read_everywhere(&body)
        })
        .unwrap();
}

#[test]
fn any_depth_is_a_value_or_an_error() {
    let parrot = Parrot::start();
    for depth in [1, 100, 127, 128, 129, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"value":"#, "}"), (r#"{"x":"#, "}")] {
            let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            parrot.read_everywhere(body.as_bytes()).unwrap();
        }
    }
}

#[test]
fn any_text_is_read_into_each_open_set_and_comes_back() {
    fn comes_back<T: for<'a> From<&'a str> + Clone + PartialEq + std::fmt::Debug + std::fmt::Display>(
        text: &str,
        known: &[T],
    ) -> Result<(), TestCaseError> {
        let value = T::from(text);
        let written = value.to_string();
        if known.contains(&value) {
            prop_assert!(written.eq_ignore_ascii_case(text));
        } else {
            prop_assert_eq!(&written, text);
        }
        prop_assert_eq!(T::from(&written), value);
        Ok(())
    }
    let near = proptest::sample::select(vec![
        "available",
        "BUSY",
        "inACall",
        "TIMEOFF",
        "manual",
        "none",
        "offWork",
        "Busy ",
        "\u{212a}",
    ]);
    let text = prop_oneof![any::<String>(), near.prop_map(str::to_owned), "[a-zA-Z]{0,12}"];
    many()
        .run(&text, |text| {
            comes_back(&text, Availability::KNOWN)?;
            comes_back(&text, Activity::KNOWN)?;
            comes_back(&text, WorkLocationType::KNOWN)?;
            comes_back(&text, WorkLocationSource::KNOWN)
        })
        .unwrap();
}

#[test]
fn any_texts_of_an_answer_are_kept_as_they_came() {
    let parrot = Parrot::start();
    some()
        .run(&any::<[String; 8]>(), |[availability, activity, source, kind, place, content, format, sequence]| {
            let body = json!({
                "availability": availability,
                "activity": activity,
                "workLocation": {"source": source, "workLocationType": kind, "placeId": place},
                "statusMessage": {"message": {"content": content, "contentType": format}},
                "sequenceNumber": sequence,
            });
            let presence = parrot.presence(body.to_string()).unwrap();
            prop_assert_eq!(presence.availability.clone(), Availability::from(availability.as_str()));
            prop_assert_eq!(presence.activity.clone(), Activity::from(activity.as_str()));
            let location = presence.work_location.unwrap();
            prop_assert_eq!(location.source, WorkLocationSource::from(source.as_str()));
            prop_assert_eq!(location.location_type, WorkLocationType::from(kind.as_str()));
            prop_assert_eq!(location.place_id, Some(place));
            let message = presence.status_message.unwrap();
            prop_assert_eq!((message.content(), message.content_type()), (content.as_str(), format.as_str()));
            prop_assert_eq!(presence.sequence_number, Some(sequence));
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_expiration_is_written_so_that_it_is_read_the_same() {
    let bounds = Duration::from_mins(5)..=Duration::from_hours(4);
    let seconds = prop_oneof![Just(300), Just(14_400), 0..20_000_u64];
    let lengths = (seconds, prop_oneof![Just(0), Just(1), 0..1_000_000_000_u32]);
    many()
        .run(&lengths, |(seconds, nanoseconds)| {
            let duration = Duration::new(seconds, nanoseconds);
            let expiration = Expiration::new(duration);
            prop_assert_eq!(expiration.is_ok(), bounds.contains(&duration));
            if let Ok(expiration) = expiration {
                prop_assert_eq!(expiration.duration(), Duration::from_secs(seconds));
                prop_assert_eq!(Expiration::parse(&expiration.to_string()).unwrap(), expiration);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_form_of_a_length_of_time_is_read() {
    let component = |unit| option::of((0..20_000_u64).prop_map(move |count| (count, unit)));
    let forms = (option::of(0..2_u64), component(3600), component(60), component(1), option::of(1..1000_u32));
    many()
        .run(&forms, |(days, hours, minutes, seconds, milliseconds)| {
            let parts = [(hours, 'H'), (minutes, 'M')];
            let mut time: String =
                parts.iter().filter_map(|(part, unit)| part.map(|(count, _)| format!("{count}{unit}"))).collect();
            let fraction = milliseconds.filter(|_| seconds.is_some());
            if let Some((count, _)) = seconds {
                time.push_str(&count.to_string());
                time.extend(fraction.map(|fraction| format!(".{fraction:03}")));
                time.push('S');
            }
            let text = format!(
                "P{}{}{time}",
                days.map(|days| format!("{days}D")).unwrap_or_default(),
                if time.is_empty() { "" } else { "T" }
            );
            let total: u64 = [hours, minutes, seconds].iter().flatten().map(|(count, unit)| count * unit).sum();
            let length = Duration::from_secs(total + days.unwrap_or_default() * 86_400)
                + Duration::from_millis(fraction.unwrap_or_default().into());
            let expected = if text == "P" { None } else { Expiration::new(length).ok() };
            prop_assert_eq!(Expiration::parse(&text).ok(), expected, "{}", text);
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_text_is_an_expiration_or_refused() {
    let text = prop_oneof![any::<String>(), "[-+]?[Pp]([0-9]{0,22}[DdWwMmYy])?[Tt]?([0-9.,]{0,22}[HhMmSs]){0,3}"];
    many()
        .run(&text, |text| {
            match Expiration::parse(&text) {
                Ok(expiration) => {
                    prop_assert!(Expiration::new(expiration.duration()).is_ok());
                    prop_assert_eq!(Expiration::parse(&expiration.to_string()).unwrap(), expiration);
                }
                Err(error) => prop_assert!(error.is_invalid_input()),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_text_is_an_id_or_rejected() {
    let text = prop_oneof![any::<String>(), "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", ".{0,8}@.{0,8}"];
    many()
        .run(&text, |text| {
            let read = UserId::parse(&text);
            prop_assert_eq!(SessionId::parse(&text).is_ok(), read.is_ok());
            if let Ok(id) = read {
                prop_assert_eq!(id.to_string(), text.to_ascii_lowercase());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_moment_and_zone_of_an_answer_are_kept_as_they_came() {
    let parrot = Parrot::start();
    let moment = prop_oneof![
        any::<String>(),
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,12})?)?Z?"
    ];
    let zone = prop_oneof![any::<String>(), zone_name().prop_map(str::to_owned)];
    some()
        .run(&(moment, option::of(zone)), |(moment, zone)| {
            let body = json!({"statusMessage": {"expiryDateTime": {"dateTime": moment, "timeZone": zone}}});
            let message = parrot.presence(body.to_string()).unwrap().status_message.unwrap();
            let expiry = message.expiry().unwrap();
            prop_assert_eq!(expiry.date_time(), &moment);
            prop_assert_eq!(expiry.time_zone(), zone.unwrap_or_default());
            let _ = (expiry.timestamp(), expiry.to_string());
            Ok(())
        })
        .unwrap();
}

fn zone_name() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "UTC",
        "Pacific Standard Time",
        "FLE Standard Time",
        "Europe/Helsinki",
        "America/Los_Angeles",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Etc/Unknown",
    ])
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let seconds = prop_oneof![1 => first..last, 3 => 0..4_000_000_000_i64];
    (seconds, prop_oneof![Just(0), 0..1_000_000_000_i32])
        .prop_map(|(seconds, nanoseconds)| Timestamp::new(seconds, nanoseconds).unwrap())
}

/// What the service can tell apart: seven digits of a second.
fn ticks(moment: civil::DateTime) -> civil::DateTime {
    moment.with().subsec_nanosecond(moment.subsec_nanosecond() / 100 * 100).build().unwrap()
}

#[test]
fn every_instant_is_the_same_after_it_was_sent_and_read() {
    many()
        .run(&(timestamps(), zone_name()), |(instant, zone)| {
            let zoned = instant.in_tz(zone).unwrap_or(instant.to_zoned(jiff::tz::TimeZone::UTC));
            let sent = ticks(zoned.datetime()).to_zoned(zoned.time_zone().clone()).unwrap().timestamp();
            prop_assert_eq!(DateTimeTimeZone::from(&zoned).timestamp(), Some(sent), "{}", zoned);
            let repeated = zoned.time_zone().to_ambiguous_zoned(zoned.datetime()).is_ambiguous();
            prop_assert!(repeated || (0..100).contains(&instant.duration_since(sent).as_nanos()), "{}", zoned);
            let in_utc = DateTimeTimeZone::from(instant).timestamp().unwrap();
            prop_assert!((0..100).contains(&instant.duration_since(in_utc).as_nanos()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_moment_in_any_zone_is_taken_or_refused() {
    let moments = (-9999..=9999_i16, 1..=12_i8, 1..=28_i8, 0..24_i8, 0..60_i8, 0..1_000_000_000_i32);
    let zone = prop_oneof![any::<String>(), zone_name().prop_map(str::to_owned)];
    many()
        .run(&(moments, zone), |((year, month, day, hour, minute, nanosecond), zone)| {
            let moment = civil::date(year, month, day).at(hour, minute, 0, nanosecond);
            match DateTimeTimeZone::new(moment, &zone) {
                Ok(taken) => {
                    prop_assert_eq!(taken.date_time().parse::<civil::DateTime>().unwrap(), ticks(moment));
                    prop_assert_eq!(taken.time_zone(), &zone);
                    prop_assert!(taken.timestamp().is_some() || year.unsigned_abs() == 9999);
                }
                Err(error) => prop_assert!(error.is_invalid_input()),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_retry_after_and_any_body_of_a_refusal_are_read_or_left() {
    let parrot = Parrot::start();
    let header =
        prop_oneof!["[ -~]{0,24}", "[0-9]{1,24}", "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"];
    some()
        .run(&(header, any_json()), |(header, body)| {
            *parrot.words.lock().unwrap() =
                HttpMockResponse::builder().status(429).header("retry-after", &header).body(body.to_string()).build();
            let error = parrot.runtime.block_on(parrot.client.me().get_presence().send()).unwrap_err();
            prop_assert!(error.is_throttled());
            if let Ok(seconds) = header.trim().parse() {
                prop_assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
            }
            let _ = (error.code(), error.service_message(), error.request_id(), error.to_string());
            Ok(())
        })
        .unwrap();
}
