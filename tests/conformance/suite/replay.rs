//! Every recorded exchange through the raw client and through the facade, against a server that knows only it.

use graph_presence_conformance::{Exchange, Recording};

use crate::call::{self, Read};
use crate::differences::{Check, Differences};
use crate::presences::{presences, same, states};
use crate::recordings;
use crate::wire::{Sent, Wire};

#[tokio::test]
async fn the_raw_client_sends_what_the_page_shows_and_reads_what_it_answers() {
    let mut differences = Differences::of(Check::Raw);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let outcome = through_raw(exchange).await.map(drop);
        differences.compared(&recordings::title(recording), numbered(number, outcome));
    }
    differences.judge();
}

#[tokio::test]
async fn the_facade_sends_what_the_page_shows_and_reads_what_it_answers() {
    let mut differences = Differences::of(Check::Facade);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let outcome = through_facade(exchange).await.map(drop);
        differences.compared(&recordings::title(recording), numbered(number, outcome));
    }
    differences.judge();
}

/// Every exchange with its recording and its number on the page, from one.
pub(crate) fn exchanges(recordings: &[Recording]) -> impl Iterator<Item = (&Recording, usize, &Exchange)> {
    recordings.iter().flat_map(|recording| {
        recording.exchanges.iter().enumerate().map(move |(index, exchange)| (recording, index + 1, exchange))
    })
}

/// What differs in an exchange, with the exchange's number.
pub(crate) fn numbered(number: usize, outcome: Result<(), String>) -> Option<String> {
    outcome.err().map(|difference| format!("exchange {number}: {difference}"))
}

/// What was sent and read when all is as the page shows it.
pub(crate) async fn through_raw(exchange: &Exchange) -> Result<(Sent, Read), String> {
    let wire = Wire::start(exchange).await;
    let answer = call::raw(&wire.url(), "token", &exchange.request).await;
    let sent = as_shown(&wire, exchange, answer.as_ref().err())?;
    let (status, read) = answer.map_err(failed)?;
    same("the status", &status, &exchange.response.status)?;
    let read = read.map_err(failed)?;
    all_is_read(read.as_ref(), exchange)?;
    Ok((sent, read))
}

/// As [`through_raw`].
pub(crate) async fn through_facade(exchange: &Exchange) -> Result<(Sent, Read), String> {
    let wire = Wire::start(exchange).await;
    let read = call::facade(&wire.url(), "token", &exchange.request).await;
    let sent = as_shown(&wire, exchange, read.as_ref().err())?;
    let read = read.map_err(failed)?;
    all_is_read(read.as_ref(), exchange)?;
    Ok((sent, read))
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn failed(failure: call::Failure) -> String {
    format!("the call fails: {failure}")
}

fn as_shown(wire: &Wire, exchange: &Exchange, failure: Option<&call::Failure>) -> Result<Sent, String> {
    let sent = wire.sent().ok_or_else(|| match failure {
        Some(failure) => format!("nothing is sent: {failure}"),
        None => "nothing is sent".to_owned(),
    })?;
    let shown = crate::wire::recorded(&exchange.request);
    same("the method", &sent.method, &shown.method)?;
    same("the path", &sent.path, &shown.path)?;
    same("the body", &Body(&sent.body), &Body(&shown.body))?;
    same("the content type", &sent.content_type, &shown.content_type)?;
    Ok(sent)
}

fn all_is_read(read: Option<&serde_json::Value>, exchange: &Exchange) -> Result<(), String> {
    let read: Vec<_> = presences(read).collect();
    let shown: Vec<_> = presences(exchange.response.body.as_ref()).collect();
    same("the number of presences", &read.len(), &shown.len())?;
    read.iter().zip(&shown).try_for_each(|(read, shown)| states(read, shown))
}

/// A body that prints as JSON.
#[derive(PartialEq)]
struct Body<'b>(&'b Option<serde_json::Value>);

impl std::fmt::Debug for Body<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(body) => write!(formatter, "{body}"),
            None => formatter.write_str("nothing"),
        }
    }
}
