//! Malformed input does not cause panics, hangs or invented content.

use graph_presence_conformance::{PageError, Recorded, Recorder, Severity};

use super::{record, unknown};

const REQUEST: &str =
    "POST https://graph.microsoft.com/v1.0/users/1/presence/setPresence\nContent-Type: application/json\n\n";
const UNKNOWN: &str = "exchange: POST https://graph.microsoft.com/v1.0/users/1/presence/setPresence";

fn try_record(page: &str) -> Result<Recorded, PageError> {
    Recorder::new().unwrap().record(&"xx.v1.0.presence-sample.txt".parse().unwrap(), page)
}

#[test]
fn incomplete_bodies_are_reported_and_not_recorded() {
    let cases = [
        (
            "at the end of the page",
            "{\"activity\": \"Away\",",
            "incomplete body: the page ends before the closing brace",
        ),
        ("within a string", "{\"activity\": \"Aw\n\"}\nHTTP/1.1 200 OK", "incomplete body: line break within a string"),
        (
            "by the response",
            "{\"activity\": \"Away\",\nHTTP/1.1 200 OK",
            "incomplete body: another message starts before the closing brace",
        ),
        (
            "by another request",
            "{\"activity\": [\n  GET https://graph.microsoft.com/v1.0/me/presence\nHTTP/1.1 200 OK",
            "incomplete body: another message starts before the closing brace",
        ),
        ("mismatched braces", "{\"ids\": [}\nHTTP/1.1 200 OK", "invalid JSON body: braces do not match"),
        ("missing value", "{\"ids\": }\nHTTP/1.1 200 OK", "invalid JSON body: expected value at line 1 column 9"),
        (
            "nested too deeply",
            &format!("{}\nHTTP/1.1 200 OK", "[{\"a\":".repeat(200)),
            "invalid JSON body: more than 128 nested levels",
        ),
    ];
    for (name, body, message) in cases {
        let recorded = record("xx.v1.0.presence-sample.txt", &format!("{REQUEST}{body}"));
        assert!(recorded.recording.exchanges.iter().all(|exchange| exchange.request.method == "GET"), "{name}");
        assert_eq!(unknown(&recorded.recording), [UNKNOWN], "{name}");
        let unknown = recorded.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Unknown);
        let unknown: Vec<_> = unknown.map(|diagnostic| (diagnostic.line, diagnostic.message.as_str())).collect();
        assert_eq!(unknown, [(1, message)], "{name}");
        assert!(!recorded.is_understood(), "{name}");
    }
}

#[test]
fn requests_and_responses_without_counterpart_are_reported() {
    let cases = [
        ("no response", format!("{REQUEST}{{}}\n"), UNKNOWN),
        ("no request", "presence\nHTTP/1.1 200 OK\n".to_owned(), "exchange: HTTP/1.1 200 OK"),
        (
            "response with Content-Type but no body",
            format!("{REQUEST}{{}}\nHTTP/1.1 200 OK\nContent-Type: application/json\n\nEnd."),
            UNKNOWN,
        ),
    ];
    for (name, page, expected) in cases {
        let recording = record("xx.v1.0.presence-sample.txt", &page).recording;
        assert_eq!((recording.exchanges.len(), unknown(&recording)), (0, vec![expected.to_owned()]), "{name}");
    }
}

