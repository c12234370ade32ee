//! The tables of parameters and of properties: a name, a type and a description per line.

use super::words::{from, joined, words_of};
use crate::source::Source;
use crate::start_line::begins_message;
use crate::table::{Kind, Row, Table};
use crate::vocabulary::Heading;

/// The maximum number of lines that continue a description.
const MAX_DESCRIPTION: usize = 10;

/// Returns the table whose header is in this line.
pub(super) fn read(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let kind = kind(source, words)?;
    let mut rows: Vec<Row> = Vec::new();
    let mut more = 0;
    let mut ended = true;
    for line in source.from(index + 1) {
        let words = words_of(line);
        // A sentence of a description starts with a capital letter, a name does not.
        let begins = ended && (more == 0 || !line.text.trim_start().starts_with(char::is_uppercase));
        let row = row(source, &words, begins, more == 0).filter(|_| kind_of_pairs(source, &words).is_none());
        match (row, rows.last_mut()) {
            (Some(cells), _) => {
                let begin = cells.iter().map(|cell| cell.split_whitespace().count()).sum();
                let description: Vec<&str> = line.text.split_whitespace().skip(begin).collect();
                let [name, type_name] = cells;
                rows.push(Row { line: line.number, cells: vec![name, type_name, description.join(" ")] });
                more = 0;
            }
            // A description can continue after a line break, and the end of the last one is not marked.
            (None, Some(last))
                if more < MAX_DESCRIPTION && continues(source, line.text, &words) && line.is_text() =>
            {
                if let Some(description) = last.cells.last_mut() {
                    description.push('\n');
                    description.push_str(line.text.trim());
                }
                more += 1;
            }
            _ => break,
        }
        ended = line.is_blank() || line.text.trim_end().ends_with(['.', '。', ')', '）']);
    }
    let header = Row::new(source.lines.get(index)?, &[]);
    Some(Table { kind, glued: false, header, rows })
}

fn kind(source: Source<'_>, words: &[&str]) -> Option<Kind> {
    let mut at = 0;
    let mut headings = Vec::new();
    while let Some((heading, count)) = source.translations.headings.first(source.locale, from(words, at)) {
        headings.push(heading);
        at += count;
    }
    let kind = match headings.as_slice() {
        [Heading::Parameter, Heading::Type, Heading::Description] => Kind::Parameters,
        // A header can have fewer columns than its rows.
        [Heading::Property, Heading::Type, Heading::Description] | [Heading::Property, Heading::Description] => {
            Kind::Properties
        }
        _ => return None,
    };
    (at == words.len()).then_some(kind)
}

/// Returns the name and the type at the start of a row: both are known, or one of them if a row can start here.
fn row(source: Source<'_>, words: &[&str], begins: bool, at_once: bool) -> Option<[String; 2]> {
    let name = source.translations.parameters.first(source.locale, words);
    let names = name.map_or(1, |(_, count)| count);
    let rest = from(words, names);
    let known = source.translations.types.first(source.locale, rest).map(|(_, count)| count);
    let named = rest.first().and_then(|word| source.type_name(word)).map(|_| 1);
    let types = known.or(named);
    let alone = known.is_some() || (at_once && (name.is_some() || types.is_some()));
    let is_row = (name.is_some() && types.is_some()) || (begins && alone);
    let types = types.unwrap_or(1).min(rest.len());
    is_row.then(|| [joined(words, 0, names), joined(rest, 0, types)])
}

/// Whether the line can continue a description, that is, does not start a section, a message or a table.
fn continues(source: Source<'_>, text: &str, words: &[&str]) -> bool {
    let is_section = source.translations.sections.find(source.locale, text).is_some();
    let is_header = kind(source, words).is_some() || kind_of_pairs(source, words).is_some();
    !is_section && !is_header && !text.contains('|') && !begins_message(text)
}

/// Returns the rest of the header of the table of pairs after the names of both properties.
pub(super) fn kind_of_pairs<'a, 'b>(source: Source<'_>, words: &'b [&'a str]) -> Option<&'b [&'a str]> {
    let ("availability", first) = source.translations.parameters.first(source.locale, words)? else { return None };
    let rest = from(words, first);
    let ("activity", second) = source.translations.parameters.first(source.locale, rest)? else { return None };
    let rest = from(rest, second);
    let described = source.translations.headings.first(source.locale, rest) == Some((Heading::Description, rest.len()));
    (rest.is_empty() || described).then_some(rest)
}
