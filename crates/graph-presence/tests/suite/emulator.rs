//! Scenarios against the emulator, which implements the documented rules.

use std::time::Duration;

use graph_presence::{
    Activity, Availability, Client, DateTimeTimeZone, Error, Expiration, PreferredState, Presence, SessionState,
    StatusMessage, WorkLocationType, Workplace, jiff,
};

use crate::server::{ADA, ada};
use crate::tenant::{BOB, Tenant, UNKNOWN_USER, guid, state, user};

async fn my_state(client: &Client) -> String {
    state(&client.me().get_presence().send().await.unwrap())
}

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn session_is_set_renewed_and_expires() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    let request = client.me().set_presence(SessionState::InACall).expires_after(Expiration::minutes(10).unwrap());
    assert_eq!(my_state(&client).await, "Offline/Offline");
    request.clone().send().await.unwrap();
    tenant.clock.advance(9 * MINUTE);
    assert_eq!(my_state(&client).await, "Busy/InACall");
    request.send().await.unwrap();
    tenant.clock.advance(9 * MINUTE);
    assert_eq!(my_state(&client).await, "Busy/InACall");
    tenant.clock.advance(MINUTE);
    assert_eq!(my_state(&client).await, "Offline/Offline");
}

#[tokio::test]
async fn expiration_defaults_to_five_minutes() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    client.me().set_presence(SessionState::Presenting).send().await.unwrap();
    tenant.clock.advance(5 * MINUTE - Duration::from_secs(1));
    assert_eq!(my_state(&client).await, "DoNotDisturb/Presenting");
    tenant.clock.advance(Duration::from_secs(1));
    assert_eq!(my_state(&client).await, "Offline/Offline");
}

#[tokio::test]
async fn available_fades_until_it_is_set_again() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    let available = client.me().set_presence(SessionState::Available).expires_after(Expiration::hours(1).unwrap());
    available.clone().send().await.unwrap();
    for (minutes, expected) in
        [(4, "Available/Available"), (1, "Available/AvailableInactive"), (5, "Away/Away"), (50, "Offline/Offline")]
    {
        tenant.clock.advance(minutes * MINUTE);
        let presence = client.me().get_presence().send().await.unwrap();
        assert_eq!(state(&presence), expected);
        assert_eq!(presence.is_available(), expected.starts_with("Available/"), "{expected}");
    }
    available.clone().send().await.unwrap();
    tenant.clock.advance(5 * MINUTE);
    available.send().await.unwrap();
    assert_eq!(my_state(&client).await, "Available/Available");
}

#[tokio::test]
async fn highest_ranked_session_is_visible() {
    let tenant = Tenant::start().await;
    let (client, other) = (tenant.ada(), tenant.bob());
    let cases = [
        ("Available", SessionState::Away, "Available/Teams"),
        ("Available", SessionState::InACall, "Busy/InACall"),
        ("Busy", SessionState::Available, "Busy/Teams"),
        ("Busy", SessionState::Presenting, "DoNotDisturb/Presenting"),
        ("DoNotDisturb", SessionState::InAConferenceCall, "DoNotDisturb/Teams"),
        ("Away", SessionState::Available, "Available/Available"),
    ];
    for (teams, session, visible) in cases {
        tenant.emulator.sign_in(guid(ADA), teams, "Teams");
        client.me().set_presence(session).send().await.unwrap();
        let presence = other.user(ada()).get_presence().send().await.unwrap();
        assert_eq!(state(&presence), visible, "{teams} in Teams and {session}");
        assert_eq!(presence.id, Some(ada()));
    }
    client.me().clear_presence().send().await.unwrap();
    assert_eq!(my_state(&client).await, "Away/Teams");
    tenant.emulator.sign_out(guid(ADA));
    assert_eq!(my_state(&client).await, "Offline/Offline");
}

#[tokio::test]
async fn clearing_a_missing_session_is_not_found() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    let clear = client.me().clear_presence();
    client.me().set_presence(SessionState::InACall).send().await.unwrap();
    clear.clone().send().await.unwrap();
    let error = clear.send().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.to_string(), "clear presence: request failed with 404 Not Found (code NotFound)");
}

