//! A server that responds to one recorded request with the recorded response.

use std::sync::{Arc, Mutex};

use graph_presence_conformance::{Exchange, Header, Request};
use graph_presence_raw::reqwest;
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;
use url::Url;

/// The parts of a request that are compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentRequest {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Option<Value>,
}

/// A mock server for one recorded exchange.
pub(crate) struct ExampleServer {
    server: MockServer,
    sent: Arc<Mutex<Vec<SentRequest>>>,
}

impl ExampleServer {
    /// Starts a server that returns the recorded response for the recorded request, and 418 for any other request.
    pub(crate) async fn start(exchange: &Exchange) -> Self {
        let server = MockServer::start_async().await;
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (received_requests, expected, response) = (sent.clone(), recorded(&exchange.request), response(exchange));
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    let request = received(request);
                    let is_expected = request == expected;
                    received_requests.lock().unwrap().push(request);
                    if is_expected { response.clone() } else { HttpMockResponse::builder().status(418).build() }
                });
            })
            .await;
        Self { server, sent }
    }

    pub(crate) fn url(&self) -> String {
        self.server.base_url()
    }

    /// Returns the request that the server received, if any. Panics if there was more than one.
    pub(crate) fn sent(&self) -> Option<SentRequest> {
        let sent = self.sent.lock().unwrap();
        assert!(sent.len() < 2, "expected at most 1 request, got {}: {sent:#?}", sent.len());
        sent.first().cloned()
    }
}

/// Returns the request as the page shows it.
pub(crate) fn recorded(request: &Request) -> SentRequest {
    let url = Url::parse(&request.url).unwrap();
    SentRequest {
        method: request.method.clone(),
        path: path_and_query(url.path(), url.query()),
        content_type: header(&request.headers, "content-type"),
        body: request.body.clone(),
    }
}

fn received(request: &HttpMockRequest) -> SentRequest {
    let uri = request.uri();
    let body = request.body_string();
    SentRequest {
        method: request.method().to_string(),
        path: path_and_query(uri.path(), uri.query()),
        content_type: request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned()),
        body: (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap_or(Value::String(body))),
    }
}

fn response(exchange: &Exchange) -> HttpMockResponse {
    let mut response = HttpMockResponse::builder().status(exchange.response.status);
    for Header { name, value } in &exchange.response.headers {
        // The pages show the same wrong length for all bodies.
        if !name.eq_ignore_ascii_case("content-length") {
            response = response.header(name, value);
        }
    }
    if let Some(body) = &exchange.response.body {
        response = response.body(body.to_string());
    }
    response.build()
}

fn path_and_query(path: &str, query: Option<&str>) -> String {
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

fn header(headers: &[Header], name: &str) -> Option<String> {
    headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.clone())
}

#[tokio::test]
async fn only_the_exact_request_gets_the_recorded_response() {
    let recording =
        crate::recordings::all().into_iter().find(|recording| recording.page == "presence-setpresence").unwrap();
    let exchange = &recording.exchanges[0];
    let exact = recorded(&exchange.request);
    let body = exact.body.clone().unwrap();
    let mut longer = body.clone();
    longer["expirationDuration"] = Value::from("PT2H");
    let cases = [
        ("the recorded request", "POST", exact.path.clone(), "application/json", body.clone(), 200),
        ("another method", "PUT", exact.path.clone(), "application/json", body.clone(), 418),
        ("another path", "POST", format!("{}/", exact.path), "application/json", body.clone(), 418),
        ("a query", "POST", format!("{}?a=b", exact.path), "application/json", body.clone(), 418),
        ("another content type", "POST", exact.path.clone(), "text/plain", body, 418),
        ("another body", "POST", exact.path.clone(), "application/json", longer, 418),
    ];
    for (name, method, path, content_type, body, status) in cases {
        let server = ExampleServer::start(exchange).await;
        let response = reqwest::Client::new()
            .request(method.parse().unwrap(), format!("{}{path}", server.url()))
            .header("content-type", content_type)
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status, "{name}");
    }
}
