//! What a caller may do to whom.

use crate::state::Subscriber;
use crate::{Caller, Guid};

use super::refusal::Refusal;

impl Caller {
    /// A session or a preference: the person's own, and everybody's for an application.
    pub(super) fn may_set_presence_of(&self, id: Guid) -> Result<(), Refusal> {
        match self.person() {
            Some(person) if person != id => Err(Refusal::forbidden("A user can set only their own presence.")),
            _ => Ok(()),
        }
    }

    /// The same as for a presence, but the service words it otherwise.
    pub(super) fn may_set_status_of(&self, id: Guid) -> Result<(), Refusal> {
        self.may_set_presence_of(id).map_err(|_| Refusal::unauthorized("Cannot set the presence of another user"))
    }

    /// "Application: not supported" ("presence: setManualLocation").
    pub(super) fn may_set_location_of(&self, id: Guid) -> Result<(), Refusal> {
        match self.person() {
            Some(person) if person == id => Ok(()),
            Some(_) => Err(Refusal::forbidden("A user can set only their own work location.")),
            None => Err(Refusal::forbidden("Application permissions are not supported for the work location.")),
        }
    }

    /// "Application: not supported" ("Get change notifications for presence updates in Microsoft Teams").
    pub(super) fn may_subscribe(&self) -> Result<Subscriber, Refusal> {
        let person = self.person().ok_or_else(|| {
            Refusal::forbidden("Application permissions are not supported for presence subscriptions.")
        })?;
        Ok(Subscriber { application: self.app_id(), person })
    }
}
