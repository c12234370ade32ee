//! Where somebody works: what the schedule says, what a device notices, and what the person says themselves.

use std::error::Error;

use graph_presence::{AccessToken, Client, Workplace};
use graph_presence_emulator::{Caller, Emulator, Guid, WorkLocationType};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const DESK: &str = "eb706f15-137e-4722-b4d1-b601481d9251";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    // Work locations are set on behalf of the person only.
    let token = AccessToken::new(emulator.token(Caller::user(Guid::parse(ADA)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;
    let me = client.me();

    show("nobody said", &client).await?;
    emulator.schedule_location(Guid::parse(ADA)?, WorkLocationType::Remote, None);
    show("by the calendar", &client).await?;
    me.set_automatic_location(Workplace::OFFICE.at(DESK)).await?;
    show("plugged in at a desk", &client).await?;
    me.set_manual_location(Workplace::TIME_OFF).await?;
    show("said so", &client).await?;
    me.clear_location().await?;
    show("taken back for today", &client).await?;
    Ok(())
}

async fn show(when: &str, client: &Client) -> graph_presence::Result<()> {
    match client.me().get_presence().await?.work_location {
        Some(location) => println!("{when:22} {} ({})", location.location_type, location.source),
        None => println!("{when:22} this cloud does not tell"),
    }
    Ok(())
}
