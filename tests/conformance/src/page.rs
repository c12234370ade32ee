//! The names of saved pages.

pub(crate) mod infer;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::recording::PageVersion;

/// The file name extensions of pages.
const EXTENSIONS: [&str; 6] = ["htm", "html", "markdown", "md", "txt", "xhtml"];

/// The complete name of a saved page: its locale, its version, and its name in the documentation.
///
/// The recommended file name is `<locale>.<version>.<page>.txt`, `.md` or `.html`. The version is `v1.0`, `beta`, or
/// `concept` for a page outside the API reference.
///
/// ```
/// use graph_presence_conformance::{PageName, PageVersion};
///
/// let name: PageName = "pt-BR.v1.0.presence-get.md".parse()?;
/// assert_eq!((name.locale(), name.version(), name.page()), ("pt-BR", PageVersion::V1, "presence-get"));
/// # Ok::<(), graph_presence_conformance::PageNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageName {
    locale: String,
    version: PageVersion,
    page: String,
}

impl PageName {
    /// Returns the locale of the page's address. It does not determine the language of the text.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// Returns the version of the page.
    #[must_use]
    pub fn version(&self) -> PageVersion {
        self.version
    }

    /// Returns the page's name in the documentation.
    #[must_use]
    pub fn page(&self) -> &str {
        &self.page
    }
}

impl FromStr for PageName {
    type Err = PageNameError;

    fn from_str(file: &str) -> Result<Self, PageNameError> {
        let part = PartialName::of_file(file).ok_or(PageNameError)?;
        match part {
            PartialName { locale: Some(locale), version: Some(version), page: Some(page) } => {
                Ok(Self { locale, version, page })
            }
            _ => Err(PageNameError),
        }
    }
}

/// The known parts of a page's name, from its file's path or from the page itself.
///
/// ```
/// use graph_presence_conformance::{PageVersion, PartialName};
///
/// let name = PartialName::of_path("zh-CN/v1.0/presence-get.md".as_ref()).unwrap_or_default();
/// assert_eq!(name.locale.as_deref(), Some("zh-CN"));
/// assert_eq!(name.version, Some(PageVersion::V1));
/// assert_eq!(name.page.as_deref(), Some("presence-get"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialName {
    /// The locale.
    pub locale: Option<String>,
    /// The version of the page.
    pub version: Option<PageVersion>,
    /// The page's name in the documentation.
    pub page: Option<String>,
}

impl From<PageName> for PartialName {
    fn from(PageName { locale, version, page }: PageName) -> Self {
        Self { locale: Some(locale), version: Some(version), page: Some(page) }
    }
}

impl PartialName {
    /// Returns the parts in a path: those in the file's name, then the missing ones from its folders, the nearest
    /// first.
    ///
    /// Returns `None` if the file name does not have the extension of a page.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let mut name = Self::of_file(path.file_name()?.to_str()?)?;
        let folders = path.parent().into_iter().flat_map(Path::ancestors).filter_map(Path::file_name);
        for folder in folders.filter_map(|folder| folder.to_str()) {
            name.version = name.version.or_else(|| page_version(folder));
            if name.locale.is_none() && is_locale(folder) {
                name.locale = Some(canonical_locale(folder));
            }
        }
        Some(name)
    }

    /// Returns the parts in a file's name.
    fn of_file(file: &str) -> Option<Self> {
        let (stem, extension) = file.rsplit_once('.')?;
        if !EXTENSIONS.contains(&extension.to_ascii_lowercase().as_str()) {
            return None;
        }
        // Saved copies of older versions have `@` and the version after the name.
        let stem = stem.split('@').next().unwrap_or_default();
        let (first, rest) = split_locale(stem);
        let (found, rest) = match first {
            Some(first) if rest.is_empty() => (None, first),
            Some(first) => (Some(first), rest),
            None => (None, stem),
        };
        let version =
            PageVersion::ALL.into_iter().find(|version| rest.split_once(version.as_str()).is_some_and(is_delimited));
        let rest = match version {
            Some(version) => rest.replacen(version.as_str(), "", 1),
            None => rest.to_owned(),
        };
        let page = slug(&rest);
        let locale = found.map(|found| if version.is_some() { found.to_owned() } else { canonical_locale(found) });
        Some(Self { locale, version, page: (!page.is_empty()).then_some(page) })
    }

    /// Fills missing parts from another name.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            locale: self.locale.or(other.locale),
            version: self.version.or(other.version),
            page: self.page.or(other.page),
        }
    }
}

/// Splits the locale from the start of a file's name.
fn split_locale(stem: &str) -> (Option<&str>, &str) {
    let separators = stem.match_indices(['.', '-', '_']).map(|(index, _)| index).take(3).collect::<Vec<_>>();
    let ends = separators.into_iter().rev().chain([stem.len()]);
    for end in ends {
        let (first, rest) = stem.split_at_checked(end).unwrap_or((stem, ""));
        // In a name with dots, the part before the first dot is the locale, even if it does not have the form of one.
        let is_first_part =
            rest.starts_with('.') && is_path_segment(first) && first.len() <= 12 && !first.starts_with("presence");
        if is_locale(first) || is_first_part {
            return (Some(first), rest);
        }
    }
    (None, stem)
}

/// Returns `true` if the text can safely be the name of a folder.
pub(crate) fn is_path_segment(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_alphabetic())
        && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// Returns `true` if separators, or the ends of the name, surround the part between these two parts of a name.
fn is_delimited((before, after): (&str, &str)) -> bool {
    let is_separator = |character: char| matches!(character, '.' | '-' | '_');
    (before.is_empty() || before.ends_with(is_separator)) && (after.is_empty() || after.starts_with(is_separator))
}

/// Returns the page version that a folder is named after.
fn page_version(folder: &str) -> Option<PageVersion> {
    match folder {
        "concepts" => Some(PageVersion::Concept),
        _ => PageVersion::ALL.into_iter().find(|version| version.as_str() == folder),
    }
}

/// Returns `true` if the text has the form of a locale: a language of two letters, optionally a script and a region.
pub(crate) fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let letters = |part: &str| part.chars().all(|character| character.is_ascii_alphabetic());
    parts.next().is_some_and(|language| language.len() == 2 && language != "me" && letters(language))
        && parts.all(|part| letters(part) && matches!(part.len(), 2 | 4) && part != "beta")
}

/// Returns a locale in its canonical case: `pt-BR`, `zh-Hans`.
pub(crate) fn canonical_locale(text: &str) -> String {
    let mut parts = text.split(['-', '_']);
    let mut locale = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        locale.push('-');
        if part.len() == 2 {
            locale.push_str(&part.to_ascii_uppercase());
        } else {
            let (first, rest) = part.split_at_checked(1).unwrap_or((part, ""));
            locale.push_str(&first.to_ascii_uppercase());
            locale.push_str(&rest.to_ascii_lowercase());
        }
    }
    locale
}

/// Returns the text as lower-case ASCII letters and digits with hyphens, which can be part of a path.
pub(crate) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().map(|character| character.to_ascii_lowercase()) {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// An error for a file name that does not consist of a locale, a version and a page's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNameError;

impl fmt::Display for PageNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "invalid page name: expected <locale>.<version>.<page>.txt, .md or .html (versions: v1.0, beta, concept)",
        )
    }
}

impl std::error::Error for PageNameError {}
