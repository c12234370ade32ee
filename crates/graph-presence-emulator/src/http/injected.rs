//! The faults that are injected into a request.

use axum::http::Extensions;
use jiff::{SignedDuration, Timestamp};

use crate::Fault;

/// The faults of a request, stored in its extensions.
#[derive(Clone, Debug, Default)]
pub(super) struct Injected(Vec<Fault>);

impl Injected {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
    }

    /// Returns the faults of a request, which is empty if none are injected.
    pub(super) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Self>().cloned().unwrap_or_default()
    }

    pub(super) fn faults(&self) -> &[Fault] {
        &self.0
    }

    /// Returns the current time of the service with the injected clock skew.
    pub(super) fn now(&self, now: Timestamp) -> Timestamp {
        let skew: i64 = self
            .0
            .iter()
            .map(|fault| match fault {
                Fault::Skew { seconds } => *seconds,
                _ => 0,
            })
            .sum();
        now.checked_add(SignedDuration::from_secs(skew)).unwrap_or(now)
    }
}
