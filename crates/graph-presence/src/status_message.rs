//! A user's status message.

use std::fmt;

use jiff::Timestamp;

use crate::date_time::DateTimeTimeZone;
use crate::error::{Error, Result};

/// A status message: a text, and perhaps when it goes away. The text does not print in `Debug`.
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

    /// A message of plain text that stays until it is replaced.
    ///
    /// # Errors
    ///
    /// When the text is empty.
    pub fn text(content: impl Into<String>) -> Result<Self> {
        Self::new(content, Self::TEXT)
    }

    /// A message whose format comes from outside, such as a form or a recording.
    ///
    /// # Errors
    ///
    /// When the format is not `text`, which is the only one that presence supports, or the content is empty.
    pub fn new(content: impl Into<String>, content_type: &str) -> Result<Self> {
        let content = content.into();
        demand_text(content_type)?;
        if content.trim().is_empty() {
            let shape = if content.is_empty() { "nothing" } else { "white space alone" };
            return Err(Error::invalid_redacted("status message content", shape, "a text that is not empty"));
        }
        Ok(Self { content, content_type: Self::TEXT.to_owned(), expiry: None, published: None })
    }

    /// Whether it can be sent: a message that was read may have another format than can be set.
    ///
    /// # Errors
    ///
    /// When its format is not `text`.
    pub(crate) fn sendable(&self) -> Result<()> {
        demand_text(&self.content_type)
    }

    /// What takes the present message away.
    pub(crate) fn none() -> Self {
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

    /// Has the message go away at an instant or a time in a zone. It is sent in the zone that it is given in.
    #[must_use]
    pub fn until(mut self, expiry: impl Into<DateTimeTimeZone>) -> Self {
        self.expiry = Some(expiry.into());
        self
    }

    /// The message; empty when the service names none.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The format, `text` unless the service says otherwise.
    #[must_use]
    pub fn content_type(&self) -> &str {
        &self.content_type
    }

    /// When the message goes away. `None` if never, and always `None` for a reader who is not the user.
    #[must_use]
    pub fn expiry(&self) -> Option<&DateTimeTimeZone> {
        self.expiry.as_ref()
    }

    /// When the message was set, by the service's clock. `None` for a reader who is not the user.
    #[must_use]
    pub fn published(&self) -> Option<Timestamp> {
        self.published
    }
}

fn demand_text(content_type: &str) -> Result<()> {
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
