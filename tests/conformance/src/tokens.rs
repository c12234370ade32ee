//! The words of tables and what they mean.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::recording::{Evidence, PermissionKind};

const TOKENS: &str = include_str!("../tokens.yaml");
/// The language of the documentation itself.
const ENGLISH: &str = "en";

/// The values of availability and activity.
const VALUES: [&str; 19] = [
    "Available",
    "AvailableIdle",
    "AvailableInactive",
    "Away",
    "BeRightBack",
    "Busy",
    "BusyIdle",
    "DoNotDisturb",
    "Focusing",
    "InACall",
    "InAConferenceCall",
    "InAMeeting",
    "Inactive",
    "OffWork",
    "Offline",
    "OutOfOffice",
    "PresenceUnknown",
    "Presenting",
    "UrgentInterruptionsOnly",
];

/// The names of parameters and of the properties they hold.
const PARAMETERS: [&str; 9] = [
    "activity",
    "availability",
    "expirationDuration",
    "ids",
    "message",
    "placeId",
    "sessionId",
    "statusMessage",
    "workLocationType",
];

/// The headers that a page's table of request headers names.
const HEADERS: [&str; 2] = ["Authorization", "Content-Type"];

/// The translated tokens: for each language the forms that were seen for the documentation's own words.
///
/// ```
/// use graph_presence_conformance::Tokens;
///
/// let tokens = Tokens::parse("nl:\n  values:\n    Away: [Afwezig]\n");
/// assert!(tokens.is_ok());
/// let contradiction = Tokens::parse("nl:\n  values:\n    Away: [Afwezig]\n    Busy: [afwezig]\n");
/// assert!(contradiction.is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Tokens {
    pub(crate) values: Group<&'static str>,
    pub(crate) parameters: Group<&'static str>,
    pub(crate) headers: Group<&'static str>,
    pub(crate) permissions: Group<PermissionKind>,
    pub(crate) absent: Group<Absence>,
    pub(crate) clouds: Group<Cloud>,
    pub(crate) headings: Group<Heading>,
    pub(crate) types: Group<Type>,
    pub(crate) units: Group<Unit>,
}

/// A word in the place of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Absence {
    NotSupported,
    NotAvailable,
}

/// A cloud of the cloud table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cloud {
    Global,
    L4,
    L5,
    China,
}

/// The heading of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Heading {
    Parameter,
    Type,
    Description,
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Type {
    String,
    StringCollection,
    Duration,
    Boolean,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Unit {
    Requests,
    Seconds,
}

type Forms<T> = BTreeMap<T, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Language {
    #[serde(default)]
    values: Forms<String>,
    #[serde(default)]
    parameters: Forms<String>,
    #[serde(default)]
    headers: Forms<String>,
    #[serde(default)]
    permissions: Forms<PermissionKind>,
    #[serde(default)]
    absent: Forms<Absence>,
    #[serde(default)]
    clouds: Forms<Cloud>,
    #[serde(default)]
    headings: Forms<Heading>,
    #[serde(default)]
    types: Forms<Type>,
    #[serde(default)]
    units: Forms<Unit>,
}

impl Tokens {
    /// The tokens that this crate knows.
    ///
    /// # Errors
    ///
    /// When the token file of this crate is damaged.
    pub fn of_this_crate() -> Result<Self, TokenError> {
        Self::parse(TOKENS)
    }

    /// Reads a token file: YAML, as this crate's README describes it.
    ///
    /// # Errors
    ///
    /// When the file is no such YAML, has an unknown token, or one form means two things in one language.
    pub fn parse(file: &str) -> Result<Self, TokenError> {
        let languages: BTreeMap<String, Language> =
            serde_saphyr::from_str(file).map_err(|error| TokenError(error.to_string()))?;
        let mut tokens = Self {
            values: Group::of(&VALUES),
            parameters: Group::of(&PARAMETERS),
            headers: Group::of(&HEADERS),
            permissions: Group::default(),
            absent: Group::default(),
            clouds: Group::default(),
            headings: Group::default(),
            types: Group::default(),
            units: Group::default(),
        };
        for (language, forms) in languages {
            tokens.values.add(&language, named(&VALUES, forms.values)?)?;
            tokens.parameters.add(&language, named(&PARAMETERS, forms.parameters)?)?;
            tokens.headers.add(&language, named(&HEADERS, forms.headers)?)?;
            tokens.permissions.add(&language, forms.permissions)?;
            tokens.absent.add(&language, forms.absent)?;
            tokens.clouds.add(&language, forms.clouds)?;
            tokens.headings.add(&language, forms.headings)?;
            tokens.types.add(&language, forms.types)?;
            tokens.units.add(&language, forms.units)?;
        }
        Ok(tokens)
    }
}

fn named(names: &[&'static str], forms: Forms<String>) -> Result<Forms<&'static str>, TokenError> {
    let known = |(name, forms): (String, Vec<String>)| {
        let known = names.iter().copied().find(|known| *known == name);
        known.map(|known| (known, forms)).ok_or_else(|| TokenError(format!("{name} is no known token")))
    };
    forms.into_iter().map(known).collect()
}

/// The tokens of one kind: for each folded form, what it means in which languages.
#[derive(Clone, Debug)]
pub(crate) struct Group<T>(BTreeMap<String, Vec<(String, T)>>);

impl<T> Default for Group<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl Group<&'static str> {
    /// Tokens that the documentation writes as they are.
    fn of(names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| (folded(name), vec![(ENGLISH.to_owned(), *name)])).collect())
    }
}

