//! `spec apply`: the checks of the resulting document. Each case has an overlay that introduces a problem.

use crate::folder::Folder;

const DOTS: &str = include_str!("dots.yaml");

/// The name of a case, and the actions that introduce the problem.
const CASES: [(&str, &str); 56] = [
    ("OpenAPI 3.1", "- { target: $, update: { openapi: 3.1.0 } }"),
    ("not OpenAPI", "- { target: $.paths, remove: true }"),
    ("unknown parameter location", "- { target: '$.paths[*].get.parameters[0]', update: { in: body } }"),
    ("unresolved reference", "- { target: $.components.schemas.shade, remove: true }"),
    ("reference to another document", "- { target: '$..shade.allOf[0]', update: { $ref: 'other.yaml#/shade' } }"),
    (
        "cyclic references",
        "- { target: $.components.schemas, update: { shade: { $ref: '#/components/schemas/tone' }, tone: { $ref: '#/components/schemas/shade' } } }",
    ),
    ("keyword next to a reference", "- { target: '$..shade.allOf[0]', update: { description: Ignored. } }"),
    (
        "unused component",
        "- { target: $.components.schemas, update: { spare: { description: A spare., type: object } } }",
    ),
    (
        "operation without an id",
        "- { target: '$.paths[*]', update: { put: { summary: A put, responses: { 2XX: { description: Done. } } } } }",
    ),
    ("duplicate operation id", "- { target: '$.paths[*].post', update: { operationId: dots.GetDot } }"),
    (
        "operation ids with the same method name",
        "- { target: '$.paths[*].post', update: { operationId: dots-get_dot } }",
    ),
    (
        "parameters with the same argument name",
        "- { target: '$.paths[*].get.parameters', update: { name: DotId, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "parameter called body",
        "- { target: '$.paths[*].post.parameters', update: { name: body, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "properties with the same field name",
        "- { target: $.components.schemas.dot.properties, update: { Colour: { description: Again., type: string } } }",
    ),
    (
        "schemas with the same type name",
        "- { target: $.components.schemas, update: { Dot: { description: Again., type: object } } }\n- { target: $.components.schemas.dot.properties, update: { again: { description: Again., allOf: [{ $ref: '#/components/schemas/Dot' }] } } }",
    ),
    (
        "inline schema with the type name of a component",
        "- { target: $.components.schemas, update: { dotRim: { description: A rim., type: object } } }\n- { target: $.components.schemas.dot.properties, update: { rim: { description: Its rim., type: object, properties: { of: { description: A part., allOf: [{ $ref: '#/components/schemas/dotRim' }] } } } } }",
    ),
    (
        "inline schema with the title of a component",
        "- { target: $.components.schemas.dot.properties, update: { rims: { description: Its rims., type: array, items: { title: shade, type: string, enum: [thin, thick] } } } }",
    ),
    (
        "array in the query",
        "- { target: '$.paths[*].get.parameters', update: { name: $select, in: query, description: Which., schema: { type: array, items: { type: string } } } }",
    ),
    (
        "cookie",
        "- { target: '$.paths[*].get.parameters', update: { name: crumb, in: cookie, description: Which., schema: { type: string } } }",
    ),
    ("optional path parameter", "- { target: '$.paths[*].get.parameters[0]', update: { required: false } }"),
    ("undeclared path parameter", "- { target: '$.paths[*].get.parameters', remove: true }"),
    (
        "path parameter that is not in the path",
        "- { target: '$.paths[*].get.parameters', update: { name: spot-id, in: path, required: true, description: Which., schema: { type: string } } }",
    ),
    (
        "request body with two media types",
        "- { target: '$.paths[*].post.requestBody.content', update: { text/plain: { schema: { type: string } } } }",
    ),
    (
        "inline schema of a request body",
        "- { target: '$..requestBody.content[*].schema', remove: true }\n- { target: '$..requestBody.content[*]', update: { schema: { type: object } } }\n- { target: $.components.schemas.paintRequest, remove: true }",
    ),
    (
        "inline schema of a response",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { application/json: { schema: { type: object } } } } } }",
    ),
    (
        "response that is not JSON",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { text/plain: { schema: { type: integer } } } } } }",
    ),
    (
        "JSON without a schema",
        "- { target: '$.paths[*].post.responses', update: { 2XX: { content: { application/json: {} } } } }",
    ),
    (
        "single success status",
        "- { target: '$.paths[*].get.responses', update: { '200': { description: The dot., content: { application/json: { schema: { $ref: '#/components/schemas/dot' } } } } } }",
    ),
    (
        "success responses of two types",
        "- { target: '$.paths[*].get.responses', update: { '204': { description: None. } } }",
    ),
    ("no success response", "- { target: \"$.paths[*].post.responses['2XX']\", remove: true }"),
    (
        "error responses of two types",
        "- { target: '$.paths[*].get.responses', update: { '429': { description: Too much. } } }",
    ),
    (
        "default response of another type",
        "- { target: '$.paths[*].get.responses', update: { default: { $ref: '#/components/responses/error' } } }",
    ),
    (
        "nullable anyOf",
        "- { target: $.components.schemas.dot.properties, update: { other: { description: Another., anyOf: [{ $ref: '#/components/schemas/shade' }, { type: object, nullable: true }] } } }",
    ),
    (
        "evolvable enum",
        "- { target: $.components.schemas.dot.properties.colour, update: { enum: [red, unknownFutureValue] } }",
    ),
    ("pattern", "- { target: $.components.schemas.dot.properties.colour, update: { pattern: '^[a-z]+$' } }"),
    ("format that needs a crate", "- { target: $.components.schemas.dot.properties.colour, update: { format: uuid } }"),
    (
        "required @odata.type",
        "- { target: $.components.schemas.dot, update: { required: ['@odata.type'], properties: { '@odata.type': { description: A type., type: string } } } }",
    ),
    ("unknown required property", "- { target: $.components.schemas.dot, update: { required: [hue] } }"),
    ("duplicate required property", "- { target: $.components.schemas.failure, update: { required: [code] } }"),
    (
        "typed additional properties",
        "- { target: $.components.schemas.dot, update: { additionalProperties: { type: object } } }",
    ),
    (
        "operations without descriptions",
        "- { target: '$.paths[*].get', update: { summary: '', parameters: [{ name: hue, in: query, schema: { type: string } }], responses: { 2XX: { description: '' } } } }\n- { target: '$.paths[*].post.requestBody', update: { description: '' } }",
    ),
    (
        "types without descriptions",
        "- { target: $.components.schemas.dot, update: { description: ' ', properties: { colour: { description: '' } } } }",
    ),
    (
        "reference to a part of a component",
        "- { target: '$..shade.allOf[0]', remove: true }\n- { target: '$..dot.properties.shade.allOf', update: { $ref: '#/components/schemas/failure/properties/code' } }\n- { target: $.components.schemas.shade, remove: true }",
    ),
    (
        "schema composed of itself",
        "- { target: $.components.schemas.shade, update: { allOf: [{ $ref: '#/components/schemas/shade' }, { type: object }] } }\n- { target: '$.paths[*].get.parameters', update: { name: shade, in: query, description: Which., schema: { $ref: '#/components/schemas/shade' } } }",
    ),
    ("name of a method of every client", "- { target: '$.paths[*].get', update: { operationId: new } }"),
    (
        "parameter with the name of a generated variable",
        "- { target: '$.paths[*].get.parameters', update: { name: header-map, in: query, description: Which., schema: { type: string } } }",
    ),
    (
        "property with the name of the additional properties",
        "- { target: $.components.schemas.dot, update: { additionalProperties: {}, properties: { extra: { description: More., type: string } } } }",
    ),
    (
        "enum members with the same variant name",
        "- { target: $.components.schemas.dot.properties.colour, update: { enum: [dark-red, dark_red] } }",
    ),
    (
        "nullable schema with the name of its generated inner type",
        "- { target: $.components.schemas, update: { shadeInner: { description: Within., type: object } } }\n- { target: $.components.schemas.shade, update: { nullable: true, properties: { inner: { description: Within., allOf: [{ $ref: '#/components/schemas/shadeInner' }] } } } }",
    ),
    (
        "array in the query, by composition",
        "- { target: '$.paths[*].get.parameters', update: { name: $select, in: query, description: Which., schema: { allOf: [{ type: array, items: { type: string } }] } } }",
    ),
    (
        "array in the path",
        "- { target: '$.paths[*].get.parameters[0].schema', update: { type: array, items: { type: string } } }",
    ),
    (
        "object in a header",
        "- { target: '$.paths[*].get.parameters', update: { name: hue, in: header, description: Which., schema: { type: object } } }",
    ),
    (
        "parameter with content",
        "- { target: '$.paths[*].get.parameters', update: { name: hue, in: query, description: Which., content: { application/json: { schema: { type: string } } } } }",
    ),
    (
        "date-time with a length limit",
        "- { target: $.components.schemas.dot.properties.painted, update: { maxLength: 30 } }",
    ),
    ("default", "- { target: $.components.schemas.dot.properties.colour, update: { default: 7 } }"),
    ("not", "- { target: $.components.schemas.dot.properties.colour, update: { not: { type: integer } } }"),
];

