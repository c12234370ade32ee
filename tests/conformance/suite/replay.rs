//! Sends every recorded request with the raw client and with the facade to a server that has only this exchange.

use graph_presence_conformance::{Exchange, Recording};

use crate::call::{self, Read};
use crate::check::Check;
use crate::differences::Differences;
use crate::example_server::{self, ExampleServer, SentRequest};
use crate::presences::{compare, compare_properties, presences};
use crate::recordings;

#[tokio::test]
async fn raw_client_sends_the_request_and_reads_the_response_of_the_page() {
    let mut differences = Differences::new(Check::Raw);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let result = through_raw(exchange).await.map(drop);
        differences.record(&recordings::title(recording), numbered(number, result));
    }
    differences.finish();
}

#[tokio::test]
async fn facade_sends_the_request_and_reads_the_response_of_the_page() {
    let mut differences = Differences::new(Check::Facade);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let result = through_facade(exchange).await.map(drop);
        differences.record(&recordings::title(recording), numbered(number, result));
    }
    differences.finish();
}

/// Returns every exchange with its recording and its number on the page, starting at 1.
pub(crate) fn exchanges(recordings: &[Recording]) -> impl Iterator<Item = (&Recording, usize, &Exchange)> {
    recordings.iter().flat_map(|recording| {
        recording.exchanges.iter().enumerate().map(move |(index, exchange)| (recording, index + 1, exchange))
    })
}

/// Adds the number of the exchange to its difference.
pub(crate) fn numbered(number: usize, result: Result<(), String>) -> Option<String> {
    result.err().map(|difference| format!("exchange {number}: {difference}"))
}

/// Sends a recorded request with the raw client. Returns the sent request and the read response if both
/// match the page.
pub(crate) async fn through_raw(exchange: &Exchange) -> Result<(SentRequest, Read), String> {
    let server = ExampleServer::start(exchange).await;
    let result = call::raw(&server.url(), "token", &exchange.request).await;
    let sent = compare_sent(&server, exchange, result.as_ref().err())?;
    let (status, read) = result.map_err(failed)?;
    compare("the status", &status, &exchange.response.status)?;
    let read = read.map_err(failed)?;
    compare_read(read.as_ref(), exchange)?;
    Ok((sent, read))
}

/// Sends a recorded request with the facade, as [`through_raw`].
pub(crate) async fn through_facade(exchange: &Exchange) -> Result<(SentRequest, Read), String> {
    let server = ExampleServer::start(exchange).await;
    let read = call::facade(&server.url(), "token", &exchange.request).await;
    let sent = compare_sent(&server, exchange, read.as_ref().err())?;
    let read = read.map_err(failed)?;
    compare_read(read.as_ref(), exchange)?;
    Ok((sent, read))
}

#[expect(clippy::needless_pass_by_value, reason = "passed to `map_err`")]
fn failed(error: call::BoxError) -> String {
    format!("the call failed: {error}")
}

/// Returns the request that the server received, or an error if it differs from the page's.
fn compare_sent(
    server: &ExampleServer,
    exchange: &Exchange,
    error: Option<&call::BoxError>,
) -> Result<SentRequest, String> {
    let sent = server.sent().ok_or_else(|| match error {
        Some(error) => format!("no request was sent: {error}"),
        None => "no request was sent".to_owned(),
    })?;
    let recorded = example_server::recorded(&exchange.request);
    compare("the method", &sent.method, &recorded.method)?;
    compare("the path", &sent.path, &recorded.path)?;
    compare("the body", &Body(&sent.body), &Body(&recorded.body))?;
    compare("the content type", &sent.content_type, &recorded.content_type)?;
    Ok(sent)
}

/// Returns an error if the presences that were read differ from the page's.
fn compare_read(read: Option<&serde_json::Value>, exchange: &Exchange) -> Result<(), String> {
    let read: Vec<_> = presences(read).collect();
    let page: Vec<_> = presences(exchange.response.body.as_ref()).collect();
    compare("the number of presences", &read.len(), &page.len())?;
    read.iter().zip(&page).try_for_each(|(read, page)| compare_properties(read, page))
}

/// A body whose `Debug` output is JSON.
#[derive(PartialEq)]
struct Body<'b>(&'b Option<serde_json::Value>);

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(body) => write!(formatter, "{body}"),
            None => formatter.write_str("no body"),
        }
    }
}
