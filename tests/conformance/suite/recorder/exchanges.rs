//! Requests, bodies and responses.

use super::{outline, record, unknown};

const ME: &str = "GET https://graph.microsoft.com/v1.0/me/presence";
const ME_OUTLINE: &str = "v1.0 GET /me/presence";
const SET: &str = "POST https://graph.microsoft.com/v1.0/users/fa8bf3dc/presence/setPresence";
const SET_OUTLINE: &str = "v1.0 POST /users/{user-id}/presence/setPresence";

/// A damaged page, and the exchanges and the unknown content in its recording.
struct Case {
    name: &'static str,
    page: String,
    exchanges: &'static [&'static [&'static str]],
    unknown: &'static [&'static str],
}

fn check(cases: Vec<Case>) {
    for Case { name, page, exchanges, unknown: expected } in cases {
        let recording = record("xx.v1.0.presence-sample.txt", &page).recording;
        let outlines: Vec<_> = recording.exchanges.iter().map(outline).collect();
        assert_eq!(outlines, exchanges, "{name}");
        assert_eq!(unknown(&recording), expected, "{name}");
    }
}

#[test]
fn bodies_are_delimited_by_their_braces() {
    check(vec![
        Case {
            name: "missing indentation",
            page: format!("{SET}\nContent-Type: application/json\n\n{{\n\"activity\": \"Away\",\n\"ids\": [\n]\n}}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away","ids":[]}"#, "200", "indentation-lost: message request"]],
            unknown: &[],
        },
        Case {
            name: "no blank line before the body",
            page: format!("{SET}\nContent-Type: application/json\n{{\"activity\": \"Away\"}}\n\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#, "200", "blank-line-missing: message request"]],
            unknown: &[],
        },
        Case {
            name: "braces, quotes and start lines in strings",
            page: format!("{SET}\nContent-Type: application/json\n\n{{\"a\": \"}} \\\" {{ HTTP/1.1 500\"}}\n\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"a":"} \" { HTTP/1.1 500"}"#, "200"]],
            unknown: &[],
        },
        Case {
            name: "wrong Content-Length",
            page: format!("{ME}\nHTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 1574\n\n{{\"id\":\"1\"}}"),
            exchanges: &[&[ME_OUTLINE, r#"200 {"id":"1"}"#, "content-length-wrong: actual 10, declared 1574, message response"]],
            unknown: &[],
        },
        Case {
            name: "correct Content-Length",
            page: format!("{ME}\nHTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 10\n\n{{\"id\":\"1\"}}"),
            exchanges: &[&[ME_OUTLINE, r#"200 {"id":"1"}"#]],
            unknown: &[],
        },
        Case {
            name: "collection without Content-Type",
            page: "GET https://graph.microsoft.com/v1.0/communications/presences/fa8b\nHTTP/1.1 200 OK\n\n{\n  \"value\": []\n}".to_owned(),
            exchanges: &[&["v1.0 GET /communications/presences/{presence-id}", r#"200 {"value":[]}"#, "content-type-missing: message response"]],
            unknown: &[],
        },
        Case {
            name: "JSON with a trailing comma",
            page: format!("{SET}\nContent-Type: application/json\n\n{{\n  \"activity\": \"Away\",\n}}\nHTTP/1.1 200 OK\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#, "200", "json-repaired: message request"], &[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "tabs and spaces after the brace",
            page: format!("{SET}\nContent-Type: application/json\n\n{{  \n\t\"ids\": []\n}}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"ids":[]}"#, "200"]],
            unknown: &[],
        },
        Case {
            name: "no body, and an empty object",
            page: format!("{SET}\nHTTP/1.1 200 OK\n\n{SET}\nContent-Type: application/json\n\n{{\n}}\nHTTP/1.1 204 No Content"),
            exchanges: &[&[SET_OUTLINE, "200"], &["v1.0 POST /users/{user-id}/presence/setPresence {}", "204"]],
            unknown: &[],
        },
        Case {
            name: "GET whose response has no status line",
            page: format!("{ME}\n\n{{\"id\":\"1\"}}\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/presence"],
        },
        Case {
            name: "bodies in separate code blocks without Content-Type",
            page: format!("```http\n{SET}\n```\n```json\n{{\"activity\": \"Away\"}}\n```\n\n```http\nHTTP/1.1 200 OK\n```\n\n```json\n{{\"value\": []}}\n```"),
            exchanges: &[&[
                r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#,
                r#"200 {"value":[]}"#,
                "content-type-missing: message request",
                "content-type-missing: message response",
                "split-fence-joined: message request",
                "split-fence-joined: message response",
            ]],
            unknown: &[],
        },
        Case {
            name: "code blocks of JSON that are not bodies",
            page: format!("```\n{ME}\n```\n```json\n{{\"a\": 1}}\n```\n```\nHTTP/1.1 200 OK\n```\n```json\n{{\"id\": \"String\"}}\n```\n```\n{SET}\nHTTP/1.1 204 No Content\n```\n```json\n{{\"a\": 1}}\n```"),
            exchanges: &[&[ME_OUTLINE, "200"], &[SET_OUTLINE, "204"]],
            unknown: &[],
        },
        Case {
            name: "header names of one word, and a space before the colon",
            page: format!("{SET}\nContent-Type : application/json\n\n{{\"a\": 1}}\nHTTP/1.1 200 OK\nServer: Kestrel\nConnection: keep-alive\nContent-Type: application/json\n\n{{\"b\": 2}}"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"a":1}"#, r#"200 {"b":2}"#]],
            unknown: &[],
        },
        Case {
            name: "a link after a request is not a body",
            page: format!("{ME}\n\n[C#](#tab)\n\nHTTP/1.1 200 OK\n\n[!NOTE] Done."),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &[],
        },
    ]);
}

#[test]
fn requests_have_absolute_urls_of_microsoft_graph() {
    check(vec![
        Case {
            name: "200 OK without a protocol is prose",
            page: format!("{ME}\n200 OK\nstands here.\nHTTP/1.1 404 Not Found"),
            exchanges: &[&[ME_OUTLINE, "404"]],
            unknown: &[],
        },
        Case {
            name: "no newline at the end",
            page: format!("{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "status code without a space before the reason",
            page: format!("{ME}\nHTTP/1.1 200OK\n{ME}\nHTTP/1.1 2000 OK\nHTTP/1.1 404Not Found"),
            exchanges: &[&[ME_OUTLINE, "200"], &[ME_OUTLINE, "404"]],
            unknown: &[],
        },
        Case {
            name: "templates and URLs in sentences are not requests",
            page: format!("GET /me/presence\nCall {ME} now.\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "a sentence that starts with a request line is not a request",
            page: format!("{ME} reads it.\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/presence"],
        },
        Case {
            name: "a word with a colon after a request is not a header",
            page: format!("{ME}\nNota: presence.\nHTTP/1.1 200 OK\nHinweis: presence."),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "the version is taken from the URL",
            page: "GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK".to_owned(),
            exchanges: &[&["beta GET /me/presence", "200", "version-differs: page v1.0, url beta"]],
            unknown: &[],
        },
        Case {
            name: "a request to another host is skipped with its response",
            page: format!("GET https://graph.example.org/v1.0/me/presence\nHTTP/1.1 403 Forbidden\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &["exchange: GET https://graph.example.org/v1.0/me/presence"],
        },
        Case {
            name: "lookalike hosts",
            page: "GET https://graph.microsoft.com@example.org/v1.0/me/presence\nGET https://graph.microsoft.com./v1.0/me/presence\n\
                   GET http://graph.microsoft.com/v1.0/me/presence"
                .to_owned(),
            exchanges: &[],
            unknown: &[
                "exchange: GET https://graph.microsoft.com@example.org/v1.0/me/presence",
                "exchange: GET https://graph.microsoft.com./v1.0/me/presence",
                "exchange: GET http://graph.microsoft.com/v1.0/me/presence",
            ],
        },
        Case {
            name: "hosts of national clouds",
            page: "GET https://graph.microsoft.us/v1.0/me/presence\nHTTP/1.1 200 OK\n\
                   GET https://dod-graph.microsoft.us/v1.0/me/presence\nHTTP/1.1 200 OK\n\
                   GET https://microsoftgraph.chinacloudapi.cn/v1.0/me/presence\nHTTP/1.1 200 OK"
                .to_owned(),
            exchanges: &[&[ME_OUTLINE, "200"], &[ME_OUTLINE, "200"], &[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "table in the line of the request",
            page: format!("{ME}| Name | presence |\nHTTP/1.1 200 OK"),
            exchanges: &[&[ME_OUTLINE, "200"]],
            unknown: &[],
        },
        Case {
            name: "code without prose",
            page: format!("{SET}\n{{\n\"activity\": \"Away\"\n}}\n// Samples\nHTTP/1.1 200 OK"),
            exchanges: &[&[
                r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#,
                "200",
                "blank-line-missing: message request",
                "content-type-missing: message request",
                "indentation-lost: message request",
            ]],
            unknown: &[],
        },
        Case {
            name: "a request for an unknown operation is recorded and reported",
            page: "GET https://graph.microsoft.com/v1.0/me/calendar\nHTTP/1.1 200 OK\nNo presence.".to_owned(),
            exchanges: &[&["v1.0 ?", "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/calendar"],
        },
        Case {
            name: "unknown version",
            page: "GET https://graph.microsoft.com/v2.0/me/presence\nHTTP/1.1 200 OK".to_owned(),
            exchanges: &[],
            unknown: &["exchange: GET https://graph.microsoft.com/v2.0/me/presence"],
        },
    ]);
}

#[test]
fn samples_in_programming_languages_are_skipped() {
    let samples = [
        ("csharp", "using Microsoft.Graph.Users;\nvar body = new Body\n{\nActivity = \"Away\",\n};"),
        ("csharp", "var result = await graphClient.Me.Presence.GetAsync();"),
        ("go", "import (\nmsgraphsdk \"github.com/microsoftgraph/msgraph-sdk-go\"\n)"),
        ("java", "GraphServiceClient graphClient = new GraphServiceClient(adapter);"),
        ("javascript", "const client = Client.init(options);\nawait client.api('/me/presence').post({\n});"),
        (
            "objc",
            "MSHTTPClient *client = [MSClientFactory createHTTPClient];\n[url stringByAppendingString:@\"/me/presence\"];",
        ),
        ("php", "<?php\n$result = $client->me()->presence()->get()->wait();"),
        ("python", "from msgraph import GraphServiceClient\nresult = await client.me.presence.get()"),
        ("cli", "mgc me presence set --body '{\\\n\"activity\": \"Busy\"\\\n}'"),
    ];
    for (language, sample) in samples {
        let page =
            format!("{SET}\nContent-Type: application/json\n\n{{\"activity\": \"Away\"}}\n{sample}\nHTTP/1.1 200 OK");
        let recording = record("xx.v1.0.presence-sample.txt", &page).recording;
        let [exchange] = recording.exchanges.as_slice() else { panic!("{language}: {recording:?}") };
        let expected = [
            r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#,
            "200",
            &format!("snippets-skipped: languages [{language}]"),
        ];
        assert_eq!(outline(exchange), expected, "{sample}");
        assert_eq!(unknown(&recording), [""; 0], "{sample}");
    }
}

/// A status message, as the body of a request or a response.
const HELLO: &str = r#"{"statusMessage": {"message": {"content": "Hello", "contentType": "text"}}}"#;

#[test]
fn caller_and_dependency_are_inferred_from_json() {
    let set = |user: &str| {
        let url = format!("https://graph.microsoft.com/v1.0/{user}/presence/setStatusMessage");
        format!("POST {url}\nContent-Type: application/json\n\n{HELLO}\nHTTP/1.1 200 OK\n")
    };
    let get = |path: &str, body: &str| {
        let url = format!("https://graph.microsoft.com/v1.0/{path}");
        format!("GET {url}\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{body}\n")
    };
    let published = HELLO.replacen("{\"message\"", "{\"publishedDateTime\": \"2022-10-18T17:05:33Z\", \"message\"", 1);
    let bye = HELLO.replace("Hello", "Bye");
    let cases = [
        ("read by another user", set("users/1A"), get("users/1a/presence", HELLO), (true, Some(0))),
        (
            "the latest of two requests",
            set("users/1") + &set("users/1"),
            get("users/1/presence", HELLO),
            (true, Some(1)),
        ),
        ("different message", set("users/1"), get("users/1/presence", &bye), (true, None)),
        ("message of another user", set("users/1"), get("users/2/presence", HELLO), (true, None)),
        ("with the publication time", set("users/1"), get("users/1/presence", &published), (false, Some(0))),
        ("read by presence id", set("users/1"), get("communications/presences/1", HELLO), (false, Some(0))),
        ("no status message", set("users/1"), get("users/1/presence", "{\"id\": \"1\"}"), (false, None)),
        ("no earlier request", String::new(), get("users/1/presence", HELLO), (true, None)),
    ];
    for (name, before, read, expected) in cases {
        let recording = record("xx.v1.0.presence-sample.txt", &format!("{before}{read}")).recording;
        let exchange = recording.exchanges.last().unwrap();
        assert_eq!((exchange.caller.is_some(), exchange.depends_on), expected, "{name}");
    }
}

#[test]
fn line_endings_and_a_byte_order_mark_are_ignored() {
    let page =
        format!("{SET}\nContent-Type: application/json\n\n{{\n  \"activity\": \"Away\"\n}}\n\nHTTP/1.1 200 OK\n");
    let expected = record("xx.v1.0.presence-sample.txt", &page);
    for (name, page) in [
        ("CRLF", page.replace('\n', "\r\n")),
        ("CR", page.replace('\n', "\r")),
        ("BOM", format!("\u{feff}{page}")),
        ("no newline at the end", page.trim_end().to_owned()),
    ] {
        assert_eq!(record("xx.v1.0.presence-sample.txt", &page), expected, "{name}");
    }
}

#[test]
fn keys_of_bodies_are_sorted_at_every_depth() {
    let page = format!(
        "{ME}\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{\"b\": 1, \"a\": [{{\"d\": 1, \"c\": 2}}]}}"
    );
    let json = record("xx.v1.0.presence-sample.txt", &page).recording.to_json().unwrap();
    let positions = ["\"a\"", "\"c\"", "\"d\"", "\"b\""].map(|key| json.find(key).unwrap());
    assert!(positions.is_sorted(), "{json}");
}
