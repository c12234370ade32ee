//! The work location of a user: scheduled, detected automatically, and set manually.

use std::error::Error;

use graph_presence::{AccessToken, Client, Workplace};
use graph_presence_emulator::{Caller, Emulator, Guid, WorkLocationType};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const PLACE_ID: &str = "eb706f15-137e-4722-b4d1-b601481d9251";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    // Work locations need a delegated token.
    let token = AccessToken::new(emulator.token(Caller::user(Guid::parse(ADA)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;
    let me = client.me();

    show("not set", &client).await?;
    emulator.schedule_location(Guid::parse(ADA)?, WorkLocationType::Remote, None);
    show("scheduled", &client).await?;
    me.set_automatic_location(Workplace::OFFICE.at(PLACE_ID)).await?;
    show("detected automatically", &client).await?;
    me.set_manual_location(Workplace::TIME_OFF).await?;
    show("set manually", &client).await?;
    me.clear_location().await?;
    show("cleared for today", &client).await?;
    Ok(())
}

async fn show(when: &str, client: &Client) -> graph_presence::Result<()> {
    match client.me().get_presence().await?.work_location {
        Some(location) => println!("{when:24} {} ({})", location.location_type, location.source),
        None => println!("{when:24} not supported by this cloud"),
    }
    Ok(())
}
