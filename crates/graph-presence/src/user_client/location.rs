//! Requests for a user's work location.

use crate::core::UserTarget;
use crate::error::Result;
use crate::request::into_future;
use crate::workplace::Workplace;

/// A request to set a user's manual work location: see
/// [`UserClient::set_manual_location`](crate::UserClient::set_manual_location).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct SetManualLocation {
    target: UserTarget,
    workplace: Workplace,
}

impl SetManualLocation {
    pub(super) fn new(target: UserTarget, workplace: Workplace) -> Self {
        Self { target, workplace }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().set_manual_location(&self.target.binding, &self.workplace).await
    }
}

into_future!(SetManualLocation => Result<()>);

/// A request to set a user's automatic work location: see
/// [`UserClient::set_automatic_location`](crate::UserClient::set_automatic_location).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct SetAutomaticLocation {
    target: UserTarget,
    workplace: Workplace,
}

impl SetAutomaticLocation {
    pub(super) fn new(target: UserTarget, workplace: Workplace) -> Self {
        Self { target, workplace }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().set_automatic_location(&self.target.binding, &self.workplace).await
    }
}

into_future!(SetAutomaticLocation => Result<()>);

/// A request to clear a user's automatic work location: see
/// [`UserClient::clear_automatic_location`](crate::UserClient::clear_automatic_location).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ClearAutomaticLocation {
    target: UserTarget,
}

impl ClearAutomaticLocation {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().clear_automatic_location(&self.target.binding).await
    }
}

into_future!(ClearAutomaticLocation => Result<()>);

/// A request to clear a user's manual and automatic work location: see
/// [`UserClient::clear_location`](crate::UserClient::clear_location).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ClearLocation {
    target: UserTarget,
}

impl ClearLocation {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().clear_location(&self.target.binding).await
    }
}

into_future!(ClearLocation => Result<()>);
