//! The board: its page, and its event stream.

use std::time::Duration;

use graph_presence_emulator::{Fault, FaultRule};
use serde_json::{Map, Value, json};

use crate::clocks::JumpingClock;
use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, SET_STATUS_MESSAGE, Tenant, UNKNOWN_USER, guid};

const FABRIKAM: &str = "b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b";

/// Limit for reading from an event stream.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Reads the event stream of the board, as the page does.
struct EventReader {
    response: reqwest::Response,
    text: String,
    /// The current state, merged from all events.
    view: Map<String, Value>,
    events: usize,
}

impl EventReader {
    async fn new(url: &str, query: &str) -> Self {
        let url = format!("{url}/_emulator/board/events{query}");
        let response =
            reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build().unwrap().get(url).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        Self { response, text: String::new(), view: Map::new(), events: 0 }
    }

    /// Returns the data of the next event, or `None` at the end of the stream.
    async fn next(&mut self) -> Option<Map<String, Value>> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.strip_prefix("data: ").map(str::to_owned);
                self.text = rest.to_owned();
                let Some(data) = data else {
                    continue;
                };
                let changes: Map<String, Value> = serde_json::from_str(&data).unwrap();
                self.view.extend(changes.clone());
                self.events += 1;
                return Some(changes);
            }
            self.text.push_str(std::str::from_utf8(&self.response.chunk().await.unwrap()?).unwrap());
        }
    }

    /// Reads events until the value at the pointer is as expected.
    async fn until(&mut self, pointer: &str, expected: Value) {
        while json!(self.view).pointer(pointer) != Some(&expected) {
            self.next().await.unwrap();
        }
    }

    fn users(&self) -> Vec<&str> {
        self.view["users"]["value"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
    }
}

impl Tenant {
    async fn read_board(&self, query: &str) -> EventReader {
        let mut reader = EventReader::new(self.emulator.url(), query).await;
        reader.next().await.unwrap();
        reader
    }
}

