//! Tests of the recorder with damaged pages, which are written for the tests.

mod broken_rows;
mod characters;
mod committed;
mod error_messages;
mod exchanges;
mod layouts;
mod malformed_input;
mod markup;
mod mutations;
mod page_names;
mod pairs;
mod relevance;
mod schema;
mod tables;
mod terms;
mod translations;

use graph_presence_conformance::{Exchange, Recorded, Recorder, Recording, Repair};

/// Records a page with this file name.
fn record(name: &str, page: &str) -> Recorded {
    let recorder = Recorder::new().unwrap();
    recorder.record(&name.parse().unwrap(), page).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the content that could not be understood, as `element: cells`.
fn unknown(recording: &Recording) -> Vec<String> {
    let line = |unknown: &graph_presence_conformance::UnknownContent| {
        format!("{}: {}", name(&unknown.element), unknown.found.join(" | "))
    };
    recording.unknown.iter().map(line).collect()
}

/// Returns the name of a value in a recording.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(name) => name,
        other => other.to_string(),
    }
}

/// Summarizes an exchange in lines: operation and request body, status and response body, repairs, dependencies.
fn outline(exchange: &Exchange) -> Vec<String> {
    let body = |body: &Option<serde_json::Value>| body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
    let Exchange { request, response, repairs, caller, depends_on } = exchange;
    let mut lines = vec![
        format!("{} {}{}", request.version, request.operation.as_deref().unwrap_or("?"), body(&request.body)),
        format!("{}{}", response.status, body(&response.body)),
    ];
    lines.extend(repairs.iter().map(repair));
    lines.extend(caller.as_ref().map(|caller| format!("caller {}", name(caller))));
    lines.extend(depends_on.map(|index| format!("depends on {index}")));
    lines
}

fn repair(repair: &Repair) -> String {
    let fields = serde_json::to_value(repair).unwrap();
    let fields = fields.as_object().unwrap();
    let others = fields.iter().filter(|(key, _)| *key != "kind").map(|(key, value)| format!("{key} {value}"));
    let others = others.collect::<Vec<_>>().join(", ").replace('"', "");
    format!("{}: {others}", name(&fields["kind"]))
}
