//! A request that is not sent, and a call that is not awaited, are noticed.

#![deny(unused_must_use)]

use graph_presence::{Client, PreferredState, SessionState, UserClient, UserId};

fn requests(client: &Client, person: &UserClient) {
    person.get_presence();
    person.set_presence(SessionState::InACall);
    person.set_preferred_presence(PreferredState::Away);
    person.clear_presence();
    client.presences([] as [UserId; 0]);
}

async fn calls(client: &Client, person: &UserClient) {
    person.clear_location().send();
    client.subscriptions().delete("id");
    person.get_presence().send().await;
}

fn main() {}
