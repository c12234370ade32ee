//! The words of tables and what they mean.

mod group;
mod vocabulary;

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::recording::{PermissionKind, Version};

use group::Forms;
pub(crate) use group::{Group, ascii};
pub(crate) use vocabulary::{Absence, Cloud, Heading, Piece, Section, Type, Unit, segmented, values_of};
use vocabulary::{HEADERS, NAMES, VALUES};

const TOKENS: &str = include_str!("../tokens.yaml");

/// The translated tokens: for each language the forms that translators use for the documentation's own words.
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
    pub(crate) versions: Group<Version>,
    pub(crate) clouds: Group<Cloud>,
    pub(crate) headings: Group<Heading>,
    pub(crate) types: Group<Type>,
    pub(crate) units: Group<Unit>,
    pub(crate) scopes: Group<Piece>,
    pub(crate) sections: Group<Section>,
}

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
    versions: Forms<Version>,
    #[serde(default)]
    clouds: Forms<Cloud>,
    #[serde(default)]
    headings: Forms<Heading>,
    #[serde(default)]
    types: Forms<Type>,
    #[serde(default)]
    units: Forms<Unit>,
    #[serde(default)]
    scopes: Forms<Piece>,
    #[serde(default)]
    sections: Forms<Section>,
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
            parameters: Group::of(&NAMES),
            headers: Group::of(&HEADERS),
            permissions: Group::default(),
            absent: Group::default(),
            versions: Group::default(),
            clouds: Group::default(),
            headings: Group::default(),
            types: Group::default(),
            units: Group::default(),
            scopes: Group::default(),
            sections: Group::default(),
        };
        for (language, forms) in languages {
            tokens.values.add(&language, named(&VALUES, forms.values)?)?;
            tokens.parameters.add(&language, named(&NAMES, forms.parameters)?)?;
            tokens.headers.add(&language, named(&HEADERS, forms.headers)?)?;
            tokens.permissions.add(&language, forms.permissions)?;
            tokens.absent.add(&language, forms.absent)?;
            tokens.versions.add(&language, forms.versions)?;
            tokens.clouds.add(&language, forms.clouds)?;
            tokens.headings.add(&language, forms.headings)?;
            tokens.types.add(&language, forms.types)?;
            tokens.units.add(&language, forms.units)?;
            tokens.scopes.add(&language, forms.scopes)?;
            tokens.sections.add(&language, forms.sections)?;
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

/// A token file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenError(String);

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the token file cannot be read: {}", self.0)
    }
}

impl std::error::Error for TokenError {}
