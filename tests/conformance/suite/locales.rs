//! One page in several locales: the examples are the same.

use std::collections::BTreeMap;

use graph_presence_conformance::{Edition, Exchange, Recording};
use serde_json::Value;
use url::Url;

use crate::differences::{Check, Differences};
use crate::recordings;

/// The language that the documentation is written in.
const ORIGINAL: &str = "en";

#[test]
fn a_page_has_the_same_examples_in_every_locale() {
    let recordings = recordings::all();
    let mut pages: BTreeMap<(Edition, &str), Vec<&Recording>> = BTreeMap::new();
    for recording in &recordings {
        pages.entry((recording.version, &recording.page)).or_default().push(recording);
    }
    let mut differences = Differences::of(Check::Locales);
    for locales in pages.values().filter(|locales| locales.len() > 1) {
        let original = locales.iter().find(|recording| recording.locale == ORIGINAL).unwrap_or(&locales[0]);
        for recording in locales.iter().filter(|recording| recording.locale != original.locale) {
            let found = compare(&recording.exchanges, &original.exchanges, &original.locale);
            differences.compared(&recordings::title(recording), found);
        }
    }
    differences.judge();
}

fn compare(exchanges: &[Exchange], originals: &[Exchange], locale: &str) -> Vec<String> {
    let mut found = Vec::new();
    if exchanges.len() != originals.len() {
        found.push(format!("{} examples, {} in {locale}", exchanges.len(), originals.len()));
    }
    for (index, (exchange, original)) in exchanges.iter().zip(originals).enumerate() {
        let (here, there) = (outline(exchange), outline(original));
        for name in here.keys().chain(there.keys().filter(|name| !here.contains_key(*name))) {
            let [ours, theirs] = [&here, &there].map(|outline| outline.get(name).map_or("nothing", String::as_str));
            if ours != theirs {
                found.push(format!("exchange {}, {name}: {ours}, {theirs} in {locale}", index + 1));
            }
        }
    }
    found
}

/// What can be told apart in an exchange, by its place.
fn outline(exchange: &Exchange) -> BTreeMap<String, String> {
    let (request, response) = (&exchange.request, &exchange.response);
    let url = Url::parse(&request.url).unwrap();
    let version = request.version.to_string();
    let path = url.path().strip_prefix(&format!("/{version}")).unwrap_or(url.path()).to_owned();
    let mut outline = BTreeMap::from([
        ("method".to_owned(), request.method.clone()),
        ("version".to_owned(), version),
        ("path".to_owned(), path),
        ("query".to_owned(), url.query().unwrap_or_default().to_owned()),
        ("status".to_owned(), response.status.to_string()),
    ]);
    if let Some(body) = &request.body {
        leaves("request", body, &mut outline);
    }
    if let Some(body) = &response.body {
        leaves("response", body, &mut outline);
    }
    outline
}

/// Every value that holds no others, and empty ones, by their place.
fn leaves(place: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, member)| leaves(&format!("{place}/{name}"), member, into));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(&format!("{place}/{index}"), item, into));
        }
        leaf => {
            into.insert(place.to_owned(), leaf.to_string());
        }
    }
}

#[test]
fn what_differs_is_told_by_its_place() {
    let original = recordings::named("en v1.0.presence-get").exchanges;
    assert_eq!(compare(&original, &original, "en"), [] as [&str; 0]);
    assert_eq!(compare(&original[..2], &original, "en"), ["2 examples, 3 in en"]);

    let mut changed = original.clone();
    changed[0].response.status = 204;
    changed[0].response.body.as_mut().unwrap().as_object_mut().unwrap().remove("activity");
    changed[1].request.method = "PUT".to_owned();
    changed[2].request.body = Some(Value::Object(serde_json::Map::new()));
    assert_eq!(
        compare(&changed, &original, "en"),
        [
            "exchange 1, status: 204, 200 in en",
            "exchange 1, response/activity: nothing, \"Available\" in en",
            "exchange 2, method: PUT, GET in en",
            "exchange 3, request: {}, nothing in en",
        ]
    );
}
