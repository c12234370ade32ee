//! `translations.yaml`: the forms that translators use for the documentation's terms.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::TranslationsError;
use super::term_group::{Forms, TermGroup};
use super::terms::{Absence, Cloud, HEADERS, Heading, NAMES, ScopePart, Section, Type, Unit, VALUES};
use crate::recording::{PermissionKind, Version};

const TRANSLATIONS: &str = include_str!("../../translations.yaml");

/// The translations of the documentation's terms: the forms that translators use, by language.
///
/// ```
/// use graph_presence_conformance::Translations;
///
/// let translations = Translations::parse("nl:\n  values:\n    Away: [Afwezig]\n");
/// assert!(translations.is_ok());
/// let contradiction = Translations::parse("nl:\n  values:\n    Away: [Afwezig]\n    Busy: [afwezig]\n");
/// assert!(contradiction.is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Translations {
    pub(crate) values: TermGroup<&'static str>,
    pub(crate) parameters: TermGroup<&'static str>,
    pub(crate) headers: TermGroup<&'static str>,
    pub(crate) permissions: TermGroup<PermissionKind>,
    pub(crate) absent: TermGroup<Absence>,
    pub(crate) versions: TermGroup<Version>,
    pub(crate) clouds: TermGroup<Cloud>,
    pub(crate) headings: TermGroup<Heading>,
    pub(crate) types: TermGroup<Type>,
    pub(crate) units: TermGroup<Unit>,
    pub(crate) scopes: TermGroup<ScopePart>,
    pub(crate) sections: TermGroup<Section>,
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
    scopes: Forms<ScopePart>,
    #[serde(default)]
    sections: Forms<Section>,
}

impl Translations {
    /// Returns the translations in `translations.yaml`.
    ///
    /// # Errors
    ///
    /// Returns an error if `translations.yaml` is invalid.
    pub fn built_in() -> Result<Self, TranslationsError> {
        Self::parse(TRANSLATIONS)
    }

    /// Parses translations in YAML, as this crate's README describes them.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid YAML in this format, contains an unknown term or an empty form, or
    /// gives a form two meanings in one language.
    pub fn parse(file: &str) -> Result<Self, TranslationsError> {
        let languages: BTreeMap<String, Language> =
            serde_saphyr::from_str(file).map_err(|error| TranslationsError(error.to_string()))?;
        let mut translations = Self {
            values: TermGroup::of(&VALUES),
            parameters: TermGroup::of(&NAMES),
            headers: TermGroup::of(&HEADERS),
            permissions: TermGroup::default(),
            absent: TermGroup::default(),
            versions: TermGroup::default(),
            clouds: TermGroup::default(),
            headings: TermGroup::default(),
            types: TermGroup::default(),
            units: TermGroup::default(),
            scopes: TermGroup::default(),
            sections: TermGroup::default(),
        };
        for (language, forms) in languages {
            translations.values.add(&language, named(&VALUES, forms.values)?)?;
            translations.parameters.add(&language, named(&NAMES, forms.parameters)?)?;
            translations.headers.add(&language, named(&HEADERS, forms.headers)?)?;
            translations.permissions.add(&language, forms.permissions)?;
            translations.absent.add(&language, forms.absent)?;
            translations.versions.add(&language, forms.versions)?;
            translations.clouds.add(&language, forms.clouds)?;
            translations.headings.add(&language, forms.headings)?;
            translations.types.add(&language, forms.types)?;
            translations.units.add(&language, forms.units)?;
            translations.scopes.add(&language, forms.scopes)?;
            translations.sections.add(&language, forms.sections)?;
        }
        Ok(translations)
    }
}

fn named(names: &[&'static str], forms: Forms<String>) -> Result<Forms<&'static str>, TranslationsError> {
    let known = |(name, forms): (String, Vec<String>)| {
        let known = names.iter().copied().find(|known| *known == name);
        known.map(|known| (known, forms)).ok_or_else(|| TranslationsError(format!("unknown term {name:?}")))
    };
    forms.into_iter().map(known).collect()
}
