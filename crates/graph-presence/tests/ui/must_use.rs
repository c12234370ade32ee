//! Requests that are not sent, and futures that are not awaited, are reported.

#![deny(unused_must_use)]

use graph_presence::{Client, PreferredState, SessionState, UserClient, UserId};

fn requests(client: &Client, user: &UserClient) {
    user.get_presence();
    user.set_presence(SessionState::InACall);
    user.set_preferred_presence(PreferredState::Away);
    user.clear_presence();
    client.presences([] as [UserId; 0]);
}

async fn calls(client: &Client, user: &UserClient) {
    user.clear_location().send();
    client.subscriptions().delete("id");
    user.get_presence().send().await;
}

fn main() {}
