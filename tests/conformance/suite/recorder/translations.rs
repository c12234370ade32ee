//! `translations.yaml`.

use graph_presence_conformance::{Evidence, Operations, Recorder, Translations};

const PAGE: &str = "| availability |\nactivity |\nDescription |\n| Ledig |\nLedig |\nFri. |\n";

#[test]
fn built_in_translations_are_valid() {
    assert!(Translations::built_in().is_ok());
}

#[test]
fn invalid_translations_are_rejected() {
    let cases = [
        ("not YAML", "sv: [", "failed to read translations: "),
        ("unknown group", "sv:\n  colours: {}\n", "unknown field"),
        ("unknown term", "sv:\n  values:\n    Bored: [Uttråkad]\n", "unknown term \"Bored\""),
        ("unknown kind of access token", "sv:\n  permissions:\n    robot: [Robot]\n", "unknown variant"),
        (
            "two meanings of a form",
            "sv:\n  values:\n    Busy: [Upptagen]\n    Away: [upptagen.]\n",
            "has two meanings in sv",
        ),
        (
            "English term as a translation of another term",
            "en:\n  values:\n    Busy: [Away]\n",
            "\"Away\" has two meanings in en",
        ),
        ("empty form", "sv:\n  values:\n    Busy: [' . ']\n", "empty form in sv"),
        ("duplicate language", "sv:\n  values: {}\nsv:\n  values: {}\n", "duplicate"),
    ];
    for (name, file, expected) in cases {
        let error = Translations::parse(file).map(|_| ()).unwrap_err().to_string();
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn entry_of_a_language_adds_its_forms() {
    let page = |translations: &str| {
        let recorder =
            Recorder::with(Operations::built_in().unwrap(), Translations::parse(translations).unwrap()).unwrap();
        recorder.record(&"sv.v1.0.presence-sample.txt".parse().unwrap(), &format!("{PAGE}presence")).unwrap().recording
    };
    let without = page("en: {}");
    assert_eq!((without.facts.pairs.len(), without.unknown.len()), (0, 1));
    let with = page("sv:\n  values:\n    Available: [ledig]\n");
    let [pair] = with.facts.pairs.as_slice() else { panic!("{with:?}") };
    assert_eq!((pair.availability.as_str(), pair.activity.as_str()), ("Available", "Available"));
    assert_eq!(pair.evidence, [[Evidence::Translation], [Evidence::Translation]]);
    assert_eq!(with.unknown, []);
}

#[test]
fn form_with_different_meanings_in_two_other_languages_is_not_understood() {
    let translations = "da:\n  values:\n    Away: [Ledig]\nnb:\n  values:\n    Available: [Ledig]\n";
    let recorder = Recorder::with(Operations::built_in().unwrap(), Translations::parse(translations).unwrap()).unwrap();
    let availability = |name: &str| {
        let recorded = recorder.record(&name.parse().unwrap(), &format!("{PAGE}presence")).unwrap();
        recorded.recording.facts.pairs.first().map(|pair| pair.availability.clone())
    };
    assert_eq!(availability("sv.v1.0.presence-sample.txt"), None);
    assert_eq!(availability("da.v1.0.presence-sample.txt").as_deref(), Some("Away"));
    assert_eq!(availability("nb-NO.v1.0.presence-sample.txt").as_deref(), Some("Available"));
}
