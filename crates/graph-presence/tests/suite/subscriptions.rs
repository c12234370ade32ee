//! Subscriptions: what is sent, what is tried again, which pages are followed, and how they live.

use std::time::Duration;

use graph_presence::subscription::{NewSubscription, Subscription};
use graph_presence::{ApiVersion, Error};
use httpmock::{HttpMockResponse, MockServer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::calls;
use crate::server::{ADA, TOKEN, ada, always, builder, client, in_turn, status, users};
use crate::tenant::{BOB, NOBODY, Tenant, user};
use crate::time::VirtualClock;
use crate::wire::Wire;

fn answer(code: u16, body: &Value) -> HttpMockResponse {
    HttpMockResponse::builder().status(code).body(body.to_string()).build()
}

/// Each subscription by its id, or why there is no list.
fn ids(list: Result<Vec<Subscription>, Error>) -> Result<Vec<String>, String> {
    let why = |error: Error| match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    list.map(|all| all.into_iter().map(|one| one.id).collect()).map_err(why)
}

#[tokio::test]
async fn every_call_in_both_versions() {
    let wire = Wire::start().await;
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        for (name, call) in calls::of_client(&wire.client(version)) {
            call.await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
    }
    insta::assert_snapshot!(wire.lines());
}

#[tokio::test]
async fn a_subscription_with_all_that_it_can_have() {
    let wire = Wire::start().await;
    let wanted =
        NewSubscription::new([user(BOB), ada(), user(NOBODY), ada()], "http://localhost:8080/notifications?a=b")
            .unwrap()
            .lifecycle_notification_url("https://example.com/lifecycle")
            .unwrap()
            .client_state("known to \"both\" of us")
            .unwrap()
            .include_resource_data("TUlJQw==", "2026")
            .expires_after(Duration::from_secs(90));
    let subscriptions = wire.client(ApiVersion::V1).subscriptions();
    subscriptions.create(wanted.clone()).await.unwrap();
    subscriptions.create(wanted).await.unwrap();
    let lines = wire.lines();
    let (first, second) = lines.trim_end().split_once('\n').unwrap();
    assert_eq!(first, second);
    insta::assert_snapshot!(first);
}

#[tokio::test]
async fn every_request_can_be_sent_again_and_awaited() {
    let wire = Wire::start().await;
    let subscriptions = wire.client(ApiVersion::V1).subscriptions();
    let id = String::from("s-1");
    let list = subscriptions.list();
    let get = subscriptions.get("s-1");
    let create = subscriptions.create(calls::subscription([ada()]));
    let renew = subscriptions.renew(id.clone(), Duration::from_mins(5));
    let delete = subscriptions.delete(&id);
    let reauthorize = subscriptions.reauthorize("s-1");
    assert_eq!(wire.log(), "");
    list.clone().send().await.unwrap();
    get.clone().send().await.unwrap();
    create.clone().send().await.unwrap();
    renew.clone().send().await.unwrap();
    delete.clone().send().await.unwrap();
    reauthorize.clone().send().await.unwrap();
    let sent = wire.log();
    list.await.unwrap();
    get.await.unwrap();
    create.await.unwrap();
    renew.await.unwrap();
    delete.await.unwrap();
    reauthorize.await.unwrap();
    assert_eq!(wire.log(), format!("{sent}{sent}"));
    assert_eq!(wire.lines().lines().count(), 12);
}

#[tokio::test]
async fn an_id_is_one_segment_of_the_path() {
    let wire = Wire::start().await;
    let subscriptions = wire.client(ApiVersion::V1).subscriptions();
    for id in ["7f105c7d-2dc5-4530-97cd-4e7ae6534c07", "a/b?c#d", "50%25"] {
        subscriptions.delete(id).await.unwrap();
    }
    insta::assert_snapshot!(wire.lines(), @r"
    DELETE /v1.0/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07
    DELETE /v1.0/subscriptions/a%2Fb%3Fc%23d
    DELETE /v1.0/subscriptions/50%2525
    ");
}

#[tokio::test]
async fn creating_is_tried_again_only_where_the_service_cannot_have_acted() {
    let cases = [(408, 1), (429, 3), (500, 1), (502, 1), (503, 1), (504, 1)];
    for (code, calls) in cases {
        let server = MockServer::start_async().await;
        let mock = in_turn(&server, vec![status(code), status(code), answer(201, &json!({"id": "s-1"}))]).await;
        let created = client(&server).subscriptions().create(calls::subscription([ada()])).await;
        match created {
            Ok(created) => assert_eq!((code, created.id.as_str()), (429, "s-1")),
            Err(error) => assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (code, 1)),
        }
        mock.assert_calls_async(calls).await;
    }
}

#[tokio::test]
async fn all_other_calls_are_tried_again() {
    for code in [408, 429, 500, 502, 503, 504] {
        for number in 0..calls::of_client(&builder("http://127.0.0.1:1").build().unwrap()).len() {
            let server = MockServer::start_async().await;
            let mock = in_turn(&server, vec![status(code), answer(200, &json!({"value": []}))]).await;
            let (name, call) = calls::of_client(&client(&server)).swap_remove(number);
            let (done, once) = (call.await, name == "create subscription" && code != 429);
            assert_eq!(done.is_err(), once, "{name} {code}: {done:?}");
            mock.assert_calls_async(if once { 1 } else { 2 }).await;
        }
    }
}

#[tokio::test]
async fn creating_over_a_connection_that_breaks_is_not_tried_again() {
    for half in ["", "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = builder(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8192];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(half.as_bytes()).await.unwrap();
            drop(stream);
            listener
        });
        let error = client.subscriptions().create(calls::subscription([ada()])).await.unwrap_err();
        assert!(error.is_connection());
        assert_eq!(error.attempts(), 1);
        assert_eq!(error.to_string(), "create subscription: connection failed");
        let listener = server.await.unwrap();
        let again = std::future::poll_fn(|context| std::task::Poll::Ready(listener.poll_accept(context).is_ready()));
        assert!(!again.await, "the client came again");
    }
}

