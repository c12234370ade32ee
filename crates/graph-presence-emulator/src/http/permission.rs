//! Authorization: the operations that a caller may perform for a user.
//!
//! Each page lists the permissions of its operation. Permissions are checked after the body was parsed: the service
//! rejects a missing `sessionId` before it checks the permissions.

use crate::scope::Scopes;
use crate::state::Subscriber;
use crate::{Caller, Guid};

use super::graph_error::GraphError;

impl Caller {
    /// Users may read their own presence with Presence.Read. Otherwise the rules of [`Self::may_read_presences`] apply.
    pub(super) fn may_read_presence_of(&self, id: Guid) -> Result<(), GraphError> {
        match self.user_id() {
            Some(user) if user == id => self.require_any(&[Scopes::READ, Scopes::READ_ALL]),
            _ => self.may_read_presences(),
        }
    }

    /// Requires Presence.Read.All. Presence.ReadWrite.All also allows an application to read; Presence.ReadWrite does
    /// not allow a user to read.
    pub(super) fn may_read_presences(&self) -> Result<(), GraphError> {
        self.require_any(&[Scopes::READ_ALL, Scopes::READ_WRITE_ALL])
    }

    /// Users may set only their own sessions and preferences; an application may set those of any user.
    pub(super) fn may_set_presence_of(&self, id: Guid) -> Result<(), GraphError> {
        self.may_write()?;
        match self.user_id() {
            Some(user) if user != id => Err(GraphError::forbidden("A user can set only their own presence.")),
            _ => Ok(()),
        }
    }

    /// Applies the same rules as for a presence, but returns a different error, as the service does.
    pub(super) fn may_set_status_of(&self, id: Guid) -> Result<(), GraphError> {
        self.may_write()?;
        self.may_set_presence_of(id).map_err(|_| GraphError::unauthorized("Cannot set the presence of another user"))
    }

    /// Rejects applications: "Application: not supported" ("presence: setManualLocation").
    pub(super) fn may_set_location_of(&self, id: Guid) -> Result<(), GraphError> {
        let Some(user) = self.user_id() else {
            return Err(GraphError::forbidden("Application permissions are not supported for the work location."));
        };
        self.may_write()?;
        if user != id {
            return Err(GraphError::forbidden("A user can set only their own work location."));
        }
        Ok(())
    }

    /// Rejects applications: "Application: not supported" ("Get change notifications for presence updates in Microsoft
    /// Teams").
    pub(super) fn may_subscribe(&self) -> Result<Subscriber, GraphError> {
        let user = self.user_id().ok_or_else(|| {
            GraphError::forbidden("Application permissions are not supported for presence subscriptions.")
        })?;
        self.require_any(&[Scopes::READ_ALL])?;
        Ok(Subscriber { tenant: self.tenant(), application: self.app_id(), user })
    }

    fn may_write(&self) -> Result<(), GraphError> {
        self.require_any(&[Scopes::READ_WRITE, Scopes::READ_WRITE_ALL])
    }

    fn require_any(&self, scopes: &[Scopes]) -> Result<(), GraphError> {
        if self.scopes().has_any(scopes) { Ok(()) } else { Err(GraphError::missing_scope()) }
    }
}
