//! Groups of terms, and lookup of their forms.

use std::collections::BTreeMap;

use super::error::TranslationsError;
use crate::recording::Evidence;

/// The language of the documentation itself.
const ENGLISH: &str = "en";
/// The maximum length of a form that is looked up in a sentence.
const MAX_UNIT_LENGTH: usize = 40;

pub(super) type Forms<T> = BTreeMap<T, Vec<String>>;

/// The terms of one kind: the meanings of each normalized form, by language.
#[derive(Clone, Debug)]
pub(crate) struct TermGroup<T>(BTreeMap<String, Vec<(String, T)>>);

impl<T> Default for TermGroup<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl TermGroup<&'static str> {
    /// Creates a group of terms that are their own form in English.
    pub(super) fn of(names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| (normalized_form(name), vec![(ENGLISH.to_owned(), *name)])).collect())
    }
}

impl<T: Copy + PartialEq> TermGroup<T> {
    pub(super) fn add(&mut self, language: &str, forms: Forms<T>) -> Result<(), TranslationsError> {
        for (term, forms) in forms {
            for form in forms {
                let normalized = normalized_form(&form);
                if normalized.is_empty() {
                    return Err(TranslationsError(format!("empty form in {language}")));
                }
                let meanings = self.0.entry(normalized).or_default();
                if meanings.iter().any(|(known_language, known_term)| known_language == language && *known_term != term)
                {
                    return Err(TranslationsError(format!("{form:?} has two meanings in {language}")));
                }
                meanings.push((language.to_owned(), term));
            }
        }
        Ok(())
    }

    /// Returns the meaning of a cell on a page with this locale, and the evidence for it.
    ///
    /// The locale does not determine the language of the text. The documentation's own term takes precedence, then the
    /// locale's, then another language's if the form has the same meaning in all languages.
    pub(crate) fn find(&self, locale: &str, cell: &str) -> Option<(T, Evidence)> {
        let meanings = self.0.get(&normalized_form(cell))?;
        let meaning_in = |language: &str| meanings.iter().find(|(other, _)| other == language).map(|(_, term)| *term);
        if let Some(term) = meaning_in(ENGLISH) {
            return Some((term, Evidence::Untranslated));
        }
        let language = locale.split('-').next().unwrap_or_default();
        let of_locale = meaning_in(locale).or_else(|| meaning_in(language));
        let term = of_locale.or_else(|| {
            let (_, term) = meanings.first()?;
            meanings.iter().all(|(_, other)| other == term).then_some(*term)
        })?;
        Some((term, Evidence::Translation))
    }

    /// Returns the meaning of the longest form at the start of the text. It must end at the end of a word.
    ///
    /// In scripts without spaces between words, and in languages that inflect them, letters can follow the form.
    pub(crate) fn find_prefix(&self, locale: &str, text: &str) -> Option<T> {
        let mut form = String::new();
        let mut longest = None;
        let mut characters = text.chars().take(MAX_UNIT_LENGTH).peekable();
        while let Some(character) = characters.next() {
            form.extend(normalized_characters(character.encode_utf8(&mut [0; 4])));
            if !characters.peek().is_some_and(|next| is_latin(*next)) || !is_latin(character) {
                longest = self.find(locale, &form).map(|(term, _)| term).or(longest);
            }
            if !self.is_prefix_of_form(&form) {
                break;
            }
        }
        longest
    }

    /// Returns `true` if a sentence contains a form of this term.
    pub(crate) fn appears_in(&self, locale: &str, text: &str, term: T) -> bool {
        let mut before = None;
        text.char_indices().any(|(index, character)| {
            let starts_word = !(before.is_some_and(is_latin) && is_latin(character));
            before = Some(character);
            starts_word && text.get(index..).and_then(|rest| self.find_prefix(locale, rest)) == Some(term)
        })
    }

    /// Returns `true` if a form starts with this text. Most texts do not start with a term, so this ends the search
    /// early.
    fn is_prefix_of_form(&self, form: &str) -> bool {
        self.0.range(form.to_owned()..).next().is_some_and(|(next, _)| next.starts_with(form))
    }

    /// Returns the languages that have this form.
    pub(crate) fn languages(&self, form: &str) -> impl Iterator<Item = &str> {
        self.0.get(&normalized_form(form)).into_iter().flatten().map(|(language, _)| language.as_str())
    }

    /// Returns the meaning of the longest form at the start of these words, and the number of its words.
    pub(crate) fn find_leading(&self, locale: &str, words: &[&str]) -> Option<(T, usize)> {
        let mut form = String::new();
        let mut longest = None;
        for (index, word) in words.iter().enumerate() {
            form.extend(normalized_characters(word));
            if let Some((term, _)) = self.find(locale, &form) {
                longest = Some((term, index + 1));
            }
            if !self.is_prefix_of_form(&form) {
                break;
            }
        }
        longest
    }
}

/// Normalizes a form: removes spaces and the final full stop, which damage changes, and ignores case and width.
fn normalized_form(text: &str) -> String {
    let mut form: String = normalized_characters(text).collect();
    form.truncate(form.trim_end_matches(['.', '。', '．']).len());
    form
}

/// Returns the ASCII character for a full-width character, or the character itself.
pub(crate) fn ascii(character: char) -> char {
    const WIDE: u32 = 0xff01 - 0x21;
    let narrow = u32::from(character).checked_sub(WIDE).and_then(char::from_u32);
    narrow.filter(|narrow| matches!(narrow, '!'..='~')).unwrap_or(character)
}

fn normalized_characters(text: &str) -> impl Iterator<Item = char> {
    let visible = text.chars().filter(|character| !character.is_whitespace());
    let straight = visible.map(|character| if matches!(character, '‘' | '’') { '\'' } else { ascii(character) });
    straight.flat_map(char::to_lowercase)
}

/// Returns `true` if the character is a Latin letter. In this script, spaces separate words.
fn is_latin(character: char) -> bool {
    character.is_alphabetic() && character < '\u{250}'
}
