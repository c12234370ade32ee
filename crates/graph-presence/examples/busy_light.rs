//! A busy light: watches the presence of one user, and shows a color for each change.
//!
//! The emulator runs in the same process and tokio's clock is paused, so that the simulated hour
//! passes immediately. A real program needs neither.

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
    let client = Client::builder(token).http_client(InProcess(emulator.clone())).build()?;

    let changes = client.watch([UserId::parse(ADA)?]).start()?;
    tokio::select! {
        () = show_changes(changes) => Ok(()),
        result = simulate_hour(&emulator) => result,
    }
}

async fn show_changes(mut changes: ChangeStream) {
    let start = Instant::now();
    let mut current = None;
    while let Some(event) = changes.next().await {
        let color = match event {
            Event::Change(change) => color(&change.after),
            // The watch retries automatically. The light keeps its color until a poll succeeds.
            Event::PollFailed(failure) => {
                eprintln!("{}", failure.error);
                continue;
            }
            _ => continue,
        };
        if current.replace(color) != Some(color) {
            println!("minute {:2}: {color}", start.elapsed().as_secs() / 60);
        }
    }
}

fn color(presence: &Presence) -> &'static str {
    match presence {
        _ if presence.is_presenting() => "flashing red",
        _ if presence.is_in_a_call() || presence.is_in_a_meeting() => "red",
        _ if presence.is_busy() || presence.is_do_not_disturb() => "red",
        _ if presence.is_available() => "green",
        _ if presence.is_away() => "yellow",
        // Offline, unknown, and values that the service may add later.
        _ => "off",
    }
}

/// Changes the state of Ada's Teams client several times within an hour.
async fn simulate_hour(emulator: &Emulator) -> Result<(), Box<dyn Error>> {
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

struct InProcess(Arc<Emulator>);

impl HttpClient for InProcess {
    fn send(&self, request: Request<Bytes>) -> HttpFuture<'_> {
        Box::pin(async { Ok(self.0.respond(request).await) })
    }
}
