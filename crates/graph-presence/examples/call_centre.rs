//! A telephone system that has its agents be in a call for as long as a call lasts.

use std::error::Error;

use graph_presence::{AccessToken, Client, Expiration, Person, SessionId, SessionState, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const TELEPHONES: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    emulator.sign_in(Guid::parse(ADA)?, "Available", "Available");
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(TELEPHONES)?)));
    let client = Client::builder(token).base_url(emulator.url()).session(SessionId::parse(TELEPHONES)?).build()?;
    let ada = client.user(UserId::parse(ADA)?);

    show("before the call", &ada).await?;
    pick_up(&ada).await?;
    show("in the call", &ada).await?;
    hang_up(&ada).await?;
    show("after the call", &ada).await?;
    // The line was cut, and both sides of the switch report it.
    hang_up(&ada).await?;
    Ok(())
}

/// Longer than calls last, so that a lost `hang_up` ends by itself too.
async fn pick_up(agent: &Person) -> Result<(), Box<dyn Error>> {
    agent.set(SessionState::InACall).expires_after(Expiration::hours(1)?).send().await?;
    Ok(())
}

/// A session that is not there, because it expired or was cleared, is as good as cleared.
async fn hang_up(agent: &Person) -> graph_presence::Result<()> {
    match agent.clear().send().await {
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}

async fn show(when: &str, agent: &Person) -> graph_presence::Result<()> {
    let presence = agent.get().send().await?;
    println!("{when:16} {} ({})", presence.availability, presence.activity);
    Ok(())
}
