//! The availability and the activity of a presence.

use crate::open_enum::open_enum;

open_enum! {
    /// The availability of a user.
    ///
    /// The documentation lists different values on different pages, in PascalCase and in camelCase. This enum has all
    /// of them. Values are parsed case-insensitively, and other values are preserved as
    /// [`Unrecognized`](Self::Unrecognized).
    ///
    /// ```
    /// use graph_presence::Availability;
    ///
    /// assert_eq!(Availability::from("doNotDisturb"), Availability::DoNotDisturb);
    /// assert_eq!(Availability::DoNotDisturb.as_str(), "DoNotDisturb");
    /// ```
    ///
    /// Source: documentation pages `presence` (resource) and "Manage presence state".
    Availability {
        /// Available.
        Available,
        /// Available, but the device is idle.
        AvailableIdle,
        /// Away.
        Away,
        /// Away for a short time.
        BeRightBack,
        /// Busy.
        Busy,
        /// Busy, but the device is idle.
        BusyIdle,
        /// Does not receive notifications.
        DoNotDisturb,
        /// Focusing, without notifications.
        Focusing,
        /// In a call.
        InACall,
        /// In a meeting.
        InAMeeting,
        /// Not signed in, or appears offline by choice.
        Offline,
        /// Presenting.
        Presenting,
        /// Unknown, for example because the service does not know the user.
        PresenceUnknown,
    }
}

open_enum! {
    /// The activity of a user, which supplements the availability.
    ///
    /// The documentation lists different values on different pages, in PascalCase and in camelCase. This enum has all
    /// of them. Values are parsed case-insensitively, and other values are preserved as
    /// [`Unrecognized`](Self::Unrecognized).
    ///
    /// Source: documentation pages `presence` (resource) and "Manage presence state".
    Activity {
        /// Available.
        Available,
        /// Available, but inactive for 5 minutes: the first stage of the timeout of an application's session.
        AvailableInactive,
        /// Away.
        Away,
        /// Away for a short time.
        BeRightBack,
        /// Busy.
        Busy,
        /// Does not receive notifications.
        DoNotDisturb,
        /// In a call.
        InACall,
        /// In a conference call.
        InAConferenceCall,
        /// Inactive.
        Inactive,
        /// In a meeting.
        InAMeeting,
        /// Not signed in, or appears offline by choice.
        Offline,
        /// Off work.
        OffWork,
        /// Out of office.
        OutOfOffice,
        /// Unknown.
        PresenceUnknown,
        /// Presenting.
        Presenting,
        /// Receives only urgent notifications.
        UrgentInterruptionsOnly,
    }
}
