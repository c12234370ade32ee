//! Exchanges: requests, bodies, responses.

use super::{outline, record, unknown};

const ME: &str = "GET https://graph.microsoft.com/v1.0/me/presence";
const OF_ME: &str = "v1.0 GET /me/presence";
const SET: &str = "POST https://graph.microsoft.com/v1.0/users/fa8bf3dc/presence/setPresence";
const OF_SET: &str = "v1.0 POST /users/{user-id}/presence/setPresence";

/// Damage, the page that shows it, and the exchanges and the unknown that are recorded.
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
fn bodies_are_read_by_their_braces() {
    check(vec![
        Case {
            name: "X1 indentation is lost",
            page: format!("{SET}\nContent-Type: application/json\n\n{{\n\"activity\": \"Away\",\n\"ids\": [\n]\n}}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away","ids":[]}"#, "200", "indentation-lost: message request"]],
            unknown: &[],
        },
        Case {
            name: "X2 no blank line before the body",
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
            name: "X34 a Content-Length that is wrong",
            page: format!("{ME}\nHTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 1574\n\n{{\"id\":\"1\"}}"),
            exchanges: &[&[OF_ME, r#"200 {"id":"1"}"#, "content-length-wrong: actual 10, declared 1574, message response"]],
            unknown: &[],
        },
        Case {
            name: "X34 a Content-Length that is right",
            page: format!("{ME}\nHTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 10\n\n{{\"id\":\"1\"}}"),
            exchanges: &[&[OF_ME, r#"200 {"id":"1"}"#]],
            unknown: &[],
        },
        Case {
            name: "X35 a collection without Content-Type",
            page: "GET https://graph.microsoft.com/v1.0/communications/presences/fa8b\nHTTP/1.1 200 OK\n\n{\n  \"value\": []\n}".to_owned(),
            exchanges: &[&["v1.0 GET /communications/presences/{presence-id}", r#"200 {"value":[]}"#, "content-type-missing: message response"]],
            unknown: &[],
        },
        Case {
            name: "X41 JSON with a trailing comma",
            page: format!("{SET}\nContent-Type: application/json\n\n{{\n  \"activity\": \"Away\",\n}}\nHTTP/1.1 200 OK\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"activity":"Away"}"#, "200", "json-repaired: message request"], &[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "X41 tabs and spaces after the brace",
            page: format!("{SET}\nContent-Type: application/json\n\n{{  \n\t\"ids\": []\n}}\nHTTP/1.1 200 OK"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"ids":[]}"#, "200"]],
            unknown: &[],
        },
        Case {
            name: "X42 no body, and an empty object",
            page: format!("{SET}\nHTTP/1.1 200 OK\n\n{SET}\nContent-Type: application/json\n\n{{\n}}\nHTTP/1.1 204 No Content"),
            exchanges: &[&[OF_SET, "200"], &["v1.0 POST /users/{user-id}/presence/setPresence {}", "204"]],
            unknown: &[],
        },
        Case {
            name: "X7 a GET whose response lost its status line",
            page: format!("{ME}\n\n{{\"id\":\"1\"}}\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/presence"],
        },
        Case {
            name: "X3 X35 bodies in blocks of their own that nothing announces",
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
            name: "X3 blocks of JSON that are no bodies",
            page: format!("```\n{ME}\n```\n```json\n{{\"a\": 1}}\n```\n```\nHTTP/1.1 200 OK\n```\n```json\n{{\"id\": \"String\"}}\n```\n```\n{SET}\nHTTP/1.1 204 No Content\n```\n```json\n{{\"a\": 1}}\n```"),
            exchanges: &[&[OF_ME, "200"], &[OF_SET, "204"]],
            unknown: &[],
        },
        Case {
            name: "headers of one word, and X29 a space before the colon",
            page: format!("{SET}\nContent-Type : application/json\n\n{{\"a\": 1}}\nHTTP/1.1 200 OK\nServer: Kestrel\nConnection: keep-alive\nContent-Type: application/json\n\n{{\"b\": 2}}"),
            exchanges: &[&[r#"v1.0 POST /users/{user-id}/presence/setPresence {"a":1}"#, r#"200 {"b":2}"#]],
            unknown: &[],
        },
        Case {
            name: "R1 a link after a request is no body",
            page: format!("{ME}\n\n[C#](#tab)\n\nHTTP/1.1 200 OK\n\n[!NOTE] Done."),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &[],
        },
    ]);
}

#[test]
fn requests_are_absolute_request_lines() {
    check(vec![
        Case {
            name: "X4 a bare 200 OK is prose",
            page: format!("{ME}\n200 OK\nstands here.\nHTTP/1.1 404 Not Found"),
            exchanges: &[&[OF_ME, "404"]],
            unknown: &[],
        },
        Case {
            name: "X13 no newline at the end",
            page: format!("{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "X24 a word glued to a status code",
            page: format!("{ME}\nHTTP/1.1 200OK\n{ME}\nHTTP/1.1 2000 OK\nHTTP/1.1 404Not Found"),
            exchanges: &[&[OF_ME, "200"], &[OF_ME, "404"]],
            unknown: &[],
        },
        Case {
            name: "X24 a template, alone and within a sentence, is no request",
            page: format!("GET /me/presence\nCall {ME} now.\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "X24 a sentence that begins with a request is not taken for one",
            page: format!("{ME} reads it.\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/presence"],
        },
        Case {
            name: "X26 a word with a colon after a request is no header",
            page: format!("{ME}\nNota: presence.\nHTTP/1.1 200 OK\nHinweis: presence."),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "X37 the version is the URL's",
            page: "GET https://graph.microsoft.com/beta/me/presence\nHTTP/1.1 200 OK".to_owned(),
            exchanges: &[&["beta GET /me/presence", "200", "version-differs: page v1.0, url beta"]],
            unknown: &[],
        },
        Case {
            name: "X38 a rewritten host, and its response with it",
            page: format!("GET https://graph.example.org/v1.0/me/presence\nHTTP/1.1 403 Forbidden\n{ME}\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &["exchange: GET https://graph.example.org/v1.0/me/presence"],
        },
        Case {
            name: "X38 hosts that only look like Graph",
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
            name: "X38 sovereign hosts",
            page: "GET https://graph.microsoft.us/v1.0/me/presence\nHTTP/1.1 200 OK\n\
                   GET https://dod-graph.microsoft.us/v1.0/me/presence\nHTTP/1.1 200 OK\n\
                   GET https://microsoftgraph.chinacloudapi.cn/v1.0/me/presence\nHTTP/1.1 200 OK"
                .to_owned(),
            exchanges: &[&[OF_ME, "200"], &[OF_ME, "200"], &[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "GitHub: a table glued to the request line",
            page: format!("{ME}| Name | presence |\nHTTP/1.1 200 OK"),
            exchanges: &[&[OF_ME, "200"]],
            unknown: &[],
        },
        Case {
            name: "code only",
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
            name: "a request for no operation is recorded and reported",
            page: "GET https://graph.microsoft.com/v1.0/me/calendar\nHTTP/1.1 200 OK\nNo presence.".to_owned(),
            exchanges: &[&["v1.0 ?", "200"]],
            unknown: &["exchange: GET https://graph.microsoft.com/v1.0/me/calendar"],
        },
        Case {
            name: "a version that does not exist",
            page: "GET https://graph.microsoft.com/v2.0/me/presence\nHTTP/1.1 200 OK".to_owned(),
            exchanges: &[],
            unknown: &["exchange: GET https://graph.microsoft.com/v2.0/me/presence"],
        },
    ]);
}

#[test]
fn samples_in_programming_languages_are_skipped_x14() {
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

/// The body that says `Hello`, for requests and responses alike.
const HELLO: &str = r#"{"statusMessage": {"message": {"content": "Hello", "contentType": "text"}}}"#;

#[test]
fn what_a_response_shows_is_told_from_json_alone_x39() {
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
        ("another user sees the message", set("users/1A"), get("users/1a/presence", HELLO), (true, Some(0))),
        ("the latest of two", set("users/1") + &set("users/1"), get("users/1/presence", HELLO), (true, Some(1))),
        ("another message", set("users/1"), get("users/1/presence", &bye), (true, None)),
        ("another user's message", set("users/1"), get("users/2/presence", HELLO), (true, None)),
        ("publication is shown", set("users/1"), get("users/1/presence", &published), (false, Some(0))),
        ("by the presence's id", set("users/1"), get("communications/presences/1", HELLO), (false, Some(0))),
        ("no status message", set("users/1"), get("users/1/presence", "{\"id\": \"1\"}"), (false, None)),
        ("nothing before", String::new(), get("users/1/presence", HELLO), (true, None)),
    ];
    for (name, before, reading, expected) in cases {
        let recording = record("xx.v1.0.presence-sample.txt", &format!("{before}{reading}")).recording;
        let exchange = recording.exchanges.last().unwrap();
        assert_eq!((exchange.caller.is_some(), exchange.depends_on), expected, "{name}");
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    let page =
        format!("{SET}\nContent-Type: application/json\n\n{{\n  \"activity\": \"Away\"\n}}\n\nHTTP/1.1 200 OK\n");
    let expected = record("xx.v1.0.presence-sample.txt", &page);
    for (name, page) in [
        ("CRLF", page.replace('\n', "\r\n")),
        ("CR", page.replace('\n', "\r")),
        ("BOM", format!("\u{feff}{page}")),
        ("no last line end", page.trim_end().to_owned()),
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
    let places = ["\"a\"", "\"c\"", "\"d\"", "\"b\""].map(|key| json.find(key).unwrap());
    assert!(places.is_sorted(), "{json}");
}
