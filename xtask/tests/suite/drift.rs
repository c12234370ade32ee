//! `spec drift`: semantic changes of a newer document.

use std::fmt::Write;

use serde_json::Value;

use crate::folder::{Folder, Outcome};
use crate::trim::{KEEP, UPSTREAM, trimmed};

/// Compares `document` with the trimmed version of `UPSTREAM`.
fn drift(document: &str, arguments: &[&str]) -> Outcome {
    let folder = Folder::new(&[
        ("keep.yaml", KEEP),
        ("presence.trimmed.yaml", &trimmed(UPSTREAM.as_bytes())),
        ("upstream", document),
    ]);
    let before = folder.names();
    let outcome = folder.run(&[&["spec", "drift", "upstream"], arguments].concat());
    assert_eq!(folder.names(), before);
    outcome
}

/// Returns a line for each change that results from replacing `from` by `to`.
fn changes(from: &str, to: &str) -> String {
    assert!(UPSTREAM.contains(from), "{from}");
    let outcome = drift(&UPSTREAM.replacen(from, to, 1), &["--json"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""), "{to}");
    let report: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let mut lines = String::new();
    for change in report["changes"].as_array().unwrap() {
        let text = |key: &str| change[key].as_str().unwrap();
        writeln!(lines, "  {}: {}: {} ({})", text("class"), text("where"), text("change"), text("reason")).unwrap();
    }
    lines
}

fn changes_of_cases(cases: &[(&str, &str, &str)]) -> String {
    cases.iter().map(|(case, from, to)| format!("{case}\n{}", changes(from, to))).collect()
}

#[test]
fn changes_of_operations_are_classified() {
    let changes = changes_of_cases(&[
        ("operation removed", "  '/lamps/{lamp-id}/dim':\n    post:", "  /elsewhere:\n    post:"),
        ("operation added", "    patch:\n", "    trace: {operationId: t}\n    patch:\n"),
        ("dropped operation removed", "  /lamps/{lamp-id}/history:", "  /history:"),
        ("operation id changed", "lamps.lamp.dim", "lamps.dim"),
        (
            "operation deprecated",
            "      operationId: lamps.lamp.dim\n",
            "      operationId: lamps.lamp.dim\n      deprecated: true\n",
        ),
        ("documentation page changed", "docs/get", "docs/read"),
        ("version changed", "  version: v1.0\n", "  version: beta\n"),
        ("server changed", "https://lamps.example/v1.0", "https://lamps.example/v2.0"),
        ("success status changed", "        204:\n", "        202:\n"),
        ("success status replaced by the range", "        204:\n", "        2XX:\n"),
        ("success status added", "        204:\n", "        202: {description: Later}\n        204:\n"),
        ("error status removed", "        4XX:\n          $ref: '#/components/responses/error'\n", ""),
        ("error status added", "        204:\n", "        429: {description: Slowly}\n        204:\n"),
        (
            "media type changed",
            "        application/json:\n          schema: {$ref",
            "        text/plain:\n          schema: {$ref",
        ),
    ]);
    insta::assert_snapshot!(changes);
}

#[test]
fn changes_of_parameters_and_request_bodies_are_classified() {
    let changes = changes_of_cases(&[
        ("parameter removed", "      - $ref: '#/components/parameters/top'\n", ""),
        (
            "optional parameter added",
            "      - $ref: '#/components/parameters/top'\n",
            "      - $ref: '#/components/parameters/top'\n      - {name: $skip, in: query, schema: {type: integer}}\n",
        ),
        (
            "required parameter added",
            "      - $ref: '#/components/parameters/top'\n",
            "      - $ref: '#/components/parameters/top'\n      - {name: why, in: header, required: true, schema: {type: string}}\n",
        ),
        ("parameter becomes required", "      name: $top\n", "      name: $top\n      required: true\n"),
        ("type of a parameter changed", "schema: {type: integer, minimum: 0}", "schema: {type: string, minimum: 0}"),
        ("restriction of a parameter removed", "schema: {type: integer, minimum: 0}", "schema: {type: integer}"),
        ("request body becomes optional", "      required: true\n      content:", "      content:"),
        ("request body removed", "      requestBody:\n        $ref: '#/components/requestBodies/dimBody'\n", ""),
        ("restriction of the request body tightened", "maximum: 100", "maximum: 50"),
        (
            "property of the request body removed",
            "              level: {type: integer, format: int32, maximum: 100}\n",
            "",
        ),
        (
            "property of the request body becomes required",
            "            type: object\n            properties:\n              level",
            "            type: object\n            required: [level]\n            properties:\n              level",
        ),
    ]);
    insta::assert_snapshot!(changes);
}