// Recording must take linear time: with quadratic time, a megabyte of noise would take hours.
#[test]
fn noise_does_not_panic_or_hang() {
    let megabyte = |noise: &str| noise.repeat(1_000_000 / noise.len());
    let presence = |noise: String| format!("presence\n{noise}");
    let noises = [
        ("opening braces", megabyte("{")),
        ("opening braces after a request", REQUEST.to_owned() + &megabyte("{")),
        ("opening braces on lines after a request", REQUEST.to_owned() + &megabyte("{\n")),
        ("quotes after a request", REQUEST.to_owned() + "{" + &megabyte("\"")),
        ("requests", megabyte(REQUEST)),
        ("requests with incomplete bodies", megabyte(&format!("{REQUEST}{{\n"))),
        ("responses", megabyte("HTTP/1.1 200 OK\n")),
        ("blank lines after a request", REQUEST.to_owned() + &megabyte("\n")),
        ("pipes", megabyte("|")),
        ("pipes on lines", megabyte("|\n")),
        ("first cells", megabyte("| a |\n")),
        ("cells", megabyte("a |\n")),
        ("unclosed cells", megabyte("| a\n")),
        (
            "the header of an unmarked table, then prose",
            presence("a |\nb |\nsessionId |\n".to_owned() + &megabyte("c\n")),
        ),
        ("rows of permissions", megabyte("Application Presence.Read\n")),
        ("words", megabyte("a ")),
        ("words on lines", megabyte("a b c d e f g h i j k l m\n")),
        ("one long word", megabyte("a")),
        ("digits", megabyte("1")),
        ("numbers", megabyte("1 ")),
        ("GUIDs", megabyte("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")),
        ("hyphens", megabyte("a-")),
        ("NUL bytes", megabyte("\0")),
        ("GUIDs on lines", megabyte("xfa8bf3dc-eca7-46b7-bad1-db199b62afc3x\n")),
        ("numbers on lines", megabyte("1 a 2 b\n")),
        ("rows", megabyte("| a | b |\n")),
        ("rows without their last pipe", megabyte("| a | b |\n| c | d\n")),
        ("unclosed links", megabyte("| [a | `<a |\n")),
        ("permissions with one cell per line", megabyte("Application\nPresence.Read\n")),
        ("parameters with one cell per line", megabyte("Parameter\nType\nDescription\nactivity\nstring\na\n")),
        ("headers of pairs", presence(megabyte("availability activity\n"))),
        ("headers of pairs with one row each", presence(megabyte("availability activity\nx y\n"))),
        ("addresses", presence(megabyte("a URL\nx communications/presences/{id} y\n"))),
        ("states", presence(megabyte("Busy busy / busy\n"))),
        (
            "descriptions of many lines",
            presence("Parameter Type Description\n".to_owned() + &megabyte("activity string a\nb c\n")),
        ),
        ("typographic bodies", REQUEST.to_owned() + "{" + &megabyte("“a”: “b” x, ")),
        ("comments in a body", REQUEST.to_owned() + "{" + &megabyte("/* */")),
        ("quotation marks as entities", REQUEST.to_owned() + "{" + &megabyte("&quot;")),
        ("invisible characters", presence(megabyte("\u{ad}"))),
        ("comments", megabyte("<!-- ")),
        ("fences", megabyte("```http\n")),
        ("incomplete messages", megabyte("```\nHTTP/1.1 200 OK\nContent-Type: application/json\n```\n")),
        ("includes", megabyte("[!INCLUDE [permissions-table](a)]\n")),
        ("messages in one line", megabyte("GET https://graph.microsoft.com/v1.0/me/presence HTTP/1.1 200 { ")),
        ("bilingual text", megabyte("<span data-ttu-id=<span class=\"sxs-lookup\"><span data-stu-id=\"")),
        ("tags", "<html>".to_owned() + &megabyte("<table><tr><td>")),
        ("angle brackets", "<html>".to_owned() + &megabyte("<")),
        ("values", format!("| Property | Type | Description |\n|-|-|-|\n| activity | string | {} |", megabyte("busy"))),
        (
            "days",
            format!(
                "| Parameter | Type | Description |\n|-|-|-|\n| expirationDuration | duration | {} |",
                megabyte("1 day. ")
            ),
        ),
        ("NUL bytes in a request", "GET https://graph.microsoft.com/v1.0/me/pre\0sence\nHTTP/1.1 200 OK\0".to_owned()),
        ("carriage returns", megabyte("\r")),
        ("full-width characters", megabyte("｛")),
        ("combining characters", megabyte("e\u{301}\u{202e}")),
    ];
    for (name, noise) in noises {
        if let Ok(recorded) = try_record(&noise) {
            let exchanges = recorded.recording.exchanges;
            assert!(exchanges.iter().all(|exchange| exchange.request.body.is_none()), "{name}");
            recorded.diagnostics.iter().for_each(|diagnostic| {
                assert!(!diagnostic.to_string().contains(char::is_control), "{name}: {diagnostic}");
            });
        }
    }
}

#[test]
fn pages_that_are_not_about_presence_are_rejected() {
    let cases = [
        ("empty", "", PageError::Empty),
        ("blank", "\u{feff} \r\n\t", PageError::Empty),
        (
            "about something else",
            "GET https://graph.microsoft.com/v1.0/me/calendar\nHTTP/1.1 200 OK",
            PageError::NotAboutPresence,
        ),
        ("only the word", "presence", PageError::NotAboutPresence),
        ("opening braces", &"{".repeat(1000), PageError::NotAboutPresence),
    ];
    for (name, page, error) in cases {
        assert_eq!(try_record(page), Err(error), "{name}");
    }
}
