//! The recorder.

use std::fmt;

use crate::diagnostic::{Diagnostic, Notes, Severity};
use crate::exchange::Exchanges;
use crate::facts::{self, Patterns};
use crate::lines::{Line, lines, normalised};
use crate::operation::{Operations, SpecError};
use crate::page::PageName;
use crate::recording::{Facts, Recording};
use crate::table::Source;
use crate::tokens::{TokenError, Tokens};

/// Reads documentation pages.
#[derive(Clone, Debug)]
pub struct Recorder {
    operations: Operations,
    tokens: Tokens,
    patterns: Patterns,
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What the page says.
    pub recording: Recording,
    /// What its reader should know of, in page order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recorder {
    /// A recorder with the operations of this workspace and the tokens of this crate.
    ///
    /// # Errors
    ///
    /// When the OpenAPI document or the token file is damaged.
    pub fn new() -> Result<Self, RecorderError> {
        let operations = Operations::of_this_workspace().map_err(RecorderError::Spec)?;
        let tokens = Tokens::of_this_crate().map_err(RecorderError::Tokens)?;
        Self::with(operations, tokens)
    }

    /// A recorder with other operations and tokens.
    ///
    /// # Errors
    ///
    /// When a pattern of the recorder is damaged.
    pub fn with(operations: Operations, tokens: Tokens) -> Result<Self, RecorderError> {
        let patterns = Patterns::new().map_err(|error| RecorderError::Pattern(error.to_string()))?;
        Ok(Self { operations, tokens, patterns })
    }

    /// Reads the text of a page.
    ///
    /// What could not be understood does not fail: it is in the recording's `unknown` and in the diagnostics.
    ///
    /// # Errors
    ///
    /// When the text is empty or nothing of a presence page is in it.
    pub fn record(&self, name: &PageName, text: &str) -> Result<Recorded, PageError> {
        let text = normalised(text);
        if text.trim().is_empty() {
            return Err(PageError::Empty);
        }
        let mut lines = lines(&text);
        let mut notes = Notes::default();
        let exchanges = Exchanges::new(name.version(), &text, &lines, &self.operations, &mut notes);
        let (exchanges, taken) = exchanges.read();
        for (line, _) in lines.iter_mut().zip(taken).filter(|(_, taken)| *taken) {
            *line = Line { text: "", ..*line };
        }
        let source = Source { locale: name.locale(), lines: &lines, tokens: &self.tokens };
        let facts = facts::read(name.page(), source, &self.patterns, &mut notes);
        let (diagnostics, unknown, repairs) = notes.finish();
        let nothing = exchanges.is_empty() && unknown.is_empty() && facts == Facts::default();
        if nothing || !text.to_ascii_lowercase().contains("presence") {
            return Err(PageError::NoPresencePage);
        }
        let recording = Recording {
            locale: name.locale().to_owned(),
            version: name.version(),
            page: name.page().to_owned(),
            exchanges,
            facts,
            repairs,
            unknown,
        };
        Ok(Recorded { recording, diagnostics })
    }
}

impl Recorded {
    /// Whether everything on the page was understood.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Unknown)
    }
}

/// A text that is no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// Nothing is in it.
    Empty,
    /// Nothing in it is about presence.
    NoPresencePage,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the page is empty",
            Self::NoPresencePage => "this is no page about presence",
        })
    }
}

impl std::error::Error for PageError {}

/// A recorder that could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecorderError {
    /// The OpenAPI document is damaged.
    Spec(SpecError),
    /// The token file is damaged.
    Tokens(TokenError),
    /// A pattern is damaged.
    Pattern(String),
}

impl fmt::Display for RecorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => error.fmt(f),
            Self::Tokens(error) => error.fmt(f),
            Self::Pattern(error) => write!(f, "a pattern of the recorder cannot be read: {error}"),
        }
    }
}

impl std::error::Error for RecorderError {}
