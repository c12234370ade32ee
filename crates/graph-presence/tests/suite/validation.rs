//! Validation: invalid input is an error before anything is sent, with the rule in the message.

use std::time::Duration;

use graph_presence::{
    AccessToken, Activity, ApiVersion, Availability, Client, DateTimeTimeZone, Error, Expiration, PreferredState,
    RetryPolicy, SessionId, SessionState, StatusMessage, UserId, WorkLocationType, Workplace, jiff,
};
use httpmock::MockServer;

use crate::recording_server::RecordingServer;
use crate::server::{ADA, ada, always, client};
use crate::tenant::user;

/// Returns the message of an error that must be about invalid input.
pub(crate) fn validation_error<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("invalid input");
    assert!(error.is_invalid_input(), "{error:?}");
    error.to_string()
}

#[test]
fn expiration_must_be_five_minutes_to_four_hours() {
    let cases = [
        (299, None),
        (300, Some("PT5M")),
        (301, Some("PT5M1S")),
        (3600, Some("PT1H")),
        (5400, Some("PT1H30M")),
        (14_400, Some("PT4H")),
        (14_401, None),
        (u64::MAX, None),
    ];
    for (seconds, written) in cases {
        let expiration = Expiration::try_from(Duration::from_secs(seconds));
        match written {
            Some(written) => assert_eq!(expiration.unwrap().to_string(), written),
            None => assert!(validation_error(expiration).contains("PT5M to PT4H"), "{seconds}"),
        }
    }
}

#[test]
fn expiration_is_parsed_from_iso_8601() {
    let cases = [
        ("PT5M", Some(300)),
        ("PT300S", Some(300)),
        ("P0DT5M", Some(300)),
        ("pt1h30m", Some(5400)),
        ("PT0.1H", Some(360)),
        ("PT4M59S", None),
        ("PT4H0M1S", None),
        ("-PT5M", None),
        ("P1D", None),
        ("P1M", None),
        ("P1W", None),
        ("0:05:00", None),
        ("5 minutes", None),
        ("", None),
    ];
    for (text, seconds) in cases {
        let read = Expiration::parse(text);
        match seconds {
            Some(seconds) => assert_eq!(read.unwrap().duration(), Duration::from_secs(seconds), "{text}"),
            None => {
                let message = validation_error(read);
                let is_shown = message.starts_with(&format!("invalid expiration \"{text}\": expected an ISO 8601"))
                    || message == format!("expiration out of range: {text} (allowed: PT5M to PT4H)");
                assert!(is_shown, "{text}: {message}");
            }
        }
    }
}

