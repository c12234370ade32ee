//! Operations, properties and hosts of each cloud.

use graph_presence_emulator::Cloud;
use serde_json::{Value, json};

use crate::actions::body;
use crate::tenant::{ACTIONS, ADA, BOB, Tenant};

async fn in_cloud(cloud: Cloud) -> Tenant {
    Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.cloud(cloud)).await
}

/// Returns the operations that a version of the API has in a cloud.
async fn found(cloud: Cloud, version: &str) -> Vec<&'static str> {
    let tenant = in_cloud(cloud).await;
    let mut found = Vec::new();
    for binding in
        ["me/presence".to_owned(), format!("users/{ADA}/presence"), format!("communications/presences/{ADA}")]
    {
        let mut of_binding = Vec::new();
        if tenant.get(&tenant.ada, &format!("/{version}/{binding}")).await.status == 200 {
            of_binding.push("get");
        }
        for action in ACTIONS {
            let response = tenant.post(&tenant.ada, &format!("/{version}/{binding}/{action}"), &body(action)).await;
            if response.status.is_success() {
                of_binding.push(action);
            } else {
                let message = "Resource not found for the path of the request.";
                assert_eq!(response.error(), (404, "NotFound".to_owned(), message.to_owned()), "{cloud} {action}");
            }
        }
        assert!(found.is_empty() || found == of_binding, "{cloud} {binding}: {of_binding:?}");
        found = of_binding;
    }
    let by_user_id = format!("/{version}/communications/getPresencesByUserId");
    if tenant.post(&tenant.ada, &by_user_id, &json!({"ids": [BOB]})).await.status == 200 {
        found.push("getPresencesByUserId");
    }
    found
}

#[tokio::test]
async fn each_cloud_has_its_operations() {
    let all: Vec<_> = ["get"].into_iter().chain(ACTIONS).chain(["getPresencesByUserId"]).collect();
    let without_location: Vec<_> = all.iter().copied().filter(|name| !name.contains("Location")).collect();
    assert_eq!(without_location.len(), 7);
    for (cloud, v1, beta) in [
        (Cloud::Global, &all, &all),
        (Cloud::UsGovernmentL4, &without_location, &vec![]),
        (Cloud::UsGovernmentL5, &without_location, &vec![]),
        (Cloud::China, &vec![], &vec![]),
    ] {
        assert_eq!(found(cloud, "v1.0").await, *v1, "{cloud}");
        assert_eq!(found(cloud, "beta").await, *beta, "{cloud}");
    }
}

#[tokio::test]
async fn government_clouds_have_their_host_and_fewer_properties() {
    for (cloud, host) in
        [(Cloud::UsGovernmentL4, "graph.microsoft.us"), (Cloud::UsGovernmentL5, "dod-graph.microsoft.us")]
    {
        let tenant = in_cloud(cloud).await;
        let context = format!("https://{host}/v1.0/$metadata#");
        assert_eq!(
            tenant.get(&tenant.ada, "/v1.0/me/presence").await.json(),
            json!({
                "@odata.context": format!("{context}users('{ADA}')/presence/$entity"),
                "id": ADA,
                "availability": "Offline",
                "activity": "Offline",
                "statusMessage": null,
            })
        );
        let response = tenant.get(&tenant.ada, "/v1.0/me/presence?$select=workLocation").await;
        let message = "Could not find a property named 'workLocation' on type 'microsoft.graph.presence'.";
        assert_eq!(response.error(), (400, "BadRequest".to_owned(), message.to_owned()));
    }
}

#[tokio::test]
async fn subscriptions_are_available_where_presence_is() {
    let subscription = json!({
        "changeType": "updated",
        "notificationUrl": "https://webhook.contoso.com/api",
        "resource": format!("communications/presences/{BOB}"),
        "expirationDateTime": "2026-01-01T10:00:00Z",
    });
    for (cloud, status) in [(Cloud::Global, 201), (Cloud::UsGovernmentL4, 201), (Cloud::China, 400)] {
        let tenant = in_cloud(cloud).await;
        assert_eq!(tenant.post(&tenant.ada, "/v1.0/subscriptions", &subscription).await.status, status, "{cloud}");
        let listed = tenant.get(&tenant.ada, "/v1.0/subscriptions").await.json();
        assert_eq!(listed["value"].as_array().map(Vec::len), Some(usize::from(status == 201)), "{cloud}");
        assert_ne!(listed["@odata.context"], Value::Null);
    }
}