#[test]
fn changes_of_schemas_are_reported_once_and_classified() {
    let changes = changes_of_cases(&[
        ("property added", "          watts:\n", "          volts: {type: integer}\n          watts:\n"),
        (
            "property removed",
            "          description:\n            type: string\n            description: A property called like a keyword.\n",
            "",
        ),
        ("property added to a base schema", "        id:\n", "        age: {type: integer}\n        id:\n"),
        ("type changed", "            type: integer\n            format: int32\n", "            type: string\n"),
        (
            "format changed",
            "            format: int32\n            nullable: true\n",
            "            format: int64\n            nullable: true\n",
        ),
        (
            "no longer nullable",
            "            format: int32\n            nullable: true\n",
            "            format: int32\n",
        ),
        ("nullable", "            description: A property called like a keyword.\n", "            nullable: true\n"),
        (
            "reference no longer nullable",
            "            anyOf:\n            - $ref: '#/components/schemas/room'\n            - type: object\n              nullable: true\n",
            "            $ref: '#/components/schemas/room'\n",
        ),
        ("property becomes required", "required: [room, '@odata.type', colour]", "required: [room, colour, watts]"),
        ("property becomes optional", "required: [room, '@odata.type', colour]", "required: [room]"),
        (
            "member added to an evolvable enum",
            "[warm, cold, unknownFutureValue]",
            "[warm, cold, neutral, unknownFutureValue]",
        ),
        ("member removed from an evolvable enum", "[warm, cold, unknownFutureValue]", "[warm, unknownFutureValue]"),
        ("evolvable enum becomes closed", "[warm, cold, unknownFutureValue]", "[warm, cold]"),
        ("member added to a closed enum, in requests and responses", "[upper, lower]", "[upper, lower, middle]"),
        ("member removed from a closed enum, in requests and responses", "[upper, lower]", "[upper]"),
        ("closed enum becomes evolvable", "[upper, lower]", "[upper, lower, unknownFutureValue]"),
        ("enum becomes a string", "          enum: [upper, lower]\n", ""),
        (
            "items changed",
            "          items:\n            $ref: '#/components/schemas/lamp'",
            "          items:\n            type: string",
        ),
        (
            "property becomes read-only",
            "        id:\n          type: string\n",
            "        id:\n          type: string\n          readOnly: true\n",
        ),
    ]);
    insta::assert_snapshot!(changes);
}

#[test]
fn equivalent_documents_have_no_changes() {
    for (case, from, to) in [
        ("prose", "summary: Get lamp", "summary: Read a lamp"),
        ("operation that is not kept", "operationId: users.List", "operationId: users.All"),
        ("@odata.type", "required: ['@odata.type']", "required: []"),
        ("tag", "[lamps.lamp, house]", "[lamps]"),
        (
            "inlined parameter",
            "      - $ref: '#/components/parameters/top'\n",
            "      - {name: $top, in: query, schema: {type: integer, minimum: 0}}\n",
        ),
        (
            "inlined response",
            "        4XX:\n          $ref: '#/components/responses/error'\n",
            "        4XX:\n          description: error\n          content: {application/json: {schema: {$ref: '#/components/schemas/fault'}}}\n",
        ),
        (
            "inlined schema",
            "            $ref: '#/components/schemas/colour'\n",
            "            type: string\n            enum: [cold, warm, unknownFutureValue]\n",
        ),
        (
            "inlined base schema",
            "      - $ref: '#/components/schemas/entity'\n",
            "      - {type: object, properties: {id: {type: string}}}\n",
        ),
    ] {
        assert!(UPSTREAM.contains(from), "{from}");
        let outcome = drift(&UPSTREAM.replacen(from, to, 1), &[]);
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "no changes\n", ""), "{case}");
    }
}

#[test]
fn changes_are_printed_as_a_table_by_severity() {
    let document = UPSTREAM
        .replacen("        204:\n", "        202:\n", 1)
        .replacen("          watts:\n", "          volts: {type: integer}\n          watts:\n", 1)
        .replacen("docs/get", "docs/read", 1)
        .replacen("  /lamps/{lamp-id}/history:", "  /lamps/{lamp-id}/blink:", 1);
    let outcome = drift(&document, &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(outcome.stdout);
}
