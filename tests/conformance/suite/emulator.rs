//! Sends every recorded request to the emulator and compares the response with the page.

use graph_presence::{AccessToken, Client, SessionId, SessionState, UserId};
use graph_presence_conformance::{Exchange, Request};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};
use serde_json::{Value, json};

use crate::call::{facade, operation, raw, user_id};
use crate::check::Check;
use crate::differences::Differences;
use crate::presences::{self, compare_properties, presences};
use crate::recordings;
use crate::replay::numbered;

/// An instant before the status messages of the examples expire.
const START: &str = "2022-10-18T12:00:00Z";
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
const OTHER_USER: &str = "0e7c8a5c-4f0c-4f27-9d5e-2b1c3f1c9a77";

#[tokio::test]
async fn emulator_responds_as_the_pages_show() {
    let mut differences = Differences::new(Check::Emulator);
    for recording in recordings::all() {
        let clock = SteppedClock::new(START.parse().unwrap());
        let emulator = Emulator::builder().clock(clock).start().await.unwrap();
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let result = compare(&emulator, exchange).await;
            differences.record(&recordings::title(&recording), numbered(number + 1, result));
        }
    }
    differences.finish();
}

async fn compare(emulator: &Emulator, exchange: &Exchange) -> Result<(), String> {
    let page: Vec<_> = presences(exchange.response.body.as_ref()).collect();
    let is_error = exchange.response.status >= 400;
    for presence in page.iter().filter(|_| !is_error) {
        let text = |name: &str| presence.get(name).and_then(Value::as_str).unwrap_or_default();
        let user = Guid::parse(text("id")).map_err(|_| format!("the page's id is not a GUID: {:?}", text("id")))?;
        emulator.sign_in(user, text("availability"), text("activity"));
        match presence.get("outOfOfficeSettings").and_then(|settings| settings.get("isOutOfOffice")) {
            Some(Value::Bool(true)) => emulator.out_of_office(user, None),
            _ => emulator.back_in_office(user),
        }
    }
    let caller = match operation(&exchange.request) {
        "GET /me/presence" => {
            let me = page.first().and_then(|presence| presence.get("id")).and_then(Value::as_str);
            Caller::user(me.and_then(|me| Guid::parse(me).ok()).unwrap_or(guid(OTHER_USER)))
        }
        other if other.starts_with("GET") || other.starts_with("POST /me/") => Caller::user(guid(OTHER_USER)),
        "POST /communications/getPresencesByUserId" => Caller::user(guid(OTHER_USER)),
        _ => Caller::application(guid(APPLICATION)),
    };
    let token = emulator.token(caller);
    set_session(emulator, &token, &exchange.request).await;
    let failed = |error| format!("the raw client failed: {error}");
    let (status, read) = raw(emulator.url(), &token, &exchange.request).await.map_err(failed)?;
    presences::compare("the status", &status, &exchange.response.status)?;
    read.map_err(failed)?;
    set_session(emulator, &token, &exchange.request).await;
    let read = facade(emulator.url(), &token, &exchange.request)
        .await
        .map_err(|error| format!("the facade failed: {error}"))?;
    let read: Vec<_> = presences(read.as_ref()).collect();
    presences::compare("the number of presences", &read.len(), &page.len())?;
    for (read, mut page) in read.iter().zip(page) {
        // The service chooses the number, so that only its existence can be compared.
        if let (Some(page), Some(read)) = (page.get_mut("sequenceNumber"), read.get("sequenceNumber")) {
            page.clone_from(read);
        }
        compare_properties(read, &page)?;
    }
    Ok(())
}

/// Sets the session that the request clears: clearing one that does not exist fails.
async fn set_session(emulator: &Emulator, token: &str, request: &Request) {
    if operation(request).ends_with("/clearPresence") {
        let client = Client::builder(AccessToken::new(token)).base_url(emulator.url());
        let client = client.session_id(SessionId::parse(APPLICATION).unwrap()).build().unwrap();
        let user = client.user(UserId::parse(user_id(request)).unwrap());
        user.set_presence(SessionState::Available).send().await.unwrap();
    }
}

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[tokio::test]
async fn dependent_example_shows_the_status_message_of_the_earlier_one() {
    let mut checked = 0;
    for recording in recordings::all() {
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let Some(earlier) = exchange.depends_on.and_then(|index| recording.exchanges.get(index)) else { continue };
            let emulator = Emulator::builder().clock(SteppedClock::new(START.parse().unwrap())).start().await.unwrap();
            let reader = emulator.token(Caller::user(guid(OTHER_USER)));
            let before = facade(emulator.url(), &reader, &exchange.request).await.unwrap().unwrap();
            assert_eq!(before.get("statusMessage"), None);

            let writer = emulator.token(Caller::user(guid(user_id(&earlier.request))));
            facade(emulator.url(), &writer, &earlier.request).await.unwrap();
            let after = facade(emulator.url(), &reader, &exchange.request).await.unwrap().unwrap();
            let expected = exchange.response.body.as_ref().and_then(|body| body.get("statusMessage"));
            assert_eq!(
                after.get("statusMessage"),
                expected,
                "{}, exchange {}",
                recordings::title(&recording),
                number + 1
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no recorded example depends on another");
}

#[tokio::test]
async fn status_message_expiry_round_trips_without_loss() {
    let mut checked = 0;
    for recording in recordings::all() {
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            let title = format!("{}, exchange {}", recordings::title(&recording), number + 1);
            let sent = exchange.request.body.as_ref().and_then(|body| body.pointer("/statusMessage/expiryDateTime"));
            let Some(sent) = sent else { continue };
            let emulator = Emulator::builder().clock(SteppedClock::new(START.parse().unwrap())).start().await.unwrap();
            let id = user_id(&exchange.request);
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
    assert!(checked > 0, "no recorded status message has the expiry with a known instant");
}
