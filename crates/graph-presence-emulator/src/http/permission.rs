//! What a caller may do to whom.
//!
//! Each page lists the permissions of its operation. All of this is asked after the body was read: the service refuses
//! a missing `sessionId` before it looks at the permissions.

use crate::scope::Scopes;
use crate::state::Subscriber;
use crate::{Caller, Guid};

use super::refusal::Refusal;

impl Caller {
    /// Their own presence: Presence.Read or more. Another's, and whoever's for an application: as for many.
    pub(super) fn may_read_presence_of(&self, id: Guid) -> Result<(), Refusal> {
        match self.user_id() {
            Some(user) if user == id => self.needs(&[Scopes::READ, Scopes::READ_ALL]),
            _ => self.may_read_presences(),
        }
    }

    /// An application can also read by what lets it write; a user's permission to write reads nothing.
    pub(super) fn may_read_presences(&self) -> Result<(), Refusal> {
        self.needs(&[Scopes::READ_ALL, Scopes::READ_WRITE_ALL])
    }

    /// A session or a preference: the user's own, and everybody's for an application.
    pub(super) fn may_set_presence_of(&self, id: Guid) -> Result<(), Refusal> {
        self.may_write()?;
        match self.user_id() {
            Some(user) if user != id => Err(Refusal::forbidden("A user can set only their own presence.")),
            _ => Ok(()),
        }
    }

    /// The same as for a presence, but the service words it otherwise.
    pub(super) fn may_set_status_of(&self, id: Guid) -> Result<(), Refusal> {
        self.may_write()?;
        self.may_set_presence_of(id).map_err(|_| Refusal::unauthorized("Cannot set the presence of another user"))
    }

    /// "Application: not supported" ("presence: setManualLocation").
    pub(super) fn may_set_location_of(&self, id: Guid) -> Result<(), Refusal> {
        let Some(user) = self.user_id() else {
            return Err(Refusal::forbidden("Application permissions are not supported for the work location."));
        };
        self.may_write()?;
        if user != id {
            return Err(Refusal::forbidden("A user can set only their own work location."));
        }
        Ok(())
    }

    /// "Application: not supported" ("Get change notifications for presence updates in Microsoft Teams").
    pub(super) fn may_subscribe(&self) -> Result<Subscriber, Refusal> {
        let user = self.user_id().ok_or_else(|| {
            Refusal::forbidden("Application permissions are not supported for presence subscriptions.")
        })?;
        self.needs(&[Scopes::READ_ALL])?;
        Ok(Subscriber { tenant: self.tenant(), application: self.app_id(), user })
    }

    fn may_write(&self) -> Result<(), Refusal> {
        self.needs(&[Scopes::READ_WRITE, Scopes::READ_WRITE_ALL])
    }

    fn needs(&self, any: &[Scopes]) -> Result<(), Refusal> {
        if self.scopes().has_any(any) { Ok(()) } else { Err(Refusal::scope_missing()) }
    }
}
