//! What the service would refuse is nothing that can be written.

use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{Availability, Client, PreferredState, SessionState, UserClient, UserId};

fn pairs(user: &UserClient) {
    // Busy/Busy is no state of a session, Busy/InACall is no preference, and neither is taken for the other.
    let _ = user.set_presence(SessionState::Busy);
    let _ = user.set_preferred_presence(PreferredState::InACall);
    let _ = user.set_presence(PreferredState::Busy);
    let _ = user.set_preferred_presence(SessionState::InACall);
    let _ = user.set_presence(Availability::Busy);
}

fn facts(client: &Client, user: &UserClient) {
    // An expiration is a duration, a user is an id and not a text, and required values are arguments.
    let _ = user.set_presence(SessionState::InACall).expires_after("PT1H");
    let _ = client.user("ada@example.com");
    let _ = user.set_status_message("Back at five");
    let _ = user.get_presence().expires_after(Duration::from_secs(1));
    let _ = NewSubscription::new(Vec::<UserId>::new());
}

fn main() {}