#[tokio::test]
async fn creating_where_nobody_listens_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = builder(url).build().unwrap();
    let error = client.subscriptions().create(calls::subscription([ada()])).await.unwrap_err();
    assert!(error.is_connection());
    assert_eq!(error.attempts(), 4);
}

#[tokio::test]
async fn all_pages_are_read_and_other_resources_left_out() {
    let server = MockServer::start_async().await;
    let page = |resources: &[(&str, &str)], next: Option<&str>| {
        let value: Vec<_> = resources.iter().map(|(id, resource)| json!({"id": id, "resource": resource})).collect();
        let link = next.map(|path| server.url(path));
        answer(200, &json!({"value": value, "@odata.nextLink": link}))
    };
    let filter = format!("/communications/presences?$filter=id in ('{ADA}')");
    let pages = vec![
        page(
            &[("1", &format!("communications/presences/{ADA}")), ("mail", "me/messages")],
            Some("/v1.0/subscriptions?$skiptoken=a%2Bb"),
        ),
        page(&[], Some("/elsewhere?x=1&y=%C3%A4")),
        status(503),
        page(
            &[("2", &filter), ("3", "Communications/Presences('x')"), ("calls", "communications/onlineMeetings/1")],
            None,
        ),
    ];
    let mock = in_turn(&server, pages).await;
    let log = client(&server).subscriptions().list().await;
    assert_eq!(ids(log).unwrap(), ["1", "2", "3"]);
    mock.assert_calls_async(4).await;
}

#[tokio::test]
async fn the_token_goes_along_to_the_next_page() {
    let server = MockServer::start_async().await;
    let page = |path: &'static str, body: Value| {
        server.mock_async(move |when, then| {
            when.path(path).header("authorization", format!("Bearer {TOKEN}"));
            then.status(200).json_body(body);
        })
    };
    let next = server.url("/p2?$skiptoken=a%2Bb");
    let first = page("/v1.0/subscriptions", json!({"value": [], "@odata.nextLink": next})).await;
    let second = page("/p2", json!({"value": [], "@odata.nextLink": null})).await;
    assert_eq!(ids(client(&server).subscriptions().list().await).unwrap(), [""; 0]);
    first.assert_calls_async(1).await;
    second.assert_calls_async(1).await;
}

