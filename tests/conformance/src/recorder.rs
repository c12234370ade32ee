//! The recorder.

use std::fmt;

use crate::diagnostic::{Diagnostic, Notes, Severity};
use crate::exchange::Exchanges;
use crate::facts::{self, Patterns};
use crate::layout;
use crate::lines::Line;
use crate::markup;
use crate::operation::{Operations, SpecError};
use crate::page::{self, PageName, PartialName, guess};
use crate::recording::{Edition, Recording};
use crate::relevance::{UNNAMED, is_about_presence};
use crate::source::{Action, Source};
use crate::start_line::begins_message;
use crate::vocabulary::{Translations, TranslationsError};

/// Reads documentation pages.
#[derive(Clone, Debug)]
pub struct Recorder {
    operations: Operations,
    translations: Translations,
    patterns: Patterns,
}

/// A page that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// What the page says.
    pub recording: Recording,
    /// The findings about its lines, in page order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recorder {
    /// A recorder with the operations of this workspace and the translations of this crate.
    ///
    /// # Errors
    ///
    /// When the OpenAPI document or `translations.yaml` is damaged.
    pub fn new() -> Result<Self, RecorderError> {
        let operations = Operations::of_this_workspace().map_err(RecorderError::Spec)?;
        let translations = Translations::of_this_crate().map_err(RecorderError::Translations)?;
        Self::with(operations, translations)
    }

    /// A recorder with other operations and translations.
    ///
    /// # Errors
    ///
    /// When a pattern of the recorder is damaged.
    pub fn with(operations: Operations, translations: Translations) -> Result<Self, RecorderError> {
        let patterns = Patterns::new().map_err(|error| RecorderError::Pattern(error.to_string()))?;
        Ok(Self { operations, translations, patterns })
    }

    /// Reads the text of a page.
    ///
    /// What could not be understood does not fail: it is in the recording's `unknown` and in the diagnostics.
    ///
    /// # Errors
    ///
    /// When the text is empty or nothing of a presence page is in it.
    pub fn record(&self, name: &PageName, text: &str) -> Result<Recorded, PageError> {
        self.record_as(name.clone().into(), text)
    }

    /// Reads the text of a page whose name is known in part, or not at all. What is missing is taken from the page.
    ///
    /// # Errors
    ///
    /// When the text is empty or nothing of a presence page is in it.
    ///
    /// ```
    /// use graph_presence_conformance::{Edition, PartialName, Recorder};
    ///
    /// let page = "GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK\n";
    /// let recorded = Recorder::new()?.record_as(PartialName::default(), page)?;
    /// assert_eq!(recorded.recording.version, Edition::Beta);
    /// assert_eq!(recorded.recording.page, "presence");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn record_as(&self, name: PartialName, text: &str) -> Result<Recorded, PageError> {
        if text.trim_matches(['\u{feff}', '\0']).trim().is_empty() {
            return Err(PageError::Empty);
        }
        let document = markup::read(text);
        let hints = &document.hints;
        let said = PartialName { locale: hints.locale.as_deref().map(page::locale), ..PartialName::default() };
        let address = hints.address.as_deref().map(guess::address).unwrap_or_default();
        let name = name.or(said).or(address);
        // What a page says of itself may be anything, and the locale is a folder.
        let locale = name.locale.filter(|locale| page::is_plain(locale));
        let locale = locale.unwrap_or_else(|| guess::language(&document, &self.translations));

        let mut lines = document.lines(&locale, &self.translations);
        let mut notes = Notes::default();
        let version = name.version.and_then(Edition::version);
        let exchanges =
            Exchanges::new(version, document.text(), &lines, &document.samples, &self.operations, &mut notes);
        let (exchanges, taken) = exchanges.read();
        for (line, _) in lines.iter_mut().zip(taken).filter(|(_, taken)| *taken) {
            // What is glued to a message is not part of it.
            let glued = line.text.find('|').filter(|_| begins_message(line.text));
            *line = Line { text: glued.and_then(|glued| line.text.get(glued..)).unwrap_or_default(), ..*line };
        }
        let asked = exchanges.first().map(|exchange| &exchange.request);
        let version = name.version.or(asked.map(|request| request.version.into())).unwrap_or(Edition::Concept);
        let page = name.page.unwrap_or_else(|| UNNAMED.to_owned());
        let operation = asked.and_then(|request| request.operation.as_deref());
        let source = Source {
            locale: &locale,
            action: Action::of(&page, operation),
            lines: &lines,
            translations: &self.translations,
        };
        let facts = facts::read(source, &layout::read(source), &self.patterns, &mut notes);
        document.report(&mut notes);
        let (diagnostics, unknown, repairs) = notes.finish();
        let recording = Recording { locale, version, page, exchanges, facts, repairs, unknown };
        if !is_about_presence(&recording, text) {
            return Err(PageError::NoPresencePage);
        }
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
            Self::NoPresencePage => "this is no page about presence: no request, scope or table of it was found",
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
    /// `translations.yaml` is damaged.
    Translations(TranslationsError),
    /// A pattern is damaged.
    Pattern(String),
}

impl fmt::Display for RecorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => error.fmt(f),
            Self::Translations(error) => error.fmt(f),
            Self::Pattern(error) => write!(f, "a pattern of the recorder cannot be read: {error}"),
        }
    }
}

impl std::error::Error for RecorderError {}
