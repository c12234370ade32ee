//! Implementations of serde's traits for objects of the service: the feature `serde`. They use the wire types with
//! which responses are decoded.

use std::convert::Infallible;

use graph_presence_raw::types;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::date_time::DateTimeTimeZone;
use crate::error::Error;
use crate::id::UserId;
use crate::presence::{OutOfOfficeSettings, Presence, WorkLocation, WorkLocationType};
use crate::status_message::StatusMessage;
use crate::transport::wire::{FromWire, ToWire};
use crate::workplace::Workplace;

/// Implements serde's traits for a type by a type of the raw client. `$convert` is for conversions that can fail.
macro_rules! impl_serde_as_wire {
    ($name:ty, $wire:ident) => {
        impl_serde_as_wire!($name, $wire, |wire| Ok::<_, Infallible>(<$name>::from_wire(wire)));
    };
    ($name:ty, $wire:ident, $convert:expr) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let wire: types::$wire = self.to_wire();
                wire.serialize(serializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let convert: fn(types::$wire) -> Result<Self, _> = $convert;
                convert(types::$wire::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }
    };
}

impl_serde_as_wire!(OutOfOfficeSettings, MicrosoftGraphOutOfOfficeSettings);
impl_serde_as_wire!(Presence, MicrosoftGraphPresence);
impl_serde_as_wire!(StatusMessage, MicrosoftGraphPresenceStatusMessage);
impl_serde_as_wire!(WorkLocation, MicrosoftGraphUserWorkLocation);
impl_serde_as_wire!(DateTimeTimeZone, MicrosoftGraphDateTimeTimeZone, |wire| {
    Option::from_wire(wire).ok_or("missing field `dateTime`: expected a date and time without an offset")
});
impl_serde_as_wire!(Workplace, SetLocationRequest, |wire| {
    let workplace = Workplace::of(&WorkLocationType::from(wire.work_location_type.as_str()))?;
    Ok::<_, Error>(match wire.place_id {
        Some(place_id) => workplace.at(place_id),
        None => workplace,
    })
});

impl ToWire<types::MicrosoftGraphPresence> for Presence {
    fn to_wire(&self) -> types::MicrosoftGraphPresence {
        types::MicrosoftGraphPresence {
            id: self.id.as_ref().map(UserId::to_string),
            availability: Some(self.availability.as_str().into()),
            activity: Some(self.activity.as_str().into()),
            status_message: self.status_message.as_ref().map(StatusMessage::to_wire),
            out_of_office_settings: self.out_of_office.as_ref().map(OutOfOfficeSettings::to_wire),
            work_location: self.work_location.as_ref().map(WorkLocation::to_wire),
            sequence_number: self.sequence_number.clone(),
            extra: self.extra.clone().into_iter().collect(),
        }
    }
}

impl ToWire<types::MicrosoftGraphOutOfOfficeSettings> for OutOfOfficeSettings {
    fn to_wire(&self) -> types::MicrosoftGraphOutOfOfficeSettings {
        types::MicrosoftGraphOutOfOfficeSettings {
            is_out_of_office: Some(self.is_out_of_office),
            message: self.message.clone(),
        }
    }
}

impl ToWire<types::MicrosoftGraphUserWorkLocation> for WorkLocation {
    fn to_wire(&self) -> types::MicrosoftGraphUserWorkLocation {
        types::MicrosoftGraphUserWorkLocation {
            work_location_type: Some(self.location_type.as_str().into()),
            source: Some(self.source.as_str().into()),
            place_id: self.place_id.clone(),
        }
    }
}
