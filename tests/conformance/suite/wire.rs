//! A server that accepts one recorded request and answers as the page does.

use std::sync::{Arc, Mutex};

use graph_presence_conformance::{Exchange, Header, Request};
use graph_presence_raw::reqwest;
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;
use url::Url;

/// What matters of a request that was sent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Option<Value>,
}

/// The page's side of an exchange.
pub(crate) struct Wire {
    server: MockServer,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Wire {
    /// Answers the recorded request, and nothing else, with the recorded response.
    pub(crate) async fn start(exchange: &Exchange) -> Self {
        let server = MockServer::start_async().await;
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (seen, expected, answer) = (sent.clone(), recorded(&exchange.request), response(exchange));
        server
            .mock_async(|when, then| {
                when.any_request();
                then.respond_with(move |request| {
                    let request = received(request);
                    let known = request == expected;
                    seen.lock().unwrap().push(request);
                    if known { answer.clone() } else { HttpMockResponse::builder().status(418).build() }
                });
            })
            .await;
        Self { server, sent }
    }

    pub(crate) fn url(&self) -> String {
        self.server.base_url()
    }

    /// The one request that came, if one did.
    pub(crate) fn sent(&self) -> Option<Sent> {
        let sent = self.sent.lock().unwrap();
        assert!(sent.len() < 2, "{} requests were sent: {sent:#?}", sent.len());
        sent.first().cloned()
    }
}

/// The request as the page shows it.
pub(crate) fn recorded(request: &Request) -> Sent {
    let url = Url::parse(&request.url).unwrap();
    Sent {
        method: request.method.clone(),
        path: path_and_query(url.path(), url.query()),
        content_type: header(&request.headers, "content-type"),
        body: request.body.clone(),
    }
}

fn received(request: &HttpMockRequest) -> Sent {
    let uri = request.uri();
    let body = request.body_string();
    Sent {
        method: request.method().to_string(),
        path: path_and_query(uri.path(), uri.query()),
        content_type: request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned()),
        body: (!body.is_empty()).then(|| serde_json::from_str(&body).unwrap_or(Value::String(body))),
    }
}

fn response(exchange: &Exchange) -> HttpMockResponse {
    let mut answer = HttpMockResponse::builder().status(exchange.response.status);
    for Header { name, value } in &exchange.response.headers {
        // The pages show one length for all bodies, true of none of them.
        if !name.eq_ignore_ascii_case("content-length") {
            answer = answer.header(name, value);
        }
    }
    if let Some(body) = &exchange.response.body {
        answer = answer.body(body.to_string());
    }
    answer.build()
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
async fn the_server_knows_the_exact_request_only() {
    let recording =
        crate::recordings::all().into_iter().find(|recording| recording.page == "presence-setpresence").unwrap();
    let exchange = &recording.exchanges[0];
    let exact = recorded(&exchange.request);
    let body = exact.body.clone().unwrap();
    let mut longer = body.clone();
    longer["expirationDuration"] = Value::from("PT2H");
    let cases = [
        ("the request itself", "POST", exact.path.clone(), "application/json", body.clone(), 200),
        ("another method", "PUT", exact.path.clone(), "application/json", body.clone(), 418),
        ("another path", "POST", format!("{}/", exact.path), "application/json", body.clone(), 418),
        ("a query", "POST", format!("{}?a=b", exact.path), "application/json", body.clone(), 418),
        ("another content type", "POST", exact.path.clone(), "text/plain", body, 418),
        ("another body", "POST", exact.path.clone(), "application/json", longer, 418),
    ];
    for (name, method, path, content_type, body, status) in cases {
        let wire = Wire::start(exchange).await;
        let answer = reqwest::Client::new()
            .request(method.parse().unwrap(), format!("{}{path}", wire.url()))
            .header("content-type", content_type)
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{name}");
    }
}
