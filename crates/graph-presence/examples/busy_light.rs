//! A light beside the door: watches one person, and shows a colour when it changes.
//!
//! The emulator answers within the process and tokio's clock is paused, so that an hour takes no time. A real light does
//! without both.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use graph_presence::bytes::Bytes;
use graph_presence::http::Request;
use graph_presence::watch::{ChangeStream, Event};
use graph_presence::{AccessToken, Client, HttpClient, HttpFuture, Presence, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};
use tokio::time::{Instant, sleep};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const LIGHT: &str = "5c2a8f0e-3b1d-4d5e-9f6a-7b8c9d0e1f2a";

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Arc::new(Emulator::start().await?);
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(LIGHT)?)));
    let client = Client::builder(token).http_client(Within(emulator.clone())).build()?;

    let changes = client.watch([UserId::parse(ADA)?]).start()?;
    tokio::select! {
        () = shine(changes) => Ok(()),
        end = live(&emulator) => end,
    }
}

async fn shine(mut changes: ChangeStream) {
    let began = Instant::now();
    let mut shown = None;
    while let Some(event) = changes.next().await {
        let colour = match event {
            Event::Change(change) => colour(&change.after),
            // It goes on by itself; meanwhile the last colour stays.
            Event::PollFailed(failed) => {
                eprintln!("{}", failed.error);
                continue;
            }
            _ => continue,
        };
        if shown.replace(colour) != Some(colour) {
            println!("minute {:2}: {colour}", began.elapsed().as_secs() / 60);
        }
    }
}

fn colour(presence: &Presence) -> &'static str {
    match presence {
        _ if presence.is_presenting() => "flashing red",
        _ if presence.is_in_a_call() || presence.is_in_a_meeting() => "red",
        _ if presence.is_busy() || presence.is_do_not_disturb() => "red",
        _ if presence.is_available() => "green",
        _ if presence.is_away() => "yellow",
        // Offline, unknown, and values that the service may add.
        _ => "off",
    }
}

/// What Ada's Teams client says in the course of an hour.
async fn live(emulator: &Emulator) -> Result<(), Box<dyn Error>> {
    let ada = Guid::parse(ADA)?;
    let states = [("Available", "Available"), ("Busy", "InACall"), ("DoNotDisturb", "Presenting"), ("Away", "Away")];
    for (availability, activity) in states {
        sleep(Duration::from_mins(12)).await;
        emulator.sign_in(ada, availability, activity);
    }
    sleep(Duration::from_mins(10)).await;
    emulator.sign_out(ada);
    sleep(Duration::from_mins(2)).await;
    Ok(())
}

struct Within(Arc<Emulator>);

impl HttpClient for Within {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        Box::pin(async { Ok(self.0.answer(request).await) })
    }
}
