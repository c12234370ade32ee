//! Requests for a user's status message.

use crate::core::UserTarget;
use crate::error::Result;
use crate::operation::Operation;
use crate::request::into_future;
use crate::status_message::StatusMessage;

/// A request to set a user's status message: see
/// [`UserClient::set_status_message`](crate::UserClient::set_status_message).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct SetStatusMessage {
    target: UserTarget,
    message: StatusMessage,
}

impl SetStatusMessage {
    pub(super) fn new(target: UserTarget, message: StatusMessage) -> Self {
        Self { target, message }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the message comes from a response and has a content type other than `text`, and under the
    /// conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.message
            .validate()
            .map_err(|error| error.with_operation(Operation::set_status_message(self.target.binding.kind())))?;
        self.target.transport().set_status_message(&self.target.binding, &self.message).await
    }
}

into_future!(SetStatusMessage => Result<()>);

/// A request to clear a user's status message: see
/// [`UserClient::clear_status_message`](crate::UserClient::clear_status_message).
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ClearStatusMessage {
    target: UserTarget,
}

impl ClearStatusMessage {
    pub(super) fn new(target: UserTarget) -> Self {
        Self { target }
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.target.transport().set_status_message(&self.target.binding, &StatusMessage::empty()).await
    }
}

into_future!(ClearStatusMessage => Result<()>);
