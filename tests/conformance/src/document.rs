//! A page as lines with roles, independent of the markup that it was saved with.

use std::collections::BTreeMap;

use crate::diagnostic::{Notes, recorded_cell};
use crate::lines::{Line, Role};
use crate::recording::PageRepair;
use crate::start_line::unglued;
use crate::vocabulary::{Section, Translations};

/// A page whose markup is separated from its text.
#[derive(Debug, Default)]
pub(crate) struct Document {
    text: String,
    /// The mark of each line of the text.
    marks: Vec<Mark>,
    pub(crate) hints: Hints,
    /// Files that the page includes and that were not saved with it.
    pub(crate) includes: Vec<Include>,
    /// The languages of the code samples that the page's markup names, by line number.
    pub(crate) samples: BTreeMap<usize, String>,
    /// The first line of the part that has each text twice, in two languages.
    pub(crate) bilingual: Option<usize>,
}

/// The position and the role of a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark {
    /// The number of the line in the file.
    pub(crate) number: usize,
    pub(crate) role: Role,
    /// Whether the previous line is part of the same line in the file.
    pub(crate) glued: bool,
    /// The name of a heading in links, which is never translated.
    pub(crate) slug: Option<String>,
}

/// A page's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    pub(crate) locale: Option<String>,
    /// The address that the page was saved from.
    pub(crate) address: Option<String>,
}

/// A file that a page includes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Include {
    pub(crate) line: usize,
    pub(crate) name: String,
    pub(crate) path: String,
}

impl Document {
    pub(crate) fn push(&mut self, text: &str, mark: &Mark) {
        for (index, piece) in unglued(text).into_iter().enumerate() {
            if !self.marks.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(piece);
            self.marks.push(Mark { glued: index > 0, ..mark.clone() });
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Reports damage that affects the whole page.
    pub(crate) fn report(&self, notes: &mut Notes) {
        if let Some(line) = self.bilingual {
            notes.repair(line, "", PageRepair::Bilingual);
        }
        // Other files contain no facts: samples, disclaimers, links.
        for Include { line, name, path } in &self.includes {
            let file = path.rsplit('/').next().unwrap_or_default();
            if name.contains("permissions") || name.contains("cloud") || file.ends_with("-permissions.md") {
                let (name, file) = (recorded_cell(name), recorded_cell(file));
                notes.repair(*line, path, PageRepair::IncludeMissing { name, file });
            }
        }
    }

    /// Returns the lines, each with the section of the headings above it.
    pub(crate) fn lines(&self, locale: &str, translations: &Translations) -> Vec<Line<'_>> {
        let (mut start, mut section) = (0, None);
        let line = |(text, mark): (&'_ str, &Mark)| {
            let begin = start;
            start += text.len() + 1;
            let found = named(text, mark, locale, translations);
            section = if mark.role == Role::Heading { found } else { found.or(section) };
            (begin, section)
        };
        let places: Vec<_> = self.text.split('\n').zip(&self.marks).map(line).collect();
        let whole = self.text.split('\n').zip(&self.marks).zip(places);
        whole
            .map(|((text, mark), (start, section))| {
                let Mark { number, role, glued, .. } = *mark;
                Line { number, start, text, role, glued, section }
            })
            .collect()
    }
}

/// Returns the section whose heading the line is. In text without markup, a heading is a line of its own.
fn named(text: &str, mark: &Mark, locale: &str, translations: &Translations) -> Option<Section> {
    if !matches!(mark.role, Role::Heading | Role::Text) || text.is_empty() {
        return None;
    }
    let find = |name: &str| translations.sections.find(locale, name).map(|(section, _)| section);
    let slug = mark.slug.as_ref().and_then(|slug| find(&slug.replace('-', " ")));
    slug.or_else(|| find(text.trim_start_matches('#')))
}
