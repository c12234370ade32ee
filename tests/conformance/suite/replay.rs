//! Every recorded exchange through the raw client and through the facade, against a server that knows only it.

use std::fmt::Write;

use graph_presence_conformance::{Exchange, Recording};
use insta::assert_snapshot;

use crate::presences::{assert_states, presences};
use crate::wire::{Sent, Wire};
use crate::{call, recordings};

#[tokio::test]
async fn raw_and_facade_send_what_the_page_shows_and_read_what_it_answers() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for recording in recordings::all() {
        let mut report = String::new();
        for (number, exchange) in recording.exchanges.iter().enumerate() {
            report.push_str(&replay(&recording, number + 1, exchange).await);
        }
        let name = format!("{}.{}.{}", recording.locale, recording.version, recording.page);
        settings.bind(|| assert_snapshot!(name, report));
    }
}

async fn replay(recording: &Recording, number: usize, exchange: &Exchange) -> String {
    let title = format!("{}, exchange {number}", recordings::title(recording));

    let wire = Wire::start(exchange).await;
    let read_by_raw = call::raw(&wire.url(), "token", &exchange.request).await;
    let sent_by_raw = wire.sent(&title);

    let wire = Wire::start(exchange).await;
    let read_by_facade = call::facade(&wire.url(), "token", &exchange.request).await;
    let sent_by_facade = wire.sent(&title);

    assert_eq!(sent_by_raw, sent_by_facade, "{title}: raw and facade send different things");
    let page = crate::wire::recorded(&exchange.request);
    assert_eq!(sent_by_facade, page, "{title}: the facade sends something else than the page shows");
    let read_by_raw = read_by_raw.unwrap_or_else(|error| panic!("{title}: the raw client fails: {error}"));
    let read_by_facade = read_by_facade.unwrap_or_else(|error| panic!("{title}: the facade fails: {error}"));
    assert_eq!(read_by_raw.0, exchange.response.status, "{title}: another status than on the page");
    assert_eq!(read_by_raw.1, read_by_facade, "{title}: raw and facade read different things");
    for (read, stated) in presences(read_by_facade.as_ref()).zip(presences(exchange.response.body.as_ref())) {
        assert_states(&read, &stated, &title);
    }

    let mut report = String::new();
    let Sent { method, path, content_type, body } = sent_by_facade;
    writeln!(report, "{number}. {method} {path}").unwrap();
    if let (Some(content_type), Some(body)) = (content_type, body) {
        writeln!(report, "   sent   {content_type} {body}").unwrap();
    }
    let read = read_by_facade.map_or_else(|| "nothing".to_owned(), |read| read.to_string());
    writeln!(report, "   read   {} {read}", exchange.response.status).unwrap();
    report
}
