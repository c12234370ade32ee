//! Invisible characters, lookalike characters and moved line breaks.

use super::tables::facts;
use super::{outline, record, unknown};

const SET: &str = "POST https://graph.microsoft.com/v1.0/me/presence/setManualLocation";
const SET_OUTLINE: &str =
    r#"v1.0 POST /me/presence/setManualLocation {"placeId":"one, two","workLocationType":"office"}"#;

#[test]
fn json_with_replaced_characters_is_repaired() {
    let cases = [
        ("typographic quotation marks", "{\n  “placeId”: “one, two”,\n  „workLocationType“: «office»\n}"),
        (
            "one typographic quotation mark of a pair",
            "{\n  \"placeId”: “one, two\",\n  \"workLocationType\": \"office\"\n}",
        ),
        (
            "non-breaking spaces",
            "{\n\u{a0}\u{a0}\"placeId\":\u{a0}\"one, two\",\n\u{a0}\"workLocationType\": \"office\"\n}",
        ),
        ("full-width punctuation", "｛\n  \"placeId\"：\"one, two\"，\n  \"workLocationType\"：\"office\"\n}"),
        (
            "HTML entities",
            "{\n  &quot;placeId&quot;: &quot;one, two&quot;,\n  &quot;workLocationType&quot;: &quot;office&quot;\n}",
        ),
        (
            "comments",
            "{\n  // A place.\n  \"placeId\": \"one, two\", /* It\nmay be known. */\n  \"workLocationType\": \"office\"\n}",
        ),
        ("trailing comma", "{\n  \"placeId\": \"one, two\",\n  \"workLocationType\": \"office\",\n}"),
    ];
    for (name, body) in cases {
        let page = format!("{SET}\nContent-Type: application/json\n\n{body}\n\nHTTP/1.1 200 OK");
        let recording = record("en.v1.0.presence-sample.txt", &page).recording;
        let outlines: Vec<_> = recording.exchanges.iter().map(outline).collect();
        assert_eq!(
            outlines,
            [[SET_OUTLINE, "200", "json-repaired: message request"]],
            "{name}: {:?}",
            unknown(&recording)
        );
    }
}

#[test]
fn content_of_strings_is_not_changed() {
    let body = "{\"placeId\": \"a\u{a0}“b”\u{200b} // c\",}";
    let page = format!("{SET}\nContent-Type: application/json\n\n{body}\n\nHTTP/1.1 200 OK");
    let recording = record("en.v1.0.presence-sample.txt", &page).recording;
    let body = recording.exchanges[0].request.body.as_ref().unwrap();
    assert_eq!(body["placeId"], "a\u{a0}“b”\u{200b} // c");
}

#[test]
fn headers_with_a_full_width_colon_or_after_a_blank_line_are_read() {
    let body = "{\"placeId\": \"one, two\", \"workLocationType\": \"office\"}";
    for header in ["Content-Type：application/json", "\nContent-Type: application/json"] {
        let page = format!("{SET}\n{header}\n\n{body}\n\nHTTP/1.1 200 OK");
        let recording = record("en.v1.0.presence-sample.txt", &page).recording;
        let headers: Vec<_> =
            recording.exchanges[0].request.headers.iter().map(|header| header.value.as_str()).collect();
        assert_eq!(headers, ["application/json"], "{header}");
        assert_eq!(outline(&recording.exchanges[0]), [SET_OUTLINE, "200"], "{header}");
    }
}

#[test]
fn request_with_content_type_but_no_body_is_reported() {
    let page = format!("{SET}\nContent-Type: application/json\n\nThe place.\nHTTP/1.1 200 OK");
    let recording = record("en.v1.0.presence-sample.txt", &page).recording;
    assert_eq!((recording.exchanges.len(), unknown(&recording)), (0, vec![format!("exchange: {SET}")]));
}

const TABLES: &str = "Global service US Government L4 US Government L5 (DOD) China operated by 21Vianet\n✅ ❌ ❌ ❌\n\
    Permissions\nDelegated (work or school account) Presence.Read Presence.Read.All, Presence.ReadWrite\n\
    Delegated (personal Microsoft account) Not supported. Not supported.\nApplication Presence.Read.All Not available.\n\
    Parameter Type Description\nids String collection Up to 650 user IDs.\n\
    GET /me/presence\nAt most 1500 requests in 30 seconds are allowed.\n\
    Parameter |\nType |\nDescription |\nactivity |\nstring |\nA word. |\n\
    | availability | activity |\n|---|---|\n| Busy | InACall |\n\
    Property\nType\nDescription\nid\nstring\nA word.\n";

#[test]
fn invisible_characters_do_not_change_the_facts() {
    let plain = record("en.v1.0.presence-sample.txt", TABLES).recording;
    assert_eq!(facts(&plain).len(), 11, "{:?}", facts(&plain));
    let cases = [
        ("soft hyphens", TABLES.replace("rea", "re\u{ad}a").replace("tion", "ti\u{ad}on")),
        ("zero-width spaces", TABLES.replace(' ', " \u{200b}")),
        ("non-breaking spaces", TABLES.replace(' ', "\u{a0}")),
        ("direction marks", TABLES.lines().map(|line| format!("\u{200f}{line}\u{200e}\n")).collect()),
        ("blank lines", TABLES.replace('\n', "\n\n")),
        (
            "full-width digits",
            TABLES.replace("650", "６５０").replace("1500", "１５００").replace("30", "３０").replace("21", "２１"),
        ),
    ];
    for (name, page) in cases {
        let recording = record("en.v1.0.presence-sample.txt", &page).recording;
        assert_eq!(facts(&recording), facts(&plain), "{name}");
    }
}
