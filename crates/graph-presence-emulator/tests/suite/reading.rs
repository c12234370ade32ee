//! What a reader gets: shapes, headers, selection, batches.

use graph_presence_emulator::Shape;
use serde_json::{Value, json};

use crate::tenant::{ADA, BOB, MANY, NOBODY, Tenant, guid};

const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/// A presence with nothing but these; who was never heard of has no sequence number.
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
async fn the_three_bindings_answer_the_same_object_in_both_versions() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Busy", "InAMeeting");
    for version in ["v1.0", "beta"] {
        for path in
            ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
        {
            let answer = tenant.get(&tenant.ada, &format!("/{version}/{path}")).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some(JSON), "{path}");
            let mut expected = presence(ADA, "Busy", "InAMeeting", Some("A0000000001"));
            expected["@odata.context"] =
                json!(format!("https://graph.microsoft.com/{version}/$metadata#users('{ADA}')/presence/$entity"));
            assert_eq!(answer.json(), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn properties_come_in_the_documented_order() {
    let tenant = Tenant::new().await;
    let body = tenant.get(&tenant.ada, "/v1.0/me/presence").await.body;
    let body = String::from_utf8(body).unwrap();
    let places: Vec<_> = [
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
    assert!(places.is_sorted(), "{body}");
}

#[tokio::test]
async fn a_presence_by_id_can_come_as_a_collection() {
    let tenant = Tenant::built("2026-01-01T09:00:00Z", |builder| builder.communications_shape(Shape::Collection)).await;
    let answer = tenant.get(&tenant.app, &format!("/beta/communications/presences/{ADA}")).await;
    assert_eq!(
        answer.json(),
        json!({
            "@odata.context": "https://graph.microsoft.com/beta/$metadata#Collection(microsoft.graph.presence)",
            "value": [presence(ADA, "Offline", "Offline", Some("A0000000000"))],
        })
    );
    let other_binding = tenant.get(&tenant.app, &format!("/beta/users/{ADA}/presence")).await;
    assert_eq!(other_binding.json()["id"], ADA);
}

#[tokio::test]
async fn who_was_never_heard_of_is_unknown_and_reading_changes_nothing() {
    let tenant = Tenant::new().await;
    let path = format!("/v1.0/users/{NOBODY}/presence");
    for _ in 0..2 {
        let answer = tenant.get(&tenant.app, &path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json()["availability"], "PresenceUnknown");
        assert_eq!(answer.json()["activity"], "PresenceUnknown");
    }
    tenant.emulator.sign_out(guid(NOBODY));
    let answer = tenant.get(&tenant.app, &path).await;
    assert_eq!(answer.json()["availability"], "Offline");
}

#[tokio::test]
async fn ids_are_answered_in_lower_case() {
    let tenant = Tenant::new().await;
    let id = ADA.to_uppercase();
    for path in [format!("/v1.0/users/{id}/presence"), format!("/v1.0/communications/presences/{id}")] {
        assert_eq!(tenant.get(&tenant.app, &path).await.json()["id"], ADA);
    }
}

#[tokio::test]
async fn select_answers_what_was_asked_for() {
    let all = presence(ADA, "Offline", "Offline", Some("A0000000000"));
    let everything =
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
        ("$select=", "", everything.to_vec()),
        ("$select=*", "", everything.to_vec()),
        ("$top=5", "", everything.to_vec()),
    ];
    let tenant = Tenant::new().await;
    for (query, context, names) in rows {
        let mut expected: Value = names.iter().map(|name| ((*name).to_owned(), all[*name].clone())).collect();
        expected["@odata.context"] =
            json!(format!("https://graph.microsoft.com/v1.0/$metadata#users('{ADA}')/presence{context}/$entity"));
        for path in
            ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
        {
            let answer = tenant.get(&tenant.ada, &format!("/v1.0/{path}?{query}")).await;
            assert_eq!(answer.json(), expected, "{path} {query}");
        }
    }
}

#[tokio::test]
async fn a_batch_answers_each_user_once_in_the_order_of_the_request() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(BOB), "Away", "Away");
    let ids = [NOBODY, BOB, ADA, &BOB.to_uppercase(), NOBODY];
    for version in ["v1.0", "beta"] {
        let path = format!("/{version}/communications/getPresencesByUserId");
        let answer = tenant.post(&tenant.app, &path, &json!({ "ids": ids })).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some(JSON));
        assert_eq!(
            answer.json(),
            json!({
                "@odata.context": format!("https://graph.microsoft.com/{version}/$metadata#Collection(microsoft.graph.presence)"),
                "value": [
                    presence(NOBODY, "PresenceUnknown", "PresenceUnknown", None),
                    presence(BOB, "Away", "Away", Some("A0000000001")),
                    presence(ADA, "Offline", "Offline", Some("A0000000000")),
                ],
            })
        );
    }
}

#[tokio::test]
async fn a_batch_holds_650_users() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..650).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let answer = tenant.post(&tenant.app, MANY, &json!({ "ids": ids })).await;
    let answer = answer.json();
    let answered: Vec<_> =
        answer["value"].as_array().unwrap().iter().map(|presence| presence["id"].as_str().unwrap()).collect();
    assert_eq!(answered, ids);
}

/// Most programs send the first; the others are as good.
#[tokio::test]
async fn a_batch_may_be_written_in_many_ways() {
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
        let answer = tenant.send("POST", MANY, &headers, body.clone().into_bytes()).await;
        assert_eq!(answer.json()["value"][0]["id"], ADA, "{body}");
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
        assert_eq!(tenant.send("POST", MANY, &headers, body.clone().into_bytes()).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_ids_of_its_request() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.ada);
    let ours = "0c7a4e9e-6d2a-4b7b-8b0b-6f7f3f0c9a55";
    for (path, status) in [("/v1.0/me/presence", 200), ("/v1.0/nothing", 404), ("/nothing", 404)] {
        let headers = [("authorization", authorization.as_str()), ("client-request-id", ours)];
        let answer = tenant.send("GET", path, &headers, vec![]).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("client-request-id"), Some(ours));
        let first = answer.header("request-id").map(guid).unwrap();

        let answer = tenant.get(&tenant.ada, path).await;
        let second = answer.header("request-id").unwrap();
        assert_ne!(first, guid(second));
        assert_eq!(answer.header("client-request-id"), Some(second));
    }
}

#[tokio::test]
async fn the_scheme_of_a_token_may_be_in_any_case() {
    let tenant = Tenant::new().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", tenant.ada);
        let headers = [("authorization", authorization.as_str())];
        let answer = tenant.send("GET", "/v1.0/me/presence", &headers, vec![]).await;
        assert_eq!(answer.status, 200, "{scheme}");
    }
}
