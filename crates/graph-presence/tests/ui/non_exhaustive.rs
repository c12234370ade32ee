//! A match on an open enum must have a wildcard, so that new values of the service do not break programs.

use graph_presence::{Availability, Cloud, SessionState};

fn name(availability: Availability) -> &'static str {
    match availability {
        Availability::Available => "available",
        Availability::Away | Availability::BeRightBack => "away",
        Availability::Unrecognized(_) => "unknown",
    }
}

fn cloud(cloud: Cloud) -> u8 {
    match cloud {
        Cloud::Global => 0,
        Cloud::UsGovernmentL4 => 4,
        Cloud::UsGovernmentL5 => 5,
        Cloud::China => 86,
    }
}

fn state(state: SessionState) {
    match state {
        SessionState::Available | SessionState::InACall | SessionState::InAConferenceCall => {}
        SessionState::Away | SessionState::Presenting => {}
    }
}

fn main() {}
