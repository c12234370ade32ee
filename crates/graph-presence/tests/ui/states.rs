//! What the service would refuse is nothing that can be written.

use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{Availability, Client, Person, PreferredState, SessionState, UserId};

fn pairs(person: &Person) {
    // Busy/Busy is no state of a session, Busy/InACall is no preference, and neither is taken for the other.
    let _ = person.set(SessionState::Busy);
    let _ = person.prefer(PreferredState::InACall);
    let _ = person.set(PreferredState::Busy);
    let _ = person.prefer(SessionState::InACall);
    let _ = person.set(Availability::Busy);
}

fn facts(client: &Client, person: &Person) {
    // The length of a session is checked when it is made, a person is no text, and what is required is no option.
    let _ = person.set(SessionState::InACall).expires_after(Duration::from_secs(1));
    let _ = client.user("ada@example.com");
    let _ = person.status_message("Back at five");
    let _ = person.get().expires_after(Duration::from_secs(1));
    let _ = NewSubscription::to(Vec::<UserId>::new());
}

fn main() {}