#[tokio::test]
async fn a_next_page_elsewhere_is_not_asked_for() {
    let elsewhere = MockServer::start_async().await;
    let reached = always(&elsewhere, |then| then.status(200).json_body(json!({"value": []}))).await;
    let server = MockServer::start_async().await;
    let host = server.address();
    let links = [
        elsewhere.url("/v1.0/subscriptions?$skiptoken=x"),
        format!("https://{host}/v1.0/subscriptions"),
        format!("http://localhost:{}/v1.0/subscriptions", host.port()),
        format!("http://{host}@{}/v1.0/subscriptions", elsewhere.address()),
        format!("//{host}/v1.0/subscriptions"),
        "/v1.0/subscriptions?$skiptoken=x".to_owned(),
        "file:///etc/passwd".to_owned(),
        "no link".to_owned(),
        String::new(),
    ];
    for link in links {
        let first =
            always(&server, |then| then.status(200).json_body(json!({"value": [], "@odata.nextLink": link}))).await;
        let error = ids(client(&server).subscriptions().list().await).unwrap_err();
        let expected = "list subscriptions: failed to decode the response body (200 OK): a next \
                        page that is at another place";
        assert_eq!(error, expected, "{link}");
        first.assert_calls_async(1).await;
        first.delete_async().await;
    }
    reached.assert_calls_async(0).await;
}

#[tokio::test]
async fn a_next_page_that_fails_or_is_no_page_fails_the_list() {
    let cases = [
        (
            answer(403, &json!({"error": {"code": "Forbidden"}})),
            "list subscriptions: request failed with 403 Forbidden (code Forbidden): requires the Presence.Read.All permission (delegated only)",
        ),
        (
            HttpMockResponse::builder().status(200).body("<html>").build(),
            "list subscriptions: failed to decode the response body (200 OK): a page of markup",
        ),
        (
            HttpMockResponse::builder().status(307).header("location", "http://127.0.0.1:1/").build(),
            "list subscriptions: request failed with 307 Temporary Redirect",
        ),
    ];
    for (second, expected) in cases {
        let server = MockServer::start_async().await;
        let first = answer(200, &json!({"value": [], "@odata.nextLink": server.url("/p2")}));
        in_turn(&server, vec![first, second]).await;
        assert_eq!(ids(client(&server).subscriptions().list().await).unwrap_err(), expected);
    }
}

#[tokio::test]
async fn null_and_missing_properties_are_nothing() {
    let nulls = json!({
        "id": "s-1", "resource": null, "expirationDateTime": null, "notificationUrl": null,
        "lifecycleNotificationUrl": null, "clientState": null, "includeResourceData": null,
    });
    for body in [nulls, json!({"id": "s-1", "new": {"a": [1]}})] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(200).json_body(body)).await;
        let read = client(&server).subscriptions().get("s-1").await.unwrap();
        assert_eq!((read.id.as_str(), read.resource.as_str(), read.expires_at), ("s-1", "", None));
        assert_eq!((read.notification_url, read.lifecycle_notification_url, read.client_state), (None, None, None));
        assert!(!read.includes_resource_data);
    }
}

#[tokio::test]
async fn a_whole_subscription_is_read() {
    let server = MockServer::start_async().await;
    let body = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#subscriptions/$entity",
        "id": "s-1",
        "resource": format!("/communications/presences/{ADA}"),
        "changeType": "updated",
        "clientState": "secret",
        "notificationUrl": "https://example.com/n",
        "lifecycleNotificationUrl": "https://example.com/l",
        "expirationDateTime": "2026-11-20T13:00:00.9356913+01:00",
        "includeResourceData": true,
        "latestSupportedTlsVersion": "v1_2",
    });
    always(&server, |then| then.status(200).json_body(body)).await;
    let read = client(&server).subscriptions().get("s-1").await.unwrap();
    assert_eq!(read.resource, format!("/communications/presences/{ADA}"));
    assert_eq!(read.expires_at, Some("2026-11-20T12:00:00.9356913Z".parse().unwrap()));
    assert_eq!(read.notification_url.as_deref(), Some("https://example.com/n"));
    assert_eq!(read.lifecycle_notification_url.as_deref(), Some("https://example.com/l"));
    assert_eq!(read.client_state.as_deref(), Some("secret"));
    assert!(read.includes_resource_data);
}

