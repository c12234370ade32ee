//! The meaning of a cell from the evidence of its text and of its position.

use crate::recording::Evidence;

/// The meaning of a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning<T> {
    Known(T, Vec<Evidence>),
    /// The text and the position have different meanings.
    Contradicted {
        text: T,
        position: T,
    },
    /// Neither the text nor the position is evidence.
    Missing,
}

/// Returns the meanings of cells from the meanings of their texts and, if the order of the table is known, from the
/// expected meanings.
///
/// A position is evidence only if no cell of the table contradicts the order: a single contradiction means that rows
/// are missing or out of order. `anchors` are terms that are never translated, so each must be found at its position.
pub(super) fn combine<T: Copy + PartialEq>(
    texts: &[Option<(T, Evidence)>],
    expected: Option<&[T]>,
    anchors: &[T],
) -> Vec<Meaning<T>> {
    let expected = expected.filter(|expected| expected.len() == texts.len()).unwrap_or_default();
    let in_order = texts.iter().zip(expected).all(|(text, position)| match text {
        Some((term, _)) => term == position,
        None => !anchors.contains(position),
    });
    let positions = expected.iter().map(Some).chain(std::iter::repeat(None));
    let meaning = |(text, position): (&Option<(T, Evidence)>, Option<&T>)| match (*text, position.copied()) {
        (Some((text, _)), Some(position)) if text != position => Meaning::Contradicted { text, position },
        (Some((term, evidence)), Some(_)) if in_order => Meaning::Known(term, vec![Evidence::Position, evidence]),
        (Some((term, evidence)), _) => Meaning::Known(term, vec![evidence]),
        (None, Some(term)) if in_order => Meaning::Known(term, vec![Evidence::Position]),
        (None, _) => Meaning::Missing,
    };
    texts.iter().zip(positions).map(meaning).collect()
}

/// Returns the evidence for each cell as text for a diagnostic.
pub(super) fn describe_evidence(cells: &[Vec<Evidence>]) -> String {
    let name = |evidence: &Evidence| match evidence {
        Evidence::Position => "position",
        Evidence::Untranslated => "untranslated",
        Evidence::Translation => "translation",
        Evidence::Description => "description",
    };
    let cells = cells.iter().map(|evidence| evidence.iter().map(name).collect::<Vec<_>>().join("+"));
    format!("evidence: {}", cells.collect::<Vec<_>>().join(", "))
}
