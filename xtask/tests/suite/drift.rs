//! What a newer document changes, by meaning.

use std::fmt::Write;

use serde_json::Value;

use crate::folder::{Folder, Outcome};
use crate::trim::{KEEP, UPSTREAM, trimmed};

/// Compares `document` with the trimmed small document.
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

/// One line for each change that replacing `from` by `to` makes.
fn lines(from: &str, to: &str) -> String {
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

fn all(cases: &[(&str, &str, &str)]) -> String {
    cases.iter().map(|(case, from, to)| format!("{case}\n{}", lines(from, to))).collect()
}

#[test]
fn changes_of_operations_are_named_and_classified() {
    let found = all(&[
        ("gone", "  '/lamps/{lamp-id}/dim':\n    post:", "  /elsewhere:\n    post:"),
        ("new", "    patch:\n", "    trace: {operationId: t}\n    patch:\n"),
        ("a dropped one gone", "  /lamps/{lamp-id}/history:", "  /history:"),
        ("another id", "lamps.lamp.dim", "lamps.dim"),
        (
            "deprecated",
            "      operationId: lamps.lamp.dim\n",
            "      operationId: lamps.lamp.dim\n      deprecated: true\n",
        ),
        ("another page", "docs/get", "docs/read"),
        ("another version", "  version: v1.0\n", "  version: beta\n"),
        ("another server", "https://lamps.example/v1.0", "https://lamps.example/v2.0"),
        ("another success", "        204:\n", "        202:\n"),
        ("any success", "        204:\n", "        2XX:\n"),
        ("one more success", "        204:\n", "        202: {description: Later}\n        204:\n"),
        ("no failure", "        4XX:\n          $ref: '#/components/responses/error'\n", ""),
        ("one more failure", "        204:\n", "        429: {description: Slowly}\n        204:\n"),
        (
            "another media type",
            "        application/json:\n          schema: {$ref",
            "        text/plain:\n          schema: {$ref",
        ),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn changes_of_parameters_and_bodies_are_named_and_classified() {
    let found = all(&[
        ("a parameter gone", "      - $ref: '#/components/parameters/top'\n", ""),
        (
            "a new parameter",
            "      - $ref: '#/components/parameters/top'\n",
            "      - $ref: '#/components/parameters/top'\n      - {name: $skip, in: query, schema: {type: integer}}\n",
        ),
        (
            "a new parameter that must be sent",
            "      - $ref: '#/components/parameters/top'\n",
            "      - $ref: '#/components/parameters/top'\n      - {name: why, in: header, required: true, schema: {type: string}}\n",
        ),
        ("a parameter that must be sent", "      name: $top\n", "      name: $top\n      required: true\n"),
        ("a parameter of another type", "schema: {type: integer, minimum: 0}", "schema: {type: string, minimum: 0}"),
        ("a looser parameter", "schema: {type: integer, minimum: 0}", "schema: {type: integer}"),
        ("a body that can be left out", "      required: true\n      content:", "      content:"),
        ("no body", "      requestBody:\n        $ref: '#/components/requestBodies/dimBody'\n", ""),
        ("a tighter body", "maximum: 100", "maximum: 50"),
        ("a property of the body gone", "              level: {type: integer, format: int32, maximum: 100}\n", ""),
        (
            "a property that the body must have",
            "            type: object\n            properties:\n              level",
            "            type: object\n            required: [level]\n            properties:\n              level",
        ),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn changes_of_schemas_are_named_once_and_classified() {
    let found = all(&[
        ("a new property", "          watts:\n", "          volts: {type: integer}\n          watts:\n"),
        (
            "a property gone",
            "          description:\n            type: string\n            description: A property may be called like prose.\n",
            "",
        ),
        ("a new property of a base", "        id:\n", "        age: {type: integer}\n        id:\n"),
        ("another type", "            type: integer\n            format: int32\n", "            type: string\n"),
        (
            "another format",
            "            format: int32\n            nullable: true\n",
            "            format: int64\n            nullable: true\n",
        ),
        ("null no more", "            format: int32\n            nullable: true\n", "            format: int32\n"),
        ("null", "            description: A property may be called like prose.\n", "            nullable: true\n"),
        (
            "a reference that is null no more",
            "            anyOf:\n            - $ref: '#/components/schemas/room'\n            - type: object\n              nullable: true\n",
            "            $ref: '#/components/schemas/room'\n",
        ),
        ("required", "required: [room, '@odata.type', colour]", "required: [room, colour, watts]"),
        ("optional", "required: [room, '@odata.type', colour]", "required: [room]"),
        (
            "a new member of an open enum",
            "[warm, cold, unknownFutureValue]",
            "[warm, cold, neutral, unknownFutureValue]",
        ),
        ("a member of an open enum gone", "[warm, cold, unknownFutureValue]", "[warm, unknownFutureValue]"),
        ("an enum closes", "[warm, cold, unknownFutureValue]", "[warm, cold]"),
        ("a new member of a closed enum, sent and received", "[upper, lower]", "[upper, lower, middle]"),
        ("a member of a closed enum gone, sent and received", "[upper, lower]", "[upper]"),
        ("an enum opens", "[upper, lower]", "[upper, lower, unknownFutureValue]"),
        ("no enum", "          enum: [upper, lower]\n", ""),
        (
            "other items",
            "          items:\n            $ref: '#/components/schemas/lamp'",
            "          items:\n            type: string",
        ),
        (
            "read only",
            "        id:\n          type: string\n",
            "        id:\n          type: string\n          readOnly: true\n",
        ),
    ]);
    insta::assert_snapshot!(found);
}

#[test]
fn another_way_to_say_the_same_is_no_change() {
    for (case, from, to) in [
        ("prose", "summary: Get lamp", "summary: Read a lamp"),
        ("what is not kept", "operationId: users.List", "operationId: users.All"),
        ("a type property", "required: ['@odata.type']", "required: []"),
        ("a tag", "[lamps.lamp, house]", "[lamps]"),
        (
            "a parameter written out",
            "      - $ref: '#/components/parameters/top'\n",
            "      - {name: $top, in: query, schema: {type: integer, minimum: 0}}\n",
        ),
        (
            "a response written out",
            "        4XX:\n          $ref: '#/components/responses/error'\n",
            "        4XX:\n          description: error\n          content: {application/json: {schema: {$ref: '#/components/schemas/fault'}}}\n",
        ),
        (
            "a schema written out",
            "            $ref: '#/components/schemas/colour'\n",
            "            type: string\n            enum: [cold, warm, unknownFutureValue]\n",
        ),
        (
            "a base written out",
            "      - $ref: '#/components/schemas/entity'\n",
            "      - {type: object, properties: {id: {type: string}}}\n",
        ),
    ] {
        assert!(UPSTREAM.contains(from), "{from}");
        let outcome = drift(&UPSTREAM.replacen(from, to, 1), &[]);
        assert_eq!((outcome.code, outcome.stdout.as_str(), outcome.stderr.as_str()), (0, "no change\n", ""), "{case}");
    }
}

#[test]
fn changes_are_printed_as_a_table_worst_first() {
    let document = UPSTREAM
        .replacen("        204:\n", "        202:\n", 1)
        .replacen("          watts:\n", "          volts: {type: integer}\n          watts:\n", 1)
        .replacen("docs/get", "docs/read", 1)
        .replacen("  /lamps/{lamp-id}/history:", "  /lamps/{lamp-id}/blink:", 1);
    let outcome = drift(&document, &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn a_document_that_cannot_be_trimmed_is_no_answer() {
    let document = UPSTREAM.replacen("openapi: 3.0.4", "openapi: 3.1.0", 1);
    let outcome = drift(&document, &["--json"]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(outcome.stderr, @"error: upstream:2:1: this is OpenAPI 3.1.0, not 3.0");
}

#[test]
fn a_trimmed_document_that_is_not_there_is_named() {
    let folder = Folder::new(&[("keep.yaml", KEEP), ("upstream", UPSTREAM)]);
    let outcome = folder.run(&["spec", "drift", "upstream"]);
    assert_eq!(outcome.code, 2);
    insta::assert_snapshot!(outcome.stderr, @"error: cannot read SPECS/presence.trimmed.yaml: No such file or directory (os error 2)");
}
