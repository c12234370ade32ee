//! Being told of changes: a subscription is made, renewed and ended.
//!
//! Receiving the notifications is not part of this: the service sends them to the URL that it is given.

use std::error::Error;
use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{AccessToken, Client, UserId};
use graph_presence_emulator::{Caller, Emulator, Guid};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
const TEAM: [&str; 2] = ["66825e03-7ef5-42da-9069-724602c31f6b", "8b081ef6-4792-4def-b2c9-c363a1bf41d5"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let emulator = Emulator::start().await?;
    // On behalf of a person: an application's own token cannot subscribe to presences.
    let token = AccessToken::new(emulator.token(Caller::user(Guid::parse(ADA)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;
    let subscriptions = client.subscriptions();

    let team = || TEAM.into_iter().map(UserId::parse).collect::<Result<Vec<_>, _>>();
    let wanted = || -> Result<NewSubscription, Box<dyn Error>> {
        let wanted = NewSubscription::to(team()?, "https://example.com/notifications")?
            .client_state("known to both of us")?
            .expires_after(Duration::from_secs(50 * 60));
        Ok(wanted)
    };
    let subscription = subscriptions.create(wanted()?).await?;
    println!("subscribed, until {}", subscription.expires_at.ok_or("an end was expected")?);

    // A person can be in one subscription of an application only.
    let second = subscriptions.create(wanted()?).await;
    println!("once more: {}", second.err().ok_or("a second subscription")?);

    // What counts is when it ends by the answer, not what was asked for.
    let renewed = subscriptions.renew(&subscription.id, Duration::from_secs(60 * 60)).await?;
    println!("renewed, until {}", renewed.expires_at.ok_or("an end was expected")?);
    println!("there are {}", subscriptions.list().await?.len());

    subscriptions.delete(&subscription.id).await?;
    println!("there are {}", subscriptions.list().await?.len());
    Ok(())
}
