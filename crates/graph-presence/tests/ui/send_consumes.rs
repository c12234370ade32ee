//! Sending consumes a request. Clone it to send it again.

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

async fn subscriptions(client: Client, new: NewSubscription) -> Result<(), Error> {
    client.subscriptions().create(new).await?;
    client.subscriptions().create(new).await?;
    Ok(())
}

fn main() {}
