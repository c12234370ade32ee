//! Validates every recorded exchange against `specs/presence.openapi.yaml`.

use graph_presence_conformance::Exchange;
use serde_json::Value;

use crate::call;
use crate::check::Check;
use crate::differences::Differences;
use crate::openapi::{json_schema, operation, request_schema, response, validation_errors};
use crate::recordings;
use crate::replay::exchanges;

#[test]
fn examples_conform_to_the_spec() {
    let mut differences = Differences::new(Check::Spec);
    for (recording, number, exchange) in exchanges(&recordings::all()) {
        let found = compare(exchange).into_iter().map(|difference| format!("exchange {number}: {difference}"));
        differences.record(&recordings::title(recording), found);
    }
    differences.finish();
}

fn compare(exchange: &Exchange) -> Vec<String> {
    let name = call::operation(&exchange.request);
    let Some(operation) = operation(name) else {
        return vec![format!("operation not in the spec: {name}")];
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
            found.push(format!("response status {status} not in the spec (defined: {})", known.join(", ")));
        }
    }
    found
}

fn body(part: &str, schema: Option<&Value>, body: Option<&Value>) -> Vec<String> {
    match (schema, body) {
        (None, None) => Vec::new(),
        (Some(schema), Some(body)) => {
            validation_errors(schema, body).into_iter().map(|error| format!("{part}'s body: {error}")).collect()
        }
        (Some(_), None) => vec![format!("{part} has no body, but the spec defines one")],
        (None, Some(body)) => vec![format!("{part} has the body {body}, but the spec defines none")],
    }
}
