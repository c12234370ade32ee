//! Arguments that the service would reject do not have the required types.

use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{Availability, Client, PreferredState, SessionState, UserClient, UserId};

fn pairs(user: &UserClient) {
    // Busy/Busy is not a session state, Busy/InACall is not a preferred state, and the types do not convert.
    let _ = user.set_presence(SessionState::Busy);
    let _ = user.set_preferred_presence(PreferredState::InACall);
    let _ = user.set_presence(PreferredState::Busy);
    let _ = user.set_preferred_presence(SessionState::InACall);
    let _ = user.set_presence(Availability::Busy);
}

fn values(client: &Client, user: &UserClient) {
    // An expiration is not a text, a user is identified by a `UserId`, and required values are arguments.
    let _ = user.set_presence(SessionState::InACall).expires_after("PT1H");
    let _ = client.user("ada@example.com");
    let _ = user.set_status_message("Back at five");
    let _ = user.get_presence().expires_after(Duration::from_secs(1));
    let _ = NewSubscription::new(Vec::<UserId>::new());
}

fn main() {}
