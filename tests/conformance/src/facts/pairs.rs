//! The table of supported pairs of availability and activity.

use super::evidence::{Meaning, combine, describe_evidence};
use crate::diagnostic::{Diagnostics, shortened_cell};
use crate::recording::{Evidence, PageElement, Pair};
use crate::source::{Action, Source};
use crate::table::Row;

/// Every page has the order of the English page. Older pages of `presence-setpresence` do not have the last row.
const SET_PRESENCE: [&str; 10] = [
    "Available",
    "Available",
    "Busy",
    "InACall",
    "Busy",
    "InAConferenceCall",
    "Away",
    "Away",
    "DoNotDisturb",
    "Presenting",
];
const SET_USER_PREFERRED_PRESENCE: [&str; 12] = [
    "Available",
    "Available",
    "Busy",
    "Busy",
    "DoNotDisturb",
    "DoNotDisturb",
    "BeRightBack",
    "BeRightBack",
    "Away",
    "Away",
    "Offline",
    "OffWork",
];

/// Values of several words, which translators do not translate in these tables.
const NEVER_TRANSLATED: [&str; 5] = ["BeRightBack", "DoNotDisturb", "InACall", "InAConferenceCall", "OffWork"];

/// Returns the pairs of the table.
pub(super) fn read(source: Source<'_>, rows: &[Row], diagnostics: &mut Diagnostics) -> Vec<Pair> {
    let texts: Vec<_> = rows
        .iter()
        .flat_map(|row| [row.cell(0), row.cell(1)])
        .map(|cell| source.translations.values.find(source.locale, cell))
        .collect();
    let meanings = combine(&texts, order(source.action, rows.len()), &NEVER_TRANSLATED);
    let mut meanings = meanings.into_iter();
    let mut pairs = Vec::new();
    for row in rows {
        let found = [shortened_cell(row.cell(0)), shortened_cell(row.cell(1))];
        let cells = (meanings.next().unwrap_or(Meaning::Missing), meanings.next().unwrap_or(Meaning::Missing));
        let [first, second] = with_description(source, row, cells);
        let reason = match (first, second) {
            _ if row.cells.len() < 2 => "expected two values in the row".to_owned(),
            (Meaning::Known(availability, first), Meaning::Known(activity, second)) => {
                let evidence = [first, second];
                diagnostics.report_read(
                    row.line,
                    &found.join(" | "),
                    format!("pair, {}", describe_evidence(&evidence)),
                );
                pairs.push(Pair {
                    found,
                    availability: availability.to_owned(),
                    activity: activity.to_owned(),
                    evidence,
                });
                continue;
            }
            (Meaning::Contradicted { text, position }, _) | (_, Meaning::Contradicted { text, position }) => {
                format!("contradictory evidence: the text means {text}, the position {position}")
            }
            _ => "value not in translations.yaml and without other evidence".to_owned(),
        };
        let [availability, activity] = &found;
        diagnostics.report_unknown(PageElement::Pairs, row.line, &[availability, activity], reason);
    }
    pairs
}

/// Adds the evidence of the row's description to a cell without any other evidence.
///
/// Some translators leave the documentation's own terms in descriptions. A single term means both values, and two
/// terms mean one value each. More terms, or translated terms, are not evidence.
fn with_description(
    source: Source<'_>,
    row: &Row,
    (first, second): (Meaning<&'static str>, Meaning<&'static str>),
) -> [Meaning<&'static str>; 2] {
    let words = row.cell(2).split(|character: char| !character.is_ascii_alphanumeric());
    let mut values: Vec<&'static str> = words
        .filter_map(|word| source.translations.values.find("en", word))
        .filter(|(_, evidence)| *evidence == Evidence::Untranslated)
        .map(|(value, _)| value)
        .collect();
    values.dedup();
    let pair = match values.as_slice() {
        // A single term means both values only if the cells are equal. `Offline` with `OffWork` has a single term
        // too.
        [both] if row.cell(0) == row.cell(1) => Some((*both, *both)),
        [availability, activity] => Some((*availability, *activity)),
        _ => None,
    };
    let Some((availability, activity)) = pair else { return [first, second] };
    let agrees = |meaning: &Meaning<&'static str>, value| match meaning {
        Meaning::Known(known, _) => *known == value,
        Meaning::Missing => true,
        Meaning::Contradicted { .. } => false,
    };
    if !agrees(&first, availability) || !agrees(&second, activity) {
        return [first, second];
    }
    let or_described = |meaning, value| match meaning {
        Meaning::Missing => Meaning::Known(value, vec![Evidence::Description]),
        known => known,
    };
    [or_described(first, availability), or_described(second, activity)]
}

/// Returns the order of values in a table with this number of rows, if it is known.
fn order(action: Option<Action>, rows: usize) -> Option<&'static [&'static str]> {
    match (action?, rows) {
        (Action::SetPresence, 4 | 5) => SET_PRESENCE.get(..2 * rows),
        (Action::SetUserPreferredPresence, 6) => Some(&SET_USER_PREFERRED_PRESENCE),
        _ => None,
    }
}
