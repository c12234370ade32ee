//! A tenant of an emulator.

use std::fmt;

use crate::service::Service;
use crate::state::{OutOfOffice, Pair, Place};
use crate::{Guid, WorkLocationType};

/// A handle to a tenant, returned by [`Emulator::tenant`]. Controls the Teams clients and calendars of the tenant's
/// users.
///
/// The [`Emulator`] has the same methods for its default tenant.
///
/// [`Emulator`]: crate::Emulator
/// [`Emulator::tenant`]: crate::Emulator::tenant
#[derive(Clone, Copy)]
pub struct Tenant<'a> {
    service: &'a Service,
    id: Guid,
}

impl<'a> Tenant<'a> {
    pub(crate) fn new(service: &'a Service, id: Guid) -> Self {
        service.tenants().get_or_create(id);
        Self { service, id }
    }

    /// Returns the id of the tenant.
    #[must_use]
    pub fn id(&self) -> Guid {
        self.id
    }

    /// Signs the user's Teams client in, or changes its availability and activity.
    ///
    /// Any values are accepted, because Teams can show states that applications cannot set. The session neither fades
    /// nor expires.
    pub fn sign_in(&self, user: Guid, availability: impl Into<String>, activity: impl Into<String>) {
        let pair = Pair::new(availability.into(), activity.into());
        self.service.with_tenant(self.id, |state, now| state.sign_in(user, pair, now));
    }

    /// Signs the user's Teams client out. Without another session the user is Offline.
    pub fn sign_out(&self, user: Guid) {
        self.service.with_tenant(self.id, |state, now| state.sign_out(user, now));
    }

    /// Sets the user's current work location in the calendar, replacing the previous one.
    ///
    /// The scheduled location is visible only while neither a manual nor an automatic location is set. It remains until
    /// it is replaced or removed with [`unschedule_location`](Self::unschedule_location).
    pub fn schedule_location(&self, user: Guid, location_type: WorkLocationType, place_id: Option<&str>) {
        let place = Place { kind: location_type, id: place_id.map(str::to_owned) };
        self.service.with_tenant(self.id, |state, now| state.set_scheduled_location(user, Some(place), now));
    }

    /// Removes the user's work location from the calendar.
    pub fn unschedule_location(&self, user: Guid) {
        self.service.with_tenant(self.id, |state, now| state.set_scheduled_location(user, None, now));
    }

    /// Turns on the user's automatic replies, with an optional message.
    ///
    /// Changes `outOfOfficeSettings`; availability and activity still depend on the sessions alone.
    pub fn out_of_office(&self, user: Guid, message: Option<&str>) {
        let out_of_office = OutOfOffice { is_out: true, message: message.map(str::to_owned) };
        self.service.with_tenant(self.id, |state, now| state.set_out_of_office(user, out_of_office, now));
    }

    /// Sets whether the user's calendar has a current meeting.
    ///
    /// During a meeting, a user whose Teams client is signed in is Busy/InAMeeting, unless a session takes precedence.
    pub fn in_meeting(&self, user: Guid, in_meeting: bool) {
        self.service.with_tenant(self.id, |state, now| state.set_in_meeting(user, in_meeting, now));
    }

    /// Adds users without sessions, whose presence is Offline instead of PresenceUnknown. Existing users are not
    /// changed.
    pub fn add_users(&self, users: impl IntoIterator<Item = Guid>) {
        // Collected first, because the caller's iterator must not run while the state is locked.
        let users: Vec<_> = users.into_iter().collect();
        self.service.with_tenant(self.id, |state, now| users.into_iter().for_each(|user| state.add_user(user, now)));
    }

    /// Removes users and all their state. Their presence becomes PresenceUnknown.
    pub fn remove_users(&self, users: impl IntoIterator<Item = Guid>) {
        let users: Vec<_> = users.into_iter().collect();
        self.service.with_tenant(self.id, |state, now| {
            for user in users {
                state.remove_user(user, now);
            }
        });
    }

    /// Turns off the user's automatic replies.
    pub fn back_in_office(&self, user: Guid) {
        self.service.with_tenant(self.id, |state, now| state.set_out_of_office(user, OutOfOffice::default(), now));
    }
}

impl fmt::Debug for Tenant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").finish_non_exhaustive()
    }
}
