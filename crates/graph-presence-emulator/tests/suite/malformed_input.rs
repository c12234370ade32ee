//! Malformed and hostile input: every request gets a response, and so does the next one.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use crate::tenant::{ADA, APP, GET_PRESENCES, SET_STATUS_MESSAGE, Tenant};

/// Sends bytes that no client library would send, and reads the status line.
fn status_of(tenant: &Tenant, request: &[u8]) -> String {
    let address = tenant.emulator.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn deeply_nested_json_is_rejected() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"ids\":[", "]}")] {
        for depth in [127, 128, 100_000] {
            let body = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let response = tenant.send("POST", GET_PRESENCES, &headers, body.into_bytes()).await;
            assert_eq!(response.status, 400, "{open} {depth}");
        }
    }
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn ten_thousand_distinct_ids_are_rejected() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..10_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let response = tenant.post(&tenant.app, GET_PRESENCES, &json!({ "ids": ids })).await;
    assert_eq!(response.status, 400);
}

#[tokio::test]
async fn path_traversal_is_rejected() {
    let tenant = Tenant::new().await;
    for (path, status) in [
        ("/v1.0/users/../me/presence", "404"),
        ("/v1.0/./me/presence", "404"),
        ("/v1.0/users/%2e%2e/presence", "401"),
        ("/v1.0/users/%2F%2F/presence", "401"),
        ("/v1.0/users//presence", "401"),
        ("/v1.0/me/presence%00", "404"),
        ("/v1.0/me/presence#x", "401"),
        ("http://169.254.169.254/v1.0/me/presence", "401"),
        ("//v1.0/me/presence", "404"),
        ("*", "404"),
        ("/v1.0/me/presence?$select=%FF%", "401"),
        ("/\u{fc}", "404"),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let line = status_of(&tenant, request.as_bytes());
        assert!(line.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {line}");
    }
}

#[tokio::test]
async fn bytes_that_are_not_http_are_rejected() {
    let tenant = Tenant::new().await;
    for request in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".as_slice(),
        b"GET\r\n\r\n",
        b"GET /v1.0/me/presence HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    ] {
        let line = status_of(&tenant, request);
        assert!(line.starts_with("HTTP/1.1 400 ") || line.is_empty(), "{line}");
    }
    let line = status_of(&tenant, b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n");
    assert!(line.starts_with("HTTP/1.1 400 ") || line.is_empty(), "{line}");
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn non_utf8_and_oversized_headers_are_rejected() {
    let tenant = Tenant::new().await;
    let mut request = b"GET /v1.0/me/presence HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer \xff\xfe\r\nclient-request-id: \xff\r\n\r\n".to_vec();
    assert!(status_of(&tenant, &request).starts_with("HTTP/1.1 401 "));
    request.truncate(0);
    request.extend_from_slice(b"GET / HTTP/1.1\r\nhost: x\r\nx: ");
    request.resize(1 << 20, b'x');
    request.extend_from_slice(b"\r\n\r\n");
    let address = tenant.emulator.url().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may close the connection before it has read everything.
    let _ = stream.write_all(&request);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn message_content_is_not_interpreted() {
    let tenant = Tenant::new().await;
    for content in [
        "\"},\"availability\":\"Busy\",\"x\":{\"",
        "\u{202e}\u{0}\u{7f}\u{2028}",
        "<script>alert(1)</script>",
        "{\"$ref\":\"#\"}",
    ] {
        let body = json!({"statusMessage": {"message": {"content": content}}});
        assert_eq!(tenant.post(&tenant.app, SET_STATUS_MESSAGE, &body).await.status, 200);
        let seen = tenant.get(&tenant.bob, &format!("/v1.0/users/{ADA}/presence")).await;
        assert_eq!(seen.json()["statusMessage"]["message"]["content"], content);
        assert_eq!(seen.json()["availability"], "Offline");
    }
}

#[tokio::test]
async fn hundreds_of_sessions_expire() {
    let tenant = Tenant::new().await;
    for n in 0..500 {
        tenant.set_session(&format!("{APP}-{n}"), "Busy", "InACall", Some("PT5M")).await;
    }
    assert_eq!(tenant.ada_state().await, ["Busy", "InACall"]);
    tenant.advance(5, 0);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn incomplete_requests_do_not_block_others() {
    let tenant = Tenant::new().await;
    let address = tenant.emulator.url().strip_prefix("http://").unwrap().to_owned();
    let incomplete_requests: [&[u8]; 4] = [
        b"",
        b"GET /v1.0/me/pre",
        b"GET /v1.0/me/presence HTTP/1.1\r\nhost: x\r\n",
        b"POST /v1.0/me/presence/setPresence HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{\"",
    ];
    let mut slow = Vec::new();
    // Both ends are in this process, and the usual limit is 1,024 open files.
    for request in incomplete_requests.iter().cycle().take(400) {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream.write_all(request).unwrap();
        slow.push(stream);
    }
    for _ in 0..20 {
        assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
    }
    drop(slow);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

/// Bodies that are not valid JSON, UTF-8 or form data, for every endpoint that requires no token.
#[tokio::test]
async fn malformed_bodies_are_rejected_by_endpoints_without_a_token() {
    let tenant = Tenant::new().await;
    let deep = "[".repeat(100_000).into_bytes();
    let bodies: [&[u8]; 5] = [b"\xff\xfe", b"{\"users\": [\x00]}", b"", &deep, "\u{feff}{}".as_bytes()];
    for (method, path) in [
        ("POST", "/_emulator/users"),
        ("POST", "/_emulator/tenants"),
        ("PUT", "/_emulator/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/teams"),
        ("PUT", "/_emulator/clock"),
        ("POST", "/_emulator/clock/advance"),
        ("POST", "/_emulator/faults"),
        ("POST", "/_emulator/tokens"),
        ("PUT", "/_emulator/snapshot"),
        ("POST", "/common/oauth2/v2.0/token"),
        ("POST", "/common/oauth2/v2.0/devicecode"),
    ] {
        for body in bodies {
            for kind in ["application/json", "application/x-www-form-urlencoded"] {
                let response = tenant.send(method, path, &[("content-type", kind)], body.to_vec()).await;
                assert_eq!(response.status, 400, "{method} {path} {kind} {:?}", body.get(..20));
            }
        }
    }
    for path in
        ["/_emulator/users/%FF", "/_emulator/users/..%2F..", "/_emulator/users?tenant=%FF", "/_emulator/users/%00"]
    {
        assert_eq!(tenant.send("GET", path, &[], vec![]).await.status, 400, "{path}");
    }
    for path in ["/%FF/oauth2/v2.0/token", "/../common/oauth2/v2.0/token", "/_emulator/%2e%2e/v1.0/me/presence"] {
        let status = tenant.send("POST", path, &[], vec![]).await.status.as_u16();
        assert!((400..500).contains(&status), "{path} {status}");
    }
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn malformed_tokens_are_unauthorized() {
    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.foreign_tokens(true)).await;
    for token in ["....", "e30.e30.e30", "a.W10.b", &"x".repeat(8_000), "eyJh.\u{2e}.", "a.eyJzY3AiOltdfQ.b", "-._~+/="]
    {
        assert_eq!(tenant.get(token, "/v1.0/me/presence").await.status, 401, "{token:.40}");
    }
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}
