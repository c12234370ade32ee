//! Every recorded page against the emulator, through the facade: what the page states is what is read.

use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
use graph_presence_conformance::{Exchange, Request};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};
use serde_json::{Value, json};

use crate::call::{facade, operation, person, raw};
use crate::differences::{Check, Differences};
use crate::presences::{presences, same, states};
use crate::recordings;
use crate::replay::numbered;

/// Before the status messages of the examples expire.
const THEN: &str = "2022-10-18T12:00:00Z";
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
const SOMEBODY_ELSE: &str = "0e7c8a5c-4f0c-4f27-9d5e-2b1c3f1c9a77";

#[tokio::test]
async fn the_emulator_answers_as_the_pages_do() {
    let mut differences = Differences::of(Check::Emulator);
    for recording in recordings::all() {
        let clock = SteppedClock::new(THEN.parse().unwrap());
        let emulator = Emulator::builder().clock(clock).start().await.unwrap();
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let outcome = compare(&emulator, exchange).await;
            differences.compared(&recordings::title(&recording), numbered(number + 1, outcome));
        }
    }
    differences.judge();
}

async fn compare(emulator: &Emulator, exchange: &Exchange) -> Result<(), String> {
    let stated: Vec<_> = presences(exchange.response.body.as_ref()).collect();
    let refusals = exchange.response.status >= 400;
    for presence in stated.iter().filter(|_| !refusals) {
        let word = |name: &str| presence.get(name).and_then(Value::as_str).unwrap_or_default();
        let person = Guid::parse(word("id")).map_err(|_| format!("the page's id {:?} is not a GUID", word("id")))?;
        emulator.sign_in(person, word("availability"), word("activity"));
        match presence.get("outOfOfficeSettings").and_then(|settings| settings.get("isOutOfOffice")) {
            Some(Value::Bool(true)) => emulator.out_of_office(person, None),
            _ => emulator.back_in_office(person),
        }
    }
    let caller = match operation(&exchange.request) {
        "GET /me/presence" => {
            let me = stated.first().and_then(|presence| presence.get("id")).and_then(Value::as_str);
            Caller::user(me.and_then(|me| Guid::parse(me).ok()).unwrap_or(guid(SOMEBODY_ELSE)))
        }
        other if other.starts_with("GET") || other.starts_with("POST /me/") => Caller::user(guid(SOMEBODY_ELSE)),
        "POST /communications/getPresencesByUserId" => Caller::user(guid(SOMEBODY_ELSE)),
        _ => Caller::application(guid(APPLICATION)),
    };
    let token = emulator.token(caller);
    begin_session(emulator, &token, &exchange.request).await;
    let refused = |error| format!("the emulator refuses the raw client: {error}");
    let (status, read) = raw(emulator.url(), &token, &exchange.request).await.map_err(refused)?;
    same("the status", &status, &exchange.response.status)?;
    read.map_err(refused)?;
    begin_session(emulator, &token, &exchange.request).await;
    let read = facade(emulator.url(), &token, &exchange.request)
        .await
        .map_err(|error| format!("the emulator refuses the facade: {error}"))?;
    let read: Vec<_> = presences(read.as_ref()).collect();
    same("the number of presences", &read.len(), &stated.len())?;
    for (read, mut stated) in read.iter().zip(stated) {
        // The service counts by itself: that there is a number is all that a page can state.
        if let (Some(stated), Some(read)) = (stated.get_mut("sequenceNumber"), read.get("sequenceNumber")) {
            stated.clone_from(read);
        }
        states(read, &stated)?;
    }
    Ok(())
}

/// Only a session that is there can be cleared.
async fn begin_session(emulator: &Emulator, token: &str, request: &Request) {
    if operation(request).ends_with("/clearPresence") {
        let client = Client::builder(AccessToken::new(token)).base_url(emulator.url());
        let client = client.session_id(SessionId::parse(APPLICATION).unwrap()).build().unwrap();
        let person = client.user(UserId::parse(person(request)).unwrap());
        person.set_presence(SessionState::Available).send().await.unwrap();
    }
}

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[tokio::test]
async fn an_example_that_follows_another_shows_what_that_one_set() {
    let mut checked = 0;
    for recording in recordings::all() {
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let Some(earlier) = exchange.depends_on.and_then(|index| recording.exchanges.get(index)) else { continue };
            let emulator = Emulator::builder().clock(SteppedClock::new(THEN.parse().unwrap())).start().await.unwrap();
            let reader = emulator.token(Caller::user(guid(SOMEBODY_ELSE)));
            let before = facade(emulator.url(), &reader, &exchange.request).await.unwrap().unwrap();
            assert_eq!(before.get("statusMessage"), None);

            let writer = emulator.token(Caller::user(guid(person(&earlier.request))));
            facade(emulator.url(), &writer, &earlier.request).await.unwrap();
            let after = facade(emulator.url(), &reader, &exchange.request).await.unwrap().unwrap();
            let stated = exchange.response.body.as_ref().and_then(|body| body.get("statusMessage"));
            assert_eq!(
                after.get("statusMessage"),
                stated,
                "{}, exchange {}",
                recordings::title(&recording),
                number + 1
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no recorded example follows another");
}

#[tokio::test]
async fn an_expiry_survives_the_round_trip_without_loss() {
    let mut checked = 0;
    for recording in recordings::all() {
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let title = format!("{}, exchange {}", recordings::title(&recording), number + 1);
            let sent = exchange.request.body.as_ref().and_then(|body| body.pointer("/statusMessage/expiryDateTime"));
            let Some(sent) = sent else { continue };
            let emulator = Emulator::builder().clock(SteppedClock::new(THEN.parse().unwrap())).start().await.unwrap();
            let id = person(&exchange.request);
            let token = emulator.token(Caller::user(guid(id)));
            facade(emulator.url(), &token, &exchange.request).await.unwrap();

            let client = Client::builder(AccessToken::new(token)).base_url(emulator.url()).build().unwrap();
            let message = client.me().get_presence().send().await.unwrap().status_message.unwrap();
            let expiry = message.expiry().unwrap();
            assert_eq!(sent, &json!({"dateTime": expiry.date_time(), "timeZone": expiry.time_zone()}), "{title}");
            if sent == &json!({"dateTime": "2022-10-18T17:05:33.2079781", "timeZone": "Pacific Standard Time"}) {
                assert_eq!(expiry.timestamp(), Some("2022-10-19T00:05:33.2079781Z".parse().unwrap()), "{title}");
                checked += 1;
            }
        }
    }
    assert!(checked > 0, "no recorded message has the expiry whose instant is known");
}
