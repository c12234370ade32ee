//! A request is sent once; to send it again is to clone it.

use graph_presence::subscription::NewSubscription;
use graph_presence::{Client, Error, Expiration, SessionState, UserClient};

async fn requests(user: UserClient) -> Result<(), Error> {
    let call = user.set_presence(SessionState::InACall);
    call.clone().send().await?;
    call.send().await?;
    call.send().await?;

    let get = user.get_presence();
    get.send().await?;
    get.send().await?;

    let away = user.set_presence(SessionState::Away);
    away.expires_after(Expiration::MAX);
    away.send().await
}

async fn subscriptions(client: Client, wanted: NewSubscription) -> Result<(), Error> {
    client.subscriptions().create(wanted).await?;
    client.subscriptions().create(wanted).await?;
    Ok(())
}

fn main() {}
