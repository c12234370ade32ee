//! The operations of the service.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::InvalidInput;

/// An operation of the service, for fault rules and the request log.
///
/// ```
/// use graph_presence_emulator::Operation;
///
/// assert_eq!(Operation::SetPresence.as_str(), "setPresence");
/// assert_eq!("setPresence".parse(), Ok(Operation::SetPresence));
/// assert!("getMood".parse::<Operation>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Reads the presence of one user.
    GetPresence,
    /// Reads the presences of several users.
    GetPresencesByUserId,
    /// Sets the session of an application.
    SetPresence,
    /// Clears the session of an application.
    ClearPresence,
    /// Sets the preferred presence.
    SetUserPreferredPresence,
    /// Clears the preferred presence.
    ClearUserPreferredPresence,
    /// Sets or clears the status message.
    SetStatusMessage,
    /// Sets the manual work location.
    SetManualLocation,
    /// Sets the automatic work location.
    SetAutomaticLocation,
    /// Clears the manual and the automatic work location for the current date.
    ClearLocation,
    /// Clears the automatic work location.
    ClearAutomaticLocation,
    /// Creates a subscription.
    CreateSubscription,
    /// Lists the subscriptions of the caller.
    ListSubscriptions,
    /// Reads a subscription.
    GetSubscription,
    /// Renews a subscription or changes its notification URL.
    UpdateSubscription,
    /// Deletes a subscription.
    DeleteSubscription,
    /// Reauthorizes a subscription.
    ReauthorizeSubscription,
    /// Issues tokens (OAuth 2.0 token endpoint).
    Token,
    /// Issues a device code (OAuth 2.0 device authorization endpoint).
    DeviceCode,
    /// A request whose method and path match no operation. Its name is `none`.
    Unmatched,
}

impl Operation {
    /// All operations. The length is derived from the last variant, so that a missing variant is a compile error.
    pub(crate) const ALL: [Self; Self::Unmatched as usize + 1] = [
        Self::GetPresence,
        Self::GetPresencesByUserId,
        Self::SetPresence,
        Self::ClearPresence,
        Self::SetUserPreferredPresence,
        Self::ClearUserPreferredPresence,
        Self::SetStatusMessage,
        Self::SetManualLocation,
        Self::SetAutomaticLocation,
        Self::ClearLocation,
        Self::ClearAutomaticLocation,
        Self::CreateSubscription,
        Self::ListSubscriptions,
        Self::GetSubscription,
        Self::UpdateSubscription,
        Self::DeleteSubscription,
        Self::ReauthorizeSubscription,
        Self::Token,
        Self::DeviceCode,
        Self::Unmatched,
    ];

    /// Returns the name in fault rules and in the request log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GetPresence => "getPresence",
            Self::GetPresencesByUserId => "getPresencesByUserId",
            Self::SetPresence => "setPresence",
            Self::ClearPresence => "clearPresence",
            Self::SetUserPreferredPresence => "setUserPreferredPresence",
            Self::ClearUserPreferredPresence => "clearUserPreferredPresence",
            Self::SetStatusMessage => "setStatusMessage",
            Self::SetManualLocation => "setManualLocation",
            Self::SetAutomaticLocation => "setAutomaticLocation",
            Self::ClearLocation => "clearLocation",
            Self::ClearAutomaticLocation => "clearAutomaticLocation",
            Self::CreateSubscription => "createSubscription",
            Self::ListSubscriptions => "listSubscriptions",
            Self::GetSubscription => "getSubscription",
            Self::UpdateSubscription => "updateSubscription",
            Self::DeleteSubscription => "deleteSubscription",
            Self::ReauthorizeSubscription => "reauthorizeSubscription",
            Self::Token => "token",
            Self::DeviceCode => "devicecode",
            Self::Unmatched => "none",
        }
    }

    /// Returns the action on a presence with this name.
    pub(crate) fn presence_action(name: &str) -> Option<Self> {
        Self::from_name(name).filter(|operation| operation.is_presence_action())
    }

    /// Returns `true` for an action on a presence, whose name is the last segment of the path.
    pub(crate) const fn is_presence_action(self) -> bool {
        match self {
            Self::SetPresence
            | Self::ClearPresence
            | Self::SetUserPreferredPresence
            | Self::ClearUserPreferredPresence
            | Self::SetStatusMessage
            | Self::SetManualLocation
            | Self::SetAutomaticLocation
            | Self::ClearLocation
            | Self::ClearAutomaticLocation => true,
            Self::GetPresence
            | Self::GetPresencesByUserId
            | Self::CreateSubscription
            | Self::ListSubscriptions
            | Self::GetSubscription
            | Self::UpdateSubscription
            | Self::DeleteSubscription
            | Self::ReauthorizeSubscription
            | Self::Token
            | Self::DeviceCode
            | Self::Unmatched => false,
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == name)
    }

    fn expected() -> String {
        format!("one of {}", Self::ALL.map(Self::as_str).join(", "))
    }
}

impl FromStr for Operation {
    type Err = InvalidInput;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::from_name(name).ok_or_else(|| InvalidInput::value("operation", name, &Self::expected()))
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name)
            .ok_or_else(|| de::Error::custom(format_args!("expected {}, got {name:?}", Self::expected())))
    }
}
