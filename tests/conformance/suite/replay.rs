//! Every recorded exchange through the raw client and through the facade, against a server that knows only it.

use std::fmt::Write;

use graph_presence_conformance::Exchange;
use insta::assert_snapshot;

use crate::differences::Differences;
use crate::presences::{presences, same, states};
use crate::wire::{Sent, Wire};
use crate::{call, recordings};

#[tokio::test]
async fn raw_and_facade_send_what_the_page_shows_and_read_what_it_answers() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut differences = Differences::of("replay");
    for recording in recordings::all() {
        let title = recordings::title(&recording);
        let mut report = String::new();
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            match replay(number + 1, exchange).await {
                Ok(replayed) => report.push_str(&replayed),
                Err(difference) => differences.found(&title, Some(number + 1), &difference),
            }
        }
        if !report.is_empty() {
            let name = format!("{}.{}.{}", recording.locale, recording.version, recording.page);
            settings.bind(|| assert_snapshot!(name, report));
        }
    }
    differences.judge();
}

async fn replay(number: usize, exchange: &Exchange) -> Result<String, String> {
    let wire = Wire::start(exchange).await;
    let read_by_raw = call::raw(&wire.url(), "token", &exchange.request).await;
    let sent_by_raw = wire.sent().ok_or_else(|| format!("the raw client sends nothing: {read_by_raw:?}"))?;

    let wire = Wire::start(exchange).await;
    let read_by_facade = call::facade(&wire.url(), "token", &exchange.request).await;
    let sent_by_facade = wire.sent().ok_or_else(|| format!("the facade sends nothing: {read_by_facade:?}"))?;

    if sent_by_raw != sent_by_facade {
        return Err(format!("raw and facade send different things: {sent_by_raw:?}, {sent_by_facade:?}"));
    }
    same("what the facade sends", &sent_by_facade, &crate::wire::recorded(&exchange.request))?;
    let read_by_raw = read_by_raw.map_err(|error| format!("the raw client fails: {error}"))?;
    let read_by_facade = read_by_facade.map_err(|error| format!("the facade fails: {error}"))?;
    same("the status", &read_by_raw.0, &exchange.response.status)?;
    if read_by_raw.1 != read_by_facade {
        return Err(format!("raw and facade read different things: {:?}, {read_by_facade:?}", read_by_raw.1));
    }
    for (read, stated) in presences(read_by_facade.as_ref()).zip(presences(exchange.response.body.as_ref())) {
        states(&read, &stated)?;
    }

    let mut report = String::new();
    let Sent { method, path, content_type, body } = sent_by_facade;
    writeln!(report, "{number}. {method} {path}").unwrap();
    if let (Some(content_type), Some(body)) = (content_type, body) {
        writeln!(report, "   sent   {content_type} {body}").unwrap();
    }
    let read = read_by_facade.map_or_else(|| "nothing".to_owned(), |read| read.to_string());
    writeln!(report, "   read   {} {read}", exchange.response.status).unwrap();
    Ok(report)
}
