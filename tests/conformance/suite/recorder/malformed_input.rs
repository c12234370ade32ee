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
        ("at the end of the page", "{\"activity\": \"Away\",", "the body is cut: the page ends before it does"),
        ("within a string", "{\"activity\": \"Aw\n\"}\nHTTP/1.1 200 OK", "the body is cut within a string"),
        (
            "by the response",
            "{\"activity\": \"Away\",\nHTTP/1.1 200 OK",
            "the body is cut: another message begins before it ends",
        ),
        (
            "by another request",
            "{\"activity\": [\n  GET https://graph.microsoft.com/v1.0/me/presence\nHTTP/1.1 200 OK",
            "the body is cut: another message begins before it ends",
        ),
        ("mismatched braces", "{\"ids\": [}\nHTTP/1.1 200 OK", "the body's braces do not match"),
        (
            "missing value",
            "{\"ids\": }\nHTTP/1.1 200 OK",
            "the body is no JSON: expected value at line 1 column 9",
        ),
        ("nested too deeply", &format!("{}\nHTTP/1.1 200 OK", "[{\"a\":".repeat(200)), "the body is nested too deeply"),
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

// Reading takes linear time: with quadratic time, a megabyte of noise would take hours.
#[test]
fn noise_does_not_panic_or_hang() {
    let million = |noise: &str| noise.repeat(1_000_000 / noise.len());
    let presence = |noise: String| format!("presence\n{noise}");
    let noises = [
        ("opening braces", million("{")),
        ("opening braces after a request", REQUEST.to_owned() + &million("{")),
        ("opening braces on lines after a request", REQUEST.to_owned() + &million("{\n")),
        ("quotes after a request", REQUEST.to_owned() + "{" + &million("\"")),
        ("requests", million(REQUEST)),
        ("requests with incomplete bodies", million(&format!("{REQUEST}{{\n"))),
        ("responses", million("HTTP/1.1 200 OK\n")),
        ("blank lines after a request", REQUEST.to_owned() + &million("\n")),
        ("pipes", million("|")),
        ("pipes on lines", million("|\n")),
        ("first cells", million("| a |\n")),
        ("cells", million("a |\n")),
        ("unclosed cells", million("| a\n")),
        (
            "the header of an unmarked table, then prose",
            presence("a |\nb |\nsessionId |\n".to_owned() + &million("c\n")),
        ),
        ("rows of permissions", million("Application Presence.Read\n")),
        ("words", million("a ")),
        ("words on lines", million("a b c d e f g h i j k l m\n")),
        ("one long word", million("a")),
        ("digits", million("1")),
        ("numbers", million("1 ")),
        ("GUIDs", million("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")),
        ("hyphens", million("a-")),
        ("NUL bytes", million("\0")),
        ("GUIDs on lines", million("xfa8bf3dc-eca7-46b7-bad1-db199b62afc3x\n")),
        ("numbers on lines", million("1 a 2 b\n")),
        ("rows", million("| a | b |\n")),
        ("rows without their last pipe", million("| a | b |\n| c | d\n")),
        ("unclosed links", million("| [a | `<a |\n")),
        ("permissions with one cell per line", million("Application\nPresence.Read\n")),
        ("parameters with one cell per line", million("Parameter\nType\nDescription\nactivity\nstring\na\n")),
        ("headers of pairs", presence(million("availability activity\n"))),
        ("headers of pairs with one row each", presence(million("availability activity\nx y\n"))),
        ("addresses", presence(million("a URL\nx communications/presences/{id} y\n"))),
        ("states", presence(million("Busy busy / busy\n"))),
        (
            "descriptions of many lines",
            presence("Parameter Type Description\n".to_owned() + &million("activity string a\nb c\n")),
        ),
        ("typographic bodies", REQUEST.to_owned() + "{" + &million("“a”: “b” x, ")),
        ("comments in a body", REQUEST.to_owned() + "{" + &million("/* */")),
        ("quotation marks as entities", REQUEST.to_owned() + "{" + &million("&quot;")),
        ("invisible characters", presence(million("\u{ad}"))),
        ("comments", million("<!-- ")),
        ("fences", million("```http\n")),
        ("incomplete messages", million("```\nHTTP/1.1 200 OK\nContent-Type: application/json\n```\n")),
        ("includes", million("[!INCLUDE [permissions-table](a)]\n")),
        ("messages in one line", million("GET https://graph.microsoft.com/v1.0/me/presence HTTP/1.1 200 { ")),
        ("bilingual text", million("<span data-ttu-id=<span class=\"sxs-lookup\"><span data-stu-id=\"")),
        ("tags", "<html>".to_owned() + &million("<table><tr><td>")),
        ("angle brackets", "<html>".to_owned() + &million("<")),
        ("values", format!("| Property | Type | Description |\n|-|-|-|\n| activity | string | {} |", million("busy"))),
        (
            "days",
            format!(
                "| Parameter | Type | Description |\n|-|-|-|\n| expirationDuration | duration | {} |",
                million("1 day. ")
            ),
        ),
        ("NUL bytes in a request", "GET https://graph.microsoft.com/v1.0/me/pre\0sence\nHTTP/1.1 200 OK\0".to_owned()),
        ("carriage returns", million("\r")),
        ("full-width characters", million("｛")),
        ("combining characters", million("e\u{301}\u{202e}")),
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
