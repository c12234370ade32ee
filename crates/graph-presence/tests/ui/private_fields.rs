//! Validated types and non-exhaustive types cannot be constructed directly.

use graph_presence::{Activity, Error, Expiration, OutOfOfficeSettings, Presence, UnrecognizedValue, UserId};

fn validated() {
    let _ = Expiration(std::time::Duration::ZERO);
    let _ = UserId("ada".into());
    let _ = Activity::Unrecognized(UnrecognizedValue("Busy".into()));
}

fn non_exhaustive(presence: Presence, error: Error) {
    let _ = OutOfOfficeSettings { is_out_of_office: true, message: None };
    let Presence { availability, activity, .. } = presence;
    let _ = presence.extra.len();
    let _ = error.0;
}

fn main() {}
