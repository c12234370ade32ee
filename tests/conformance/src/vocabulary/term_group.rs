//! The terms of one kind.

use std::collections::BTreeMap;

use super::error::TranslationsError;
use crate::recording::Evidence;

/// The language of the documentation itself.
const ENGLISH: &str = "en";
/// The maximum length of a form after a number.
const MAX_UNIT_LENGTH: usize = 40;

pub(super) type Forms<T> = BTreeMap<T, Vec<String>>;

/// The terms of one kind: the meanings of each folded form, by language.
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
        Self(names.iter().map(|name| (folded(name), vec![(ENGLISH.to_owned(), *name)])).collect())
    }
}

impl<T: Copy + PartialEq> TermGroup<T> {
    pub(super) fn add(&mut self, language: &str, forms: Forms<T>) -> Result<(), TranslationsError> {
        for (term, forms) in forms {
            for form in forms {
                let folded = folded(&form);
                if folded.is_empty() {
                    return Err(TranslationsError(format!("{language} has an empty form")));
                }
                let meanings = self.0.entry(folded).or_default();
                if meanings.iter().any(|(its_language, its_term)| its_language == language && *its_term != term) {
                    return Err(TranslationsError(format!("{form} means two things in {language}")));
                }
                meanings.push((language.to_owned(), term));
            }
        }
        Ok(())
    }

    /// Returns the meaning of a cell on a page with this locale, and the evidence for it.
    ///
    /// The locale does not determine the language of the text. The documentation's own word takes precedence, then the
    /// locale's, then another language's if all languages that have the word agree.
    pub(crate) fn find(&self, locale: &str, cell: &str) -> Option<(T, Evidence)> {
        let meanings = self.0.get(&folded(cell))?;
        let known = |language: &str| meanings.iter().find(|(its, _)| its == language).map(|(_, term)| *term);
        if let Some(term) = known(ENGLISH) {
            return Some((term, Evidence::Untranslated));
        }
        let language = locale.split('-').next().unwrap_or_default();
        let of_locale = known(locale).or_else(|| known(language));
        let term = of_locale.or_else(|| {
            let (_, term) = meanings.first()?;
            meanings.iter().all(|(_, other)| other == term).then_some(*term)
        })?;
        Some((term, Evidence::Translation))
    }

    /// Returns the meaning of the longest form at the start of the text that ends where a word ends.
    ///
    /// In scripts without spaces between words, and in languages that inflect them, letters can follow the form.
    pub(crate) fn begins(&self, locale: &str, text: &str) -> Option<T> {
        let mut form = String::new();
        let mut longest = None;
        let mut characters = text.chars().take(MAX_UNIT_LENGTH).peekable();
        while let Some(character) = characters.next() {
            form.extend(narrow(character.encode_utf8(&mut [0; 4])));
            if !characters.peek().is_some_and(|next| is_latin(*next)) || !is_latin(character) {
                longest = self.find(locale, &form).map(|(term, _)| term).or(longest);
            }
            if !self.continues(&form) {
                break;
            }
        }
        longest
    }

    /// Whether a sentence contains a form of this term.
    pub(crate) fn appears_in(&self, locale: &str, text: &str, term: T) -> bool {
        let mut before = None;
        text.char_indices().any(|(index, character)| {
            let begins = !(before.is_some_and(is_latin) && is_latin(character));
            before = Some(character);
            begins && text.get(index..).and_then(|rest| self.begins(locale, rest)) == Some(term)
        })
    }

    /// Whether a longer form starts with this one. Most texts do not start with a term, so this ends the search early.
    fn continues(&self, form: &str) -> bool {
        self.0.range(form.to_owned()..).next().is_some_and(|(next, _)| next.starts_with(form))
    }

    /// Returns the languages that have this form.
    pub(crate) fn languages(&self, form: &str) -> impl Iterator<Item = &str> {
        self.0.get(&folded(form)).into_iter().flatten().map(|(language, _)| language.as_str())
    }

    /// Returns the meaning of the longest form at the start of these words, and the number of its words.
    pub(crate) fn first(&self, locale: &str, words: &[&str]) -> Option<(T, usize)> {
        let mut form = String::new();
        let mut longest = None;
        for (index, word) in words.iter().enumerate() {
            form.extend(narrow(word));
            if let Some((term, _)) = self.find(locale, &form) {
                longest = Some((term, index + 1));
            }
            if !self.continues(&form) {
                break;
            }
        }
        longest
    }
}

/// Removes what damage changes from a form: spaces, case, width and the final full stop.
fn folded(text: &str) -> String {
    let mut form: String = narrow(text).collect();
    form.truncate(form.trim_end_matches(['.', '。', '．']).len());
    form
}

/// Returns the ASCII character for a wide character, or the character itself.
pub(crate) fn ascii(character: char) -> char {
    const WIDE: u32 = 0xff01 - 0x21;
    let narrow = u32::from(character).checked_sub(WIDE).and_then(char::from_u32);
    narrow.filter(|narrow| matches!(narrow, '!'..='~')).unwrap_or(character)
}

fn narrow(text: &str) -> impl Iterator<Item = char> {
    let visible = text.chars().filter(|character| !character.is_whitespace());
    let straight = visible.map(|character| if matches!(character, '‘' | '’') { '\'' } else { ascii(character) });
    straight.flat_map(char::to_lowercase)
}

/// Whether the character is a Latin letter. In this script, spaces separate words.
fn is_latin(character: char) -> bool {
    character.is_alphabetic() && character < '\u{250}'
}
