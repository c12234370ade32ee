//! The names of saved pages.

pub(crate) mod guess;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::recording::Edition;

/// The endings of the files that are read.
const ENDINGS: [&str; 6] = ["htm", "html", "markdown", "md", "txt", "xhtml"];

/// What a saved page is called: its locale, what it is filed under, and its name in the documentation.
///
/// A file is best named after all of them: `<locale>.<version>.<page>.txt`, or `.md`, or `.html`. The version is `v1.0`,
/// `beta`, or `concept` for a page about concepts.
///
/// ```
/// use graph_presence_conformance::{Edition, PageName};
///
/// let name: PageName = "pt-BR.v1.0.presence-get.md".parse()?;
/// assert_eq!((name.locale(), name.version(), name.page()), ("pt-BR", Edition::V1, "presence-get"));
/// # Ok::<(), graph_presence_conformance::PageNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageName {
    locale: String,
    version: Edition,
    page: String,
}

impl PageName {
    /// The locale of the page's address. It does not tell the language of the text.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.locale
    }

    /// What the page is filed under.
    #[must_use]
    pub fn version(&self) -> Edition {
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
        let part = PartialName::of_file(file).ok_or(PageNameError)?;
        match part {
            PartialName { locale: Some(locale), version: Some(version), page: Some(page) } => {
                Ok(Self { locale, version, page })
            }
            _ => Err(PageNameError),
        }
    }
}

/// What is known of a page's name, from its file's path or from the page itself.
///
/// ```
/// use graph_presence_conformance::{Edition, PartialName};
///
/// let name = PartialName::of_path("zh-CN/v1.0/presence-get.md".as_ref()).unwrap_or_default();
/// assert_eq!(name.locale.as_deref(), Some("zh-CN"));
/// assert_eq!(name.version, Some(Edition::V1));
/// assert_eq!(name.page.as_deref(), Some("presence-get"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialName {
    /// The locale.
    pub locale: Option<String>,
    /// What the page is filed under.
    pub version: Option<Edition>,
    /// The page's name in the documentation.
    pub page: Option<String>,
}

impl From<PageName> for PartialName {
    fn from(PageName { locale, version, page }: PageName) -> Self {
        Self { locale: Some(locale), version: Some(version), page: Some(page) }
    }
}

impl PartialName {
    /// What a path says: the file's name, and for what that leaves out the folders, the nearest first.
    ///
    /// Nothing when the file is none that is read.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let mut name = Self::of_file(path.file_name()?.to_str()?)?;
        let folders = path.parent().into_iter().flat_map(Path::ancestors).filter_map(Path::file_name);
        for folder in folders.filter_map(|folder| folder.to_str()) {
            name.version = name.version.or_else(|| edition(folder));
            if name.locale.is_none() && is_locale(folder) {
                name.locale = Some(locale(folder));
            }
        }
        Some(name)
    }

    /// What a file's name says.
    fn of_file(file: &str) -> Option<Self> {
        let (stem, ending) = file.rsplit_once('.')?;
        if !ENDINGS.contains(&ending.to_ascii_lowercase().as_str()) {
            return None;
        }
        // Copies of older versions have the version behind the name.
        let stem = stem.split('@').next().unwrap_or_default();
        let (first, rest) = begin(stem);
        let (found, rest) = match first {
            Some(first) if rest.is_empty() => (None, first),
            Some(first) => (Some(first), rest),
            None => (None, stem),
        };
        let version = Edition::ALL.into_iter().find(|edition| rest.split_once(edition.as_str()).is_some_and(at_border));
        let rest = match version {
            Some(edition) => rest.replacen(edition.as_str(), "", 1),
            None => rest.to_owned(),
        };
        let page = slug(&rest);
        let locale = found.map(|found| if version.is_some() { found.to_owned() } else { locale(found) });
        Some(Self { locale, version, page: (!page.is_empty()).then_some(page) })
    }

    /// This name, and for what is missing the other's.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            locale: self.locale.or(other.locale),
            version: self.version.or(other.version),
            page: self.page.or(other.page),
        }
    }
}

/// The locale that a file's name begins with, and the rest.
fn begin(stem: &str) -> (Option<&str>, &str) {
    let borders = stem.match_indices(['.', '-', '_']).map(|(border, _)| border).take(3).collect::<Vec<_>>();
    let borders = borders.into_iter().rev().chain([stem.len()]);
    for border in borders {
        let (first, rest) = stem.split_at_checked(border).unwrap_or((stem, ""));
        // In a name with dots, whatever stands before the first is the locale, known or made up.
        let named = rest.starts_with('.') && is_plain(first) && first.len() <= 12 && !first.starts_with("presence");
        if is_locale(first) || named {
            return (Some(first), rest);
        }
    }
    (None, stem)
}

/// Whether a folder can be called so.
pub(crate) fn is_plain(part: &str) -> bool {
    part.starts_with(|first: char| first.is_ascii_alphabetic())
        && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

/// Whether what was cut out of a name stood between borders.
fn at_border((before, after): (&str, &str)) -> bool {
    let border = |character: char| matches!(character, '.' | '-' | '_');
    (before.is_empty() || before.ends_with(border)) && (after.is_empty() || after.starts_with(border))
}

/// The edition that a folder is named after.
fn edition(folder: &str) -> Option<Edition> {
    match folder {
        "concepts" => Some(Edition::Concept),
        _ => Edition::ALL.into_iter().find(|edition| edition.as_str() == folder),
    }
}

/// Whether the text has the form of a locale: a language of two letters, and perhaps a script and a region.
pub(crate) fn is_locale(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let letters = |part: &str| part.chars().all(|character| character.is_ascii_alphabetic());
    parts.next().is_some_and(|language| language.len() == 2 && language != "me" && letters(language))
        && parts.all(|part| letters(part) && matches!(part.len(), 2 | 4) && part != "beta")
}

/// A locale in the usual letters: `pt-BR`, `zh-Hans`.
pub(crate) fn locale(text: &str) -> String {
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

/// A name that can be part of a path, whatever it was made of.
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

/// A file name that does not say locale, version and page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageNameError;

impl fmt::Display for PageNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the file name is not <locale>.<version>.<page>.txt, .md or .html, with the version v1.0, beta or concept",
        )
    }
}

impl std::error::Error for PageNameError {}
