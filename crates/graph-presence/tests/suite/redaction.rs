//! Tokens, users and what they write do not print.

use std::error::Error as _;
use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{PreferredState, StatusMessage, UserId, Workplace};
use httpmock::MockServer;
use serde_json::json;

use crate::server::{ADA, APPLICATION, TOKEN, ada, always, builder, client};

const TEXT: &str = "Interview with Acme";

fn assert_discreet(printed: &str) {
    for secret in [TOKEN, ADA, APPLICATION, TEXT, "ada@example.com", "B4-ROOM", "hush-hush", "TUlJQw"] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
}

#[tokio::test]
async fn clients_requests_and_answers_print_nobody() {
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

    assert_discreet(&format!("{client:?}"));
    assert_discreet(&format!("{user:?} {:?}", client.presences([ada()])));
    assert_discreet(&format!("{:?} {:?}", user.get_presence(), user.set_status_message(message)));
    assert_discreet(&format!("{:?}", user.set_presence(graph_presence::SessionState::Away)));
    assert_discreet(&format!("{presence:#?}"));
}

#[tokio::test]
async fn errors_print_nobody_all_the_way_down() {
    let server = MockServer::start_async().await;
    let naming = json!({"error": {"code": "Forbidden", "message": format!("{ADA} may not say {TEXT}")}});
    let refusal = always(&server, |then| then.status(403).json_body(naming)).await;
    let mut errors = vec![client(&server).user(ada()).get_presence().send().await.unwrap_err()];
    refusal.delete_async().await;
    always(&server, |then| then.status(200).body(format!("[\"{TEXT}\""))).await;
    errors.push(client(&server).user(ada()).get_presence().send().await.unwrap_err());
    errors.push(UserId::parse("ada@example.com").unwrap_err());

    let nowhere = builder("http://127.0.0.1:1").build().unwrap();
    errors.push(nowhere.user(ada()).get_presence().send().await.unwrap_err());

    for error in &errors {
        assert_discreet(&format!("{error} {error:?} {error:#?}"));
        let mut source = error.source();
        while let Some(cause) = source {
            assert_discreet(&format!("{cause} {cause:?}"));
            source = cause.source();
        }
    }
}

#[tokio::test]
async fn places_subscriptions_and_requests_do_not_print_users() {
    let server = MockServer::start_async().await;
    let body = json!({
        "id": "s-1",
        "resource": format!("communications/presences?$filter=id in ('{ADA}','ada@example.com')"),
        "clientState": "hush-hush",
        "encryptionCertificate": "TUlJQw==",
        "notificationUrl": "https://example.com/n",
    });
    always(&server, |then| then.status(200).json_body(body)).await;
    let client = client(&server);
    let place = Workplace::OFFICE.at("B4-ROOM");
    let wanted = NewSubscription::new([ada()], "https://example.com/n")
        .unwrap()
        .client_state("hush-hush")
        .unwrap()
        .include_resource_data("TUlJQw==", "2026");
    assert_discreet(&format!(
        "{:?} {:?} {:#?} {:?} {:?}",
        ada(),
        client.user(ada()),
        client.presences([ada()]),
        client.presences([ada()]).into_future(),
        client.watch([ada()])
    ));
    assert_discreet(&format!("{place:?} {:?}", client.me().set_manual_location(place.clone())));
    assert_discreet(&format!("{:#?}", client.me().set_automatic_location(place)));
    assert_discreet(&format!(
        "{:?}",
        client.user(ada()).set_preferred_presence(PreferredState::Busy).expires_after(Duration::MAX)
    ));
    let subscriptions = client.subscriptions();
    let create = subscriptions.create(wanted.clone());
    assert_discreet(&format!("{wanted:?} {wanted:#?} {subscriptions:?} {create:?} {:?}", subscriptions.get("s-1")));

    let subscription = client.subscriptions().create(wanted).await.unwrap();
    assert!(subscription.resource.contains(ADA) && subscription.client_state.as_deref() == Some("hush-hush"));
    assert_discreet(&format!("{subscription:?} {subscription:#?}"));
}

#[tokio::test]
async fn unknown_properties_print_their_names_only() {
    let server = MockServer::start_async().await;
    let body = json!({"availability": "Busy", "nickname": TEXT, "manager": {"id": ADA, "mail": "ada@example.com"}});
    always(&server, |then| then.status(200).json_body(body)).await;
    let presence = client(&server).user(ada()).get_presence().send().await.unwrap();
    assert_eq!(presence.extra().count(), 2);
    let printed = format!("{presence:?} {presence:#?}");
    assert_discreet(&printed);
    assert!(printed.contains("nickname") && printed.contains("manager"));
}

#[tokio::test]
async fn refusals_of_what_comes_from_outside_print_nobody() {
    let refused = [
        UserId::parse("ada@example.com ada@example.com").unwrap_err(),
        UserId::parse("hush-hush").unwrap_err(),
        NewSubscription::new([ada()], "https://example.com/n")
            .unwrap()
            .client_state("hush-hush".repeat(15))
            .unwrap_err(),
    ];
    for error in refused {
        assert_discreet(&format!("{error} {error:?} {error:#?}"));
    }
}

#[tokio::test]
async fn errors_about_subscriptions_print_nobody() {
    let server = MockServer::start_async().await;
    let naming = json!({"error": {"code": "ExtensionError", "message": format!("{ADA} hush-hush")}});
    let refusal = always(&server, |then| then.status(409).json_body(naming)).await;
    let subscriptions = client(&server).subscriptions();
    let wanted = NewSubscription::new([ada()], "https://example.com/n").unwrap().client_state("hush-hush").unwrap();
    let mut errors = vec![subscriptions.create(wanted).await.unwrap_err()];
    refusal.delete_async().await;
    let next = json!({"value": [], "@odata.nextLink": format!("http://127.0.0.1:1/{ADA}?token={TOKEN}")});
    let list = always(&server, |then| then.status(200).json_body(next)).await;
    errors.push(subscriptions.list().await.unwrap_err());
    list.delete_async().await;
    always(&server, |then| then.status(200).json_body(json!({"id": ["hush-hush"], "clientState": 1}))).await;
    errors.push(subscriptions.get(ADA).await.unwrap_err());
    for error in &errors {
        assert_discreet(&format!("{error} {error:?} {error:#?}"));
    }
}