#[tokio::test]
async fn preferred_presence_takes_precedence_and_needs_a_session() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    for preferred in PreferredState::ALL {
        client.me().set_preferred_presence(preferred).send().await.unwrap();
        assert_eq!(my_state(&client).await, "Offline/Offline", "{preferred}");
        client.me().set_presence(SessionState::Presenting).send().await.unwrap();
        assert_eq!(my_state(&client).await, preferred.to_string());
        client.me().clear_presence().send().await.unwrap();
    }
    client.me().set_presence(SessionState::Presenting).send().await.unwrap();
    client.me().clear_preferred_presence().send().await.unwrap();
    assert_eq!(my_state(&client).await, "DoNotDisturb/Presenting");
    client.me().clear_preferred_presence().send().await.unwrap();
}

#[tokio::test]
async fn preferred_presence_expires_by_default_or_as_requested() {
    const DAY: Duration = Duration::from_hours(24);
    let cases = [
        (PreferredState::Busy, None, DAY),
        (PreferredState::DoNotDisturb, None, DAY),
        (PreferredState::Available, None, 7 * DAY),
        (PreferredState::BeRightBack, None, 7 * DAY),
        (PreferredState::Away, None, 7 * DAY),
        (PreferredState::OffWork, None, 7 * DAY),
        (PreferredState::Busy, Some(Duration::from_hours(8)), Duration::from_hours(8)),
        (PreferredState::Busy, Some(30 * DAY), 30 * DAY),
        (PreferredState::Away, Some(Duration::from_secs(1)), Duration::from_secs(1)),
    ];
    for (preferred, expires_after, lifetime) in cases {
        let tenant = Tenant::start().await;
        let client = tenant.ada();
        tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
        let mut request = client.me().set_preferred_presence(preferred);
        if let Some(duration) = expires_after {
            request = request.expires_after(duration);
        }
        request.send().await.unwrap();
        tenant.clock.advance(lifetime - Duration::from_millis(1));
        assert_eq!(my_state(&client).await, preferred.to_string(), "{preferred} {expires_after:?}");
        tenant.clock.advance(Duration::from_millis(1));
        assert_eq!(my_state(&client).await, "Busy/InAMeeting", "{preferred} {expires_after:?}");
    }
}

#[tokio::test]
async fn status_message_expires_at_its_time_in_its_time_zone() {
    // The clock starts at noon, UTC.
    let at = |hour| jiff::civil::date(2026, 11, 20).at(hour, 30, 0, 0);
    let cases: [(DateTimeTimeZone, u32); 4] = [
        (DateTimeTimeZone::new(at(15), "FLE Standard Time").unwrap(), 90),
        (DateTimeTimeZone::new(at(5), "Pacific Standard Time").unwrap(), 90),
        ("2026-11-20T15:00:00+02:00[Europe/Helsinki]".parse::<jiff::Zoned>().unwrap().into(), 60),
        ("2026-11-20T12:01:00Z".parse::<jiff::Timestamp>().unwrap().into(), 1),
    ];
    for (expiry, minutes) in cases {
        let tenant = Tenant::start().await;
        let me = tenant.ada().me();
        me.set_status_message(StatusMessage::text("Lunch").unwrap().until(expiry.clone())).send().await.unwrap();
        let message = me.get_presence().send().await.unwrap().status_message.unwrap();
        assert_eq!((message.content(), message.content_type()), ("Lunch", "text"));
        assert_eq!(message.expiry(), Some(&expiry));
        assert_eq!(message.published(), Some(crate::virtual_clock::VirtualClock::start()));
        tenant.clock.advance(minutes * MINUTE - Duration::from_secs(1));
        assert!(me.get_presence().send().await.unwrap().status_message.is_some(), "{expiry}");
        tenant.clock.advance(Duration::from_secs(1));
        assert_eq!(me.get_presence().send().await.unwrap().status_message, None, "{expiry}");
    }
}

#[tokio::test]
async fn other_users_read_a_status_message_without_its_times() {
    let tenant = Tenant::start().await;
    let end: jiff::Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
    let message = StatusMessage::text("Say \"hei\" 👋").unwrap().until(end);
    tenant.ada().me().set_status_message(message).send().await.unwrap();
    for client in [tenant.bob(), tenant.application()] {
        let message = client.user(ada()).get_presence().send().await.unwrap().status_message.unwrap();
        assert_eq!(message.content(), "Say \"hei\" 👋");
        assert_eq!((message.expiry(), message.published()), (None, None));
    }
}

