//! Validation of subscriptions before anything is sent.

use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{ApiVersion, UserId};
use httpmock::MockServer;

use crate::operations;
use crate::recording_server::RecordingServer;
use crate::server::{ada, always, client, users};
use crate::tenant::BOB;
use crate::validation::validation_error;

#[test]
fn subscription_must_have_1_to_650_users() {
    let new = |users: Vec<UserId>| NewSubscription::new(users, "https://example.com/n");
    let messages = [validation_error(new(users(0))), validation_error(new(users(651)))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    number of ids out of range: 0 (allowed: 1 to 650)
    number of ids out of range: 651 (allowed: 1 to 650)
    ");
    for count in [1, 2, 650] {
        assert!(new(users(count)).is_ok(), "{count}");
    }
    // Duplicate ids count once.
    assert!(new([users(650), users(650)].concat()).is_ok());
}

#[tokio::test]
async fn resource_filter_quotes_and_deduplicates_ids() {
    let server = RecordingServer::start().await;
    let subscriptions = server.client(ApiVersion::V1).subscriptions();
    let bob = UserId::parse(&BOB.to_uppercase()).unwrap();
    for users in [vec![ada(), ada()], vec![bob, ada(), bob]] {
        subscriptions.create(operations::new_subscription(users)).await.unwrap();
    }
    let lines = server.lines();
    let resources: Vec<_> = lines.lines().map(|line| line.split_once("\"resource\":").unwrap().1).collect();
    insta::assert_snapshot!(resources.join("\n"), @r#"
    "communications/presences/fa8bf3dc-eca7-46b7-bad1-db199b62afc3"}
    "communications/presences?$filter=id in ('66825e03-7ef5-42da-9069-724602c31f6b','fa8bf3dc-eca7-46b7-bad1-db199b62afc3')"}
    "#);
}

#[test]
fn notification_urls_must_be_https_or_loopback() {
    let cases = [
        ("https://example.com/n?x=1", true),
        ("HTTPS://example.com", true),
        ("http://localhost:8080/n", true),
        ("http://127.0.0.1/n", true),
        ("http://[::1]/n", true),
        ("http://example.com/n", false),
        ("http://localhost.example.com/n", false),
        ("ftp://example.com/n", false),
        ("example.com/n", false),
        ("", false),
    ];
    let mut messages = Vec::new();
    for (url, is_valid) in cases {
        let subscription = NewSubscription::new([ada()], url);
        let lifecycle = operations::new_subscription([ada()]).lifecycle_notification_url(url);
        assert_eq!((subscription.is_ok(), lifecycle.is_ok()), (is_valid, is_valid), "{url}");
        if !is_valid {
            messages.extend([validation_error(subscription), validation_error(lifecycle)]);
        }
    }
    insta::assert_snapshot!(messages.join("\n"), @r#"
    invalid notification URL "http://example.com/n": expected an https URL, or http on a loopback address
    invalid lifecycle notification URL "http://example.com/n": expected an https URL, or http on a loopback address
    invalid notification URL "http://localhost.example.com/n": expected an https URL, or http on a loopback address
    invalid lifecycle notification URL "http://localhost.example.com/n": expected an https URL, or http on a loopback address
    invalid notification URL "ftp://example.com/n": expected an https URL, or http on a loopback address
    invalid lifecycle notification URL "ftp://example.com/n": expected an https URL, or http on a loopback address
    invalid notification URL "example.com/n": relative URL without a base
    invalid lifecycle notification URL "example.com/n": relative URL without a base
    invalid notification URL "": relative URL without a base
    invalid lifecycle notification URL "": relative URL without a base
    "#);
}

#[test]
fn client_state_has_at_most_128_characters() {
    let with = |state: String| operations::new_subscription([ada()]).client_state(state);
    for valid in [String::new(), "s".repeat(128), "ä".repeat(128), "👋".repeat(128)] {
        assert!(with(valid).is_ok());
    }
    let messages = [validation_error(with("s".repeat(129))), validation_error(with("ä".repeat(200)))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    client state out of range: 129 characters (allowed: at most 128 characters)
    client state out of range: 200 characters (allowed: at most 128 characters)
    ");
}

#[tokio::test]
async fn subscription_lifetime_must_be_more_than_zero_and_at_most_one_hour() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200).body("{}")).await;
    let subscriptions = client(&server).subscriptions();
    let (max, min) = (Duration::from_mins(60), Duration::from_nanos(1));
    let mut messages = Vec::new();
    for duration in [Duration::ZERO, max + Duration::from_secs(1), max + min, Duration::MAX] {
        let subscription = operations::new_subscription([ada()]).expires_after(duration);
        messages.push(validation_error(subscriptions.create(subscription).await));
        messages.push(validation_error(subscriptions.renew("s-1", duration).await));
    }
    insta::assert_snapshot!(messages.join("\n"), @"
    create subscription: subscription expiration out of range: PT0S (allowed: more than PT0S and at most PT1H)
    update subscription: subscription expiration out of range: PT0S (allowed: more than PT0S and at most PT1H)
    create subscription: subscription expiration out of range: PT1H1S (allowed: more than PT0S and at most PT1H)
    update subscription: subscription expiration out of range: PT1H1S (allowed: more than PT0S and at most PT1H)
    create subscription: subscription expiration out of range: PT1H0.000000001S (allowed: more than PT0S and at most PT1H)
    update subscription: subscription expiration out of range: PT1H0.000000001S (allowed: more than PT0S and at most PT1H)
    create subscription: subscription expiration out of range: PT2562047788015215H30M7.999999999S (allowed: more than PT0S and at most PT1H)
    update subscription: subscription expiration out of range: PT2562047788015215H30M7.999999999S (allowed: more than PT0S and at most PT1H)
    ");
    request.assert_calls_async(0).await;
    for duration in [min, max] {
        subscriptions.create(operations::new_subscription([ada()]).expires_after(duration)).await.unwrap();
        subscriptions.renew("s-1", duration).await.unwrap();
    }
    request.assert_calls_async(4).await;
}

#[tokio::test]
async fn subscription_id_must_not_be_empty_or_a_dot_segment() {
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200).body("{}")).await;
    let subscriptions = client(&server).subscriptions();
    for id in ["", ".", ".."] {
        let messages = [
            validation_error(subscriptions.get(id).await),
            validation_error(subscriptions.renew(id, Duration::from_mins(5)).await),
            validation_error(subscriptions.delete(id).await),
            validation_error(subscriptions.reauthorize(id).await),
        ];
        let rule = format!("subscription: invalid subscription id \"{id}\": expected the id that the service returned");
        assert_eq!(messages, ["get", "update", "delete", "reauthorize"].map(|call| format!("{call} {rule}")));
    }
    request.assert_calls_async(0).await;
}
