//! Creates, renews and deletes a subscription to changes of presences.
//!
//! The service sends notifications to the notification URL. This example does not receive them.

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
    // A delegated token: an application token cannot subscribe to presences.
    let token = AccessToken::new(emulator.token(Caller::user(Guid::parse(ADA)?)));
    let client = Client::builder(token).base_url(emulator.url()).build()?;
    let subscriptions = client.subscriptions();

    let team = || TEAM.into_iter().map(UserId::parse).collect::<Result<Vec<_>, _>>();
    let new_subscription = || -> Result<NewSubscription, Box<dyn Error>> {
        let subscription = NewSubscription::new(team()?, "https://example.com/notifications")?
            .client_state("secret client state")?
            .expires_after(Duration::from_secs(50 * 60));
        Ok(subscription)
    };
    let subscription = subscriptions.create(new_subscription()?).await?;
    println!("subscription created, expires at {}", subscription.expires_at.ok_or("expiration not set")?);

    // An application can have only one subscription for each user, so the service rejects a second one.
    let second = subscriptions.create(new_subscription()?).await;
    println!("second subscription: {}", second.err().ok_or("a second subscription was created")?);

    // The service may grant less than the requested lifetime: the response has the actual expiration.
    let renewed = subscriptions.renew(&subscription.id, Duration::from_secs(60 * 60)).await?;
    println!("subscription renewed, expires at {}", renewed.expires_at.ok_or("expiration not set")?);
    println!("subscriptions: {}", subscriptions.list().await?.len());

    subscriptions.delete(&subscription.id).await?;
    println!("subscriptions: {}", subscriptions.list().await?.len());
    Ok(())
}
