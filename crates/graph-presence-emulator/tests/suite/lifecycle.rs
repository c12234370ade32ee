//! Starting and stopping.

use std::future::{Future, poll_fn};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::pin;
use std::task::Poll;

use graph_presence_emulator::{Caller, Emulator};

use crate::tenant::{ADA, Tenant, guid};

fn connect(emulator: &Emulator) -> TcpStream {
    TcpStream::connect(address(emulator)).unwrap()
}

fn address(emulator: &Emulator) -> String {
    emulator.url().strip_prefix("http://").unwrap().to_owned()
}

/// Whether the other side is gone.
fn is_closed(mut stream: TcpStream) -> bool {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).is_err() || rest.is_empty()
}

#[tokio::test]
async fn dropping_frees_the_port() {
    // Somebody else may be given the port in between: once is chance, three times is not.
    let mut freed = false;
    for _ in 0..3 {
        let emulator = Emulator::start().await.unwrap();
        let address = address(&emulator);
        drop(emulator);
        freed |= TcpListener::bind(address).is_ok();
    }
    assert!(freed);
}

#[tokio::test]
async fn dropping_closes_every_connection_whatever_it_is_doing() {
    let emulator = Emulator::start().await.unwrap();
    let silent = connect(&emulator);
    let mut half_a_head = connect(&emulator);
    half_a_head.write_all(b"GET /v1.0/me/pre").unwrap();
    let mut half_a_body = connect(&emulator);
    half_a_body.write_all(b"POST /v1.0/me/presence HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{").unwrap();
    drop(emulator);
    for stream in [silent, half_a_head, half_a_body] {
        assert!(is_closed(stream));
    }
}

#[tokio::test]
async fn a_shutdown_lets_a_request_end_that_is_under_way() {
    let emulator = Emulator::start().await.unwrap();
    let mut stream = connect(&emulator);
    stream
        .write_all(b"POST /nowhere HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        .unwrap();
    // The request has begun once the server asks for the rest.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");

    let mut shutdown = pin!(emulator.shutdown());
    poll_fn(|cx| {
        assert!(shutdown.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
    stream.write_all(b"{}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    shutdown.await;
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever_for_a_client_that_stalls() {
    let emulator = Emulator::start().await.unwrap();
    let mut stalled = connect(&emulator);
    stalled.write_all(b"GET /v1.0/me/pre").unwrap();
    emulator.shutdown().await;
    assert!(is_closed(stalled));
}

#[tokio::test]
async fn a_shutdown_closes_idle_connections() {
    let tenant = Tenant::new().await;
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.status, 200);
    tenant.emulator.shutdown().await;
}

#[test]
fn an_emulator_outlives_the_runtime_that_started_it() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tenant = runtime().block_on(Tenant::new());
    let mut stream = connect(&tenant.emulator);
    stream.write_all(b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[tokio::test]
async fn emulators_share_nothing() {
    let (one, other) = (Tenant::new().await, Tenant::new().await);
    assert_ne!(one.emulator.url(), other.emulator.url());
    one.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    one.advance(1, 0);
    assert_eq!(other.ada().await, ["Offline", "Offline"]);
    let answer = other.get(&one.ada, "/v1.0/me/presence").await;
    assert_eq!(answer.error().1, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn nothing_secret_is_printed() {
    let emulator = Emulator::start().await.unwrap();
    let token = emulator.token(Caller::user(guid(ADA)));
    let printed = format!("{emulator:?} {:?}", Emulator::builder());
    assert!(!printed.contains(&token) && !printed.contains(ADA), "{printed}");
    assert!(printed.contains(emulator.url()), "{printed}");
}

#[test]
fn an_emulator_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Emulator>();
}