#[tokio::test]
async fn status_message_is_replaced_and_cleared() {
    let tenant = Tenant::start().await;
    let me = tenant.ada().me();
    let content = async || {
        let presence = me.get_presence().send().await.unwrap();
        presence.status_message.map(|message| message.content().to_owned())
    };
    for text in ["Lunch", "Still lunch"] {
        me.set_status_message(StatusMessage::text(text).unwrap()).send().await.unwrap();
        tenant.clock.advance(Duration::from_hours(24 * 365));
        assert_eq!(content().await.as_deref(), Some(text));
    }
    for _ in 0..2 {
        me.clear_status_message().send().await.unwrap();
        assert_eq!(content().await, None);
    }
}

#[tokio::test]
async fn work_location_precedence_is_manual_automatic_scheduled() {
    let tenant = Tenant::start().await;
    let me = tenant.ada().me();
    let location = async || {
        let location = me.get_presence().send().await.unwrap().work_location.unwrap();
        let place = location.place_id.map(|id| format!(" at {id}")).unwrap_or_default();
        format!("{} {}{place}", location.source, location.location_type)
    };
    assert_eq!(location().await, "none unspecified");
    tenant.emulator.schedule_location(guid(ADA), graph_presence_emulator::WorkLocationType::Remote, None);
    assert_eq!(location().await, "scheduled remote");
    me.set_automatic_location(Workplace::OFFICE.at("b4")).send().await.unwrap();
    assert_eq!(location().await, "automatic office at b4");
    me.set_manual_location(Workplace::TIME_OFF).send().await.unwrap();
    assert_eq!(location().await, "manual timeOff");
    me.clear_automatic_location().send().await.unwrap();
    assert_eq!(location().await, "manual timeOff");
    me.set_automatic_location(Workplace::of(&WorkLocationType::Office).unwrap()).send().await.unwrap();
    me.clear_location().send().await.unwrap();
    assert_eq!(location().await, "scheduled remote");
    tenant.emulator.unschedule_location(guid(ADA));
    assert_eq!(location().await, "none unspecified");
}

