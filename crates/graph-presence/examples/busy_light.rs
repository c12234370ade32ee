//! A light beside the door: polls one person, and shows a colour when it changes.
//!
//! The emulator's clock is stepped, so that an afternoon takes no time; a real light waits between its looks.

use std::error::Error;
use std::time::Duration;

use graph_presence::{AccessToken, Availability, Client, Presence, UserId};
use graph_presence_emulator::{Caller, Clock, Emulator, Guid, SteppedClock};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const LIGHT: &str = "5c2a8f0e-3b1d-4d5e-9f6a-7b8c9d0e1f2a";
const BETWEEN_LOOKS: Duration = Duration::from_secs(60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = SteppedClock::new("2026-11-20T13:00:00Z".parse()?);
    let emulator = Emulator::builder().clock(clock.clone()).start().await?;
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(LIGHT)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;
    let ada = client.user(UserId::parse(ADA)?);

    let mut shown = None;
    for minute in 0..60 {
        live_through(minute, &emulator)?;
        let colour = colour(&ada.get().send().await?);
        if shown != Some(colour) {
            println!("{} {colour}", clock.now());
            shown = Some(colour);
        }
        clock.advance(BETWEEN_LOOKS);
    }
    Ok(())
}

fn colour(presence: &Presence) -> &'static str {
    match &presence.availability {
        _ if presence.is_presenting() => "flashing red",
        _ if presence.is_in_a_call() || presence.is_in_a_meeting() => "red",
        Availability::Busy | Availability::DoNotDisturb | Availability::Focusing => "red",
        Availability::Available | Availability::AvailableIdle => "green",
        Availability::Away | Availability::BeRightBack => "yellow",
        // Offline, unknown, and what the service may yet invent.
        _ => "off",
    }
}

/// What Ada's Teams client says in the course of the hour.
fn live_through(minute: u32, emulator: &Emulator) -> Result<(), Box<dyn Error>> {
    let ada = Guid::parse(ADA)?;
    match minute {
        5 => emulator.sign_in(ada, "Available", "Available"),
        15 => emulator.sign_in(ada, "Busy", "InACall"),
        30 => emulator.sign_in(ada, "DoNotDisturb", "Presenting"),
        45 => emulator.sign_in(ada, "Away", "Away"),
        55 => emulator.sign_out(ada),
        _ => {}
    }
    Ok(())
}
