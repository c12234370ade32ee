//! Texts, and pairs of them, that are checked when they are read: what the feature `serde` adds.
//!
//! The objects that the service writes are in the transport, which has the types that its answers are read with.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{SessionId, UserId};
use crate::preferred::PreferredState;
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};

/// Has a type be a text that is written and read by these functions.
macro_rules! as_text {
    ($name:ty, $write:expr, $read:expr) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($write(self).as_ref())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                let read: fn(&str) -> Result<Self, _> = $read;
                read(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use as_text;

as_text!(UserId, UserId::as_str, UserId::parse);
as_text!(SessionId, SessionId::as_str, SessionId::parse);
as_text!(Expiration, Expiration::to_string, Expiration::parse);

/// A state as the service takes it.
#[derive(Serialize, Deserialize)]
struct Pair {
    availability: Availability,
    activity: Activity,
}

macro_rules! as_pair {
    ($name:ty) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Pair { availability: self.availability(), activity: self.activity() }.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let pair = Pair::deserialize(deserializer)?;
                Self::try_from((pair.availability, pair.activity)).map_err(D::Error::custom)
            }
        }
    };
}

as_pair!(SessionState);
as_pair!(PreferredState);
