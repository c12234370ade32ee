//! The tables of parameters and of properties: a name, a type and a description per line.

use super::words::{join_words, words_from, words_of};
use crate::source::Source;
use crate::start_line::begins_message;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::Heading;

/// The maximum number of lines that continue a description.
const MAX_DESCRIPTION: usize = 10;

/// Returns the table whose header is in this line.
pub(super) fn read(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let kind = header_kind(source, words)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut continuation_lines = 0;
    let mut ended = true;
    for line in source.from(index + 1) {
        let words = words_of(line);
        // A sentence of a description starts with a capital letter, unlike a name.
        let can_start = ended && (continuation_lines == 0 || !line.text.trim_start().starts_with(char::is_uppercase));
        let row =
            row(source, &words, can_start, continuation_lines == 0).filter(|_| pairs_header(source, &words).is_none());
        match (row, rows.last_mut()) {
            (Some(cells), _) => {
                let word_count = cells.iter().map(|cell| cell.split_whitespace().count()).sum();
                let description: Vec<&str> = line.text.split_whitespace().skip(word_count).collect();
                let [name, type_name] = cells;
                rows.push(Row { line: line.number, cells: vec![name, type_name, description.join(" ")] });
                continuation_lines = 0;
            }
            // A description can continue after a line break, and the end of the last one is not marked.
            (None, Some(last))
                if continuation_lines < MAX_DESCRIPTION
                    && continues_description(source, line.text, &words)
                    && line.is_text() =>
            {
                if let Some(description) = last.cells.last_mut() {
                    description.push('\n');
                    description.push_str(line.text.trim());
                }
                continuation_lines += 1;
            }
            _ => break,
        }
        ended = line.is_blank() || line.text.trim_end().ends_with(['.', '。', ')', '）']);
    }
    let header = Row::new(source.lines.get(index)?, &[]);
    Some(Table { kind, in_request_line: false, header, rows })
}

fn header_kind(source: Source<'_>, words: &[&str]) -> Option<Kind> {
    let mut end = 0;
    let mut headings = Vec::new();
    while let Some((heading, count)) = source.translations.headings.find_leading(source.locale, words_from(words, end))
    {
        headings.push(heading);
        end += count;
    }
    let kind = match headings.as_slice() {
        [Heading::Parameter, Heading::Type, Heading::Description] => Kind::Parameters,
        // A header can have fewer columns than its rows.
        [Heading::Property, Heading::Type, Heading::Description] | [Heading::Property, Heading::Description] => {
            Kind::Properties
        }
        _ => return None,
    };
    (end == words.len()).then_some(kind)
}

/// Returns the name and the type at the start of a row: both are known, or one of them if a row can start here.
fn row(source: Source<'_>, words: &[&str], can_start: bool, after_first_line: bool) -> Option<[String; 2]> {
    let name = source.translations.parameters.find_leading(source.locale, words);
    let names = name.map_or(1, |(_, count)| count);
    let rest = words_from(words, names);
    let known = source.translations.types.find_leading(source.locale, rest).map(|(_, count)| count);
    let named = rest.first().and_then(|word| source.type_name(word)).map(|_| 1);
    let types = known.or(named);
    let is_sufficient = known.is_some() || (after_first_line && (name.is_some() || types.is_some()));
    let is_row = (name.is_some() && types.is_some()) || (can_start && is_sufficient);
    let types = types.unwrap_or(1).min(rest.len());
    is_row.then(|| [join_words(words, 0, names), join_words(rest, 0, types)])
}

/// Returns `true` if the line can continue a description: it does not start a section, a message or a table.
fn continues_description(source: Source<'_>, text: &str, words: &[&str]) -> bool {
    let is_section = source.translations.sections.find(source.locale, text).is_some();
    let is_header = header_kind(source, words).is_some() || pairs_header(source, words).is_some();
    !is_section && !is_header && !text.contains('|') && !begins_message(text)
}

/// Returns the words after the names of both properties in the header of the table of pairs.
pub(super) fn pairs_header<'a, 'b>(source: Source<'_>, words: &'b [&'a str]) -> Option<&'b [&'a str]> {
    let ("availability", first) = source.translations.parameters.find_leading(source.locale, words)? else {
        return None;
    };
    let rest = words_from(words, first);
    let ("activity", second) = source.translations.parameters.find_leading(source.locale, rest)? else { return None };
    let rest = words_from(rest, second);
    let described =
        source.translations.headings.find_leading(source.locale, rest) == Some((Heading::Description, rest.len()));
    (rest.is_empty() || described).then_some(rest)
}
