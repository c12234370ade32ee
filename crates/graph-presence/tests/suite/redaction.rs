//! Tokens, user ids and texts are redacted in `Debug` and in errors.

use std::error::Error as _;
use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{PreferredState, StatusMessage, UserId, Workplace};
use httpmock::MockServer;
use serde_json::json;

use crate::server::{ADA, APPLICATION, TOKEN, ada, always, builder, client};

const TEXT: &str = "Interview at Contoso";

fn assert_redacted(printed: &str) {
    for secret in [TOKEN, ADA, APPLICATION, TEXT, "ada@example.com", "B4-ROOM", "client-state", "TUlJQw"] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
}

#[tokio::test]
async fn debug_of_clients_requests_and_responses_is_redacted() {
    let server = MockServer::start_async().await;
    let body = json!({
        "id": ADA,
        "statusMessage": {"message": {"content": TEXT}},
        "outOfOfficeSettings": {"isOutOfOffice": true, "message": TEXT},
        "workLocation": {"placeId": "B4-ROOM"},
    });
    always(&server, |then| then.status(200).json_body(body)).await;
    let client = client(&server);
    let user = client.user(ada());
    let message = StatusMessage::text(TEXT).unwrap();
    let presence = user.get_presence().send().await.unwrap();
    assert_eq!(presence.status_message.as_ref().unwrap().content(), TEXT);

    assert_redacted(&format!("{client:?}"));
    assert_redacted(&format!("{user:?} {:?}", client.presences([ada()])));
    assert_redacted(&format!("{:?} {:?}", user.get_presence(), user.set_status_message(message)));
    assert_redacted(&format!("{:?}", user.set_presence(graph_presence::SessionState::Away)));
    assert_redacted(&format!("{presence:#?}"));
}

#[tokio::test]
async fn errors_and_their_sources_are_redacted() {
    let server = MockServer::start_async().await;
    let body = json!({"error": {"code": "Forbidden", "message": format!("{ADA} cannot set {TEXT}")}});
    let mock = always(&server, |then| then.status(403).json_body(body)).await;
    let mut errors = vec![client(&server).user(ada()).get_presence().send().await.unwrap_err()];
    mock.delete_async().await;
    always(&server, |then| then.status(200).body(format!("[\"{TEXT}\""))).await;
    errors.push(client(&server).user(ada()).get_presence().send().await.unwrap_err());
    errors.push(UserId::parse("ada@example.com").unwrap_err());

    let unreachable = builder("http://127.0.0.1:1").build().unwrap();
    errors.push(unreachable.user(ada()).get_presence().send().await.unwrap_err());

    for error in &errors {
        assert_redacted(&format!("{error} {error:?} {error:#?}"));
        let mut source = error.source();
        while let Some(cause) = source {
            assert_redacted(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
}

#[tokio::test]
async fn debug_of_workplaces_and_subscriptions_is_redacted() {
    let server = MockServer::start_async().await;
    let body = json!({
        "id": "s-1",
        "resource": format!("communications/presences?$filter=id in ('{ADA}','ada@example.com')"),
        "clientState": "client-state",
        "encryptionCertificate": "TUlJQw==",
        "notificationUrl": "https://example.com/n",
    });
    always(&server, |then| then.status(200).json_body(body)).await;
    let client = client(&server);
    let workplace = Workplace::OFFICE.at("B4-ROOM");
    let new = NewSubscription::new([ada()], "https://example.com/n")
        .unwrap()
        .client_state("client-state")
        .unwrap()
        .include_resource_data("TUlJQw==", "2026");
    assert_redacted(&format!(
        "{:?} {:?} {:#?} {:?} {:?}",
        ada(),
        client.user(ada()),
        client.presences([ada()]),
        client.presences([ada()]).into_future(),
        client.watch([ada()])
    ));
    assert_redacted(&format!("{workplace:?} {:?}", client.me().set_manual_location(workplace.clone())));
    assert_redacted(&format!("{:#?}", client.me().set_automatic_location(workplace)));
    assert_redacted(&format!(
        "{:?}",
        client.user(ada()).set_preferred_presence(PreferredState::Busy).expires_after(Duration::MAX)
    ));
    let subscriptions = client.subscriptions();
    let create = subscriptions.create(new.clone());
    assert_redacted(&format!("{new:?} {new:#?} {subscriptions:?} {create:?} {:?}", subscriptions.get("s-1")));

    let subscription = client.subscriptions().create(new).await.unwrap();
    assert!(subscription.resource.contains(ADA) && subscription.client_state.as_deref() == Some("client-state"));
    assert_redacted(&format!("{subscription:?} {subscription:#?}"));
}

#[tokio::test]
async fn debug_of_unknown_properties_has_only_their_names() {
    let server = MockServer::start_async().await;
    let body = json!({"availability": "Busy", "nickname": TEXT, "manager": {"id": ADA, "mail": "ada@example.com"}});
    always(&server, |then| then.status(200).json_body(body)).await;
    let presence = client(&server).user(ada()).get_presence().send().await.unwrap();
    assert_eq!(presence.extra().count(), 2);
    let printed = format!("{presence:?} {presence:#?}");
    assert_redacted(&printed);
    assert!(printed.contains("nickname") && printed.contains("manager"));
}

#[tokio::test]
async fn validation_errors_are_redacted() {
    let errors = [
        UserId::parse("ada@example.com ada@example.com").unwrap_err(),
        UserId::parse("client-state").unwrap_err(),
        NewSubscription::new([ada()], "https://example.com/n")
            .unwrap()
            .client_state("client-state".repeat(15))
            .unwrap_err(),
    ];
    for error in errors {
        assert_redacted(&format!("{error} {error:?} {error:#?}"));
    }
}

#[tokio::test]
async fn subscription_errors_are_redacted() {
    let server = MockServer::start_async().await;
    let body = json!({"error": {"code": "ExtensionError", "message": format!("{ADA} client-state")}});
    let mock = always(&server, |then| then.status(409).json_body(body)).await;
    let subscriptions = client(&server).subscriptions();
    let new = NewSubscription::new([ada()], "https://example.com/n").unwrap().client_state("client-state").unwrap();
    let mut errors = vec![subscriptions.create(new).await.unwrap_err()];
    mock.delete_async().await;
    let next = json!({"value": [], "@odata.nextLink": format!("http://127.0.0.1:1/{ADA}?token={TOKEN}")});
    let list = always(&server, |then| then.status(200).json_body(next)).await;
    errors.push(subscriptions.list().await.unwrap_err());
    list.delete_async().await;
    always(&server, |then| then.status(200).json_body(json!({"id": ["client-state"], "clientState": 1}))).await;
    errors.push(subscriptions.get(ADA).await.unwrap_err());
    for error in &errors {
        assert_redacted(&format!("{error} {error:?} {error:#?}"));
    }
}
