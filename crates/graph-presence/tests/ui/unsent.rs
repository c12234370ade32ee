//! A request that is not sent, and a call that is not awaited, are noticed.

#![deny(unused_must_use)]

use graph_presence::{Client, Person, PreferredState, SessionState, UserId};

fn requests(client: &Client, person: &Person) {
    person.get();
    person.set(SessionState::InACall);
    person.prefer(PreferredState::Away);
    person.clear();
    client.presences([] as [UserId; 0]);
}

async fn calls(client: &Client, person: &Person) {
    person.clear_location().send();
    client.subscriptions().delete("id");
    person.get().send().await;
}

fn main() {}
