//! Tables whose cells are joined by one space, one row a line.
//!
//! Spaces do not tell where a cell ends: only known words and patterns do.

use super::{Kind, Row, Source, Table};
use crate::facts::{answer, grant_at};
use crate::lines::Line;
use crate::recording::Offered;
use crate::tokens::{Cloud, Heading};

/// The most words of a row that is made of tokens alone.
const MOST_WORDS: usize = 30;

/// The tables with one row a line.
pub(super) fn read(source: Source<'_>) -> Vec<Table> {
    let mut tables = Vec::new();
    let mut index = 0;
    while let Some(line) = source.lines.get(index) {
        let words = words(line);
        // No row of a known table has a single word.
        if words.len() < 2 {
            index += 1;
            continue;
        }
        let table = clouds(source, index, &words)
            .or_else(|| permissions(source, index, &words))
            .or_else(|| parameters(source, index, &words))
            .or_else(|| pairs(source, index, &words));
        index += table.as_ref().map_or(1, |table| table.rows.len().max(1));
        tables.extend(table);
    }
    tables
}

/// The first words of a line, or none when it is a row of another layout.
fn words<'a>(line: &Line<'a>) -> Vec<&'a str> {
    let words = if line.text.contains('|') || !line.is_text() { "" } else { line.text };
    words.split_whitespace().take(MOST_WORDS).collect()
}

fn from<'a, 'b>(words: &'b [&'a str], index: usize) -> &'b [&'a str] {
    words.get(index..).unwrap_or_default()
}

fn joined(words: &[&str], from: usize, to: usize) -> String {
    words.get(from..to).unwrap_or_default().join(" ")
}

/// The cloud table: its levels stand in the middle, its answers in the next line that is not blank.
fn clouds(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let place = |level: &str| words.iter().position(|word| *word == level);
    let (l4, l5) = (place("L4")?, place("L5")?);
    let (Cloud::Global, global) = source.tokens.clouds.first(source.locale, words)? else { return None };
    let china =
        (l5 + 1..words.len()).find(|start| source.cloud(&joined(words, *start, words.len())) == Some(Cloud::China))?;
    let borders = [(0, global), (global, l4 + 1), (l4 + 1, china), (china, words.len())];
    let cells = borders.map(|(start, end)| joined(words, start, end));
    let header = Row { line: source.lines.get(index)?.number, cells: cells.into() };

    let answers = source.from(index + 1).iter().find(|line| !line.is_blank()).and_then(|line| {
        let cells: Vec<&str> = line.text.split_whitespace().take(5).collect();
        let all = cells.len() == 4 && cells.iter().all(|cell| answer(cell) != Offered::Unknown);
        all.then(|| Row::new(line, &cells))
    });
    Some(Table { kind: Kind::Clouds, glued: false, header, rows: answers.into_iter().collect() })
}

/// The permissions table: rows begin with a kind of token and end with scopes or words in their place.
fn permissions(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let row = |line: &Line<'_>, words: &[&str], inside: bool| {
        let (_, mut at) = source.tokens.permissions.first(source.locale, words)?;
        let mut cells = vec![joined(words, 0, at)];
        while let Some((_, count)) = grant_at(source.locale, source.tokens, from(words, at)) {
            cells.push(joined(words, at, at + count));
            at += count;
        }
        let understood = cells.len() > 1;
        if at < words.len() {
            cells.push(joined(words, at, words.len()));
        }
        (understood || inside).then_some(Row { line: line.number, cells })
    };
    let first = row(source.lines.get(index)?, words, false)?;
    let others = source.from(index + 1).iter().map_while(|line| row(line, &self::words(line), true));
    let header = Row { line: first.line, cells: Vec::new() };
    Some(Table { kind: Kind::Permissions, glued: false, header, rows: std::iter::once(first).chain(others).collect() })
}

/// The table of parameters or properties: the headings, then a name, a type and a description a line.
fn parameters(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let mut at = 0;
    let mut headings = Vec::new();
    while let Some((heading, count)) = source.tokens.headings.first(source.locale, from(words, at)) {
        headings.push(heading);
        at += count;
    }
    let kind = match headings.as_slice() {
        [Heading::Parameter, Heading::Type, Heading::Description] => Kind::Parameters,
        // A header can be shorter than what is under it.
        [Heading::Property, Heading::Type, Heading::Description] | [Heading::Property, Heading::Description] => {
            Kind::Properties
        }
        _ => return None,
    };
    if at != words.len() {
        return None;
    }
    let rows = source.from(index + 1).iter().map_while(|line| {
        let words = self::words(line);
        let name = source.tokens.parameters.first(source.locale, &words);
        let names = name.map_or(1, |(_, count)| count);
        let rest = from(&words, names);
        let known = source.tokens.types.first(source.locale, rest).map(|(_, count)| count);
        let named = rest.first().and_then(|word| source.type_name(word)).map(|_| 1);
        let types = known.or(named);
        (name.is_some() || types.is_some()).then(|| {
            let types = types.unwrap_or(1).min(rest.len());
            let mut cells = vec![joined(&words, 0, names), joined(rest, 0, types)];
            let tokens = names + types;
            cells.push(line.text.split_whitespace().skip(tokens).collect::<Vec<_>>().join(" "));
            Row { line: line.number, cells }
        })
    });
    let header = Row::new(source.lines.get(index)?, &[]);
    Some(Table { kind, glued: false, header, rows: rows.collect() })
}

/// The table of pairs: the names of both properties, then two values and a description a line.
fn pairs(source: Source<'_>, index: usize, words: &[&str]) -> Option<Table> {
    let ("availability", first) = source.tokens.parameters.first(source.locale, words)? else { return None };
    let rest = from(words, first);
    let ("activity", second) = source.tokens.parameters.first(source.locale, rest)? else { return None };
    let rest = from(rest, second);
    let described = source.tokens.headings.first(source.locale, rest) == Some((Heading::Description, rest.len()));
    if !rest.is_empty() && !described {
        return None;
    }
    let rows = source.from(index + 1).iter().map_while(|line| {
        let words = self::words(line);
        let first = words.first().filter(|_| source.tokens.sections.find(source.locale, line.text).is_none())?;
        let value = |words: &[&str]| Some(source.tokens.values.first(source.locale, words)?.1);
        let cells = value(&words).and_then(|count| {
            let rest = from(&words, count);
            Some([joined(&words, 0, count), joined(rest, 0, value(rest)?)])
        });
        // Nothing says where an unknown value ends: a row of one cell is none that could be understood.
        let mut cells = cells.map_or_else(|| vec![(*first).to_owned()], Vec::from);
        if cells.len() > 1 {
            cells.push(line.text.to_owned());
        }
        Some(Row { line: line.number, cells })
    });
    let header = Row::new(source.lines.get(index)?, &[]);
    Some(Table { kind: Kind::Pairs, glued: false, header, rows: rows.collect() })
}
