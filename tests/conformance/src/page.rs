//! The names of saved pages.

use std::fmt;
use std::str::FromStr;

use crate::recording::Version;

/// What the file name of a saved page says: `<locale>.<version>.<page>.txt` or `.md`.
///
/// ```
/// use graph_presence_conformance::{PageName, Version};
///
/// let name: PageName = "pt-BR.v1.0.presence-get.md".parse()?;
/// assert_eq!((name.locale(), name.version(), name.page()), ("pt-BR", Version::V1, "presence-get"));
/// # Ok::<(), graph_presence_conformance::PageNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageName {
    locale: String,
    version: Version,
    page: String,
}

impl PageName {
    /// The locale of the page's address. It does not tell the language of the text.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// The version the page is filed under.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The page's name in the documentation.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }
}

impl FromStr for PageName {
    type Err = PageNameError;

    fn from_str(file: &str) -> Result<Self, PageNameError> {
        parse(file).ok_or(PageNameError)
    }
}

fn parse(file: &str) -> Option<PageName> {
    let stem = file.strip_suffix(".txt").or_else(|| file.strip_suffix(".md"))?;
    let (locale, rest) = stem.split_once('.')?;
    let (version, page) = [Version::V1, Version::Beta].into_iter().find_map(|version| {
        let page = rest.strip_prefix(version.as_str())?.strip_prefix('.')?;
        Some((version, page))
    })?;
    // Both become parts of a path.
    let plain = |part: &str| {
        part.starts_with(|first: char| first.is_ascii_alphabetic())
            && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
    };
    (plain(locale) && plain(page)).then(|| PageName { locale: locale.to_owned(), version, page: page.to_owned() })
}

/// A file name that does not say locale, version and page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNameError;

impl fmt::Display for PageNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file name is not <locale>.<version>.<page>.txt or .md, with the version v1.0 or beta")
    }
}

impl std::error::Error for PageNameError {}
