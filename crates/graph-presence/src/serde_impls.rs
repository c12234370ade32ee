//! Texts, and pairs of them, that are checked when they are read: what the feature `serde` adds.
//!
//! The objects that the service writes are in the transport, which has the types with which its responses are decoded.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{SessionId, UserId};
use crate::preferred::PreferredState;
use crate::serde_text::as_text;
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};

as_text!(UserId, UserId::to_string, UserId::parse);
as_text!(SessionId, SessionId::to_string, SessionId::parse);
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
