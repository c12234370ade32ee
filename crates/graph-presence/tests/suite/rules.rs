//! What is refused before anything is sent, with the rule in the message.

use std::time::Duration;

use graph_presence::{
    AccessToken, Activity, Availability, Client, DateTimeTimeZone, Error, Expiration, SessionId, SessionState,
    StatusMessage, UserId, jiff,
};
use httpmock::MockServer;

use crate::server::{ADA, always, client};

fn refused<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.expect_err("the rule");
    assert!(error.is_invalid_input(), "{error:?}");
    error.to_string()
}

#[test]
fn expirations_are_five_minutes_to_four_hours() {
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
            None => assert!(refused(expiration).contains("PT5M to PT4H"), "{seconds}"),
        }
    }
}

#[test]
fn expirations_are_read_in_every_legal_form() {
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
            None => assert!(refused(read).contains(&format!("expiration: `{text}`")), "{text}"),
        }
    }
}

#[test]
fn the_message_of_a_refused_expiration_names_field_value_and_rule() {
    let messages = [299, 14_401].map(|seconds| refused(Expiration::new(Duration::from_secs(seconds))));
    insta::assert_snapshot!(messages.join("\n"), @r"
    expiration: `PT4M59S` is not accepted: PT5M to PT4H (5 minutes to 4 hours)
    expiration: `PT4H1S` is not accepted: PT5M to PT4H (5 minutes to 4 hours)
    ");
}

#[test]
fn of_all_pairs_exactly_the_five_supported_ones_are_states() {
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
fn a_refused_pair_lists_the_supported_ones() {
    let pair = (Availability::from("busy"), Activity::from("Levitating"));
    insta::assert_snapshot!(
        refused(SessionState::try_from(pair)),
        @"availability and activity: `Busy/Levitating` is not accepted: setPresence supports Available/Available, Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting"
    );
}

#[test]
fn ids_are_hyphenated_guids() {
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
    for (text, accepted) in cases {
        assert_eq!(UserId::parse(text).is_ok(), accepted, "{text}");
        assert_eq!(SessionId::parse(text).is_ok(), accepted, "{text}");
    }
    assert_eq!(UserId::parse("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3").unwrap().as_str(), ADA);
}

#[test]
fn a_refused_id_says_what_is_wanted() {
    let messages =
        [refused(UserId::parse("ada@example.com")), refused(UserId::parse("ada")), refused(SessionId::parse("my-app"))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    user id: a user principal name is not accepted: the person's object id, a GUID of the form 8-4-4-4-12
    user id: 3 characters that are no GUID is not accepted: the person's object id, a GUID of the form 8-4-4-4-12
    session id: `my-app` is not accepted: the application's id, a GUID of the form 8-4-4-4-12
    ");
}

#[test]
fn a_status_message_is_text_and_not_empty() {
    let messages = [refused(StatusMessage::new("<b>Hi</b>", "html")), refused(StatusMessage::text(""))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    status message content type: `html` is not accepted: presence supports the content type `text` only
    status message content: `` is not accepted: a text that is not empty
    ");
    assert_eq!(StatusMessage::new("Hi", "Text").unwrap(), StatusMessage::text("Hi").unwrap());
}

#[test]
fn zones_have_a_windows_or_an_iana_name() {
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
        let moment = DateTimeTimeZone::new(noon, name);
        match instant {
            Some(instant) => assert_eq!(moment.unwrap().timestamp(), Some(instant.parse().unwrap()), "{name}"),
            None => assert!(refused(moment).contains(&format!("time zone: `{name}`"))),
        }
    }
}

#[test]
fn an_instant_is_sent_in_the_zone_that_it_is_given_in() {
    let zoned = |text: &str| DateTimeTimeZone::from(text.parse::<jiff::Zoned>().unwrap()).to_string();
    assert_eq!(zoned("2026-11-20T17:00:00[Europe/Helsinki]"), "2026-11-20T17:00:00 Europe/Helsinki");
    assert_eq!(zoned("2026-11-20T17:00:00+02:00[+02:00]"), "2026-11-20T15:00:00 UTC");
    let instant: jiff::Timestamp = "2022-10-19T00:05:33.2079781Z".parse().unwrap();
    assert_eq!(DateTimeTimeZone::from(instant).to_string(), "2022-10-19T00:05:33.2079781 UTC");
}

#[test]
fn the_token_goes_to_https_or_to_loopback_only() {
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
    for (url, accepted) in cases {
        let built = Client::builder(AccessToken::new("t")).base_url(url).build();
        match accepted {
            true => assert!(built.is_ok(), "{url}: {built:?}"),
            false => assert!(refused(built).starts_with("base URL"), "{url}"),
        }
    }
}

#[tokio::test]
async fn what_is_refused_is_not_sent() {
    let server = MockServer::start_async().await;
    let anything = always(&server, |then| then.status(200)).await;
    let too_many = (0..651).map(|number| UserId::parse(&format!("00000000-0000-0000-0000-{number:012}")).unwrap());
    let sessionless = Client::builder(AccessToken::new("t")).base_url(server.base_url()).build().unwrap();
    let user = sessionless.user(UserId::parse(ADA).unwrap());

    let messages =
        [refused(client(&server).presences(too_many).send().await), refused(user.set(SessionState::Away).send().await)];
    insta::assert_snapshot!(messages.join("\n"), @r"
    get presences: number of ids: `651` is not accepted: at most 650 in one request
    set presence: session id: none is not accepted: the application's id, set once by `ClientBuilder::session`
    ");
    assert_eq!(client(&server).presences([]).send().await.unwrap(), []);
    anything.assert_calls_async(0).await;
}

#[tokio::test]
async fn a_token_that_is_no_header_is_refused_and_not_sent() {
    let server = MockServer::start_async().await;
    let anything = always(&server, |then| then.status(200)).await;
    let client = Client::builder(AccessToken::new("line\nbreak")).base_url(server.base_url()).build().unwrap();
    let error = client.me().get().send().await.unwrap_err();
    assert!(error.is_token());
    assert_eq!(error.to_string(), "get own presence: the token source gave no token");
    anything.assert_calls_async(0).await;
}
