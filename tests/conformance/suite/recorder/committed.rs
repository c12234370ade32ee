//! The committed recordings.

use std::fs;

use graph_presence_conformance::{Operations, Recording, Repair};

use crate::recordings;

#[test]
fn recordings_have_the_path_and_format_that_the_recorder_writes() {
    for recording in recordings::all() {
        let path = Recording::folder().join(recording.file());
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, recording.to_json().unwrap(), "{}", path.display());
    }
}

#[test]
fn recordings_have_no_unknown_content() {
    for recording in recordings::all() {
        assert_eq!(recording.unknown, [], "{}", recordings::title(&recording));
    }
}

#[test]
fn operation_of_a_request_matches_its_url() {
    let operations = Operations::built_in().unwrap();
    for recording in recordings::all() {
        for (index, exchange) in recording.exchanges.iter().enumerate() {
            let case = format!("{} {index}", recordings::title(&recording));
            let request = &exchange.request;
            let url = url::Url::parse(&request.url).unwrap();
            let path = url.path().strip_prefix(&format!("/{}", request.version)).expect(&case);
            let operation = operations.find(&request.method, path);
            assert!(operation.is_some(), "{case}: {}", request.url);
            assert_eq!(request.operation.as_deref(), operation, "{case}");
        }
    }
}

#[test]
fn exchanges_depend_only_on_earlier_ones() {
    for recording in recordings::all() {
        for (index, exchange) in recording.exchanges.iter().enumerate() {
            assert!(exchange.depends_on.is_none_or(|earlier| earlier < index), "{}", recordings::title(&recording));
        }
    }
}

#[test]
fn damage_of_the_finnish_german_and_spanish_pages_is_recorded() {
    let find = |locale: &str| {
        let mut recordings = recordings::all().into_iter();
        recordings.find(|recording| recording.locale == locale).unwrap()
    };
    let exchanges = |recording: &Recording| recording.exchanges.len();
    let (finnish, german, spanish) = (find("fi"), find("de"), find("es"));
    assert_eq!([&finnish, &german, &spanish].map(exchanges), [3, 1, 3]);
    assert_eq!(finnish.exchanges[2].depends_on, Some(1));
    assert_eq!(german.facts.pairs.len(), 5);
    let lengths = spanish.exchanges.iter().flat_map(|exchange| &exchange.repairs).filter_map(|repair| match repair {
        Repair::ContentLengthWrong { declared, actual, .. } => Some((*declared, *actual)),
        _ => None,
    });
    assert_eq!(lengths.collect::<Vec<_>>(), [(1574, 102), (1574, 106)]);
}
