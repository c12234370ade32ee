//! Every recorded exchange against `specs/presence.openapi.yaml`.

use graph_presence_conformance::Exchange;
use serde_json::Value;

use crate::call;
use crate::differences::{Check, Differences};
use crate::openapi::{faults, json_schema, operation, request_schema, response};
use crate::recordings;
use crate::replay::exchanges;

#[test]
fn the_examples_are_what_the_spec_allows() {
    let mut differences = Differences::of(Check::Spec);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let found = compare(exchange).into_iter().map(|difference| format!("exchange {number}: {difference}"));
        differences.compared(&recordings::title(recording), found);
    }
    differences.judge();
}

fn compare(exchange: &Exchange) -> Vec<String> {
    let name = call::operation(&exchange.request);
    let Some(operation) = operation(name) else {
        return vec![format!("the spec has no operation {name}")];
    };
    let mut found = body("the request", request_schema(operation), exchange.request.body.as_ref());
    let status = exchange.response.status;
    match response(operation, status) {
        Some(response) => {
            found.extend(body("the response", json_schema(response), exchange.response.body.as_ref()));
        }
        None => {
            let known = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
            let known: Vec<_> = known.map(|(status, _)| status.as_str()).collect();
            found.push(format!("the response is {status}, and those of the spec are {}", known.join(", ")));
        }
    }
    found
}

fn body(part: &str, schema: Option<&Value>, body: Option<&Value>) -> Vec<String> {
    match (schema, body) {
        (None, None) => Vec::new(),
        (Some(schema), Some(body)) => {
            faults(schema, body).into_iter().map(|fault| format!("{part}'s body: {fault}")).collect()
        }
        (Some(_), None) => vec![format!("{part} has no body, and the spec one")],
        (None, Some(body)) => vec![format!("{part} has the body {body}, and the spec none")],
    }
}