#[test]
fn expiration_error_has_value_and_range() {
    let messages = [299, 14_401].map(|seconds| validation_error(Expiration::new(Duration::from_secs(seconds))));
    insta::assert_snapshot!(messages.join("\n"), @r"
    expiration out of range: PT4M59S (allowed: PT5M to PT4H)
    expiration out of range: PT4H1S (allowed: PT5M to PT4H)
    ");
}

#[test]
fn five_pairs_are_session_states() {
    let mut accepted = Vec::new();
    for availability in Availability::KNOWN {
        for activity in Activity::KNOWN {
            if let Ok(state) = SessionState::try_from((availability.clone(), activity.clone())) {
                assert_eq!((state.availability(), state.activity()), (availability.clone(), activity.clone()));
                accepted.push(state.to_string());
            }
        }
    }
    accepted.sort();
    assert_eq!(
        accepted,
        ["Available/Available", "Away/Away", "Busy/InACall", "Busy/InAConferenceCall", "DoNotDisturb/Presenting"]
    );
}

#[test]
fn session_state_error_lists_the_supported_pairs() {
    let pair = (Availability::from("busy"), Activity::from("Levitating"));
    insta::assert_snapshot!(
        validation_error(SessionState::try_from(pair)),
        @"invalid availability and activity \"Busy/Levitating\": expected a pair that setPresence supports: Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting"
    );
}

#[test]
fn ids_must_be_hyphenated_guids() {
    let cases = [
        (ADA, true),
        ("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3", true),
        ("fa8bf3dceca746b7bad1db199b62afc3", false),
        ("{fa8bf3dc-eca7-46b7-bad1-db199b62afc3}", false),
        ("fa8bf3dc-eca7-46b7-bad1-db199b62afc3festlegt", false),
        ("fa8bf3dc-eca7-46b7-bad1-db199b62afcg", false),
        ("ada@example.com", false),
        ("../me", false),
        ("", false),
    ];
    for (text, is_valid) in cases {
        assert_eq!(UserId::parse(text).is_ok(), is_valid, "{text}");
        assert_eq!(SessionId::parse(text).is_ok(), is_valid, "{text}");
    }
    let upper = "FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3";
    assert_eq!(upper.parse::<UserId>().unwrap().to_string(), ADA);
    assert_eq!(upper.parse::<SessionId>().unwrap().to_string(), ADA);
    assert_eq!(format!("{:>38}|{:<38}|", user(ADA), user(ADA)), format!("  {ADA}|{ADA}  |"));
}

#[cfg(feature = "uuid")]
#[test]
fn ids_convert_from_and_into_uuids() {
    use graph_presence::uuid::Uuid;

    let guid = Uuid::try_parse(ADA).unwrap();
    assert_eq!((UserId::from(guid), SessionId::from(guid)), (user(ADA), ADA.parse().unwrap()));
    assert_eq!([Uuid::from(user(ADA)), SessionId::from(guid).into()], [guid, guid]);
}

#[test]
fn ids_have_the_size_and_order_of_their_guid() {
    assert_eq!([size_of::<UserId>(), size_of::<SessionId>()], [16, 16]);
    let mut ids: Vec<_> =
        [ADA, "00000000-0000-0000-0000-00000000000a", "0000000a-0000-0000-0000-000000000000"].map(user).to_vec();
    ids.sort();
    let mut texts: Vec<_> = ids.iter().map(UserId::to_string).collect();
    let sorted = texts.clone();
    texts.sort();
    assert_eq!(sorted, texts);
}

#[test]
fn id_error_names_the_expected_format() {
    let messages = [
        validation_error(UserId::parse("ada@example.com")),
        validation_error(UserId::parse("ada")),
        validation_error(SessionId::parse("my-app")),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    invalid user id: expected a GUID, got a user principal name
    invalid user id: expected a GUID, got 3 characters
    invalid session id: expected a GUID, got 6 characters
    ");
}

#[test]
fn status_message_must_be_text_and_not_empty() {
    let messages =
        [validation_error(StatusMessage::new("<b>Hi</b>", "html")), validation_error(StatusMessage::text(""))];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    invalid status message content type "html": expected `text`, the only content type that presence supports
    invalid status message content: expected non-empty text, got an empty string
    "#);
    assert_eq!(StatusMessage::new("Hi", "Text").unwrap(), StatusMessage::text("Hi").unwrap());
}

#[test]
fn time_zone_must_have_a_windows_or_iana_name() {
    let noon = jiff::civil::date(2026, 1, 15).at(12, 0, 0, 0);
    let cases = [
        ("Pacific Standard Time", Some("2026-01-15T20:00:00Z")),
        ("America/Los_Angeles", Some("2026-01-15T20:00:00Z")),
        ("FLE Standard Time", Some("2026-01-15T10:00:00Z")),
        ("India Standard Time", Some("2026-01-15T06:30:00Z")),
        ("UTC", Some("2026-01-15T12:00:00Z")),
        ("Atlantis Standard Time", None),
        ("Etc/Unknown", None),
        ("", None),
    ];
    for (name, instant) in cases {
        let date_time = DateTimeTimeZone::new(noon, name);
        match instant {
            Some(instant) => assert_eq!(date_time.unwrap().timestamp(), Some(instant.parse().unwrap()), "{name}"),
            None => assert!(validation_error(date_time).starts_with(&format!("invalid time zone \"{name}\": "))),
        }
    }
}

#[test]
fn date_time_keeps_its_time_zone() {
    let zoned = |text: &str| DateTimeTimeZone::from(text.parse::<jiff::Zoned>().unwrap()).to_string();
    assert_eq!(zoned("2026-11-20T17:00:00[Europe/Helsinki]"), "2026-11-20T17:00:00 Europe/Helsinki");
    assert_eq!(zoned("2026-11-20T17:00:00+02:00[+02:00]"), "2026-11-20T15:00:00 UTC");
    let instant: jiff::Timestamp = "2022-10-19T00:05:33.2079781Z".parse().unwrap();
    assert_eq!(DateTimeTimeZone::from(instant).to_string(), "2022-10-19T00:05:33.2079781 UTC");
}

#[test]
fn base_url_must_be_https_or_loopback() {
    let cases = [
        ("https://graph.microsoft.com", true),
        ("https://graph.microsoft.com/", true),
        ("https://proxy.example/graph", true),
        ("http://127.0.0.1:8080", true),
        ("http://[::1]:8080", true),
        ("http://localhost:8080", true),
        ("http://graph.microsoft.com", false),
        ("http://127.0.0.1.example", false),
        ("http://localhost.example", false),
        ("https://user:secret@graph.microsoft.com", false),
        ("https://graph.microsoft.com?x=1", false),
        ("ftp://127.0.0.1", false),
        ("graph.microsoft.com", false),
        ("", false),
    ];
    for (url, is_valid) in cases {
        let built = Client::builder(AccessToken::new("t")).base_url(url).build();
        match is_valid {
            true => assert!(built.is_ok(), "{url}: {built:?}"),
            false => assert!(validation_error(built).starts_with("invalid base URL"), "{url}"),
        }
    }
}

#[tokio::test]
async fn invalid_requests_are_not_sent() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200)).await;
    let without_session_id = Client::builder(AccessToken::new("t")).base_url(server.base_url()).build().unwrap();
    let user = without_session_id.user(UserId::parse(ADA).unwrap());

    let messages = [
        validation_error(client(&server).presences([ada()]).concurrency(0).send().await),
        validation_error(user.set_presence(SessionState::Away).send().await),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    get presences by user id: concurrency out of range: 0 (allowed: at least 1)
    set presence: session id not set: call ClientBuilder::session_id with the application (client) id
    ");
    assert_eq!(client(&server).presences([] as [UserId; 0]).await.unwrap().complete().unwrap(), []);
    request.assert_calls_async(0).await;
}

