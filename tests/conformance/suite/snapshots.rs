//! What was sent and read in every example, to be reviewed: a file a page, in which what several pages share stands once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use graph_presence_conformance::{Exchange, Recording};

use crate::call::Read;
use crate::recordings;
use crate::replay::{exchanges, through_facade, through_raw};
use crate::wire::Sent;

#[tokio::test]
async fn what_was_sent_and_read_is_what_was_agreed_and_no_snapshot_is_left_over() {
    let mut pages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        // What a client cannot send or read is told, and known, elsewhere.
        let Ok(read) = through_raw(exchange).await else { continue };
        let Ok(read_by_facade) = through_facade(exchange).await else { continue };
        let page = pages.entry(recording.page.clone()).or_default();
        page.push((description(exchange, &read, &read_by_facade), place(recording, number, exchange)));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (page, cases) in &pages {
        settings.bind(|| insta::assert_snapshot!(page.as_str(), grouped(cases)));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left_over = left_over(files, pages.keys());
    assert!(left_over.is_empty(), "nothing asserts these snapshots, delete them: {}", left_over.join(", "));
}

/// An exchange without what sets locales and versions apart.
fn description(exchange: &Exchange, (sent, read): &(Sent, Read), facade: &(Sent, Read)) -> String {
    let version = exchange.request.version.as_str();
    let path = sent.path.strip_prefix(&format!("/{version}")).unwrap_or(&sent.path);
    let mut text = format!("{} {path}\n", sent.method);
    if let (Some(content_type), Some(body)) = (&sent.content_type, &sent.body) {
        writeln!(text, "  sent  {content_type} {body}").unwrap();
    }
    let status = exchange.response.status;
    if facade.1 == *read {
        writeln!(text, "  read  {status} {}", shown(read)).unwrap();
    } else {
        writeln!(text, "  read by the raw client  {status} {}", shown(read)).unwrap();
        writeln!(text, "  read by the facade      {status} {}", shown(&facade.1)).unwrap();
    }
    text
}

fn shown(read: &Read) -> String {
    read.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string)
}

/// Where an exchange stands: `pt-BR v1.0 example 1, which goes to beta`.
fn place(recording: &Recording, number: usize, exchange: &Exchange) -> String {
    let version = exchange.request.version;
    let elsewhere =
        if recording.version.version() == Some(version) { String::new() } else { format!(", which goes to {version}") };
    format!("{} {} example {number}{elsewhere}", recording.locale, recording.version)
}

/// Each description once, with all its places; those of one request stand together.
fn grouped(cases: &[(String, String)]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (description, place) in cases {
        match groups.iter_mut().find(|(known, _)| known == description) {
            Some((_, places)) => places.push(place),
            None => groups.push((description, vec![place])),
        }
    }
    let request = |description: &str| description.lines().next().unwrap_or_default().to_owned();
    let requests: Vec<_> = cases.iter().map(|(description, _)| request(description)).collect();
    groups.sort_by_key(|(description, _)| requests.iter().position(|known| *known == request(description)));
    let blocks = groups.iter().map(|(description, places)| {
        let places: String = places.iter().map(|place| format!("  in    {place}\n")).collect();
        format!("{description}{places}")
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// The files that belong to no page, sorted.
fn left_over<'p>(files: impl Iterator<Item = String>, pages: impl Iterator<Item = &'p String>) -> Vec<String> {
    let asserted: BTreeSet<_> = pages.map(|page| format!("{page}.snap")).collect();
    let mut files: Vec<_> = files.filter(|file| !asserted.contains(file)).collect();
    files.sort();
    files
}

#[test]
fn what_several_pages_share_stands_once_and_one_request_together() {
    let cases = [("A\n1\n", "de v1.0"), ("B\n", "en beta"), ("A\n2\n", "en v1.0"), ("A\n1\n", "es v1.0")];
    let cases = cases.map(|(description, place)| (description.to_owned(), place.to_owned()));
    let expected = "A\n1\n  in    de v1.0\n  in    es v1.0\n\nA\n2\n  in    en v1.0\n\nB\n  in    en beta\n";
    assert_eq!(grouped(&cases), expected);
}

#[test]
fn a_snapshot_that_nothing_asserts_is_left_over() {
    let files = || ["presence-set.snap", "presence-get.snap.new", "presence-get.snap"].map(str::to_owned).into_iter();
    let pages = ["presence-get".to_owned()];
    assert_eq!(left_over(files(), pages.iter()), ["presence-get.snap.new", "presence-set.snap"]);
    assert_eq!(left_over(files().skip(2), pages.iter()), [] as [&str; 0]);
}