/// Returns an overlay with these actions, and adds the required descriptions.
fn overlay(actions: &str) -> String {
    let actions = actions.replace("- { target", "- { description: A reason., target");
    format!("overlay: 1.0.0\ninfo: {{ title: Test, version: 1.0.0 }}\nactions:\n{actions}\n")
}

#[test]
fn every_rule_reports_location_problem_and_fix() {
    let mut findings = String::new();
    for (case, actions) in CASES {
        let folder = Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", &overlay(actions))]);
        let outcome = folder.run(&["spec", "apply"]);
        assert_eq!(outcome.code, 2, "{case}: {outcome}");
        assert_eq!(folder.find("presence.openapi.yaml"), None, "{case}");
        assert!(outcome.stderr.contains("DIR/presence.openapi.yaml: "), "{case}: {outcome}");
        findings.push_str(&format!("# {case}\n{outcome}\n\n"));
    }
    insta::assert_snapshot!(findings);
}

#[test]
fn all_findings_are_reported_in_one_run() {
    let cases = ["pattern", "success responses of two types", "single success status"];
    let actions: Vec<&str> =
        CASES.iter().filter(|(case, _)| cases.contains(case)).map(|(_, actions)| *actions).collect();
    let folder =
        Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", &overlay(&actions.join("\n")))]);
    insta::assert_snapshot!(folder.run(&["spec", "apply"]));
}
