//! Parameters that several actions take.

use std::time::Duration;

use crate::state::{InvalidExpiration, Pair};

use super::body::Properties;
use super::refusal::Refusal;

impl Properties {
    /// A text that must be there; blanks are not.
    pub(super) fn required(&mut self, name: &str) -> Result<String, Refusal> {
        self.text(name)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| Refusal::required(&field(name)))
    }

    /// Availability and activity, if `find` knows them together.
    pub(super) fn pair(&mut self, find: impl FnOnce(&str, &str) -> Option<Pair>) -> Result<Pair, Refusal> {
        let availability = self.required("availability")?;
        let activity = self.required("activity")?;
        find(&availability, &activity).ok_or_else(|| Refusal::argument("Activity", "does not go with the availability"))
    }

    /// How long it shall last, as `read` reads it.
    pub(super) fn expiration(
        &mut self,
        read: impl FnOnce(Option<&str>) -> Result<Duration, InvalidExpiration>,
        range: &str,
    ) -> Result<Duration, Refusal> {
        read(self.text("expirationDuration")?.as_deref()).map_err(|error| {
            Refusal::argument(
                "ExpirationDuration",
                match error {
                    InvalidExpiration::Syntax => "must be an ISO 8601 duration",
                    InvalidExpiration::Range => range,
                },
            )
        })
    }
}

/// The name as errors spell it: `sessionId` is the field `SessionId`.
pub(super) fn field(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
