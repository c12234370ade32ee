//! Compares the examples of a page in its locales.

use std::collections::BTreeMap;

use graph_presence_conformance::{Exchange, PageVersion, Recording};
use serde_json::Value;
use url::Url;

use crate::check::Check;
use crate::differences::Differences;
use crate::recordings;

/// The locale that the others are compared with, if the page has it.
const REFERENCE: &str = "en";

#[test]
fn examples_of_a_page_are_equal_in_all_locales() {
    let recordings = recordings::all();
    let mut pages: BTreeMap<(PageVersion, &str), Vec<&Recording>> = BTreeMap::new();
    for recording in &recordings {
        pages.entry((recording.version, &recording.page)).or_default().push(recording);
    }
    let mut differences = Differences::new(Check::Locales);
    for locales in pages.values().filter(|locales| locales.len() > 1) {
        let reference = locales.iter().find(|recording| recording.locale == REFERENCE).unwrap_or(&locales[0]);
        for recording in locales.iter().filter(|recording| recording.locale != reference.locale) {
            let found = compare(&recording.exchanges, &reference.exchanges, &reference.locale);
            differences.record(&recordings::title(recording), found);
        }
    }
    differences.finish();
}

fn compare(exchanges: &[Exchange], references: &[Exchange], locale: &str) -> Vec<String> {
    let mut found = Vec::new();
    if exchanges.len() != references.len() {
        found.push(format!("{} examples, {} in {locale}", exchanges.len(), references.len()));
    }
    for (index, (exchange, reference)) in exchanges.iter().zip(references).enumerate() {
        let (actual, expected) = (flatten(exchange), flatten(reference));
        for name in actual.keys().chain(expected.keys().filter(|name| !actual.contains_key(*name))) {
            let [actual, expected] =
                [&actual, &expected].map(|values| values.get(name).map_or("missing", String::as_str));
            if actual != expected {
                found.push(format!("exchange {}, {name}: {actual}, {expected} in {locale}", index + 1));
            }
        }
    }
    found
}

/// Returns the parts of an exchange and the leaves of its bodies, by name or path.
fn flatten(exchange: &Exchange) -> BTreeMap<String, String> {
    let (request, response) = (&exchange.request, &exchange.response);
    let url = Url::parse(&request.url).unwrap();
    let version = request.version.to_string();
    let path = url.path().strip_prefix(&format!("/{version}")).unwrap_or(url.path()).to_owned();
    let mut values = BTreeMap::from([
        ("method".to_owned(), request.method.clone()),
        ("version".to_owned(), version),
        ("path".to_owned(), path),
        ("query".to_owned(), url.query().unwrap_or_default().to_owned()),
        ("status".to_owned(), response.status.to_string()),
    ]);
    if let Some(body) = &request.body {
        leaves("request", body, &mut values);
    }
    if let Some(body) = &response.body {
        leaves("response", body, &mut values);
    }
    values
}

/// Inserts the scalars and the empty objects and arrays of a value, by path.
fn leaves(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, member)| leaves(&format!("{path}/{name}"), member, into));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(&format!("{path}/{index}"), item, into));
        }
        leaf => {
            into.insert(path.to_owned(), leaf.to_string());
        }
    }
}

#[test]
fn differences_are_reported_with_their_path() {
    let reference = recordings::named("en v1.0.presence-get").exchanges;
    assert_eq!(compare(&reference, &reference, "en"), [] as [&str; 0]);
    assert_eq!(compare(&reference[..2], &reference, "en"), ["2 examples, 3 in en"]);

    let mut changed = reference.clone();
    changed[0].response.status = 204;
    changed[0].response.body.as_mut().unwrap().as_object_mut().unwrap().remove("activity");
    changed[1].request.method = "PUT".to_owned();
    changed[2].request.body = Some(Value::Object(serde_json::Map::new()));
    assert_eq!(
        compare(&changed, &reference, "en"),
        [
            "exchange 1, status: 204, 200 in en",
            "exchange 1, response/activity: missing, \"Available\" in en",
            "exchange 2, method: PUT, GET in en",
            "exchange 3, request: {}, missing in en",
        ]
    );
}
