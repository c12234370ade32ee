//! The table of supported pairs of availability and activity.

use super::evidence::{Meaning, weigh};
use crate::diagnostic::Notes;
use crate::recording::{Pair, Place};
use crate::table::{Row, Source};

/// Every page keeps the order of the English one. Older pages of `presence-setpresence` lack the last row.
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

/// Tokens of several words, which no page translates in these tables.
const NEVER_TRANSLATED: [&str; 5] = ["BeRightBack", "DoNotDisturb", "InACall", "InAConferenceCall", "OffWork"];

/// The pairs of the table on a page with this name.
pub(super) fn read(page: &str, source: Source<'_>, rows: &[Row], notes: &mut Notes) -> Vec<Pair> {
    let words: Vec<_> = rows
        .iter()
        .flat_map(|row| [row.cell(0), row.cell(1)])
        .map(|cell| source.tokens.values.find(source.locale, cell))
        .collect();
    let meanings = weigh(&words, order(page, rows.len()), &NEVER_TRANSLATED);
    let mut meanings = meanings.into_iter();
    let mut pairs = Vec::new();
    for row in rows {
        let found = [row.cell(0).to_owned(), row.cell(1).to_owned()];
        let what = match (meanings.next(), meanings.next()) {
            _ if row.cells.len() < 2 => "a row without two values".to_owned(),
            (Some(Meaning::Known(availability, first)), Some(Meaning::Known(activity, second))) => {
                pairs.push(Pair {
                    found,
                    availability: availability.to_owned(),
                    activity: activity.to_owned(),
                    understood: [first, second],
                });
                continue;
            }
            (Some(Meaning::Contradicted { word, place }), _) | (_, Some(Meaning::Contradicted { word, place })) => {
                format!("the word means {word} and stands in the place of {place}")
            }
            _ => "a value that is not in the token file, and its place does not tell it".to_owned(),
        };
        let [availability, activity] = &found;
        notes.unknown(Place::Pairs, row.line, &[availability, activity], what);
    }
    pairs
}

/// The order of values on a page with so many rows, if it is known.
fn order(page: &str, rows: usize) -> Option<&'static [&'static str]> {
    match (page, rows) {
        ("presence-setpresence", 4 | 5) => SET_PRESENCE.get(..2 * rows),
        ("presence-setuserpreferredpresence", 6) => Some(&SET_USER_PREFERRED_PRESENCE),
        _ => None,
    }
}
