//! The recorder: what it makes of damaged pages.
//!
//! The pages here are made up for the damage they show.

mod characters;
mod committed;
mod exchanges;
mod layouts;
mod malformed_input;
mod markup;
mod mutations;
mod names;
mod pairs;
mod relevance;
mod rows;
mod schema;
mod tables;
mod translations;
mod words;

use graph_presence_conformance::{Exchange, Recorded, Recorder, Recording, Repair};

/// Records a page with this file name.
fn record(name: &str, page: &str) -> Recorded {
    let recorder = Recorder::new().unwrap();
    recorder.record(&name.parse().unwrap(), page).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What could not be understood, as `place: cells`.
fn unknown(recording: &Recording) -> Vec<String> {
    let line = |unknown: &graph_presence_conformance::UnknownContent| {
        format!("{}: {}", name(&unknown.element), unknown.found.join(" | "))
    };
    recording.unknown.iter().map(line).collect()
}

/// The name that a recording has for a value.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value).unwrap() {
        serde_json::Value::String(name) => name,
        other => other.to_string(),
    }
}

/// An exchange in a few lines.
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
