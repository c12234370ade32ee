//! The table of supported pairs and the evidence for the meaning of its cells.

use super::{name, record, unknown};

const SET_PRESENCE: &str = "presence-setpresence";
const SET_USER_PREFERRED: &str = "presence-setuserpreferredpresence";

/// Records a table with these rows on a page with this name. Returns its pairs as
/// `found/found = availability/activity (evidence; evidence)`, and rows that were not understood with a `?` at the end.
fn pairs(locale: &str, page: &str, rows: &[(&str, &str)]) -> Vec<String> {
    let mut table = "| availability |\nactivity |\nDescription |\n".to_owned();
    for (availability, activity) in rows {
        table.push_str(&format!("| {availability} |\n{activity} |\nSome words. |\n"));
    }
    let recording = record(&format!("{locale}.v1.0.{page}.txt"), &(table + "presence")).recording;
    let pair = |pair: &graph_presence_conformance::Pair| {
        let evidence = |evidence: &Vec<_>| evidence.iter().map(name).collect::<Vec<_>>().join("+");
        let [first, second] = [&pair.evidence[0], &pair.evidence[1]].map(evidence);
        format!("{} = {}/{} ({first}; {second})", pair.found.join("/"), pair.availability, pair.activity)
    };
    let not_understood =
        unknown(&recording).into_iter().map(|unknown| unknown.replace("pairs: ", "").replace(" | ", "/") + "?");
    recording.facts.pairs.iter().map(pair).chain(not_understood).collect()
}

#[test]
fn untranslated_values_are_understood() {
    let rows = [("Available", "available"), ("DoNotDisturb", "Do Not Disturb")];
    let expected = [
        "Available/available = Available/Available (untranslated; untranslated)",
        "DoNotDisturb/Do Not Disturb = DoNotDisturb/DoNotDisturb (untranslated; untranslated)",
    ];
    assert_eq!(pairs("en", "presence-sample", &rows), expected);
}

#[test]
fn rows_with_several_languages_and_values_of_several_words_are_understood() {
    let rows = [
        ("Gebucht", "InACall"),
        ("Beschäftigt", "InACall"),
        ("DoNotDisturb", "Darbietend"),
        ("Hors connexion", "OffWork"),
    ];
    let expected = [
        "Gebucht/InACall = Busy/InACall (translation; untranslated)",
        "Beschäftigt/InACall = Busy/InACall (translation; untranslated)",
        "DoNotDisturb/Darbietend = DoNotDisturb/Presenting (untranslated; translation)",
        "Hors connexion/OffWork = Offline/OffWork (translation; untranslated)",
    ];
    assert_eq!(pairs("de", "presence-sample", &rows), expected);
}

#[test]
fn unknown_words_are_understood_by_the_order_of_the_rows() {
    let rows = [
        ("Ledig", "Ledig"),
        ("Upptagen", "InACall"),
        ("Upptagen", "InAConferenceCall"),
        ("Borta", "Away"),
        ("DoNotDisturb", "Visar"),
    ];
    let expected = [
        "Ledig/Ledig = Available/Available (position; position)",
        "Upptagen/InACall = Busy/InACall (position; position+untranslated)",
        "Upptagen/InAConferenceCall = Busy/InAConferenceCall (position; position+untranslated)",
        "Borta/Away = Away/Away (position; position+untranslated)",
        "DoNotDisturb/Visar = DoNotDisturb/Presenting (position+untranslated; position)",
    ];
    assert_eq!(pairs("sv", SET_PRESENCE, &rows), expected);
    // Older pages do not have the last row.
    assert_eq!(pairs("sv", SET_PRESENCE, &rows[..4]), expected[..4]);
    // The order of other pages is not known.
    assert_eq!(pairs("sv", "presence-sample", &rows[..1]), ["Ledig/Ledig?"]);
}

#[test]
fn order_of_preferred_presence_differs() {
    let rows = [
        ("Ledig", "Ledig"),
        ("Upptagen", "Upptagen"),
        ("DoNotDisturb", "DoNotDisturb"),
        ("BeRightBack", "BeRightBack"),
        ("Borta", "Borta"),
        ("Frånkopplad", "OffWork"),
    ];
    let pairs = pairs("sv", SET_USER_PREFERRED, &rows);
    assert_eq!(pairs[1], "Upptagen/Upptagen = Busy/Busy (position; position)");
    assert_eq!(pairs[5], "Frånkopplad/OffWork = Offline/OffWork (position; position+untranslated)");
}

#[test]
fn contradiction_between_word_and_position_invalidates_the_order() {
    let cases = [
        ("untranslated word", ("Busy", "Borta"), "Busy/Borta?"),
        ("word in translations.yaml", ("Borta", "Gebucht"), "Borta/Gebucht?"),
    ];
    for (name, (availability, activity), contradiction) in cases {
        let rows =
            [("Ledig", "Ledig"), ("Gebucht", "InACall"), ("Upptagen", "InAConferenceCall"), (availability, activity)];
        let expected = [
            "Gebucht/InACall = Busy/InACall (translation; untranslated)",
            "Ledig/Ledig?",
            "Upptagen/InAConferenceCall?",
            contradiction,
        ];
        assert_eq!(pairs("sv", SET_PRESENCE, &rows), expected, "{name}");
    }
}

#[test]
fn missing_row_invalidates_the_order() {
    let rows = [("Ledig", "Ledig"), ("Upptagen", "InACall"), ("Borta", "Borta"), ("DoNotDisturb", "Visar")];
    let expected = ["Ledig/Ledig?", "Upptagen/InACall?", "Borta/Borta?", "DoNotDisturb/Visar?"];
    assert_eq!(pairs("sv", SET_PRESENCE, &rows), expected);
}

#[test]
fn table_with_too_many_rows_has_no_known_order() {
    let rows = [("Ledig", "Ledig"); 7];
    assert_eq!(pairs("sv", SET_PRESENCE, &rows), ["Ledig/Ledig?"; 7]);
}

#[test]
fn row_without_a_second_value_is_unknown() {
    let table = "| availability |\nactivity |\nDescription |\n| Away |\n| Busy |\nInACall |\nSome words. |\n";
    let recording = record("en.v1.0.presence-sample.txt", &format!("{table}presence")).recording;
    assert_eq!(recording.facts.pairs.len(), 1);
    assert_eq!(unknown(&recording), ["pairs: Away | "]);
}
