//! Weighing what a word says against what its place says.

use crate::recording::{Evidence, Vec<Evidence>};

/// What a cell means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning<T> {
    Known(T, Vec<Evidence>),
    /// The word and its place say different things.
    Contradicted {
        word: T,
        place: T,
    },
    /// Neither says anything that can be relied on.
    Missing,
}

/// The meanings of cells from what their words say and, where the table's order is known, from what is expected.
///
/// The order is relied on only where nothing contradicts it: a single contradiction means that rows are lost or out of
/// order. The anchors are terms that are never translated: where one is expected, it must be there.
pub(super) fn combine<T: Copy + PartialEq>(
    words: &[Option<(T, Evidence)>],
    expected: Option<&[T]>,
    anchors: &[T],
) -> Vec<Meaning<T>> {
    let expected = expected.filter(|expected| expected.len() == words.len()).unwrap_or_default();
    let in_order = words.iter().zip(expected).all(|(word, place)| match word {
        Some((term, _)) => term == place,
        None => !anchors.contains(place),
    });
    let places = expected.iter().map(Some).chain(std::iter::repeat(None));
    let meaning = |(word, place): (&Option<(T, Evidence)>, Option<&T>)| match (*word, place.copied()) {
        (Some((word, _)), Some(place)) if word != place => Meaning::Contradicted { word, place },
        (Some((term, evidence)), Some(_)) if in_order => Meaning::Known(term, vec![Evidence::Position, evidence]),
        (Some((term, evidence)), _) => Meaning::Known(term, vec![evidence]),
        (None, Some(place)) if in_order => Meaning::Known(place, vec![Evidence::Position]),
        (None, _) => Meaning::Missing,
    };
    words.iter().zip(places).map(meaning).collect()
}

/// What something was understood by, in words.
pub(super) fn describe_evidence(understood: &[Evidence]) -> String {
    let words = understood.iter().map(|evidence| match evidence {
        Evidence::Position => "position",
        Evidence::Untranslated => "untranslated",
        Evidence::Translation => "dictionary",
        Evidence::Description => "description",
    });
    format!("understood by {}", words.collect::<Vec<_>>().join(" and "))
}
