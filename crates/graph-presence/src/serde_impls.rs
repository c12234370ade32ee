//! Implementations of serde's traits for ids, expirations and states: the feature `serde`. Values are validated when
//! they are deserialized.
//!
//! The implementations for objects of the service are in `transport::serde_impls`, next to the wire types.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{SessionId, UserId};
use crate::impl_serde_as_string::impl_serde_as_string;
use crate::preferred::PreferredState;
use crate::session::{Expiration, SessionState};
use crate::state::{Activity, Availability};

impl_serde_as_string!(UserId, UserId::to_string, UserId::parse);
impl_serde_as_string!(SessionId, SessionId::to_string, SessionId::parse);
impl_serde_as_string!(Expiration, Expiration::to_string, Expiration::parse);

/// The wire format of a state.
#[derive(Serialize, Deserialize)]
struct Pair {
    availability: Availability,
    activity: Activity,
}

/// Implements serde's traits for a state that is written as an object of availability and activity.
macro_rules! impl_serde_as_pair {
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

impl_serde_as_pair!(SessionState);
impl_serde_as_pair!(PreferredState);
