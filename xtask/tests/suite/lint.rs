//! `spec apply`: what must be right about its result. Each case breaks the dots by an overlay.

use crate::folder::Folder;

const DOTS: &str = include_str!("dots.yaml");

/// The case, and the actions that break the document.
const CASES: [(&str, &str); 56] = [
    ("OpenAPI 3.1", "- { target: $, update: { openapi: 3.1.0 } }"),
    ("no OpenAPI", "- { target: $.paths, remove: true }"),
    ("a parameter of a kind that is not known", "- { target: '$.paths[*].get.parameters[0]', update: { in: body } }"),
    ("a reference to nothing", "- { target: $.components.schemas.shade, remove: true }"),
    ("a reference to elsewhere", "- { target: '$..shade.allOf[0]', update: { $ref: 'other.yaml#/shade' } }"),
    (
        "references in a circle",
        "- { target: $.components.schemas, update: { shade: { $ref: '#/components/schemas/tone' }, tone: { $ref: '#/components/schemas/shade' } } }",
    ),
    ("what stands beside a reference", "- { target: '$..shade.allOf[0]', update: { description: Lost. } }"),
    (
        "a component that nothing reaches",
        "- { target: $.components.schemas, update: { spare: { description: A spare., type: object } } }",
    ),
    (
        "an operation without an id",
        "- { target: '$.paths[*]', update: { put: { summary: A put, responses: { 2XX: { description: Done. } } } } }",
    ),
    ("an id twice", "- { target: '$.paths[*].post', update: { operationId: dots.GetDot } }"),
    ("ids that are one method", "- { target: '$.paths[*].post', update: { operationId: dots-get_dot } }"),
    (
        "parameters that are one argument",
        "- { target: '$.paths[*].get.parameters', update: { name: DotId, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "a parameter called body",
        "- { target: '$.paths[*].post.parameters', update: { name: body, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "properties that are one field",
        "- { target: $.components.schemas.dot.properties, update: { Colour: { description: Again., type: string } } }",
    ),
    (
        "schemas that are one type",
        "- { target: $.components.schemas, update: { Dot: { description: Again., type: object } } }\n- { target: $.components.schemas.dot.properties, update: { again: { description: Again., allOf: [{ $ref: '#/components/schemas/Dot' }] } } }",
    ),
    (
        "an inline schema that is the type of another",
        "- { target: $.components.schemas, update: { dotRim: { description: A rim., type: object } } }\n- { target: $.components.schemas.dot.properties, update: { rim: { description: Its rim., type: object, properties: { of: { description: Its own., allOf: [{ $ref: '#/components/schemas/dotRim' }] } } } } }",
    ),
    (
        "an inline schema with the title of another",
        "- { target: $.components.schemas.dot.properties, update: { rims: { description: Its rims., type: array, items: { title: shade, type: string, enum: [thin, thick] } } } }",
    ),
    (
        "an array in a query",
        "- { target: '$.paths[*].get.parameters', update: { name: $select, in: query, description: Which., schema: { type: array, items: { type: string } } } }",
    ),
    (
        "a cookie",
        "- { target: '$.paths[*].get.parameters', update: { name: crumb, in: cookie, description: Which., schema: { type: string } } }",
    ),
    ("a path parameter that is optional", "- { target: '$.paths[*].get.parameters[0]', update: { required: false } }"),
    ("a path parameter that is not declared", "- { target: '$.paths[*].get.parameters', remove: true }"),
    (
        "a path parameter that is not in the path",
        "- { target: '$.paths[*].get.parameters', update: { name: spot-id, in: path, required: true, description: Which., schema: { type: string } } }",
    ),
    (
        "a body of two media types",
        "- { target: '$.paths[*].post.requestBody.content', update: { text/plain: { schema: { type: string } } } }",
    ),
    (
        "a body inline",
        "- { target: '$..requestBody.content[*].schema', remove: true }\n- { target: '$..requestBody.content[*]', update: { schema: { type: object } } }\n- { target: $.components.schemas.paintRequest, remove: true }",
    ),
    (
        "an answer inline",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { application/json: { schema: { type: object } } } } } }",
    ),
    (
        "an answer that is no JSON",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { text/plain: { schema: { type: integer } } } } } }",
    ),
    (
        "JSON without a schema",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { application/json: {} } } } }",
    ),
    (
        "a single success",
        "- { target: '$.paths[*].get.responses', update: { '200': { description: The dot., content: { application/json: { schema: { $ref: '#/components/schemas/dot' } } } } } }",
    ),
    ("successes of two types", "- { target: '$.paths[*].get.responses', update: { '204': { description: None. } } }"),
    ("no success", "- { target: \"$.paths[*].post.responses['2XX']\", remove: true }"),
    (
        "failures of two types",
        "- { target: '$.paths[*].get.responses', update: { '429': { description: Too much. } } }",
    ),
    (
        "a typed success beside default",
        "- { target: '$.paths[*].get.responses', update: { default: { $ref: '#/components/responses/error' } } }",
    ),
    (
        "a nullable choice",
        "- { target: $.components.schemas.dot.properties, update: { other: { description: Another., anyOf: [{ $ref: '#/components/schemas/shade' }, { type: object, nullable: true }] } } }",
    ),
    (
        "an enumeration that may grow",
        "- { target: $.components.schemas.dot.properties.colour, update: { enum: [red, unknownFutureValue] } }",
    ),
    ("a pattern", "- { target: $.components.schemas.dot.properties.colour, update: { pattern: '^[a-z]+$' } }"),
    (
        "a format that needs a crate",
        "- { target: $.components.schemas.dot.properties.colour, update: { format: uuid } }",
    ),
    (
        "a required @odata.type",
        "- { target: $.components.schemas.dot, update: { required: ['@odata.type'], properties: { '@odata.type': { description: A type., type: string } } } }",
    ),
    ("a required property that is none", "- { target: $.components.schemas.dot, update: { required: [hue] } }"),
    ("a property required twice", "- { target: $.components.schemas.failure, update: { required: [code] } }"),
    (
        "a map beside the fields",
        "- { target: $.components.schemas.dot, update: { additionalProperties: { type: object } } }",
    ),
    (
        "no descriptions of operations",
        "- { target: '$.paths[*].get', update: { summary: '', parameters: [{ name: hue, in: query, schema: { type: string } }], responses: { 2XX: { description: '' } } } }\n- { target: '$.paths[*].post.requestBody', update: { description: '' } }",
    ),
    (
        "no descriptions of types",
        "- { target: $.components.schemas.dot, update: { description: ' ', properties: { colour: { description: '' } } } }",
    ),
    (
        "a reference into a component",
        "- { target: '$..shade.allOf[0]', remove: true }\n- { target: '$..dot.properties.shade.allOf', update: { $ref: '#/components/schemas/failure/properties/code' } }\n- { target: $.components.schemas.shade, remove: true }",
    ),
    (
        "a schema that is composed of itself",
        "- { target: $.components.schemas.shade, update: { allOf: [{ $ref: '#/components/schemas/shade' }, { type: object }] } }\n- { target: '$.paths[*].get.parameters', update: { name: shade, in: query, description: Which., schema: { $ref: '#/components/schemas/shade' } } }",
    ),
    ("a method of every client", "- { target: '$.paths[*].get', update: { operationId: new } }"),
    (
        "a parameter called as a variable",
        "- { target: '$.paths[*].get.parameters', update: { name: header-map, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "a property called as what keeps the others",
        "- { target: $.components.schemas.dot, update: { additionalProperties: {}, properties: { extra: { description: More., type: string } } } }",
    ),
    (
        "members that are one variant",
        "- { target: $.components.schemas.dot.properties.colour, update: { enum: [dark-red, dark_red] } }",
    ),
    (
        "a nullable schema beside what it wraps",
        "- { target: $.components.schemas, update: { shadeInner: { description: Within., type: object } } }\n- { target: $.components.schemas.shade, update: { nullable: true, properties: { inner: { description: Within., allOf: [{ $ref: '#/components/schemas/shadeInner' }] } } } }",
    ),
    (
        "an array in a query, by way of composition",
        "- { target: '$.paths[*].get.parameters', update: { name: $select, in: query, description: Which., schema: { allOf: [{ type: array, items: { type: string } }] } } }",
    ),
    (
        "an array in a path",
        "- { target: '$.paths[*].get.parameters[0].schema', update: { type: array, items: { type: string } } }",
    ),
    (
        "an object in a header",
        "- { target: '$.paths[*].get.parameters', update: { name: hue, in: header, description: Which., schema: { type: object } } }",
    ),
    (
        "a parameter with content",
        "- { target: '$.paths[*].get.parameters', update: { name: hue, in: query, description: Which., content: { application/json: { schema: { type: string } } } } }",
    ),
    ("an instant with a limit", "- { target: $.components.schemas.dot.properties.painted, update: { maxLength: 30 } }"),
    ("a default", "- { target: $.components.schemas.dot.properties.colour, update: { default: 7 } }"),
    ("what is not", "- { target: $.components.schemas.dot.properties.colour, update: { not: { type: integer } } }"),
];

/// An overlay of these actions, each given the reason that it must have.
fn overlay(actions: &str) -> String {
    let actions = actions.replace("- { target", "- { description: To break it., target");
    format!("overlay: 1.0.0\ninfo: {{ title: Test, version: 1.0.0 }}\nactions:\n{actions}\n")
}

#[test]
fn every_rule_says_where_and_how_to_mend() {
    let mut told = String::new();
    for (case, actions) in CASES {
        let folder = Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", &overlay(actions))]);
        let outcome = folder.run(&["spec", "apply"]);
        assert_eq!(outcome.code, 2, "{case}: {outcome}");
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
        assert!(outcome.stderr.contains("SPECS/presence.openapi.yaml: "), "{case}: {outcome}");
        told.push_str(&format!("# {case}\n{outcome}\n\n"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn all_findings_come_in_one_run() {
    let cases = ["a pattern", "successes of two types", "a single success"];
    let actions: Vec<&str> =
        CASES.iter().filter(|(case, _)| cases.contains(case)).map(|(_, actions)| *actions).collect();
    let folder =
        Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", &overlay(&actions.join("\n")))]);
    insta::assert_snapshot!(folder.run(&["spec", "apply"]));
}