/// Returns the names of the changed parts, sorted: the order in JSON depends on features of `serde_json`.
fn names(changes: &Map<String, Value>) -> Vec<&str> {
    let mut names: Vec<_> = changes.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn the_page_and_its_assets_are_served() {
    let tenant = Tenant::new().await;
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/_emulator/board/board.css", "text/css; charset=utf-8"),
        ("/_emulator/board/board.js", "text/javascript; charset=utf-8"),
        ("/_emulator/board/icon.svg", "image/svg+xml"),
    ] {
        let response = tenant.send("GET", path, &[], vec![]).await;
        assert_eq!((response.status.as_u16(), response.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
        let policy = response.header("content-security-policy").unwrap();
        for directive in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(directive), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        // Nothing is loaded from other origins, and nothing violates the policy.
        let text = String::from_utf8(response.body).unwrap().replace("http://www.w3.org/2000/svg", "");
        for forbidden in ["http:", "https:", "//cdn", "@import", "innerHTML", "<style", " style=", " onclick="] {
            assert!(!text.contains(forbidden), "{path}: {forbidden}");
        }
    }
    assert_eq!(tenant.send("HEAD", "/", &[], vec![]).await.status, 200);
    assert_eq!(tenant.send("GET", "/_emulator/board/nothing", &[], vec![]).await.status, 404);
}

#[tokio::test]
async fn the_page_is_not_subject_to_faults_and_logging() {
    let tenant = Tenant::new().await;
    tenant.emulator.inject(FaultRule::new(Fault::Status { status: 503 })).unwrap();
    assert_eq!(tenant.send("GET", "/", &[], vec![]).await.status, 200);
    assert!(tenant.emulator.requests().is_empty());
    // Other methods on the root path belong to the service.
    let response = tenant.send("POST", "/", &[], vec![]).await;
    assert_eq!((response.status.as_u16(), response.error().1.as_str()), (503, "ServiceUnavailable"));
}

#[tokio::test]
async fn the_first_event_is_complete_and_later_ones_contain_changes() {
    let tenant = Tenant::new().await;
    let mut reader = tenant.read_board(&format!("?user={ADA}")).await;
    assert_eq!(names(&reader.view), ["clock", "faults", "requests", "service", "user", "users"]);
    assert_eq!(reader.view["clock"], json!({"now": "2026-01-01T09:00:00Z", "isStepped": true}));
    assert_eq!(reader.users(), [BOB, ADA]);
    assert_eq!(reader.view["service"]["tenant"], json!(tenant.emulator.tenant_id()));

    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    assert_eq!(names(&reader.next().await.unwrap()), ["user", "users"]);
    let row = json!({
        "id": ADA,
        "availability": "Busy",
        "activity": "InAMeeting",
        "reason": "Only the Teams client has a session.",
        "nextChange": null,
        "message": null,
        "isOutOfOffice": false,
        "workLocation": {"source": "none"},
        "sessions": {"teamsClient": 1, "meeting": 0, "application": 0},
    });
    assert_eq!(reader.view["users"]["value"][1], row);
    let explanation = tenant.control("GET", &format!("/users/{ADA}"), Value::Null).await.json();
    assert_eq!(reader.view["user"], json!({"explanation": explanation, "sessionCount": 1}));

    // No user on the page changes: the event contains only the request.
    tenant.post(&tenant.app, GET_PRESENCES, &json!({"ids": [UNKNOWN_USER]})).await;
    let changes = reader.next().await.unwrap();
    assert_eq!(names(&changes), ["requests"]);
    assert_eq!(changes["requests"][0]["operation"], "getPresencesByUserId");
    tenant.emulator.inject(FaultRule::new(Fault::Reset).times(1)).unwrap();
    assert_eq!(names(&reader.next().await.unwrap()), ["faults"]);
    tenant.emulator.reset();
    reader.until("/users/count", json!(0)).await;
    reader.until("/user", Value::Null).await;
}

/// Builds the fault that the form of the board sends, with the number at the path of the parameter.
fn fault(kind: &Value, number: Option<i64>) -> Value {
    let path = kind["parameter"]["path"].as_array().cloned().unwrap_or_default();
    let number = path.iter().rev().fold(json!(number), |value, name| json!({name.as_str().unwrap(): value}));
    let mut fault = json!({"kind": kind["kind"]});
    fault.as_object_mut().unwrap().extend(number.as_object().cloned().unwrap_or_default());
    fault
}

#[tokio::test]
async fn fault_kinds_are_served_with_their_limits() {
    let tenant = Tenant::new().await;
    let reader = tenant.read_board("").await;
    let kinds = reader.view["service"]["faultKinds"].as_array().unwrap();
    let parameter = |kind: &Value| {
        let parameter = &kind["parameter"];
        json!([kind["kind"], parameter["path"], parameter["default"], parameter["min"], parameter["max"]])
    };
    assert_eq!(
        kinds.iter().map(parameter).collect::<Vec<_>>(),
        [
            json!(["status", ["status"], 503, 400, 599]),
            json!(["throttled", ["retryAfter", "seconds"], 5, 0, null]),
            json!(["gateway", ["status"], 502, 400, 599]),
            json!(["latency", ["milliseconds"], 1_000, 0, 600_000]),
            json!(["reset", null, null, null, null]),
            json!(["truncation", null, null, null, null]),
            json!(["wrongLength", null, null, null, null]),
            json!(["slowBody", ["milliseconds"], 50, 0, 10_000]),
            json!(["skew", ["seconds"], 300, -86_400, 86_400]),
        ]
    );
    for kind in kinds {
        assert!(!kind["label"].as_str().unwrap().is_empty());
        let parameter = &kind["parameter"];
        let limit = |name: &str| parameter[name].as_i64();
        for (number, status) in [
            (limit("default"), 201),
            (limit("min"), 201),
            (limit("max"), 201),
            (limit("min").map(|min| min - 1), 400),
            (limit("max").map(|max| max + 1), 400),
        ] {
            // Skips limits that the parameter does not have. A kind without a parameter is sent once, without a number.
            if number.is_none() && (!parameter.is_null() || status == 400) {
                continue;
            }
            let rule = json!({"fault": fault(kind, number)});
            assert_eq!(tenant.control("POST", "/faults", rule.clone()).await.status, status, "{rule}");
        }
    }
    let mut served: Vec<_> = kinds.iter().map(|kind| &kind["kind"]).collect();
    let faults = tenant.control("GET", "/faults", Value::Null).await.json();
    let mut injected: Vec<_> =
        faults["value"].as_array().unwrap().iter().map(|active| &active["rule"]["fault"]["kind"]).collect();
    injected.dedup();
    served.dedup();
    assert_eq!(injected, served);
}

#[tokio::test]
async fn steps_of_the_clock_are_shown() {
    let tenant = Tenant::new().await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    let mut reader = tenant.read_board("").await;
    assert_eq!(reader.view["users"]["value"][1]["nextChange"]["activity"], "AvailableInactive");
    tenant.emulator.advance(Duration::from_secs(300)).unwrap();
    reader.until("/users/value/1/activity", json!("AvailableInactive")).await;
    // A step through the clock itself is shown, too.
    tenant.advance(5, 0);
    reader.until("/users/value/1/activity", json!("Away")).await;
    assert_eq!(reader.view["clock"]["now"], "2026-01-01T09:10:00Z");
    tenant.emulator.restore(&tenant.emulator.snapshot().replace("09:10:00Z", "10:00:00Z")).unwrap();
    reader.until("/users/value/1/activity", json!("Offline")).await;
}

#[tokio::test]
async fn changes_of_a_running_clock_are_shown_when_due() {
    let clock = JumpingClock::starting_at("2026-01-01T09:00:00Z");
    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.clock(clock.clone())).await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    let until = json!({"dateTime": "2026-01-01T11:30:00", "timeZone": "UTC"});
    let body = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &body).await;
    let mut reader = tenant.read_board("").await;
    assert_eq!(reader.view["clock"]["isStepped"], false);
    for (now, activity, message) in [
        ("09:05:00", "AvailableInactive", json!("x")),
        ("09:10:00", "Away", json!("x")),
        ("10:00:00", "Offline", json!("x")),
        ("11:30:00", "Offline", Value::Null),
    ] {
        reader.next().await.unwrap();
        assert_eq!(reader.view["clock"]["now"], format!("2026-01-01T{now}Z"));
        let row = &reader.view["users"]["value"][1];
        assert_eq!((&row["activity"], &row["message"]), (&json!(activity), &message), "{now}");
    }
}

