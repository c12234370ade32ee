//! Sets a status message that expires at five o'clock, reads it as its user and as another user, and clears it.

use std::error::Error;

use graph_presence::jiff::Zoned;
use graph_presence::{AccessToken, Client, Presence, StatusMessage, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid, SteppedClock};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = SteppedClock::new("2026-11-20T09:00:00Z".parse()?);
    let emulator = Emulator::builder().clock(clock).start().await?;
    let client = |user: &str| -> Result<Client, Box<dyn Error>> {
        let token = AccessToken::new(emulator.token(Caller::user(Guid::parse(user)?)));
        Ok(Client::builder(token).base_url(emulator.url()).build()?)
    };
    let (adas_client, bobs_client) = (client(ADA)?, client(BOB)?);

    let five: Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse()?;
    adas_client.me().set_status_message(StatusMessage::text("Back at five")?.until(five)).await?;
    show("Ada reads", &adas_client.me().get_presence().await?);
    show("Bob reads", &bobs_client.user(UserId::parse(ADA)?).get_presence().await?);

    adas_client.me().clear_status_message().await?;
    show("Ada reads", &adas_client.me().get_presence().await?);
    Ok(())
}

fn show(label: &str, presence: &Presence) {
    let Some(message) = presence.status_message.as_ref().filter(|message| !message.content().is_empty()) else {
        return println!("{label}: no message");
    };
    let expiry = message.expiry().map_or("expiry not visible".to_owned(), |expiry| format!("expires at {expiry}"));
    println!("{label}: {} ({expiry})", message.content());
}
