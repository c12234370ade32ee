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

/// Returns `true` if the server closed the connection without a response.
fn is_closed(mut stream: TcpStream) -> bool {
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).is_err() || rest.is_empty()
}

#[tokio::test]
async fn dropping_frees_the_port() {
    // Another process may take the port in between, so one success out of three is enough.
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
async fn dropping_closes_every_connection() {
    let emulator = Emulator::start().await.unwrap();
    let idle = connect(&emulator);
    let mut partial_head = connect(&emulator);
    partial_head.write_all(b"GET /v1.0/me/pre").unwrap();
    let mut partial_body = connect(&emulator);
    partial_body.write_all(b"POST /v1.0/me/presence HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{").unwrap();
    drop(emulator);
    for stream in [idle, partial_head, partial_body] {
        assert!(is_closed(stream));
    }
}

#[tokio::test]
async fn shutdown_waits_for_a_request_in_progress() {
    let emulator = Emulator::start().await.unwrap();
    let mut stream = connect(&emulator);
    stream
        .write_all(b"POST /nowhere HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        .unwrap();
    // After the interim response the request is in progress.
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
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
    shutdown.await;
}

#[tokio::test]
async fn shutdown_does_not_wait_for_a_stalled_client() {
    let emulator = Emulator::start().await.unwrap();
    let mut stalled = connect(&emulator);
    stalled.write_all(b"GET /v1.0/me/pre").unwrap();
    emulator.shutdown().await;
    assert!(is_closed(stalled));
}

#[tokio::test]
async fn shutdown_closes_idle_connections() {
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
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
}

#[tokio::test]
async fn emulators_are_independent() {
    let (one, other) = (Tenant::new().await, Tenant::new().await);
    assert_ne!(one.emulator.url(), other.emulator.url());
    one.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    one.advance(1, 0);
    assert_eq!(other.ada_state().await, ["Offline", "Offline"]);
    let response = other.get(&one.ada, "/v1.0/me/presence").await;
    assert_eq!(response.error().1, "InvalidAuthenticationToken");
}

#[tokio::test]
async fn debug_output_contains_no_secrets() {
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
