//! A work location to set.

use std::fmt;

use crate::error::{Error, Result};
use crate::presence::WorkLocationType;

/// A work location to set: its type, and optionally a place id. The place id is redacted in `Debug`.
///
/// ```
/// use graph_presence::{WorkLocationType, Workplace};
///
/// let workplace = Workplace::OFFICE.at("eb706f15-137e-4722-b4d1-b601481d9251");
/// assert_eq!(Workplace::of(&WorkLocationType::from("remote"))?, Workplace::REMOTE);
/// assert!(Workplace::of(&WorkLocationType::Unspecified).is_err());
/// # let _ = workplace;
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation page `presence-setmanuallocation`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Workplace {
    location_type: &'static str,
    place_id: Option<String>,
}

impl Workplace {
    /// In an office, which [`at`](Self::at) can specify.
    pub const OFFICE: Self = Self { location_type: "office", place_id: None };
    /// Working in a place other than an office.
    pub const REMOTE: Self = Self { location_type: "remote", place_id: None };
    /// Not working.
    pub const TIME_OFF: Self = Self { location_type: "timeOff", place_id: None };

    /// Creates a work location of a type that is only known at run time.
    ///
    /// # Errors
    ///
    /// Returns an error if the type cannot be set.
    pub fn of(location_type: &WorkLocationType) -> Result<Self> {
        [Self::OFFICE, Self::REMOTE, Self::TIME_OFF]
            .into_iter()
            .find(|workplace| workplace.location_type == location_type.as_str())
            .ok_or_else(|| Error::invalid("work location type", location_type.as_str(), "office, remote or timeOff"))
    }

    /// Sets the place id, from the tenant's directory of places.
    #[must_use]
    pub fn at(mut self, place_id: impl Into<String>) -> Self {
        self.place_id = Some(place_id.into());
        self
    }

    pub(crate) fn location_type(&self) -> &'static str {
        self.location_type
    }

    pub(crate) fn place_id(&self) -> Option<&str> {
        self.place_id.as_deref()
    }
}

impl fmt::Debug for Workplace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Workplace")
            .field("location_type", &self.location_type)
            .field("place_id", &self.place_id.as_ref().map(|_| format_args!("(redacted)")))
            .finish()
    }
}
