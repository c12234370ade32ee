//! All operations of a client, by name.

use std::pin::Pin;
use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{Client, Error, PreferredState, SessionState, StatusMessage, UserClient, UserId, Workplace};

use crate::server::ada;

pub(crate) type Call = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// Returns a call of each operation of a user.
pub(crate) fn of_user(user: &UserClient) -> Vec<(&'static str, Call)> {
    let message = StatusMessage::text("Back at five").unwrap();
    let get = user.get_presence();
    vec![
        ("get presence", Box::pin(async { get.send().await.map(drop) })),
        ("set presence", Box::pin(user.set_presence(SessionState::InACall).send())),
        ("clear presence", Box::pin(user.clear_presence().send())),
        ("set preferred presence", Box::pin(user.set_preferred_presence(PreferredState::OffWork).send())),
        ("clear preferred presence", Box::pin(user.clear_preferred_presence().send())),
        ("set status message", Box::pin(user.set_status_message(message).send())),
        ("clear status message", Box::pin(user.clear_status_message().send())),
        ("set manual location", Box::pin(user.set_manual_location(Workplace::REMOTE).send())),
        ("set automatic location", Box::pin(user.set_automatic_location(Workplace::OFFICE).send())),
        ("clear automatic location", Box::pin(user.clear_automatic_location().send())),
        ("clear location", Box::pin(user.clear_location().send())),
    ]
}

/// Returns a call of each operation that is not about one user.
pub(crate) fn of_client(client: &Client) -> Vec<(&'static str, Call)> {
    let many = client.presences([ada()]);
    let subscriptions = client.subscriptions();
    let (list, get) = (subscriptions.list(), subscriptions.get("s-1"));
    let create = subscriptions.create(new_subscription([ada()]));
    let renew = subscriptions.renew("s-1", Duration::from_mins(30));
    vec![
        ("get presences", Box::pin(async { many.send().await?.complete().map(drop) })),
        ("list subscriptions", Box::pin(async { list.await.map(drop) })),
        ("get subscription", Box::pin(async { get.await.map(drop) })),
        ("create subscription", Box::pin(async { create.await.map(drop) })),
        ("renew subscription", Box::pin(async { renew.await.map(drop) })),
        ("delete subscription", Box::pin(subscriptions.delete("s-1").send())),
        ("reauthorize subscription", subscriptions.reauthorize("s-1").into_future()),
    ]
}

pub(crate) fn new_subscription(users: impl IntoIterator<Item = UserId>) -> NewSubscription {
    NewSubscription::new(users, "https://example.com/notifications").unwrap()
}
