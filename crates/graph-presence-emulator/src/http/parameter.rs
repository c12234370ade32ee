//! Parameters that several actions have.

use std::time::Duration;

use crate::state::{InvalidExpiration, Pair};

use super::body::Properties;
use super::graph_error::GraphError;

impl Properties {
    /// Returns a required string, which must not be blank.
    pub(super) fn required(&mut self, name: &str) -> Result<String, GraphError> {
        self.string(name)?
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| GraphError::missing_argument(&field(name)))
    }

    /// Returns availability and activity if `find` accepts the combination.
    pub(super) fn pair(&mut self, find: impl FnOnce(&str, &str) -> Option<Pair>) -> Result<Pair, GraphError> {
        let availability = self.required("availability")?;
        let activity = self.required("activity")?;
        find(&availability, &activity)
            .ok_or_else(|| GraphError::invalid_argument("Activity", "does not go with the availability"))
    }

    /// Returns the expiration, parsed by `parse`.
    pub(super) fn expiration(
        &mut self,
        parse: impl FnOnce(Option<&str>) -> Result<Duration, InvalidExpiration>,
        range: &str,
    ) -> Result<Duration, GraphError> {
        parse(self.string("expirationDuration")?.as_deref()).map_err(|error| {
            GraphError::invalid_argument(
                "ExpirationDuration",
                match error {
                    InvalidExpiration::Syntax => "must be an ISO 8601 duration",
                    InvalidExpiration::Range => range,
                },
            )
        })
    }
}

/// Returns the name of a property in errors: `SessionId` for `sessionId`.
pub(super) fn field(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