#[tokio::test]
async fn a_subscription_lives_as_long_as_it_is_renewed() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let created = subscriptions.create(calls::subscription([user(BOB), user(NOBODY)])).await.unwrap();
    let start = VirtualClock::start();
    assert_eq!(created.expires_at, Some(start + Duration::from_mins(60)));
    assert_eq!(created.resource, format!("communications/presences?$filter=id in ('{NOBODY}','{BOB}')"));
    assert_eq!(subscriptions.get(&created.id).await.unwrap(), created);
    assert_eq!(subscriptions.list().await.unwrap(), std::slice::from_ref(&created));
    subscriptions.reauthorize(&created.id).await.unwrap();

    tenant.clock.advance(Duration::from_mins(59));
    let renewed = subscriptions.renew(&created.id, Duration::from_mins(60)).await.unwrap();
    assert_eq!(renewed.expires_at, Some(start + Duration::from_mins(119)));
    tenant.clock.advance(Duration::from_mins(59));
    assert_eq!(subscriptions.get(&created.id).await.unwrap(), renewed);
    tenant.clock.advance(Duration::from_mins(1));
    let gone = subscriptions.renew(&created.id, Duration::from_mins(60)).await.unwrap_err();
    assert!(gone.is_not_found());
    assert_eq!(ids(subscriptions.list().await).unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_instant_has_the_seven_fractional_digits_that_the_service_knows() {
    let wire = Wire::start().await;
    let clock = VirtualClock::default();
    let subscriptions = wire.builder().clock(clock.clone()).build().unwrap().subscriptions();
    let minute = Duration::from_mins(1);
    for nanoseconds in [0, 123_456_789, 250_000_010, 99] {
        clock.advance(Duration::from_nanos(nanoseconds));
        subscriptions.create(calls::subscription([ada()]).expires_after(minute)).await.unwrap();
        subscriptions.renew("s-1", minute + Duration::from_nanos(1)).await.unwrap();
    }
    let lines = wire.lines();
    let ends = lines.split("\"expirationDateTime\":").skip(1).filter_map(|rest| rest.split('"').nth(1));
    insta::assert_snapshot!(ends.collect::<Vec<_>>().join("\n"), @r"
    2026-11-20T12:01:00Z
    2026-11-20T12:01:00Z
    2026-11-20T12:01:00.1234567Z
    2026-11-20T12:01:00.1234567Z
    2026-11-20T12:01:00.3734567Z
    2026-11-20T12:01:00.3734568Z
    2026-11-20T12:01:00.3734568Z
    2026-11-20T12:01:00.3734568Z
    ");
}

#[tokio::test]
async fn the_service_may_grant_another_time_than_was_asked_for() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let wanted = calls::subscription([user(BOB)]).expires_after(Duration::from_mins(5));
    let created = subscriptions.create(wanted).await.unwrap();
    assert_eq!(created.expires_at, Some(VirtualClock::start() + Duration::from_mins(45)));
}

#[tokio::test]
async fn a_user_is_in_one_subscription_only() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let wanted = calls::subscription([user(BOB)]);
    let created = subscriptions.create(wanted.clone()).await.unwrap();
    let error = subscriptions.create(wanted.clone()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 409);
    assert_eq!(error.to_string(), "create subscription: request failed with 409 Conflict (code ExtensionError)");
    subscriptions.delete(&created.id).await.unwrap();
    subscriptions.create(wanted).await.unwrap();
}

#[tokio::test]
async fn of_a_subscription_that_is_gone_nothing_can_be_had() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let id = subscriptions.create(calls::subscription([user(BOB)])).await.unwrap().id;
    subscriptions.delete(&id).await.unwrap();
    let errors = [
        subscriptions.get(&id).await.map(drop),
        subscriptions.renew(&id, Duration::from_mins(5)).await.map(drop),
        subscriptions.delete(&id).await,
        subscriptions.reauthorize(&id).await,
    ]
    .map(Result::unwrap_err);
    assert!(errors.iter().all(Error::is_not_found));
    insta::assert_snapshot!(errors.map(|error| error.to_string()).join("\n"), @"
    get subscription: request failed with 404 Not Found (code NotFound)
    update subscription: request failed with 404 Not Found (code NotFound)
    delete subscription: request failed with 404 Not Found (code NotFound)
    reauthorize subscription: request failed with 404 Not Found (code NotFound)
    ");
}

#[tokio::test]
async fn six_hundred_and_fifty_users_fit_into_one() {
    let tenant = Tenant::start().await;
    let created = tenant.ada().subscriptions().create(calls::subscription(users(650))).await.unwrap();
    assert_eq!(created.resource.matches('\'').count(), 1300);
}

#[tokio::test]
async fn a_list_that_leads_in_a_circle_ends() {
    let server = MockServer::start_async().await;
    let circle = json!({"value": [], "@odata.nextLink": server.url("/v1.0/subscriptions?$skiptoken=x")});
    let mock = always(&server, |then| then.status(200).json_body(circle)).await;
    let error = client(&server).subscriptions().list().await.unwrap_err();
    assert!(error.is_decode());
    mock.assert_calls_async(3).await;
}
