//! What is refused about a subscription before anything is sent.

use std::time::Duration;

use graph_presence::subscription::NewSubscription;
use graph_presence::{ApiVersion, UserId};
use httpmock::MockServer;

use crate::calls;
use crate::rules::refused;
use crate::server::{ada, always, client, users};
use crate::tenant::BOB;
use crate::wire::Wire;

#[test]
fn a_subscription_is_for_one_to_six_hundred_and_fifty_users() {
    let to = |users: Vec<UserId>| NewSubscription::new(users, "https://example.com/n");
    let messages = [refused(to(users(0))), refused(to(users(651)))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    number of ids out of range: 0 (allowed: 1 to 650)
    number of ids out of range: 651 (allowed: 1 to 650)
    ");
    for count in [1, 2, 650] {
        assert!(to(users(count)).is_ok(), "{count}");
    }
    // Who is named twice counts once.
    assert!(to([users(650), users(650)].concat()).is_ok());
}

#[tokio::test]
async fn a_filter_quotes_each_id_and_names_nobody_twice() {
    let wire = Wire::start().await;
    let subscriptions = wire.client(ApiVersion::V1).subscriptions();
    let bob = UserId::parse(&BOB.to_uppercase()).unwrap();
    for users in [vec![ada(), ada()], vec![bob, ada(), bob]] {
        subscriptions.create(calls::subscription(users)).await.unwrap();
    }
    let lines = wire.lines();
    let resources: Vec<_> = lines.lines().map(|line| line.split_once("\"resource\":").unwrap().1).collect();
    insta::assert_snapshot!(resources.join("\n"), @r#"
    "communications/presences/fa8bf3dc-eca7-46b7-bad1-db199b62afc3"}
    "communications/presences?$filter=id in ('66825e03-7ef5-42da-9069-724602c31f6b','fa8bf3dc-eca7-46b7-bad1-db199b62afc3')"}
    "#);
}

#[test]
fn a_subscription_notifies_over_https_or_this_machine() {
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
    for (url, accepted) in cases {
        let wanted = NewSubscription::new([ada()], url);
        let lifecycle = calls::subscription([ada()]).lifecycle_notification_url(url);
        assert_eq!((wanted.is_ok(), lifecycle.is_ok()), (accepted, accepted), "{url}");
        if !accepted {
            messages.extend([refused(wanted), refused(lifecycle)]);
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
fn a_client_state_has_at_most_128_characters() {
    let with = |state: String| calls::subscription([ada()]).client_state(state);
    for accepted in [String::new(), "s".repeat(128), "ä".repeat(128), "👋".repeat(128)] {
        assert!(with(accepted).is_ok());
    }
    let messages = [refused(with("s".repeat(129))), refused(with("ä".repeat(200)))];
    insta::assert_snapshot!(messages.join("\n"), @r"
    client state out of range: 129 characters (allowed: at most 128 characters)
    client state out of range: 200 characters (allowed: at most 128 characters)
    ");
}

#[tokio::test]
async fn a_subscription_lasts_longer_than_nothing_and_an_hour_at_most() {
    let server = MockServer::start_async().await;
    let sent = always(&server, |then| then.status(200).body("{}")).await;
    let subscriptions = client(&server).subscriptions();
    let (hour, least) = (Duration::from_mins(60), Duration::from_nanos(1));
    let mut messages = Vec::new();
    for duration in [Duration::ZERO, hour + Duration::from_secs(1), hour + least, Duration::MAX] {
        let wanted = calls::subscription([ada()]).expires_after(duration);
        messages.push(refused(subscriptions.create(wanted).await));
        messages.push(refused(subscriptions.renew("s-1", duration).await));
    }
    insta::assert_snapshot!(messages.join("\n"), @"
    create subscription: subscription expiration out of range: PT0S (allowed: more than PT0S, at most PT1H)
    update subscription: subscription expiration out of range: PT0S (allowed: more than PT0S, at most PT1H)
    create subscription: subscription expiration out of range: PT1H1S (allowed: more than PT0S, at most PT1H)
    update subscription: subscription expiration out of range: PT1H1S (allowed: more than PT0S, at most PT1H)
    create subscription: subscription expiration out of range: PT1H0.000000001S (allowed: more than PT0S, at most PT1H)
    update subscription: subscription expiration out of range: PT1H0.000000001S (allowed: more than PT0S, at most PT1H)
    create subscription: subscription expiration out of range: PT2562047788015215H30M7.999999999S (allowed: more than PT0S, at most PT1H)
    update subscription: subscription expiration out of range: PT2562047788015215H30M7.999999999S (allowed: more than PT0S, at most PT1H)
    ");
    sent.assert_calls_async(0).await;
    for duration in [least, hour] {
        subscriptions.create(calls::subscription([ada()]).expires_after(duration)).await.unwrap();
        subscriptions.renew("s-1", duration).await.unwrap();
    }
    sent.assert_calls_async(4).await;
}

#[tokio::test]
async fn what_is_no_id_of_a_subscription_reaches_nothing_else() {
    let server = MockServer::start_async().await;
    let anything = always(&server, |then| then.status(200).body("{}")).await;
    let subscriptions = client(&server).subscriptions();
    for id in ["", ".", ".."] {
        let messages = [
            refused(subscriptions.get(id).await),
            refused(subscriptions.renew(id, Duration::from_mins(5)).await),
            refused(subscriptions.delete(id).await),
            refused(subscriptions.reauthorize(id).await),
        ];
        let rule = format!("subscription: invalid subscription id \"{id}\": expected the id that the service gave it");
        assert_eq!(messages, ["get", "update", "delete", "reauthorize"].map(|call| format!("{call} {rule}")));
    }
    anything.assert_calls_async(0).await;
}
