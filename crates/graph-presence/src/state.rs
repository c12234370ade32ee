//! What a presence says: availability and activity.

use crate::open_enum::open_enum;

open_enum! {
    /// Whether a user can be reached.
    ///
    /// The documentation lists different values on different pages, in PascalCase and in camelCase: this is their
    /// union, read in any case, and a value that is new tomorrow is kept as it came.
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
        /// Can be reached.
        Available,
        /// Available, with the device idle.
        AvailableIdle,
        /// Not at the device.
        Away,
        /// Away for a short time.
        BeRightBack,
        /// Occupied.
        Busy,
        /// Busy, with the device idle.
        BusyIdle,
        /// Wants no notifications.
        DoNotDisturb,
        /// Wants to work without interruption.
        Focusing,
        /// In a call.
        InACall,
        /// In a meeting.
        InAMeeting,
        /// Signed in nowhere, or wants to look so.
        Offline,
        /// Presenting to others.
        Presenting,
        /// The service does not know, for example because it does not know the user.
        PresenceUnknown,
    }
}

open_enum! {
    /// What a user does, or more about the availability.
    ///
    /// The documentation lists different values on different pages, in PascalCase and in camelCase: this is their
    /// union, read in any case, and a value that is new tomorrow is kept as it came.
    ///
    /// Source: documentation pages `presence` (resource) and "Manage presence state".
    Activity {
        /// Can be reached.
        Available,
        /// Available, but not active for five minutes: the first stage of an application session's timeout.
        AvailableInactive,
        /// Not at the device.
        Away,
        /// Away for a short time.
        BeRightBack,
        /// Occupied.
        Busy,
        /// Wants no notifications.
        DoNotDisturb,
        /// In a call.
        InACall,
        /// In a call with several others.
        InAConferenceCall,
        /// Not active.
        Inactive,
        /// In a meeting.
        InAMeeting,
        /// Signed in nowhere, or wants to look so.
        Offline,
        /// Off work.
        OffWork,
        /// Out of office.
        OutOfOffice,
        /// The service does not know.
        PresenceUnknown,
        /// Presenting to others.
        Presenting,
        /// Lets only urgent messages through.
        UrgentInterruptionsOnly,
    }
}
