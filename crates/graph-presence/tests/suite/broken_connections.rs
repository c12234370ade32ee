//! Connections that break, stall or lie: a raw server that does what no HTTP library would.

use std::time::Duration;

use graph_presence::{Client, Error, Presence};
use httpmock::MockServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::server::{always, builder};

const GOOD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"availability\":\"Busy\"}";

/// What the server does with one connection, after it has read the request.
enum Deed {
    /// Writes this and closes.
    Say(Vec<u8>),
    /// Writes this, and then nothing more, for as long as the client stays.
    Stall(&'static [u8]),
    /// Closes so that the client is told at once.
    Reset,
}

/// Serves each connection with the next deed, and counts them.
async fn serve(listener: TcpListener, deeds: Vec<Deed>) -> usize {
    let mut served = 0;
    let mut stalled = Vec::new();
    for deed in deeds {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 8192];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        served += 1;
        match deed {
            Deed::Say(words) => {
                // A client that has seen enough hangs up.
                let _ = stream.write_all(&words).await;
                let _ = stream.shutdown().await;
            }
            Deed::Stall(words) => {
                stream.write_all(words).await.unwrap();
                stalled.push(stream);
            }
            Deed::Reset => reset(&stream),
        }
    }
    served
}

fn reset(stream: &TcpStream) {
    // Unread data makes the system answer with a reset; the request has been read, so ask for it.
    stream.set_zero_linger().unwrap();
}

async fn get(deeds: Vec<Deed>) -> (Result<Presence, Error>, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client: Client = builder(url).timeout(Duration::from_millis(300)).build().unwrap();
    let server = tokio::spawn(serve(listener, deeds));
    let answer = client.me().get_presence().send().await;
    let served = match tokio::time::timeout(Duration::from_secs(10), server).await {
        Ok(served) => served.unwrap(),
        Err(_) => panic!("the client came less often than it was awaited: {answer:?}"),
    };
    (answer, served)
}

fn say(words: &[u8]) -> Deed {
    Deed::Say(words.to_vec())
}

#[tokio::test]
async fn a_fault_that_passes_is_not_noticed() {
    let faults: Vec<(&str, Deed)> = vec![
        ("reset before the answer", Deed::Reset),
        ("closed before the answer", say(b"")),
        ("closed within the status line", say(b"HTTP/1.1 20")),
        ("closed within the headers", say(b"HTTP/1.1 200 OK\r\ncontent-le")),
        ("closed within the body", say(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"availab")),
        ("a chunk cut off", say(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\n{\"availab")),
        ("no HTTP", say(b"SSH-2.0-OpenSSH_9.6\r\n")),
        ("no header for too long", Deed::Stall(b"")),
        ("no body for too long", Deed::Stall(b"HTTP/1.1 200 OK\r\ncontent-length: 23\r\n\r\n{\"avail")),
        ("a gateway's page", say(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>")),
        ("an error cut off", say(b"HTTP/1.1 503 Unavailable\r\ncontent-length: 60\r\n\r\n{\"err")),
    ];
    for (name, fault) in faults {
        let (answer, served) = get(vec![fault, say(GOOD)]).await;
        let presence = answer.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!((presence.availability.as_str(), served), ("Busy", 2), "{name}");
    }
}

#[tokio::test]
async fn a_fault_that_lasts_is_told_with_what_is_known() {
    let half = b"HTTP/1.1 200 OK\r\nrequest-id: r-7\r\ncontent-length: 100\r\n\r\n{\"availab";
    let (answer, _) = get((0..4).map(|_| say(half)).collect()).await;
    let error = answer.unwrap_err();
    assert!(error.is_connection());
    assert_eq!((error.status().unwrap().as_u16(), error.request_id()), (200, Some("r-7")));
    assert_eq!(error.to_string(), "get presence: connection failed; gave up after 4 attempts");

    let (answer, _) = get((0..4).map(|_| Deed::Reset).collect()).await;
    assert_eq!(answer.unwrap_err().status(), None);
}

#[tokio::test]
async fn a_refusal_cut_off_is_still_a_refusal() {
    let half = b"HTTP/1.1 403 Forbidden\r\nrequest-id: r-8\r\ncontent-length: 100\r\n\r\n{\"error";
    let (answer, served) = get(vec![say(half)]).await;
    let error = answer.unwrap_err();
    assert!(error.is_forbidden());
    assert_eq!((error.request_id(), served), (Some("r-8"), 1));
}

#[tokio::test]
async fn nobody_listening_is_a_fault_of_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = builder(url).build().unwrap().me().get_presence().send().await.unwrap_err();
    assert!(error.is_connection());
    assert_eq!((error.status(), error.attempts()), (None, 4));
}

#[tokio::test]
async fn an_answer_without_end_is_left() {
    let mut endless = b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n".to_vec();
    endless.resize(40 << 20, b' ');
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(serve(listener, vec![Deed::Say(endless)]));
    let error = builder(url).build().unwrap().me().get_presence().send().await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "more than 33554432 bytes");
    assert_eq!(server.await.unwrap(), 1);
}

#[tokio::test]
async fn ten_thousand_headers_are_too_many() {
    let mut answer = b"HTTP/1.1 200 OK\r\n".to_vec();
    for number in 0..10_000 {
        answer.extend(format!("x-{number}: y\r\n").bytes());
    }
    answer.extend(b"content-length: 2\r\n\r\n{}");
    let (answer, _) = get((0..4).map(|_| Deed::Say(answer.clone())).collect()).await;
    assert!(answer.unwrap_err().is_connection());
}

#[tokio::test]
async fn compression_that_nobody_asked_for_is_not_unpacked() {
    let bomb = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00";
    let (answer, served) = get(vec![say(bomb)]).await;
    let error = answer.unwrap_err();
    assert_eq!(error.to_string(), "get presence: failed to decode the response body (200 OK)");
    assert_eq!(served, 1);
}

#[tokio::test]
async fn a_timeout_beyond_all_time_is_no_trouble() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).body("{}")).await;
    builder(server.base_url()).timeout(Duration::MAX).build().unwrap().me().get_presence().send().await.unwrap();
}
