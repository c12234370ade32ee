//! Property tests: invariants of arbitrary values.

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

/// Returns a runner for cases without requests, which are fast.
fn arithmetic_cases() -> TestRunner {
    runner(256)
}

/// Returns a runner for cases that send requests.
fn request_cases() -> TestRunner {
    runner(96)
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// A server whose response is set by the test.
struct StubServer {
    runtime: Runtime,
    response: Arc<Mutex<HttpMockResponse>>,
    client: Client,
    _server: MockServer,
}

impl StubServer {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let response = Arc::new(Mutex::new(HttpMockResponse::builder().status(200).build()));
        let current = response.clone();
        let server = runtime.block_on(async {
            let server = MockServer::start_async().await;
            server
                .mock_async(|when, then| {
                    when.any_request();
                    then.respond_with(move |_| current.lock().unwrap().clone());
                })
                .await;
            server
        });
        let client = builder(server.base_url()).retry(RetryPolicy::none()).quota(None).build().unwrap();
        Self { runtime, response, client, _server: server }
    }

    fn set_body(&self, body: impl Into<Vec<u8>>) {
        *self.response.lock().unwrap() = HttpMockResponse::builder().status(200).body(body.into()).build();
    }

    fn presence(&self, body: impl Into<Vec<u8>>) -> Result<Presence, Error> {
        self.set_body(body);
        self.runtime.block_on(self.client.user(ada()).get_presence().send())
    }

    /// Decodes the body as the response of each operation that has one. Returns an error if a failure is not a decode
    /// error.
    fn decode_in_every_operation(&self, body: &[u8]) -> Result<(), TestCaseError> {
        self.set_body(body);
        self.runtime.block_on(async {
            let subscriptions = self.client.subscriptions();
            let results = [
                self.client.user(ada()).get_presence().send().await.map(|presence| format!("{presence:?}")),
                self.client.communications(ada()).get_presence().send().await.map(|presence| format!("{presence:?}")),
                self.client
                    .presences([ada()])
                    .await
                    .and_then(PartialPresences::complete)
                    .map(|presences| format!("{presences:?}")),
                subscriptions.list().await.map(|list| format!("{list:?}")),
                subscriptions.get("s-1").await.map(|subscription| format!("{subscription:?}")),
            ];
            for error in results.into_iter().filter_map(Result::err) {
                let message = error.to_string();
                prop_assert!(message.ends_with("failed to decode the response body (200 OK)"));
                prop_assert!(std::error::Error::source(&error).is_some());
            }
            Ok(())
        })
    }
}

/// Generates JSON that often has the properties of a presence, a subscription or a collection.
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
fn any_json_is_decoded_or_an_error() {
    let server = StubServer::start();
    request_cases().run(&any_json(), |value| server.decode_in_every_operation(value.to_string().as_bytes())).unwrap();
}

#[test]
fn any_bytes_and_truncated_json_are_decoded_or_an_error() {
    let server = StubServer::start();
    request_cases().run(&vec(any::<u8>(), 0..64), |body| server.decode_in_every_operation(&body)).unwrap();
    let truncated = (any_json(), any::<proptest::sample::Index>());
    request_cases()
        .run(&truncated, |(value, end)| {
            let mut body = value.to_string().into_bytes();
            body.truncate(end.index(body.len()));
            server.decode_in_every_operation(&body)
        })
        .unwrap();
}

#[test]
fn any_nesting_depth_is_decoded_or_an_error() {
    let server = StubServer::start();
    for depth in [1, 100, 127, 128, 129, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"value":"#, "}"), (r#"{"x":"#, "}")] {
            let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            server.decode_in_every_operation(body.as_bytes()).unwrap();
        }
    }
}

