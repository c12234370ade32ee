//! Requests for a user's preferred presence.

use std::time::Duration;

use crate::core::UserTarget;
use crate::error::{Error, Result};
use crate::iso8601;
use crate::operation::Operation;
use crate::preferred::PreferredState;
use crate::request::into_future;

/// A request to set a user's preferred presence: see
/// [`UserClient::set_preferred_presence`](crate::UserClient::set_preferred_presence).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct SetPreferredPresence {
    target: UserTarget,
    state: PreferredState,
    expires_after: Option<Duration>,
}

impl SetPreferredPresence {
    /// The maximum duration that `jiff` can format as ISO 8601.
    const MAX_DURATION: Duration = Duration::from_secs(i64::MAX.cast_unsigned());

    pub(super) fn new(target: UserTarget, state: PreferredState) -> Self {
        Self { target, state, expires_after: None }
    }

    /// Sets the time until the preferred presence expires. The documentation does not define bounds. Defaults, in the
    /// service, to 1 day for Busy and DoNotDisturb and to 7 days for the other states. Zero is an error of
    /// [`send`](Self::send).
    pub fn expires_after(mut self, duration: Duration) -> Self {
        self.expires_after = Some(duration);
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the expiration is zero or longer than 2^63 - 1 seconds, and under the conditions of
    /// [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.validate().map_err(|error| {
            error.with_operation(Operation::set_user_preferred_presence(self.target.binding.kind()))
        })?;
        self.target.transport().set_preferred_presence(&self.target.binding, self.state, self.expires_after).await
    }

    fn validate(&self) -> Result<()> {
        match self.expires_after {
            Some(Duration::ZERO) => Err(Error::out_of_range("expiration", "PT0S", "more than PT0S")),
            Some(duration) if duration > Self::MAX_DURATION => {
                let allowed = format_args!("at most {}", iso8601::format(Self::MAX_DURATION));
                Err(Error::out_of_range("expiration", format_args!("PT{}S", duration.as_secs()), allowed))
            }
            _ => Ok(()),
        }
    }
}

into_future!(SetPreferredPresence => Result<()>);

/// A request to clear a user's preferred presence: see
/// [`UserClient::clear_preferred_presence`](crate::UserClient::clear_preferred_presence).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ClearPreferredPresence {
    target: UserTarget,
}

impl ClearPreferredPresence {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().clear_preferred_presence(&self.target.binding).await
    }
}

into_future!(ClearPreferredPresence => Result<()>);
