//! What is sent, written down as it arrives.

use std::sync::{Arc, Mutex};

use graph_presence::{ApiVersion, Client, ClientBuilder};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

use crate::server::builder;

/// A server that keeps every request, and answers each with an id and an empty collection.
pub(crate) struct Wire {
    server: MockServer,
    sent: Arc<Mutex<Vec<Sent>>>,
}

#[derive(Clone)]
struct Sent {
    whole: String,
    line: String,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let sent: Arc<Mutex<Vec<Sent>>> = Arc::default();
        let log = sent.clone();
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    log.lock().unwrap().push(Sent { whole: whole(request), line: line(request) });
                    HttpMockResponse::builder().status(200).body(r#"{"id":"s-1","value":[]}"#).build()
                });
            })
            .await;
        Self { server, sent }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(self.server.base_url())
    }

    pub(crate) fn client(&self, version: ApiVersion) -> Client {
        self.builder().version(version).build().unwrap()
    }

    /// Every request: method, path with query, all headers but the server's name and the length, body.
    pub(crate) fn log(&self) -> String {
        self.sent.lock().unwrap().iter().map(|sent| sent.whole.as_str()).collect()
    }

    /// A line for each request: method, path with query, the type or else the length of the body, the body.
    pub(crate) fn lines(&self) -> String {
        self.sent.lock().unwrap().iter().map(|sent| sent.line.as_str()).collect()
    }
}

fn whole(request: &HttpMockRequest) -> String {
    let uri = request.uri();
    let mut text = format!("{} {}\n", request.method(), uri.path_and_query().unwrap());
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .filter(|(name, _)| !["host", "content-length"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()))
        .collect();
    headers.sort();
    text.extend(headers);
    text.push_str(&request.body_string());
    text.push_str("\n\n");
    text.replace(env!("CARGO_PKG_VERSION"), "{version}")
}

fn line(request: &HttpMockRequest) -> String {
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let kind = header("content-type").or(header("content-length").map(|length| format!("length {length}")));
    let body = request.body_string();
    let rest: String =
        kind.into_iter().chain((!body.is_empty()).then_some(body)).map(|part| format!(" {part}")).collect();
    format!("{} {}{rest}\n", request.method(), request.uri().path_and_query().unwrap())
}
