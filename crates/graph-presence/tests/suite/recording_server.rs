//! A server that records requests.

use std::sync::{Arc, Mutex};

use graph_presence::{ApiVersion, Client, ClientBuilder};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};

use crate::server::builder;

/// A server that records every request, and responds with an id and an empty collection.
pub(crate) struct RecordingServer {
    server: MockServer,
    requests: Arc<Mutex<Vec<Recorded>>>,
}

#[derive(Clone)]
struct Recorded {
    complete: String,
    line: String,
}

impl RecordingServer {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let requests: Arc<Mutex<Vec<Recorded>>> = Arc::default();
        let log = requests.clone();
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    log.lock().unwrap().push(Recorded { complete: complete(request), line: line(request) });
                    HttpMockResponse::builder().status(200).body(r#"{"id":"s-1","value":[]}"#).build()
                });
            })
            .await;
        Self { server, requests }
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        builder(self.server.base_url())
    }

    pub(crate) fn client(&self, version: ApiVersion) -> Client {
        self.builder().version(version).build().unwrap()
    }

    /// Returns all requests: method, path and query, headers except `host` and `content-length`, and body.
    pub(crate) fn log(&self) -> String {
        self.requests.lock().unwrap().iter().map(|request| request.complete.as_str()).collect()
    }

    /// Returns a line for each request: method, path and query, content type or else content length, and body.
    pub(crate) fn lines(&self) -> String {
        self.requests.lock().unwrap().iter().map(|request| request.line.as_str()).collect()
    }
}

fn complete(request: &HttpMockRequest) -> String {
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
