//! A program that is compiled today still compiles when the service has more.

use graph_presence::{Availability, Cloud, SessionState};

fn name(availability: Availability) -> &'static str {
    match availability {
        Availability::Available => "there",
        Availability::Away | Availability::BeRightBack => "away",
        Availability::Unrecognized(_) => "new",
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