#[tokio::test]
async fn ten_thousand_users_are_paged_and_searched() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..10_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    tenant.emulator.add_users(ids.iter().map(|id| guid(id)));
    tenant.emulator.sign_in(guid(&ids[7_777]), "DoNotDisturb", "Presenting");
    let body = json!({"statusMessage": {"message": {"content": "Gr\u{fc}\u{df}e aus K\u{f6}ln"}}});
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &body).await;

    let reader = tenant.read_board("").await;
    assert_eq!((&reader.view["users"]["count"], reader.users().len()), (&json!(10_002), 25));
    let reader = tenant.read_board("?skip=9990&top=20").await;
    assert_eq!(reader.users(), [&ids.iter().map(String::as_str).collect::<Vec<_>>()[9_990..], &[BOB, ADA]].concat());
    assert_eq!(tenant.read_board("?skip=20000").await.users(), [""; 0]);
    for (search, found) in [
        ("presenting", vec![ids[7_777].as_str()]),
        ("-ECA7-", vec![ADA]),
        ("K%C3%96LN", vec![ADA]),
        ("%3Cb%3E", vec![]),
    ] {
        let reader = tenant.read_board(&format!("?search={search}")).await;
        assert_eq!((&reader.view["users"]["count"], reader.users()), (&json!(found.len()), found), "{search}");
    }

    // A user appears as soon as their state matches the search.
    let mut reader = tenant.read_board("?search=Away").await;
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    tenant.advance(10, 0);
    reader.until("/users/count", json!(1)).await;
    assert_eq!(reader.users(), [ADA]);
}

