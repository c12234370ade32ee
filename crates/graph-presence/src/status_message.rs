//! A user's status message.

use std::fmt;

use jiff::Timestamp;

use crate::date_time::DateTimeTimeZone;
use crate::error::{Error, Result};

/// A status message: a text and optionally its expiry. The text is redacted in `Debug`.
///
/// ```
/// use graph_presence::StatusMessage;
/// use graph_presence::jiff::Zoned;
///
/// let five: Zoned = "2026-11-20T17:00:00[Europe/Helsinki]".parse().unwrap();
/// let message = StatusMessage::text("Back at five")?.until(five);
/// assert_eq!(message.content(), "Back at five");
/// assert_eq!(message.expiry().unwrap().to_string(), "2026-11-20T17:00:00 Europe/Helsinki");
/// # Ok::<(), graph_presence::Error>(())
/// ```
///
/// Source: documentation pages `presence-setstatusmessage` and `presencestatusmessage` (resource).
#[derive(Clone, PartialEq, Eq)]
pub struct StatusMessage {
    content: String,
    content_type: String,
    expiry: Option<DateTimeTimeZone>,
    published: Option<Timestamp>,
}

impl StatusMessage {
    const TEXT: &str = "text";

    /// Creates a plain-text message without an expiry.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty or only white space.
    pub fn text(content: impl Into<String>) -> Result<Self> {
        Self::new(content, Self::TEXT)
    }

    /// Creates a message with a content type that is only known at run time.
    ///
    /// # Errors
    ///
    /// Returns an error if the content type is not `text`, the only one that presence supports, or the content is empty
    /// or only white space.
    pub fn new(content: impl Into<String>, content_type: &str) -> Result<Self> {
        let content = content.into();
        check_content_type(content_type)?;
        if content.trim().is_empty() {
            let got = if content.is_empty() { "an empty string" } else { "only white space" };
            return Err(Error::invalid_redacted("status message content", got, "non-empty text"));
        }
        Ok(Self { content, content_type: Self::TEXT.to_owned(), expiry: None, published: None })
    }

    /// Returns an error if the message cannot be sent, because it comes from a response and has a content type other
    /// than `text`.
    pub(crate) fn validate(&self) -> Result<()> {
        check_content_type(&self.content_type)
    }

    /// Returns an empty message, which clears the current one.
    pub(crate) fn empty() -> Self {
        Self::from_response(Some(String::new()), None, None, None)
    }

    pub(crate) fn from_response(
        content: Option<String>,
        content_type: Option<String>,
        expiry: Option<DateTimeTimeZone>,
        published: Option<Timestamp>,
    ) -> Self {
        Self {
            content: content.unwrap_or_default(),
            content_type: content_type.unwrap_or_else(|| Self::TEXT.to_owned()),
            expiry,
            published,
        }
    }

    /// Sets the expiry of the message: an instant, or a date and time in a time zone. It is sent in the given time
    /// zone.
    #[must_use]
    pub fn until(mut self, expiry: impl Into<DateTimeTimeZone>) -> Self {
        self.expiry = Some(expiry.into());
        self
    }

    /// Returns the text. Empty if the response does not contain it.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// Returns the content type. Defaults to `text` if the response does not contain it.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Returns the expiry of the message. `None` if the message does not expire, and for users other than the
    /// signed-in user.
    #[must_use]
    pub fn expiry(&self) -> Option<&DateTimeTimeZone> {
        self.expiry.as_ref()
    }

    /// Returns the time at which the message was set, by the service's clock. `None` for users other than the
    /// signed-in user.
    #[must_use]
    pub fn published(&self) -> Option<Timestamp> {
        self.published
    }
}

/// Returns an error if the content type is not `text`.
fn check_content_type(content_type: &str) -> Result<()> {
    if content_type.eq_ignore_ascii_case(StatusMessage::TEXT) {
        return Ok(());
    }
    let expected = "`text`, the only content type that presence supports";
    Err(Error::invalid("status message content type", content_type, expected))
}

impl fmt::Debug for StatusMessage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StatusMessage")
            .field("content", &format_args!("(redacted)"))
            .field("content_type", &self.content_type)
            .field("expiry", &self.expiry)
            .field("published", &self.published)
            .finish()
    }
}
