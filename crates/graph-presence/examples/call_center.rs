//! A phone system that shows an agent as in a call until the call ends.

use std::error::Error;

use graph_presence::{AccessToken, Client, SessionId, SessionState, UserClient, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const PHONE_SYSTEM: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    emulator.sign_in(Guid::parse(ADA)?, "Available", "Available");
    let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(PHONE_SYSTEM)?)));
    let client = Client::builder(token).base_url(emulator.url()).session_id(SessionId::parse(PHONE_SYSTEM)?).build()?;
    let ada = client.user(UserId::parse(ADA)?);

    show("before the call", &ada).await?;
    // The state is renewed until it is released. If the program ends first, the session expires 10 minutes after the last
    // renewal.
    let call = ada.hold(SessionState::InACall).start()?;
    call.until_held().await?;
    show("in the call", &ada).await?;
    println!("                 {:?}", call.read_back().await?.visibility);

    call.change(SessionState::InAConferenceCall);
    call.until_held().await?;
    show("conference call", &ada).await?;

    call.release().await?;
    show("after the call", &ada).await?;
    Ok(())
}

async fn show(when: &str, agent: &UserClient) -> graph_presence::Result<()> {
    let presence = agent.get_presence().await?;
    println!("{when:16} {} ({})", presence.availability, presence.activity);
    Ok(())
}
