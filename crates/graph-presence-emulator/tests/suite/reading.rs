//! Reading presences: shapes, headers, `$select`, several users in one request.

use graph_presence_emulator::Shape;
use serde_json::{Value, json};

use crate::tenant::{ADA, BOB, GET_PRESENCES, Tenant, UNKNOWN_USER, guid};

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// Returns the expected presence with default values for the other properties. The sequence number of an
/// unknown user is `null`.
fn presence(id: &str, availability: &str, activity: &str, sequence: Option<&str>) -> Value {
    json!({
        "id": id,
        "availability": availability,
        "activity": activity,
        "outOfOfficeSettings": {"message": null, "isOutOfOffice": false},
        "statusMessage": null,
        "sequenceNumber": sequence,
        "workLocation": {"placeId": null, "source": "none", "workLocationType": "unspecified"},
    })
}

#[tokio::test]
async fn all_bindings_and_versions_return_the_same_presence() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    for version in ["v1.0", "beta"] {
        for path in
            ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
        {
            let response = tenant.get(&tenant.ada, &format!("/{version}/{path}")).await;
            assert_eq!(response.status, 200, "{path}");
            assert_eq!(response.header("content-type"), Some(JSON), "{path}");
            let mut expected = presence(ADA, "Busy", "InAMeeting", Some("A0000000001"));
            expected["@odata.context"] =
                json!(format!("https://graph.microsoft.com/{version}/$metadata#users('{ADA}')/presence/$entity"));
            assert_eq!(response.json(), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn properties_are_in_the_documented_order() {
    let tenant = Tenant::new().await;
    let body = tenant.get(&tenant.ada, "/v1.0/me/presence").await.body;
    let body = String::from_utf8(body).unwrap();
    let positions: Vec<_> = [
        "@odata.context",
        "id",
        "availability",
        "activity",
        "outOfOfficeSettings",
        "statusMessage",
        "sequenceNumber",
        "workLocation",
    ]
    .iter()
    .map(|name| body.find(&format!("\"{name}\":")).unwrap())
    .collect();
    assert!(positions.is_sorted(), "{body}");
}

#[tokio::test]
async fn a_presence_by_id_can_be_returned_as_a_collection() {
    let tenant =
        Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.communications_shape(Shape::Collection)).await;
    let response = tenant.get(&tenant.app, &format!("/beta/communications/presences/{ADA}")).await;
    assert_eq!(
        response.json(),
        json!({
            "@odata.context": "https://graph.microsoft.com/beta/$metadata#Collection(microsoft.graph.presence)",
            "value": [presence(ADA, "Offline", "Offline", Some("A0000000000"))],
        })
    );
    let other_binding = tenant.get(&tenant.app, &format!("/beta/users/{ADA}/presence")).await;
    assert_eq!(other_binding.json()["id"], ADA);
}

#[tokio::test]
async fn an_unknown_user_stays_unknown_when_read() {
    let tenant = Tenant::new().await;
    let path = format!("/v1.0/users/{UNKNOWN_USER}/presence");
    for _ in 0..2 {
        let response = tenant.get(&tenant.app, &path).await;
        assert_eq!(response.status, 200);
        assert_eq!(response.json()["availability"], "PresenceUnknown");
        assert_eq!(response.json()["activity"], "PresenceUnknown");
    }
    tenant.emulator.sign_out(guid(UNKNOWN_USER));
    let response = tenant.get(&tenant.app, &path).await;
    assert_eq!(response.json()["availability"], "Offline");
}

#[tokio::test]
async fn ids_are_returned_in_lower_case() {
    let tenant = Tenant::new().await;
    let id = ADA.to_uppercase();
    for path in [format!("/v1.0/users/{id}/presence"), format!("/v1.0/communications/presences/{id}")] {
        assert_eq!(tenant.get(&tenant.app, &path).await.json()["id"], ADA);
    }
}

#[tokio::test]
async fn select_returns_the_selected_properties() {
    let all = presence(ADA, "Offline", "Offline", Some("A0000000000"));
    let all_names =
        ["id", "availability", "activity", "outOfOfficeSettings", "statusMessage", "sequenceNumber", "workLocation"];
    let rows = [
        ("$select=availability", "(availability)", vec!["availability"]),
        ("$select=activity,%20id", "(activity,id)", vec!["id", "activity"]),
        (
            "%24select=statusMessage,outOfOfficeSettings",
            "(statusMessage,outOfOfficeSettings)",
            vec!["outOfOfficeSettings", "statusMessage"],
        ),
        ("$select=id,id", "(id)", vec!["id"]),
        (
            "$select=id,workLocation,sequenceNumber",
            "(id,workLocation,sequenceNumber)",
            vec!["id", "sequenceNumber", "workLocation"],
        ),
        ("$select=", "", all_names.to_vec()),
        ("$select=*", "", all_names.to_vec()),
        ("$top=5", "", all_names.to_vec()),
    ];
    let tenant = Tenant::new().await;
    for (query, context, names) in rows {
        let mut expected: Value = names.iter().map(|name| ((*name).to_owned(), all[*name].clone())).collect();
        expected["@odata.context"] =
            json!(format!("https://graph.microsoft.com/v1.0/$metadata#users('{ADA}')/presence{context}/$entity"));
        for path in
            ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
        {
            let response = tenant.get(&tenant.ada, &format!("/v1.0/{path}?{query}")).await;
            assert_eq!(response.json(), expected, "{path} {query}");
        }
    }
}

#[tokio::test]
async fn duplicate_ids_are_returned_once_in_request_order() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(BOB), "Away", "Away");
    let ids = [UNKNOWN_USER, BOB, ADA, &BOB.to_uppercase(), UNKNOWN_USER];
    for version in ["v1.0", "beta"] {
        let path = format!("/{version}/communications/getPresencesByUserId");
        let response = tenant.post(&tenant.app, &path, &json!({ "ids": ids })).await;
        assert_eq!(response.status, 200);
        assert_eq!(response.header("content-type"), Some(JSON));
        assert_eq!(
            response.json(),
            json!({
                "@odata.context": format!("https://graph.microsoft.com/{version}/$metadata#Collection(microsoft.graph.presence)"),
                "value": [
                    presence(UNKNOWN_USER, "PresenceUnknown", "PresenceUnknown", None),
                    presence(BOB, "Away", "Away", Some("A0000000001")),
                    presence(ADA, "Offline", "Offline", Some("A0000000000")),
                ],
            })
        );
    }
}

