//! The recorder of documentation pages.

use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::exchange::Exchanges;
use crate::facts::{self, Patterns};
use crate::layout;
use crate::lines::Line;
use crate::markup;
use crate::operation::{Operations, SpecError};
use crate::page::{self, PageName, PartialName, infer};
use crate::recording::{PageVersion, Recording};
use crate::relevance::{UNNAMED, is_about_presence};
use crate::source::{Action, Source};
use crate::start_line::begins_message;
use crate::vocabulary::{Translations, TranslationsError};

/// Records documentation pages.
#[derive(Clone, Debug)]
pub struct Recorder {
    operations: Operations,
    translations: Translations,
    patterns: Patterns,
}

/// The result of recording a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The recording.
    pub recording: Recording,
    /// The diagnostics about its lines, in page order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recorder {
    /// Creates a recorder with this workspace's operations and this crate's translations.
    ///
    /// # Errors
    ///
    /// Returns an error if the OpenAPI document or `translations.yaml` is invalid.
    pub fn new() -> Result<Self, RecorderError> {
        let operations = Operations::built_in().map_err(RecorderError::Spec)?;
        let translations = Translations::built_in().map_err(RecorderError::Translations)?;
        Self::with(operations, translations)
    }

    /// Creates a recorder with other operations and translations.
    ///
    /// # Errors
    ///
    /// Returns an error if a regular expression of the recorder is invalid.
    pub fn with(operations: Operations, translations: Translations) -> Result<Self, RecorderError> {
        let patterns = Patterns::new().map_err(|error| RecorderError::Pattern(error.to_string()))?;
        Ok(Self { operations, translations, patterns })
    }

    /// Records the text of a page.
    ///
    /// Content that cannot be understood is not an error: it is in the recording's `unknown` and in the diagnostics.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty or not a page about presence.
    pub fn record(&self, name: &PageName, text: &str) -> Result<Recorded, PageError> {
        self.record_as(name.clone().into(), text)
    }

    /// Records the text of a page whose name is incomplete. Missing parts are taken from the page.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty or not a page about presence.
    ///
    /// ```
    /// use graph_presence_conformance::{PageVersion, PartialName, Recorder};
    ///
    /// let page = "GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK\n";
    /// let recorded = Recorder::new()?.record_as(PartialName::default(), page)?;
    /// assert_eq!(recorded.recording.version, PageVersion::Beta);
    /// assert_eq!(recorded.recording.page, "presence");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn record_as(&self, name: PartialName, text: &str) -> Result<Recorded, PageError> {
        if text.trim_matches(['\u{feff}', '\0']).trim().is_empty() {
            return Err(PageError::Empty);
        }
        let document = markup::read(text);
        let metadata = &document.metadata;
        let from_metadata =
            PartialName { locale: metadata.locale.as_deref().map(page::canonical_locale), ..PartialName::default() };
        let from_address = metadata.address.as_deref().map(infer::name_from_address).unwrap_or_default();
        let name = name.or(from_metadata).or(from_address);
        // The locale becomes the name of a folder, and a page's metadata can contain any text.
        let locale = name.locale.filter(|locale| page::is_path_segment(locale));
        let locale = locale.unwrap_or_else(|| infer::language(&document, &self.translations));

        let mut lines = document.lines(&locale, &self.translations);
        let mut diagnostics = Diagnostics::default();
        let version = name.version.and_then(PageVersion::api_version);
        let exchanges =
            Exchanges::new(version, document.text(), &lines, &document.samples, &self.operations, &mut diagnostics);
        let (exchanges, consumed) = exchanges.read();
        for (line, _) in lines.iter_mut().zip(consumed).filter(|(_, consumed)| *consumed) {
            // A table that is joined to a request line is not part of the message.
            let table = line.text.find('|').filter(|_| begins_message(line.text));
            *line = Line { text: table.and_then(|start| line.text.get(start..)).unwrap_or_default(), ..*line };
        }
        let first_request = exchanges.first().map(|exchange| &exchange.request);
        let version =
            name.version.or(first_request.map(|request| request.version.into())).unwrap_or(PageVersion::Concept);
        let page = name.page.unwrap_or_else(|| UNNAMED.to_owned());
        let operation = first_request.and_then(|request| request.operation.as_deref());
        let source = Source {
            locale: &locale,
            action: Action::of(&page, operation),
            lines: &lines,
            translations: &self.translations,
        };
        let facts = facts::read(source, &layout::read(source), &self.patterns, &mut diagnostics);
        document.report(&mut diagnostics);
        let (diagnostics, unknown, repairs) = diagnostics.finish();
        let recording = Recording { locale, version, page, exchanges, facts, repairs, unknown };
        if !is_about_presence(&recording, text) {
            return Err(PageError::NotAboutPresence);
        }
        Ok(Recorded { recording, diagnostics })
    }
}

impl Recorded {
    /// Returns `true` if everything on the page was understood.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Unknown)
    }
}

/// An error that the recorder returns for a text that is not a page about presence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// The text is empty.
    Empty,
    /// The text is not about presence.
    NotAboutPresence,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "page is empty",
            Self::NotAboutPresence => {
                "not a page about presence: found neither a request, a scope nor a table about presence"
            }
        })
    }
}

impl std::error::Error for PageError {}

/// An error that prevents a recorder from being created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecorderError {
    /// The OpenAPI document is invalid.
    Spec(SpecError),
    /// `translations.yaml` is invalid.
    Translations(TranslationsError),
    /// A regular expression is invalid.
    Pattern(String),
}

impl fmt::Display for RecorderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Spec(error) => error.fmt(f),
            Self::Translations(error) => error.fmt(f),
            Self::Pattern(error) => write!(f, "invalid regular expression: {error}"),
        }
    }
}

impl std::error::Error for RecorderError {}
