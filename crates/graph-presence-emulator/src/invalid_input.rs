//! The error for invalid input.

use std::fmt;

/// The error for invalid input to the emulator. The message names the input, its value, and what was expected.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use graph_presence_emulator::{Emulator, Guid};
///
/// let emulator = Emulator::start().await?;
/// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let error = emulator.approve("ABCD2345", ada).unwrap_err();
/// assert_eq!(error.to_string(), "pending sign-in not found for user code \"ABCD2345\"");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput(String);

/// Longer values are truncated in messages.
const MAX_VALUE_LENGTH: usize = 80;

impl InvalidInput {
    /// Creates an error with a complete message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Creates an error for a value that cannot be parsed.
    pub(crate) fn value(name: &str, value: &str, expected: &str) -> Self {
        Self(format!("invalid {name} {:?}: expected {expected}", truncate(value)))
    }

    /// Creates an error for a number that is out of range.
    pub(crate) fn out_of_range(name: &str, value: impl fmt::Display, allowed: &str) -> Self {
        Self(format!("{name} out of range: {value} (allowed: {allowed})"))
    }
}

/// Truncates a value for a message.
pub(crate) fn truncate(value: &str) -> String {
    value.chars().take(MAX_VALUE_LENGTH).collect()
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidInput {}
