//! What is checked when it is made is not made otherwise, and what may grow is not made at all.

use graph_presence::{Activity, Error, Expiration, OutOfOfficeSettings, Presence, UnrecognizedValue, UserId};

fn checked() {
    let _ = Expiration(std::time::Duration::ZERO);
    let _ = UserId("ada".into());
    let _ = Activity::Unrecognized(UnrecognizedValue("Busy".into()));
}

fn growing(presence: Presence, error: Error) {
    let _ = OutOfOfficeSettings { is_out_of_office: true, message: None };
    let Presence { availability, activity, .. } = presence;
    let _ = presence.extra.len();
    let _ = error.0;
}

fn main() {}
