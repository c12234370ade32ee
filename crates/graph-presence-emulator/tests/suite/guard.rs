//! Web pages of others, who would like to control the emulator.

use std::net::Ipv4Addr;

use graph_presence_emulator::Emulator;
use serde_json::Value;

use crate::tenant::{ADA, NOBODY, Tenant};

/// Method, path, what the browser says, and what is answered.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], u16);

const REQUESTS: [Case; 21] = [
    // Programs say nothing.
    ("POST", "/_emulator/reset", &[], 204),
    ("GET", "/_emulator/users", &[], 200),
    // The board itself, by any name of this machine.
    ("POST", "/_emulator/reset", &[("origin", "http://SELF"), ("sec-fetch-site", "same-origin")], 204),
    ("POST", "/_emulator/reset", &[("host", "localhost:1"), ("origin", "http://localhost:1")], 204),
    ("POST", "/_emulator/reset", &[("host", "[::1]:1"), ("origin", "http://[::1]:1")], 204),
    ("POST", "/_emulator/reset", &[("host", "board.localhost"), ("origin", "https://board.localhost")], 204),
    ("GET", "/_emulator", &[("sec-fetch-site", "none")], 200),
    // Another page: on another machine, on another port of this one, or one that says nothing of itself.
    ("POST", "/_emulator/reset", &[("origin", "http://evil.example")], 403),
    ("POST", "/_emulator/reset", &[("origin", "http://127.0.0.1:1")], 403),
    ("POST", "/_emulator/reset", &[("origin", "null")], 403),
    ("POST", "/_emulator/reset", &[("origin", "http://SELF"), ("sec-fetch-site", "cross-site")], 403),
    ("DELETE", "/_emulator/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3", &[("sec-fetch-site", "same-site")], 403),
    ("GET", "/_emulator/snapshot", &[("sec-fetch-site", "cross-site")], 403),
    ("GET", "/_emulator/board/events", &[("origin", "http://evil.example")], 403),
    // A name that somebody made to lead here.
    ("GET", "/_emulator/snapshot", &[("host", "evil.example:80")], 403),
    ("POST", "/_emulator/reset", &[("host", "evil.example"), ("origin", "http://evil.example")], 403),
    ("POST", "/_emulator/reset", &[("host", "localhost.evil.example")], 403),
    ("GET", "/", &[("host", "127.0.0.1.evil.example")], 403),
    ("GET", "/_emulator/board/board.js", &[("host", "evil.example")], 403),
    // Whoever follows a link to the board comes from elsewhere.
    ("GET", "/", &[("sec-fetch-site", "cross-site")], 200),
    // The service itself has tokens, and asks for them.
    ("GET", "/v1.0/me/presence", &[("host", "graph.microsoft.com"), ("origin", "http://evil.example")], 401),
];

#[tokio::test]
async fn only_the_own_page_controls_the_emulator() {
    let tenant = Tenant::new().await;
    let own = tenant.emulator.url().strip_prefix("http://").unwrap().to_owned();
    for (method, path, headers, status) in REQUESTS {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.replace("SELF", &own))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = tenant.send(method, path, &headers, vec![]).await;
        assert_eq!(answer.status, status, "{method} {path} {headers:?}");
        if status == 403 {
            assert_eq!(answer.error().1, "NotAllowed");
        }
    }
}

#[tokio::test]
async fn what_is_refused_is_not_done() {
    let tenant = Tenant::new().await;
    let user = format!("/_emulator/users/{ADA}");
    for headers in [[("host", "evil.example")], [("origin", "http://evil.example")]] {
        assert_eq!(tenant.send("DELETE", &user, &headers, vec![]).await.status, 403);
        let body = format!("{{\"users\": [{{\"id\": \"{NOBODY}\"}}]}}");
        assert_eq!(tenant.send("POST", "/_emulator/users", &headers, body.into()).await.status, 403);
    }
    assert_eq!(tenant.control("GET", "/users", Value::Null).await.json()["count"], 2);
}

/// Where other machines are to reach it, programs may know it by a name. Pages still may not.
#[tokio::test]
async fn an_emulator_for_other_machines_has_names() {
    let emulator = Emulator::builder().address((Ipv4Addr::UNSPECIFIED, 0).into()).start().await.unwrap();
    let url = emulator.url().replace("0.0.0.0", "127.0.0.1");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (origin, status) in [(None, 204), (Some("http://emulator:1"), 403), (Some("http://evil.example"), 403)] {
        let mut request = client.post(format!("{url}/_emulator/reset")).header("host", "emulator:1");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        assert_eq!(request.send().await.unwrap().status(), status, "{origin:?}");
    }
}
