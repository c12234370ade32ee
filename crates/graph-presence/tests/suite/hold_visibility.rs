//! The visibility of a held state, read back from the service.

use graph_presence::hold::Visibility;
use graph_presence::{AccessToken, Client, PreferredState, SessionId, SessionState};
use graph_presence_emulator::{Caller, Emulator, Guid};

use crate::hold::start_hold;
use crate::in_process::{PausedClock, Service, builder, response};
use crate::server::{ADA, APPLICATION};

#[tokio::test]
async fn read_back_returns_the_visibility() {
    let emulator = Emulator::start().await.unwrap();
    let user = Guid::parse(ADA).unwrap();
    let token = AccessToken::new(emulator.token(Caller::user(user)));
    let session = SessionId::parse(APPLICATION).unwrap();
    let client = Client::builder(token).base_url(emulator.url()).session_id(session).build().unwrap();
    let hold = client.me().hold(SessionState::InACall).start().unwrap();
    hold.until_held().await.unwrap();
    let visibility = async || hold.read_back().await.unwrap().visibility;

    assert_eq!(visibility().await, Visibility::Shown);
    emulator.sign_in(user, "Available", "Available");
    assert_eq!(visibility().await, Visibility::Shown);
    for (availability, activity) in [("DoNotDisturb", "Presenting"), ("Busy", "InAMeeting")] {
        emulator.sign_in(user, availability, activity);
        assert_eq!(visibility().await, Visibility::OutrankedBySession);
    }
    for preferred in PreferredState::ALL {
        client.me().set_preferred_presence(preferred).send().await.unwrap();
        let expected = match preferred {
            PreferredState::Available | PreferredState::Away => Visibility::PreferredOrPending,
            _ => Visibility::OutrankedByPreferred,
        };
        assert_eq!(visibility().await, expected, "{preferred}");
    }
    client.me().clear_preferred_presence().send().await.unwrap();
    emulator.sign_out(user);
    assert_eq!(visibility().await, Visibility::Shown);
    client.me().clear_presence().send().await.unwrap();
    assert_eq!(visibility().await, Visibility::NotShown);
}

#[tokio::test(start_paused = true)]
async fn visibility_of_each_presence_for_a_held_available() {
    for (presence, visibility) in [
        ("Available/AvailableInactive", Visibility::NotShown),
        ("Away/Away", Visibility::PreferredOrPending),
        ("Busy/InACall", Visibility::OutrankedBySession),
        ("inAMeeting/busy", Visibility::OutrankedBySession),
        ("AvailableIdle/Available", Visibility::OutrankedBySession),
        ("Offline/Offline", Visibility::NotShown),
        ("PresenceUnknown/PresenceUnknown", Visibility::NotShown),
        ("Juggling/Torches", Visibility::NotShown),
    ] {
        let (availability, activity) = presence.split_once('/').unwrap();
        let body = format!(r#"{{"availability":"{availability}","activity":"{activity}"}}"#);
        let service = Service::new(move |_| {
            let body = body.clone();
            async { response(200, body) }
        });
        let client = builder(service, &PausedClock::start()).build().unwrap();
        let hold = start_hold(&client, SessionState::Available);
        assert_eq!(hold.read_back().await.unwrap().visibility, visibility, "{presence}");
    }
}