#[test]
fn any_text_round_trips_through_open_enums() {
    fn round_trips<T: for<'a> From<&'a str> + Clone + PartialEq + std::fmt::Debug + std::fmt::Display>(
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
    let similar = proptest::sample::select(vec![
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
    let text = prop_oneof![any::<String>(), similar.prop_map(str::to_owned), "[a-zA-Z]{0,12}"];
    arithmetic_cases()
        .run(&text, |text| {
            round_trips(&text, Availability::KNOWN)?;
            round_trips(&text, Activity::KNOWN)?;
            round_trips(&text, WorkLocationType::KNOWN)?;
            round_trips(&text, WorkLocationSource::KNOWN)
        })
        .unwrap();
}

#[test]
fn any_texts_of_a_response_are_kept() {
    let server = StubServer::start();
    request_cases()
        .run(&any::<[String; 8]>(), |[availability, activity, source, kind, place, content, format, sequence]| {
            let body = json!({
                "availability": availability,
                "activity": activity,
                "workLocation": {"source": source, "workLocationType": kind, "placeId": place},
                "statusMessage": {"message": {"content": content, "contentType": format}},
                "sequenceNumber": sequence,
            });
            let presence = server.presence(body.to_string()).unwrap();
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
fn expirations_round_trip() {
    let bounds = Duration::from_mins(5)..=Duration::from_hours(4);
    let seconds = prop_oneof![Just(300), Just(14_400), 0..20_000_u64];
    let lengths = (seconds, prop_oneof![Just(0), Just(1), 0..1_000_000_000_u32]);
    arithmetic_cases()
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
fn all_forms_of_iso_8601_durations_are_parsed() {
    let component = |unit| option::of((0..20_000_u64).prop_map(move |count| (count, unit)));
    let forms = (option::of(0..2_u64), component(3600), component(60), component(1), option::of(1..1000_u32));
    arithmetic_cases()
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
fn any_text_is_an_expiration_or_an_error() {
    let text = prop_oneof![any::<String>(), "[-+]?[Pp]([0-9]{0,22}[DdWwMmYy])?[Tt]?([0-9.,]{0,22}[HhMmSs]){0,3}"];
    arithmetic_cases()
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
fn any_text_is_an_id_or_an_error() {
    let text = prop_oneof![any::<String>(), "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", ".{0,8}@.{0,8}"];
    arithmetic_cases()
        .run(&text, |text| {
            let parsed = UserId::parse(&text);
            prop_assert_eq!(SessionId::parse(&text).is_ok(), parsed.is_ok());
            if let Ok(id) = parsed {
                prop_assert_eq!(id.to_string(), text.to_ascii_lowercase());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_date_time_and_time_zone_of_a_response_are_kept() {
    let server = StubServer::start();
    let date_time = prop_oneof![
        any::<String>(),
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9](:[0-6][0-9](\\.[0-9]{0,12})?)?Z?"
    ];
    let zone = prop_oneof![any::<String>(), zone_name().prop_map(str::to_owned)];
    request_cases()
        .run(&(date_time, option::of(zone)), |(date_time, zone)| {
            let body = json!({"statusMessage": {"expiryDateTime": {"dateTime": date_time, "timeZone": zone}}});
            let message = server.presence(body.to_string()).unwrap().status_message.unwrap();
            let expiry = message.expiry().unwrap();
            prop_assert_eq!(expiry.date_time(), &date_time);
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

/// Truncates to the precision of the service: seven fractional digits.
fn truncate(date_time: civil::DateTime) -> civil::DateTime {
    date_time.with().subsec_nanosecond(date_time.subsec_nanosecond() / 100 * 100).build().unwrap()
}

#[test]
fn timestamps_round_trip() {
    arithmetic_cases()
        .run(&(timestamps(), zone_name()), |(instant, zone)| {
            let zoned = instant.in_tz(zone).unwrap_or(instant.to_zoned(jiff::tz::TimeZone::UTC));
            let sent = truncate(zoned.datetime()).to_zoned(zoned.time_zone().clone()).unwrap().timestamp();
            prop_assert_eq!(DateTimeTimeZone::from(&zoned).timestamp(), Some(sent), "{}", zoned);
            let is_ambiguous = zoned.time_zone().to_ambiguous_zoned(zoned.datetime()).is_ambiguous();
            prop_assert!(is_ambiguous || (0..100).contains(&instant.duration_since(sent).as_nanos()), "{}", zoned);
            let in_utc = DateTimeTimeZone::from(instant).timestamp().unwrap();
            prop_assert!((0..100).contains(&instant.duration_since(in_utc).as_nanos()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_date_time_and_time_zone_are_accepted_or_an_error() {
    let date_times = (-9999..=9999_i16, 1..=12_i8, 1..=28_i8, 0..24_i8, 0..60_i8, 0..1_000_000_000_i32);
    let zone = prop_oneof![any::<String>(), zone_name().prop_map(str::to_owned)];
    arithmetic_cases()
        .run(&(date_times, zone), |((year, month, day, hour, minute, nanosecond), zone)| {
            let date_time = civil::date(year, month, day).at(hour, minute, 0, nanosecond);
            match DateTimeTimeZone::new(date_time, &zone) {
                Ok(accepted) => {
                    prop_assert_eq!(accepted.date_time().parse::<civil::DateTime>().unwrap(), truncate(date_time));
                    prop_assert_eq!(accepted.time_zone(), &zone);
                    prop_assert!(accepted.timestamp().is_some() || year.unsigned_abs() == 9999);
                }
                Err(error) => prop_assert!(error.is_invalid_input()),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn any_retry_after_and_error_body_are_read_or_ignored() {
    let server = StubServer::start();
    let header =
        prop_oneof!["[ -~]{0,24}", "[0-9]{1,24}", "[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"];
    request_cases()
        .run(&(header, any_json()), |(header, body)| {
            *server.response.lock().unwrap() =
                HttpMockResponse::builder().status(429).header("retry-after", &header).body(body.to_string()).build();
            let error = server.runtime.block_on(server.client.me().get_presence().send()).unwrap_err();
            prop_assert!(error.is_throttled());
            if let Ok(seconds) = header.trim().parse() {
                prop_assert_eq!(error.retry_after(), Some(Duration::from_secs(seconds)));
            }
            let _ = (error.code(), error.service_message(), error.request_id(), error.to_string());
            Ok(())
        })
        .unwrap();
}
