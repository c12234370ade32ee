//! What the emulator is told to do, and cannot do.

use std::fmt;

/// The emulator was told something that makes no sense to it. It says which field, which value and which rule.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use graph_presence_emulator::{Emulator, Guid};
///
/// let emulator = Emulator::start().await?;
/// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let error = emulator.approve("ABCD2345", ada).unwrap_err();
/// assert_eq!(error.to_string(), "user_code \"ABCD2345\": must be a code that is pending");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput(String);

/// Values longer than this are cut in messages.
const LONGEST_VALUE: usize = 80;

impl InvalidInput {
    pub(crate) fn new(field: &str, value: impl fmt::Display, rule: &str) -> Self {
        let value: String = value.to_string().chars().take(LONGEST_VALUE).collect();
        Self(format!("{field} {value:?}: {rule}"))
    }

    pub(crate) fn of_field(field: &str, rule: &str) -> Self {
        Self(format!("{field}: {rule}"))
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidInput {}
