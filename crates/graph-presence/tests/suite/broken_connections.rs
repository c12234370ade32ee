//! Connections that break, stall or send invalid HTTP, simulated by a TCP server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use graph_presence::{Client, Error, Presence};
use httpmock::MockServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{always, builder};

const VALID_RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"availability\":\"Busy\"}";

/// How the server handles one connection, after it has read the request.
pub(crate) enum Action {
    /// Sends these bytes and closes the connection.
    SendAndClose(Vec<u8>),
    /// Sends these bytes and keeps the connection open until the client's timeout has elapsed.
    SendAndStall(&'static [u8]),
    /// Resets the connection.
    Reset,
}

const TIMEOUT: Duration = Duration::from_secs(30);

/// Handles each connection by the next action, and counts the connections.
async fn serve(listener: TcpListener, actions: Vec<Action>, connections: Arc<AtomicUsize>) {
    let mut stalled = Vec::new();
    for action in actions {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8192];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        connections.fetch_add(1, Ordering::SeqCst);
        match action {
            Action::SendAndClose(bytes) => {
                // Fails if the client closes the connection before it has read everything.
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
            Action::SendAndStall(bytes) => {
                stream.write_all(bytes).await.unwrap();
                stalled.push(stream);
                tokio::time::advance(2 * TIMEOUT).await;
            }
            Action::Reset => reset(&stream),
        }
    }
}

fn reset(stream: &TcpStream) {
    // Closing sends a reset only if there is unread data, or if lingering is set to zero.
    stream.set_zero_linger().unwrap();
}

/// Stops tokio's clock until the sender is dropped: timeouts elapse only by `tokio::time::advance`, on a slow machine too.
fn stop_clock() -> mpsc::Sender<()> {
    tokio::time::pause();
    let (running, stopped) = mpsc::channel();
    // A paused clock advances by itself if the runtime is idle, except while a blocking task runs.
    tokio::task::spawn_blocking(move || stopped.recv());
    running
}

/// Sends a request to a server with these actions. Returns the result and the number of connections.
pub(crate) async fn get(actions: Vec<Action>) -> (Result<Presence, Error>, usize) {
    let clock = stop_clock();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client: Client = builder(url).timeout(TIMEOUT).build().unwrap();
    let connections = Arc::default();
    let server = tokio::spawn(serve(listener, actions, Arc::clone(&connections)));
    let result = client.me().get_presence().send().await;
    server.abort();
    drop(clock);
    tokio::time::resume();
    (result, connections.load(Ordering::SeqCst))
}

pub(crate) fn send_and_close(bytes: &[u8]) -> Action {
    Action::SendAndClose(bytes.to_vec())
}

#[tokio::test]
async fn transient_connection_errors_are_retried() {
    let cases: Vec<(&str, Action)> = vec![
        ("reset before the response", Action::Reset),
        ("closed before the response", send_and_close(b"")),
        ("closed within the status line", send_and_close(b"HTTP/1.1 20")),
        ("closed within the headers", send_and_close(b"HTTP/1.1 200 OK\r\ncontent-le")),
        ("closed within the body", send_and_close(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"availab")),
        (
            "closed within a chunk",
            send_and_close(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\n{\"availab"),
        ),
        ("not HTTP", send_and_close(b"SSH-2.0-OpenSSH_9.6\r\n")),
        ("timeout of the headers", Action::SendAndStall(b"")),
        ("timeout of the body", Action::SendAndStall(b"HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"avail")),
        ("an HTML page of a gateway", send_and_close(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>")),
        (
            "closed within an error response",
            send_and_close(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 60\r\n\r\n{\"err"),
        ),
    ];
    for (name, action) in cases {
        let (result, connections) = get(vec![action, send_and_close(VALID_RESPONSE)]).await;
        let presence = result.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!((presence.availability.as_str(), connections), ("Busy", 2), "{name}");
    }
}

#[tokio::test]
async fn persistent_connection_error_has_the_details_of_the_response() {
    let incomplete = b"HTTP/1.1 200 OK\r\nrequest-id: r-7\r\ncontent-length: 100\r\n\r\n{\"availab";
    let (result, _) = get((0..4).map(|_| send_and_close(incomplete)).collect()).await;
    let error = result.unwrap_err();
    assert!(error.is_connection());
    assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (200, Some("r-7")));
    assert_eq!(error.to_string(), "get presence: connection failed; gave up after 4 attempts");

    let (result, _) = get((0..4).map(|_| Action::Reset).collect()).await;
    assert_eq!(result.unwrap_err().status(), None);
}

#[tokio::test]
async fn incomplete_error_response_keeps_its_status() {
    let incomplete = b"HTTP/1.1 403 Forbidden\r\nrequest-id: r-8\r\ncontent-length: 100\r\n\r\n{\"error";
    let (result, connections) = get(vec![send_and_close(incomplete)]).await;
    let error = result.unwrap_err();
    assert!(error.is_forbidden());
    assert_eq!((error.request_id(), connections), (Some("r-8"), 1));
}

#[tokio::test]
async fn connection_refused_is_a_connection_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = builder(url).build().unwrap().me().get_presence().send().await.unwrap_err();
    assert!(error.is_connection());
    assert_eq!((error.status(), error.attempts()), (None, 4));
}

#[tokio::test]
async fn oversized_response_body_is_rejected() {
    let mut oversized = b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n".to_vec();
    oversized.resize(40 << 20, b' ');
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::default();
    tokio::spawn(serve(listener, vec![Action::SendAndClose(oversized)], Arc::clone(&connections)));
    let error = builder(url).build().unwrap().me().get_presence().send().await.unwrap_err();
    assert_eq!((error.attempts(), connections.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "response body too large: more than 32 MiB");
}

#[tokio::test]
async fn too_many_response_headers_are_a_connection_error() {
    let mut response = b"HTTP/1.1 200 OK\r\n".to_vec();
    for number in 0..10_000 {
        response.extend(format!("x-{number}: y\r\n").bytes());
    }
    response.extend(b"content-length: 2\r\n\r\n{}");
    let (result, _) = get((0..4).map(|_| Action::SendAndClose(response.clone())).collect()).await;
    assert!(result.unwrap_err().is_connection());
}

#[tokio::test]
async fn compressed_response_is_not_decompressed() {
    let gzip = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00";
    let (result, connections) = get(vec![send_and_close(gzip)]).await;
    let error = result.unwrap_err();
    assert_eq!(error.to_string(), "get presence: failed to decode the response body (200 OK)");
    assert_eq!(connections, 1);
}

#[tokio::test]
async fn maximum_timeout_is_supported() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).body("{}")).await;
    builder(server.base_url()).timeout(Duration::MAX).build().unwrap().me().get_presence().send().await.unwrap();
}