#[tokio::test]
async fn up_to_650_ids_are_accepted() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..650).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let response = tenant.post(&tenant.app, GET_PRESENCES, &json!({ "ids": ids })).await;
    let body = response.json();
    let returned: Vec<_> =
        body["value"].as_array().unwrap().iter().map(|presence| presence["id"].as_str().unwrap()).collect();
    assert_eq!(returned, ids);
}

/// Most clients send the first form; the others are equivalent JSON.
#[tokio::test]
async fn equivalent_json_bodies_are_accepted() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let escaped = ADA.replace('-', "\\u002d");
    for body in [
        format!(r#"{{"ids":["{ADA}"]}}"#),
        format!("\r\n {{ \"ids\" : [ \"{ADA}\" ] }} \n"),
        format!(r#"{{"ids":["{escaped}"]}}"#),
        format!(r#"{{"\u0069ds":["{ADA}"]}}"#),
        format!(r#"{{"ids":["{ADA}"],"$select":{{"deep":[1e3,null]}}}}"#),
        format!(r#"{{"ids":["x"],"ids":["{ADA}"]}}"#),
        format!(r#"{{"ids":null,"ids":["{ADA}"]}}"#),
    ] {
        let response = tenant.send("POST", GET_PRESENCES, &headers, body.clone().into_bytes()).await;
        assert_eq!(response.json()["value"][0]["id"], ADA, "{body}");
    }
    for body in [
        format!(r#"[["{ADA}"]]"#),
        format!(r#"{{"ids":["{ADA}"]}}x"#),
        format!(r#"{{"ids":["{ADA}"],"ids":null}}"#),
        format!(r#"{{"ids":["{ADA}"],"ids":["x"]}}"#),
        format!(r#"{{"ids":["{ADA}"],"x":1e999}}"#),
        format!(r#"{{"ids":["{ADA}",null]}}"#),
        format!(r#"{{"IDs":["{ADA}"]}}"#),
    ] {
        assert_eq!(tenant.send("POST", GET_PRESENCES, &headers, body.clone().into_bytes()).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn every_response_contains_the_request_ids() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.ada);
    let client_request_id = "0c7a4e9e-6d2a-4b7b-8b0b-6f7f3f0c9a55";
    for (path, status) in [("/v1.0/me/presence", 200), ("/v1.0/nothing", 404), ("/nothing", 404)] {
        let headers = [("authorization", authorization.as_str()), ("client-request-id", client_request_id)];
        let response = tenant.send("GET", path, &headers, vec![]).await;
        assert_eq!(response.status, status);
        assert_eq!(response.header("client-request-id"), Some(client_request_id));
        let first = response.header("request-id").map(guid).unwrap();

        let response = tenant.get(&tenant.ada, path).await;
        let second = response.header("request-id").unwrap();
        assert_ne!(first, guid(second));
        assert_eq!(response.header("client-request-id"), Some(second));
    }
}

#[tokio::test]
async fn the_authorization_scheme_is_case_insensitive() {
    let tenant = Tenant::new().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", tenant.ada);
        let headers = [("authorization", authorization.as_str())];
        let response = tenant.send("GET", "/v1.0/me/presence", &headers, vec![]).await;
        assert_eq!(response.status, 200, "{scheme}");
    }
}