#[tokio::test]
async fn the_board_shows_one_tenant() {
    let tenant = Tenant::new().await;
    tenant.emulator.tenant(guid(FABRIKAM)).add_users([guid(UNKNOWN_USER)]);
    let reader = tenant.read_board(&format!("?tenant={FABRIKAM}&user={ADA}")).await;
    assert_eq!((reader.users(), &reader.view["user"]), (vec![UNKNOWN_USER], &Value::Null));
    // Reading an unknown tenant does not create it.
    assert_eq!(tenant.read_board(&format!("?tenant={UNKNOWN_USER}")).await.users(), [""; 0]);
    let tenants = tenant.control("GET", "/tenants", Value::Null).await.json();
    assert_eq!(tenants["value"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn long_texts_and_lists_are_truncated() {
    let tenant = Tenant::new().await;
    let content = "\u{1f600}".repeat(100_000);
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &json!({"statusMessage": {"message": {"content": content}}})).await;
    tenant.emulator.sign_in(guid(ADA), "x".repeat(1_000_000), "</script><script>");
    for n in 0..200 {
        tenant.set_session(&format!("{APP}-{n}"), "Busy", "InACall", None).await;
    }
    let reader = tenant.read_board(&format!("?user={ADA}")).await;
    let text = json!(reader.view).to_string();
    assert!(text.len() < 64 << 10, "{}", text.len());
    let message = reader.view["users"]["value"][1]["message"].as_str().unwrap();
    assert_eq!((message.chars().count(), message.ends_with('\u{2026}')), (301, true));
    assert_eq!(reader.view["user"]["sessionCount"], 201);
    assert_eq!(reader.view["user"]["explanation"]["sessions"].as_array().map(Vec::len), Some(50));
}

/// Events are not queued for a slow reader: it receives the current state.
#[tokio::test]
async fn a_stalled_reader_skips_intermediate_states() {
    let tenant = Tenant::new().await;
    let mut stalled = tenant.read_board("").await;
    for n in 0..20_000 {
        tenant.emulator.sign_in(guid(ADA), "Busy", n.to_string());
    }
    // Other readers are not delayed.
    let mut reader = tenant.read_board("").await;
    reader.until("/users/value/1/activity", json!("19999")).await;
    stalled.until("/users/value/1/activity", json!("19999")).await;
    assert!(stalled.events < 100, "{}", stalled.events);
}

#[tokio::test]
async fn shutdown_ends_the_event_stream() {
    let tenant = Tenant::new().await;
    let mut reader = tenant.read_board("").await;
    tenant.emulator.shutdown().await;
    // An aborted stream would be an error.
    assert_eq!(reader.next().await, None);
}

#[tokio::test]
async fn invalid_options_are_rejected() {
    let tenant = Tenant::new().await;
    for (query, message) in [
        ("top=201", "top out of range: 201 (allowed: 0 to 200)"),
        ("skip=-1", "invalid skip \"-1\": expected a non-negative integer"),
        ("tenant=contoso", "invalid tenant \"contoso\": expected a GUID"),
        ("user=ada", "invalid user \"ada\": expected a GUID"),
    ] {
        let response = tenant.control("GET", &format!("/board/events?{query}"), Value::Null).await;
        assert_eq!(response.error(), (400, "InvalidInput".to_owned(), message.to_owned()), "{query}");
    }
}
