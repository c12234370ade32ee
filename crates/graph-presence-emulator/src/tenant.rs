//! One tenant of an emulator.

use std::fmt;

use crate::service::Service;
use crate::state::{OutOfOffice, Pair, Place};
use crate::{Guid, WorkLocationType};

/// The users of one tenant, as their Teams clients and their calendars tell of them. [`Emulator::tenant`] names it.
///
/// The methods are those of the [`Emulator`] itself, which are about its own tenant.
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
        service.tenants().of(id);
        Self { service, id }
    }

    /// The id that this tenant was named by.
    #[must_use]
    pub fn id(&self) -> Guid {
        self.id
    }

    /// Signs the user's Teams client in, or changes what it says.
    ///
    /// Teams decides for itself what it shows, so any words will do. What it says neither fades nor expires.
    pub fn sign_in(&self, user: Guid, availability: impl Into<String>, activity: impl Into<String>) {
        let pair = Pair::new(availability.into(), activity.into());
        self.service.act(self.id, |state, now| state.sign_in(user, pair, now));
    }

    /// Signs the user's Teams client out. Without another session the user is Offline.
    pub fn sign_out(&self, user: Guid) {
        self.service.act(self.id, |state, now| state.sign_out(user, now));
    }

    /// Writes into the user's calendar where they work now. It replaces what the calendar said before.
    ///
    /// The scheduled location shows only while neither a manual nor an automatic one is set. It stays until it is
    /// replaced or taken out with [`unschedule_location`](Self::unschedule_location).
    pub fn schedule_location(&self, user: Guid, location_type: WorkLocationType, place_id: Option<&str>) {
        let place = Place { kind: location_type, id: place_id.map(str::to_owned) };
        self.service.act(self.id, |state, now| state.set_scheduled_location(user, Some(place), now));
    }

    /// Takes out of the user's calendar where they work.
    pub fn unschedule_location(&self, user: Guid) {
        self.service.act(self.id, |state, now| state.set_scheduled_location(user, None, now));
    }

    /// Turns the user's automatic replies on, with a message for others or without one.
    ///
    /// This is what `outOfOfficeSettings` tells; availability and activity stay what the sessions say.
    pub fn out_of_office(&self, user: Guid, message: Option<&str>) {
        let out_of_office = OutOfOffice { is_out: true, message: message.map(str::to_owned) };
        self.service.act(self.id, |state, now| state.set_out_of_office(user, out_of_office, now));
    }

    /// Says whether a meeting goes on in the user's calendar.
    ///
    /// While one does, a Teams client that is signed in makes the user Busy/InAMeeting, unless more is said.
    pub fn in_meeting(&self, user: Guid, in_meeting: bool) {
        self.service.act(self.id, |state, now| state.set_in_meeting(user, in_meeting, now));
    }

    /// Makes users known who have done nothing yet: Offline instead of PresenceUnknown.
    pub fn add_users(&self, users: impl IntoIterator<Item = Guid>) {
        // Collected first: what goes through it is foreign code, and must not hold everybody up.
        let users: Vec<_> = users.into_iter().collect();
        self.service.act(self.id, |state, now| users.into_iter().for_each(|user| state.add_user(user, now)));
    }

    /// Forgets users, as if they had never been heard of.
    pub fn remove_users(&self, users: impl IntoIterator<Item = Guid>) {
        let users: Vec<_> = users.into_iter().collect();
        self.service.act(self.id, |state, now| {
            for user in users {
                state.remove_user(user, now);
            }
        });
    }

    /// Turns the user's automatic replies off.
    pub fn back_in_office(&self, user: Guid) {
        self.service.act(self.id, |state, now| state.set_out_of_office(user, OutOfOffice::default(), now));
    }
}

impl fmt::Debug for Tenant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tenant").finish_non_exhaustive()
    }
}