impl<T: Copy + PartialEq> Group<T> {
    fn add(&mut self, language: &str, forms: Forms<T>) -> Result<(), TokenError> {
        for (token, forms) in forms {
            for form in forms {
                let folded = folded(&form);
                if folded.is_empty() {
                    return Err(TokenError(format!("{language} has an empty form")));
                }
                let meanings = self.0.entry(folded).or_default();
                if meanings.iter().any(|(its_language, its_token)| its_language == language && *its_token != token) {
                    return Err(TokenError(format!("{form} means two things in {language}")));
                }
                meanings.push((language.to_owned(), token));
            }
        }
        Ok(())
    }

    /// What a cell of a page with this locale means.
    ///
    /// The locale does not tell the language of the text: the documentation's own word comes first, the locale's second,
    /// another language's last, and only when all languages that know the word agree.
    pub(crate) fn find(&self, locale: &str, cell: &str) -> Option<(T, Evidence)> {
        let meanings = self.0.get(&folded(cell))?;
        let known = |language: &str| meanings.iter().find(|(its, _)| its == language).map(|(_, token)| *token);
        if let Some(token) = known(ENGLISH) {
            return Some((token, Evidence::Untranslated));
        }
        let language = locale.split('-').next().unwrap_or_default();
        let of_locale = known(locale).or_else(|| known(language));
        let token = of_locale.or_else(|| {
            let (_, token) = meanings.first()?;
            meanings.iter().all(|(_, other)| other == token).then_some(*token)
        })?;
        Some((token, Evidence::Dictionary))
    }

    /// What the first of these words mean together, and how many words that takes: as many as possible.
    pub(crate) fn first(&self, locale: &str, words: &[&str]) -> Option<(T, usize)> {
        let mut form = String::new();
        let mut longest = None;
        for (index, word) in words.iter().enumerate() {
            form.extend(narrow(word));
            if let Some((token, _)) = self.find(locale, &form) {
                longest = Some((token, index + 1));
            }
            // A line begins with no token far more often than it does: look no further than a form could reach.
            if !self.0.range(form.clone()..).next().is_some_and(|(next, _)| next.starts_with(&form)) {
                break;
            }
        }
        longest
    }
}

/// A form without what damage changes: spaces, case, width and the final full stop.
fn folded(text: &str) -> String {
    let mut form: String = narrow(text).collect();
    form.truncate(form.trim_end_matches(['.', '。', '．']).len());
    form
}

fn narrow(text: &str) -> impl Iterator<Item = char> {
    let visible = text.chars().filter(|character| !character.is_whitespace());
    let narrow = visible.map(|character| match character {
        '（' => '(',
        '）' => ')',
        '：' => ':',
        '，' => ',',
        _ => character,
    });
    narrow.flat_map(char::to_lowercase)
}

/// A token file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError(String);

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the token file cannot be read: {}", self.0)
    }
}

impl std::error::Error for TokenError {}
