//! What is refused before it is sent, and what a refusal of the service tells.

use std::error::Error;

use graph_presence::{
    AccessToken, Activity, Availability, Client, Cloud, Expiration, RetryPolicy, SessionId, SessionState, UserId,
    Workplace,
};
use graph_presence_emulator::{Caller, Emulator, Guid};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    let caller = Caller::application(Guid::parse(APPLICATION)?);
    let builder = || Client::builder(AccessToken::new(emulator.token(caller.clone()))).base_url(emulator.url());
    let client = builder().session_id(SessionId::parse(APPLICATION)?).build()?;
    let ada = UserId::parse(ADA)?;

    println!("Refused before anything is sent:");
    refused(UserId::parse("ada@example.com"));
    refused(Expiration::minutes(4));
    refused(SessionState::try_from((Availability::Busy, Activity::Busy)));
    refused(client.presences([ada]).concurrency(0).await);
    refused(builder().build()?.user(ada).set_presence(SessionState::InACall).await);
    let l4 = builder().cloud(Cloud::UsGovernmentL4).build()?;
    refused(l4.user(ada).set_manual_location(Workplace::REMOTE).await);
    refused(Client::builder(AccessToken::new("a")).base_url("http://example.com").build());

    println!("Refused by the service:");
    refused(client.me().get_presence().await);
    refused(client.user(ada).set_manual_location(Workplace::REMOTE).await);
    let error = refused(client.user(ada).clear_presence().await).ok_or("there was no session to clear")?;
    println!("    status {:?}, code {:?}, {} attempt", error.status(), error.code(), error.attempts());

    println!("Without an answer:");
    let address = emulator.url().to_owned();
    emulator.shutdown().await;
    let alone = Client::builder(AccessToken::new("a")).base_url(address).retry(RetryPolicy::none()).build()?;
    refused(alone.user(ada).get_presence().await);
    Ok(())
}

fn refused<T>(outcome: graph_presence::Result<T>) -> Option<graph_presence::Error> {
    let error = outcome.err()?;
    println!("  {error}");
    Some(error)
}
