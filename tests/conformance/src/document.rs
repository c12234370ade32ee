//! A page as a list of lines with roles, independent of the markup that it was saved with.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::lines::{Line, Role};
use crate::recording::PageRepair;
use crate::start_line::restore_line_breaks;
use crate::vocabulary::{Section, Translations};

/// A page whose markup is separated from its text.
#[derive(Debug, Default)]
pub(crate) struct Document {
    text: String,
    /// The position and role of each line of the text.
    infos: Vec<LineInfo>,
    pub(crate) metadata: Metadata,
    /// Files that the page includes and that were not saved with it.
    pub(crate) includes: Vec<Include>,
    /// The languages of code samples, by the line number at which the markup names them.
    pub(crate) samples: BTreeMap<usize, String>,
    /// The first line of the part that is in two languages.
    pub(crate) bilingual: Option<usize>,
}

/// The position and the role of a line.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineInfo {
    /// The number of the line in the file.
    pub(crate) number: usize,
    pub(crate) role: Role,
    /// Whether the previous line is part of the same line in the file.
    pub(crate) joined: bool,
    /// The fragment identifier of a heading, which is never translated.
    pub(crate) slug: Option<String>,
}

/// A page's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metadata {
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
    pub(crate) fn push(&mut self, text: &str, info: &LineInfo) {
        for (index, piece) in restore_line_breaks(text).into_iter().enumerate() {
            if !self.infos.is_empty() {
                self.text.push('\n');
            }
            self.text.push_str(piece);
            self.infos.push(LineInfo { joined: index > 0, ..info.clone() });
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Reports damage that affects the whole page.
    pub(crate) fn report(&self, diagnostics: &mut Diagnostics) {
        if let Some(line) = self.bilingual {
            diagnostics.record_repair(line, "", PageRepair::Bilingual);
        }
        // Other included files do not contain facts: samples, disclaimers, links.
        for Include { line, name, path } in &self.includes {
            let file = path.rsplit('/').next().unwrap_or_default();
            if name.contains("permissions") || name.contains("cloud") || file.ends_with("-permissions.md") {
                let (name, file) = (shortened_cell(name), shortened_cell(file));
                diagnostics.record_repair(*line, path, PageRepair::IncludeMissing { name, file });
            }
        }
    }

    /// Returns the lines, each with the section of the headings above it.
    pub(crate) fn lines(&self, locale: &str, translations: &Translations) -> Vec<Line<'_>> {
        let (mut start, mut section) = (0, None);
        let line = |(text, info): (&'_ str, &LineInfo)| {
            let begin = start;
            start += text.len() + 1;
            let found = section_of_heading(text, info, locale, translations);
            section = if info.role == Role::Heading { found } else { found.or(section) };
            (begin, section)
        };
        let starts: Vec<_> = self.text.split('\n').zip(&self.infos).map(line).collect();
        let lines = self.text.split('\n').zip(&self.infos).zip(starts);
        lines
            .map(|((text, info), (start, section))| {
                let LineInfo { number, role, joined, .. } = *info;
                Line { number, start, text, role, joined, section }
            })
            .collect()
    }
}

/// Returns the section if the line is its heading. In text without markup, any line can be a heading.
fn section_of_heading(text: &str, info: &LineInfo, locale: &str, translations: &Translations) -> Option<Section> {
    if !matches!(info.role, Role::Heading | Role::Text) || text.is_empty() {
        return None;
    }
    let find = |name: &str| translations.sections.find(locale, name).map(|(section, _)| section);
    let slug = info.slug.as_ref().and_then(|slug| find(&slug.replace('-', " ")));
    slug.or_else(|| find(text.trim_start_matches('#')))
}
