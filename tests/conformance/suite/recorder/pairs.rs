//! The table of supported pairs: what a cell was understood by, and when it was not.

use super::{name, record, unknown};

const SET_PRESENCE: &str = "presence-setpresence";
const SET_USER_PREFERRED: &str = "presence-setuserpreferredpresence";

/// The table with these rows of two values, one cell a line, as the pairs on a page with this name:
/// `found, found = availability, activity (evidence; evidence)`. What was not understood ends with `?`.
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
    let lost = unknown(&recording).into_iter().map(|unknown| unknown.replace("pairs: ", "").replace(" | ", "/") + "?");
    recording.facts.pairs.iter().map(pair).chain(lost).collect()
}

#[test]
fn untranslated_words_need_no_more_x16() {
    let rows = [("Available", "available"), ("DoNotDisturb", "Do Not Disturb")];
    let expected = [
        "Available/available = Available/Available (untranslated; untranslated)",
        "DoNotDisturb/Do Not Disturb = DoNotDisturb/DoNotDisturb (untranslated; untranslated)",
    ];
    assert_eq!(pairs("en", "presence-sample", &rows), expected);
}

#[test]
fn rows_mix_languages_x18_and_a_token_has_several_words_x17() {
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
fn the_order_of_the_rows_tells_unknown_words() {
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
    // X40: older pages lack the last row.
    assert_eq!(pairs("sv", SET_PRESENCE, &rows[..4]), expected[..4]);
    // Any other page has an order of its own.
    assert_eq!(pairs("sv", "presence-sample", &rows[..1]), ["Ledig/Ledig?"]);
}

#[test]
fn preferred_presence_has_an_order_of_its_own() {
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
fn a_word_that_contradicts_its_place_is_unknown_and_takes_the_order_with_it() {
    let cases = [
        ("an untranslated word", ("Busy", "Borta"), "Busy/Borta?"),
        ("a word of translations.yaml", ("Borta", "Gebucht"), "Borta/Gebucht?"),
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
fn a_row_that_is_lost_takes_the_order_with_it_x7() {
    let rows = [("Ledig", "Ledig"), ("Upptagen", "InACall"), ("Borta", "Borta"), ("DoNotDisturb", "Visar")];
    let expected = ["Ledig/Ledig?", "Upptagen/InACall?", "Borta/Borta?", "DoNotDisturb/Visar?"];
    assert_eq!(pairs("sv", SET_PRESENCE, &rows), expected);
}

#[test]
fn too_many_rows_have_no_order() {
    let rows = [("Ledig", "Ledig"); 7];
    assert_eq!(pairs("sv", SET_PRESENCE, &rows), ["Ledig/Ledig?"; 7]);
}

#[test]
fn a_row_without_its_second_value_is_unknown_x6() {
    let table = "| availability |\nactivity |\nDescription |\n| Away |\n| Busy |\nInACall |\nSome words. |\n";
    let recording = record("en.v1.0.presence-sample.txt", &format!("{table}presence")).recording;
    assert_eq!(recording.facts.pairs.len(), 1);
    assert_eq!(unknown(&recording), ["pairs: Away | "]);
}
