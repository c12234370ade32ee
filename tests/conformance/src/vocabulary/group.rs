//! The terms of one kind.

use std::collections::BTreeMap;

use super::error::TranslationsError;
use crate::recording::Evidence;

/// The language of the documentation itself.
const ENGLISH: &str = "en";
/// The most characters of a form beside a number.
const LONGEST_UNIT: usize = 40;

pub(super) type Forms<T> = BTreeMap<T, Vec<String>>;

/// The terms of one kind: for each folded form, what it means in which languages.
#[derive(Clone, Debug)]
pub(crate) struct Group<T>(BTreeMap<String, Vec<(String, T)>>);

impl<T> Default for Group<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl Group<&'static str> {
    /// Terms that the documentation writes as they are.
    pub(super) fn of(names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| (folded(name), vec![(ENGLISH.to_owned(), *name)])).collect())
    }
}

impl<T: Copy + PartialEq> Group<T> {
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

    /// What a cell of a page with this locale means.
    ///
    /// The locale does not tell the language of the text: the documentation's own word comes first, the locale's second,
    /// another language's last, and only when all languages that know the word agree.
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
        Some((term, Evidence::Dictionary))
    }

    /// What the text begins with: the longest form that ends where a word does.
    ///
    /// Scripts that do not part words with spaces, and languages that decline them, may go on after the form.
    pub(crate) fn begins(&self, locale: &str, text: &str) -> Option<T> {
        let mut form = String::new();
        let mut longest = None;
        let mut characters = text.chars().take(LONGEST_UNIT).peekable();
        while let Some(character) = characters.next() {
            form.extend(narrow(character.encode_utf8(&mut [0; 4])));
            if !characters.peek().is_some_and(|next| is_latin(*next)) || !is_latin(character) {
                longest = self.find(locale, &form).map(|(term, _)| term).or(longest);
            }
            if !self.goes_on(&form) {
                break;
            }
        }
        longest
    }

    /// Whether a sentence has a word for this term.
    pub(crate) fn stands_in(&self, locale: &str, text: &str, term: T) -> bool {
        let mut before = None;
        text.char_indices().any(|(index, character)| {
            let begins = !(before.is_some_and(is_latin) && is_latin(character));
            before = Some(character);
            begins && text.get(index..).and_then(|rest| self.begins(locale, rest)) == Some(term)
        })
    }

    /// Whether a form begins so. A text begins with no term far more often than it does: nothing else is looked up.
    fn goes_on(&self, form: &str) -> bool {
        self.0.range(form.to_owned()..).next().is_some_and(|(next, _)| next.starts_with(form))
    }

    /// The locale in which most of these forms are used, if any is.
    pub(crate) fn languages(&self, form: &str) -> impl Iterator<Item = &str> {
        self.0.get(&folded(form)).into_iter().flatten().map(|(language, _)| language.as_str())
    }

    /// What the first of these words mean together, and how many words that takes: as many as possible.
    pub(crate) fn first(&self, locale: &str, words: &[&str]) -> Option<(T, usize)> {
        let mut form = String::new();
        let mut longest = None;
        for (index, word) in words.iter().enumerate() {
            form.extend(narrow(word));
            if let Some((term, _)) = self.find(locale, &form) {
                longest = Some((term, index + 1));
            }
            if !self.goes_on(&form) {
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

/// The character of ASCII that a wide one is.
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

/// Whether the character is a letter of a script whose words have spaces between them and a fixed form.
fn is_latin(character: char) -> bool {
    character.is_alphabetic() && character < '\u{250}'
}
