//! A request is sent once; to send it again is to clone it.

use graph_presence::subscription::NewSubscription;
use graph_presence::{Client, Error, Expiration, Person, SessionState};

async fn requests(person: Person) -> Result<(), Error> {
    let call = person.set(SessionState::InACall);
    call.clone().send().await?;
    call.send().await?;
    call.send().await?;

    let get = person.get();
    get.send().await?;
    get.send().await?;

    let away = person.set(SessionState::Away);
    away.expires_after(Expiration::MAX);
    away.send().await
}

async fn subscriptions(client: Client, wanted: NewSubscription) -> Result<(), Error> {
    client.subscriptions().create(wanted).await?;
    client.subscriptions().create(wanted).await?;
    Ok(())
}

fn main() {}