#[tokio::test]
async fn token_that_is_not_a_valid_header_value_is_rejected() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200)).await;
    let client = Client::builder(AccessToken::new("line\nbreak")).base_url(server.base_url()).build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert!(error.is_token_source());
    assert_eq!(error.to_string(), "get presence: failed to get an access token from the token source");
    request.assert_calls_async(0).await;
}

#[test]
fn six_pairs_are_preferred_states() {
    let mut accepted = Vec::new();
    for availability in Availability::KNOWN {
        for activity in Activity::KNOWN {
            if let Ok(state) = PreferredState::try_from((availability.clone(), activity.clone())) {
                assert_eq!((state.availability(), state.activity()), (availability.clone(), activity.clone()));
                accepted.push(state.to_string());
            }
        }
    }
    accepted.sort();
    insta::assert_snapshot!(accepted.join("\n"), @r"
    Available/Available
    Away/Away
    BeRightBack/BeRightBack
    Busy/Busy
    DoNotDisturb/DoNotDisturb
    Offline/OffWork
    ");
}

#[test]
fn preferred_state_error_lists_the_supported_pairs() {
    let pairs = [(Availability::Busy, Activity::InACall), (Availability::from("levitating"), Activity::from(""))];
    let messages = pairs.map(|pair| validation_error(PreferredState::try_from(pair)));
    insta::assert_snapshot!(messages.join("\n"), @r#"
    invalid availability and activity "Busy/InACall": expected a pair that setUserPreferredPresence supports: Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away, Offline/OffWork
    invalid availability and activity "levitating/": expected a pair that setUserPreferredPresence supports: Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away, Offline/OffWork
    "#);
}

#[test]
fn workplace_must_be_office_remote_or_time_off() {
    let mut messages = Vec::new();
    for kind in WorkLocationType::KNOWN.iter().chain(&["unknownFutureValue".into(), "moonBase".into(), "".into()]) {
        match Workplace::of(kind) {
            Ok(workplace) => messages.push(format!("{workplace:?}")),
            Err(error) => messages.push(validation_error(Err::<(), _>(error))),
        }
    }
    insta::assert_snapshot!(messages.join("\n"), @r#"
    invalid work location type "unspecified": expected office, remote or timeOff
    Workplace { location_type: "office", place_id: None }
    Workplace { location_type: "remote", place_id: None }
    Workplace { location_type: "timeOff", place_id: None }
    invalid work location type "unknownFutureValue": expected office, remote or timeOff
    invalid work location type "moonBase": expected office, remote or timeOff
    invalid work location type "": expected office, remote or timeOff
    "#);
}

#[tokio::test]
async fn zero_expiration_and_missing_session_id_are_rejected() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200)).await;
    let prefer = client(&server).me().set_preferred_presence(PreferredState::Busy).expires_after(Duration::ZERO);
    let without_session_id = Client::builder(AccessToken::new("t")).base_url(server.base_url()).build().unwrap();
    let messages = [
        validation_error(prefer.send().await),
        validation_error(without_session_id.me().clear_presence().send().await),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    set user preferred presence: expiration out of range: PT0S (allowed: more than PT0S)
    clear presence: session id not set: call ClientBuilder::session_id with the application (client) id
    ");
    request.assert_calls_async(0).await;
    // The preferred presence does not need a session id.
    without_session_id.me().set_preferred_presence(PreferredState::Busy).send().await.unwrap();
    request.assert_calls_async(1).await;
}

#[tokio::test]
async fn durations_out_of_range_are_rejected_when_sent() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200)).await;
    let me = client(&server).me();
    let set = |duration| me.set_presence(SessionState::Away).expires_after(duration);
    let hold = |duration| me.hold(SessionState::Away).expires_after(duration);
    let mut messages = Vec::new();
    for seconds in [299, 14_401] {
        let duration = Duration::from_secs(seconds);
        messages.extend([validation_error(set(duration).await), validation_error(hold(duration).start())]);
    }
    let prefer = me.set_preferred_presence(PreferredState::Busy).expires_after(Duration::MAX);
    messages.push(validation_error(prefer.await));
    insta::assert_snapshot!(messages.join("\n"), @"
    set presence: expiration out of range: PT4M59S (allowed: PT5M to PT4H)
    set presence: expiration out of range: PT4M59S (allowed: PT5M to PT4H)
    set presence: expiration out of range: PT4H1S (allowed: PT5M to PT4H)
    set presence: expiration out of range: PT4H1S (allowed: PT5M to PT4H)
    set user preferred presence: expiration out of range: PT18446744073709551615S (allowed: at most PT2562047788015215H30M7S)
    ");
    request.assert_calls_async(0).await;
}

#[tokio::test]
async fn expiration_and_duration_are_sent_identically() {
    let server = RecordingServer::start().await;
    let me = server.client(ApiVersion::V1).me();
    me.set_presence(SessionState::Away).expires_after(Duration::from_secs(5400)).await.unwrap();
    me.set_presence(SessionState::Away).expires_after(Expiration::minutes(90).unwrap()).await.unwrap();
    let lines = server.lines();
    let (first, second) = lines.trim_end().split_once('\n').unwrap();
    assert!(first.contains("PT1H30M"), "{first}");
    assert_eq!(first, second);
}

#[test]
fn client_settings_out_of_range_are_rejected() {
    let builder = || Client::builder(AccessToken::new("t"));
    let retry = RetryPolicy::default();
    let messages = [
        validation_error(builder().timeout(Duration::ZERO).build()),
        validation_error(builder().retry(retry.max_attempts(0)).build()),
        validation_error(builder().retry(retry.max_backoff(Duration::from_millis(499))).build()),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    timeout out of range: 0s (allowed: more than 0s)
    max_attempts out of range: 0 (allowed: at least 1)
    initial_backoff out of range: 500ms (allowed: at most the max_backoff of 499ms)
    ");
}