#[tokio::test]
async fn work_location_can_be_set_only_by_its_user() {
    let tenant = Tenant::start().await;
    let mut messages = Vec::new();
    for client in [tenant.bob(), tenant.application()] {
        let error = client.user(ada()).set_manual_location(Workplace::OFFICE).send().await.unwrap_err();
        assert!(error.is_forbidden());
        messages.push(error.to_string());
    }
    insta::assert_snapshot!(messages.join("\n"), @r"
    set manual location: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission (delegated only)
    set manual location: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission (delegated only)
    ");
}

#[tokio::test]
async fn out_of_office_is_independent_of_the_state() {
    let tenant = Tenant::start().await;
    let client = tenant.bob();
    let ada = client.user(ada());
    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    let presence = ada.get_presence().send().await.unwrap();
    assert!(presence.is_available() && !presence.is_out_of_office());
    tenant.emulator.out_of_office(guid(ADA), Some("Gone fishing"));
    let presence = ada.get_presence().send().await.unwrap();
    assert!(presence.is_available() && presence.is_out_of_office());
    assert_eq!(presence.out_of_office.unwrap().message.as_deref(), Some("Gone fishing"));
    tenant.emulator.back_in_office(guid(ADA));
    assert!(!ada.get_presence().send().await.unwrap().is_out_of_office());
}

#[tokio::test]
async fn many_users_are_read_including_unknown_users() {
    let tenant = Tenant::start().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    tenant.emulator.sign_in(guid(BOB), "Available", "Available");
    let presences =
        tenant.application().presences([user(UNKNOWN_USER), user(BOB), ada()]).await.unwrap().complete().unwrap();
    let states: Vec<_> = presences.iter().map(|presence| (presence.id.unwrap().to_string(), state(presence))).collect();
    let expected =
        [(UNKNOWN_USER, "PresenceUnknown/PresenceUnknown"), (BOB, "Available/Available"), (ADA, "Busy/InAMeeting")];
    assert_eq!(states, expected.map(|(id, state)| (id.to_owned(), state.to_owned())));
    assert_eq!(presences.iter().map(Presence::is_in_a_meeting).collect::<Vec<_>>(), [false, false, true]);
}

#[tokio::test]
async fn all_paths_address_the_same_user() {
    for shape in [graph_presence_emulator::Shape::Object, graph_presence_emulator::Shape::Collection] {
        let tenant = Tenant::with_shape(shape).await;
        let client = tenant.ada();
        for user in [client.me(), client.user(ada()), client.communications(ada())] {
            user.set_presence(SessionState::InAConferenceCall).send().await.unwrap();
            user.set_preferred_presence(PreferredState::BeRightBack).send().await.unwrap();
            for other in [client.me(), client.user(ada()), client.communications(ada())] {
                let presence = other.get_presence().send().await.unwrap();
                assert_eq!((&presence.id, presence.activity), (&Some(ada()), Activity::BeRightBack));
            }
            user.clear_preferred_presence().send().await.unwrap();
            assert!(user.get_presence().send().await.unwrap().is_in_a_call());
            user.clear_presence().send().await.unwrap();
            assert_eq!(user.get_presence().send().await.unwrap().availability, Availability::Offline);
        }
    }
}

#[tokio::test]
async fn application_sets_presence_of_users_but_cannot_use_me() {
    let tenant = Tenant::start().await;
    let client = tenant.application();
    let ada = client.user(ada());
    ada.set_presence(SessionState::InACall).send().await.unwrap();
    ada.set_preferred_presence(PreferredState::Busy).send().await.unwrap();
    ada.set_status_message(StatusMessage::text("Lunch").unwrap()).send().await.unwrap();
    assert_eq!(state(&ada.get_presence().send().await.unwrap()), "Busy/Busy");

    let message = |error: Error| {
        assert!(!error.is_invalid_input() && error.attempts() == 1, "{error:?}");
        error.to_string()
    };
    let messages = [
        message(client.me().get_presence().send().await.unwrap_err()),
        message(client.me().set_presence(SessionState::InACall).send().await.unwrap_err()),
        message(client.me().clear_location().send().await.unwrap_err()),
        message(client.subscriptions().list().await.unwrap_err()),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    get presence: request failed with 400 Bad Request (code BadRequest): /me requires a delegated token: an application uses Client::user; personal Microsoft accounts do not have presence
    set presence: request failed with 400 Bad Request (code BadRequest): /me requires a delegated token: an application uses Client::user; personal Microsoft accounts do not have presence
    clear location: request failed with 400 Bad Request (code BadRequest): /me requires a delegated token: an application uses Client::user; personal Microsoft accounts do not have presence
    list subscriptions: request failed with 403 Forbidden (code Forbidden): requires the Presence.Read.All permission (delegated only)
    ");
}

#[tokio::test]
async fn user_cannot_set_presence_of_another_user() {
    let tenant = Tenant::start().await;
    let bob = tenant.ada().user(user(BOB));
    let message = StatusMessage::text("Lunch").unwrap();
    let messages = [
        bob.set_presence(SessionState::InACall).send().await.unwrap_err().to_string(),
        bob.set_preferred_presence(PreferredState::Away).send().await.unwrap_err().to_string(),
        bob.set_status_message(message).send().await.unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(messages.join("\n"), @"
    set presence: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission (delegated) or Presence.ReadWrite.All (application)
    set user preferred presence: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission (delegated) or Presence.ReadWrite.All (application)
    set status message: request failed with 401 Unauthorized (code Unauthorized): requires the Presence.ReadWrite permission (delegated) or Presence.ReadWrite.All (application)
    ");
}

#[tokio::test]
async fn sequence_number_increases_with_each_change() {
    let tenant = Tenant::start().await;
    let client = tenant.ada();
    let mut numbers = Vec::new();
    for state in [SessionState::InACall, SessionState::Away, SessionState::InACall] {
        client.me().set_presence(state).send().await.unwrap();
        numbers.push(client.me().get_presence().send().await.unwrap().sequence_number.unwrap());
    }
    assert!(numbers.is_sorted() && numbers[0] < numbers[2], "{numbers:?}");
    let unknown = client.user(user(UNKNOWN_USER)).get_presence().send().await.unwrap();
    assert_eq!((unknown.sequence_number, unknown.availability), (None, Availability::PresenceUnknown));
}
