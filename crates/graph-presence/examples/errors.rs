//! Errors of validation, of the service, and of the connection.

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

    println!("Invalid input (not sent):");
    print_error(UserId::parse("ada@example.com"));
    print_error(Expiration::minutes(4));
    print_error(SessionState::try_from((Availability::Busy, Activity::Busy)));
    print_error(client.presences([ada]).concurrency(0).await);
    print_error(builder().build()?.user(ada).set_presence(SessionState::InACall).await);
    let l4 = builder().cloud(Cloud::UsGovernmentL4).build()?;
    print_error(l4.user(ada).set_manual_location(Workplace::REMOTE).await);
    print_error(Client::builder(AccessToken::new("a")).base_url("http://example.com").build());

    println!("Error responses:");
    print_error(client.me().get_presence().await);
    print_error(client.user(ada).set_manual_location(Workplace::REMOTE).await);
    let error = print_error(client.user(ada).clear_presence().await)
        .ok_or("expected an error, because the session does not exist")?;
    println!("    status {:?}, code {:?}, {} attempt(s)", error.status(), error.code(), error.attempts());

    println!("Connection errors:");
    let address = emulator.url().to_owned();
    emulator.shutdown().await;
    let offline = Client::builder(AccessToken::new("a")).base_url(address).retry(RetryPolicy::none()).build()?;
    print_error(offline.user(ada).get_presence().await);
    Ok(())
}

fn print_error<T>(result: graph_presence::Result<T>) -> Option<graph_presence::Error> {
    let error = result.err()?;
    println!("  {error}");
    Some(error)
}
