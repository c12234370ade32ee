//! Protection of the control interface against other web pages (cross-site requests and DNS rebinding).

use std::net::Ipv4Addr;

use graph_presence_emulator::Emulator;
use serde_json::Value;

use crate::tenant::{ADA, Tenant, UNKNOWN_USER};

/// Method, path, headers of the browser, and the expected status.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], u16);

const REQUESTS: [Case; 21] = [
    // Programs send none of these headers.
    ("POST", "/_emulator/reset", &[], 204),
    ("GET", "/_emulator/users", &[], 200),
    // The board itself, under any name of the loopback interface.
    ("POST", "/_emulator/reset", &[("origin", "http://SELF"), ("sec-fetch-site", "same-origin")], 204),
    ("POST", "/_emulator/reset", &[("host", "localhost:1"), ("origin", "http://localhost:1")], 204),
    ("POST", "/_emulator/reset", &[("host", "[::1]:1"), ("origin", "http://[::1]:1")], 204),
    ("POST", "/_emulator/reset", &[("host", "board.localhost"), ("origin", "https://board.localhost")], 204),
    ("GET", "/_emulator", &[("sec-fetch-site", "none")], 200),
    // Another page: on another host, on another port of this host, or with an opaque origin.
    ("POST", "/_emulator/reset", &[("origin", "http://evil.example")], 403),
    ("POST", "/_emulator/reset", &[("origin", "http://127.0.0.1:1")], 403),
    ("POST", "/_emulator/reset", &[("origin", "null")], 403),
    ("POST", "/_emulator/reset", &[("origin", "http://SELF"), ("sec-fetch-site", "cross-site")], 403),
    ("DELETE", "/_emulator/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3", &[("sec-fetch-site", "same-site")], 403),
    ("GET", "/_emulator/snapshot", &[("sec-fetch-site", "cross-site")], 403),
    ("GET", "/_emulator/board/events", &[("origin", "http://evil.example")], 403),
    // DNS rebinding: a foreign name that resolves to this address.
    ("GET", "/_emulator/snapshot", &[("host", "evil.example:80")], 403),
    ("POST", "/_emulator/reset", &[("host", "evil.example"), ("origin", "http://evil.example")], 403),
    ("POST", "/_emulator/reset", &[("host", "localhost.evil.example")], 403),
    ("GET", "/", &[("host", "127.0.0.1.evil.example")], 403),
    ("GET", "/_emulator/board/board.js", &[("host", "evil.example")], 403),
    // A link from another site to the board is allowed, although following it is a cross-site request.
    ("GET", "/", &[("sec-fetch-site", "cross-site")], 200),
    // The service itself is protected by tokens.
    ("GET", "/v1.0/me/presence", &[("host", "graph.microsoft.com"), ("origin", "http://evil.example")], 401),
];

#[tokio::test]
async fn cross_site_requests_are_rejected() {
    let tenant = Tenant::new().await;
    let own_host = tenant.emulator.url().strip_prefix("http://").unwrap().to_owned();
    for (method, path, headers, status) in REQUESTS {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.replace("SELF", &own_host))).collect();
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let response = tenant.send(method, path, &headers, vec![]).await;
        assert_eq!(response.status, status, "{method} {path} {headers:?}");
        if status == 403 {
            assert_eq!(response.error().1, "NotAllowed");
        }
    }
}

#[tokio::test]
async fn a_rejected_request_changes_nothing() {
    let tenant = Tenant::new().await;
    let user = format!("/_emulator/users/{ADA}");
    for headers in [[("host", "evil.example")], [("origin", "http://evil.example")]] {
        assert_eq!(tenant.send("DELETE", &user, &headers, vec![]).await.status, 403);
        let body = format!("{{\"users\": [{{\"id\": \"{UNKNOWN_USER}\"}}]}}");
        assert_eq!(tenant.send("POST", "/_emulator/users", &headers, body.into()).await.status, 403);
    }
    assert_eq!(tenant.control("GET", "/users", Value::Null).await.json()["count"], 2);
}

/// An emulator that listens on all interfaces accepts any host name from programs, but still no foreign origin.
#[tokio::test]
async fn any_host_is_allowed_when_listening_on_all_interfaces() {
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
