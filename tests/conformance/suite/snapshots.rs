//! Snapshots of the request and the decoded response of each example: one file per page, with equal examples of its
//! locales grouped.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use graph_presence_conformance::{Exchange, Recording};

use crate::call::Read;
use crate::example_server::SentRequest;
use crate::recordings;
use crate::replay::{exchanges, through_facade, through_raw};

#[tokio::test]
async fn examples_match_their_snapshots_and_no_snapshot_is_unused() {
    let mut pages: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        // The checks `raw` and `facade` report examples that cannot be sent or read.
        let Ok(read) = through_raw(exchange).await else { continue };
        let Ok(read_by_facade) = through_facade(exchange).await else { continue };
        let page = pages.entry(recording.page.clone()).or_default();
        page.push((description(exchange, &read, &read_by_facade), location(recording, number, exchange)));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (page, cases) in &pages {
        settings.bind(|| insta::assert_snapshot!(page.as_str(), grouped(cases)));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/snapshots");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let unused = unused(files, pages.keys());
    assert!(unused.is_empty(), "unused snapshots, delete them: {}", unused.join(", "));
}

/// Describes an exchange without its locale and version.
fn description(exchange: &Exchange, (sent, read): &(SentRequest, Read), facade: &(SentRequest, Read)) -> String {
    let version = exchange.request.version.as_str();
    let path = sent.path.strip_prefix(&format!("/{version}")).unwrap_or(&sent.path);
    let mut text = format!("{} {path}\n", sent.method);
    if let (Some(content_type), Some(body)) = (&sent.content_type, &sent.body) {
        writeln!(text, "  sent  {content_type} {body}").unwrap();
    }
    let status = exchange.response.status;
    if facade.1 == *read {
        writeln!(text, "  read  {status} {}", format_read(read)).unwrap();
    } else {
        writeln!(text, "  read by the raw client  {status} {}", format_read(read)).unwrap();
        writeln!(text, "  read by the facade      {status} {}", format_read(&facade.1)).unwrap();
    }
    text
}

fn format_read(read: &Read) -> String {
    read.as_ref().map_or_else(|| "no body".to_owned(), ToString::to_string)
}

/// Returns the location of an exchange: `pt-BR v1.0 example 1 (request to beta)`.
fn location(recording: &Recording, number: usize, exchange: &Exchange) -> String {
    let version = exchange.request.version;
    let target = if recording.version.api_version() == Some(version) {
        String::new()
    } else {
        format!(" (request to {version})")
    };
    format!("{} {} example {number}{target}", recording.locale, recording.version)
}

/// Formats each description once, with all its locations. Descriptions of the same request are adjacent.
fn grouped(cases: &[(String, String)]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for (description, location) in cases {
        match groups.iter_mut().find(|(known, _)| known == description) {
            Some((_, locations)) => locations.push(location),
            None => groups.push((description, vec![location])),
        }
    }
    let request = |description: &str| description.lines().next().unwrap_or_default().to_owned();
    let requests: Vec<_> = cases.iter().map(|(description, _)| request(description)).collect();
    groups.sort_by_key(|(description, _)| requests.iter().position(|known| *known == request(description)));
    let blocks = groups.iter().map(|(description, locations)| {
        let locations: String = locations.iter().map(|location| format!("  in    {location}\n")).collect();
        format!("{description}{locations}")
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// Returns the files that do not belong to a page, sorted.
fn unused<'p>(files: impl Iterator<Item = String>, pages: impl Iterator<Item = &'p String>) -> Vec<String> {
    let used: BTreeSet<_> = pages.map(|page| format!("{page}.snap")).collect();
    let mut files: Vec<_> = files.filter(|file| !used.contains(file)).collect();
    files.sort();
    files
}

#[test]
fn equal_descriptions_are_grouped_and_sorted_by_request() {
    let cases = [("A\n1\n", "de v1.0"), ("B\n", "en beta"), ("A\n2\n", "en v1.0"), ("A\n1\n", "es v1.0")];
    let cases = cases.map(|(description, location)| (description.to_owned(), location.to_owned()));
    let expected = "A\n1\n  in    de v1.0\n  in    es v1.0\n\nA\n2\n  in    en v1.0\n\nB\n  in    en beta\n";
    assert_eq!(grouped(&cases), expected);
}

#[test]
fn snapshot_without_a_page_is_unused() {
    let files = || ["presence-set.snap", "presence-get.snap.new", "presence-get.snap"].map(str::to_owned).into_iter();
    let pages = ["presence-get".to_owned()];
    assert_eq!(unused(files(), pages.iter()), ["presence-get.snap.new", "presence-set.snap"]);
    assert_eq!(unused(files().skip(2), pages.iter()), [] as [&str; 0]);
}
