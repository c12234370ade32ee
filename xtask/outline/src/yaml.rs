//! YAML 1.2, in which `yes` is a string and not a boolean.

use serde::de::DeserializeOwned;

/// Deserializes YAML.
///
/// # Errors
///
/// Returns an error if the text is not YAML, or not a `T`.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, serde_saphyr::Error> {
    serde_saphyr::from_str_with_options(
        text,
        serde_saphyr::options! {
            strict_booleans: true,
            with_snippet: false,
        },
    )
}

/// Returns line and column of an error, counted from one.
#[must_use]
pub fn location(error: &serde_saphyr::Error) -> (u64, u64) {
    error.location().map_or((1, 1), |location| (location.line(), location.column()))
}

/// Returns the message of an error without its location.
#[must_use]
pub fn message(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().render_with_formatter(&serde_saphyr::UserMessageFormatter);
    text.split(" at line ").next().unwrap_or_default().trim_end().to_owned()
}
