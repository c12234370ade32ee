//! Subscriptions: requests, retries, paging, and lifecycle.

use std::time::Duration;

use graph_presence::subscription::{NewSubscription, Subscription};
use graph_presence::{ApiVersion, Error};
use httpmock::{HttpMockResponse, MockServer};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::operations;
use crate::recording_server::RecordingServer;
use crate::server::{ADA, TOKEN, ada, always, builder, client, in_turn, status, users};
use crate::tenant::{BOB, Tenant, UNKNOWN_USER, user};
use crate::virtual_clock::VirtualClock;

fn json_response(code: u16, body: &Value) -> HttpMockResponse {
    HttpMockResponse::builder().status(code).body(body.to_string()).build()
}

/// Returns the ids of the subscriptions, or the error with its source.
fn subscription_ids(list: Result<Vec<Subscription>, Error>) -> Result<Vec<String>, String> {
    let message = |error: Error| match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    list.map(|all| all.into_iter().map(|subscription| subscription.id).collect()).map_err(message)
}

#[tokio::test]
async fn all_operations_in_both_versions() {
    let server = RecordingServer::start().await;
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        for (name, call) in operations::of_client(&server.client(version)) {
            call.await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        }
    }
    insta::assert_snapshot!(server.lines());
}

#[tokio::test]
async fn create_subscription_with_all_properties() {
    let server = RecordingServer::start().await;
    let new =
        NewSubscription::new([user(BOB), ada(), user(UNKNOWN_USER), ada()], "http://localhost:8080/notifications?a=b")
            .unwrap()
            .lifecycle_notification_url("https://example.com/lifecycle")
            .unwrap()
            .client_state("client \"state\"")
            .unwrap()
            .include_resource_data("TUlJQw==", "2026")
            .expires_after(Duration::from_secs(90));
    let subscriptions = server.client(ApiVersion::V1).subscriptions();
    subscriptions.create(new.clone()).await.unwrap();
    subscriptions.create(new).await.unwrap();
    let lines = server.lines();
    let (first, second) = lines.trim_end().split_once('\n').unwrap();
    assert_eq!(first, second);
    insta::assert_snapshot!(first);
}

#[tokio::test]
async fn requests_can_be_cloned_sent_and_awaited() {
    let server = RecordingServer::start().await;
    let subscriptions = server.client(ApiVersion::V1).subscriptions();
    let id = String::from("s-1");
    let list = subscriptions.list();
    let get = subscriptions.get("s-1");
    let create = subscriptions.create(operations::new_subscription([ada()]));
    let renew = subscriptions.renew(id.clone(), Duration::from_mins(5));
    let delete = subscriptions.delete(&id);
    let reauthorize = subscriptions.reauthorize("s-1");
    assert_eq!(server.log(), "");
    list.clone().send().await.unwrap();
    get.clone().send().await.unwrap();
    create.clone().send().await.unwrap();
    renew.clone().send().await.unwrap();
    delete.clone().send().await.unwrap();
    reauthorize.clone().send().await.unwrap();
    let sent = server.log();
    list.await.unwrap();
    get.await.unwrap();
    create.await.unwrap();
    renew.await.unwrap();
    delete.await.unwrap();
    reauthorize.await.unwrap();
    assert_eq!(server.log(), format!("{sent}{sent}"));
    assert_eq!(server.lines().lines().count(), 12);
}

#[tokio::test]
async fn id_is_percent_encoded_as_one_path_segment() {
    let server = RecordingServer::start().await;
    let subscriptions = server.client(ApiVersion::V1).subscriptions();
    for id in ["7f105c7d-2dc5-4530-97cd-4e7ae6534c07", "a/b?c#d", "50%25"] {
        subscriptions.delete(id).await.unwrap();
    }
    insta::assert_snapshot!(server.lines(), @r"
    DELETE /v1.0/subscriptions/7f105c7d-2dc5-4530-97cd-4e7ae6534c07
    DELETE /v1.0/subscriptions/a%2Fb%3Fc%23d
    DELETE /v1.0/subscriptions/50%2525
    ");
}

#[tokio::test]
async fn create_is_retried_only_if_the_service_did_not_process_it() {
    let cases = [(408, 1), (429, 3), (500, 1), (502, 1), (503, 1), (504, 1)];
    for (code, calls) in cases {
        let server = MockServer::start_async().await;
        let mock = in_turn(&server, vec![status(code), status(code), json_response(201, &json!({"id": "s-1"}))]).await;
        let created = client(&server).subscriptions().create(operations::new_subscription([ada()])).await;
        match created {
            Ok(created) => assert_eq!((code, created.id.as_str()), (429, "s-1")),
            Err(error) => assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (code, 1)),
        }
        mock.assert_calls_async(calls).await;
    }
}

#[tokio::test]
async fn other_operations_are_retried() {
    for code in [408, 429, 500, 502, 503, 504] {
        for number in 0..operations::of_client(&builder("http://127.0.0.1:1").build().unwrap()).len() {
            let server = MockServer::start_async().await;
            let mock = in_turn(&server, vec![status(code), json_response(200, &json!({"value": []}))]).await;
            let (name, call) = operations::of_client(&client(&server)).swap_remove(number);
            let (result, is_final) = (call.await, name == "create subscription" && code != 429);
            assert_eq!(result.is_err(), is_final, "{name} {code}: {result:?}");
            mock.assert_calls_async(if is_final { 1 } else { 2 }).await;
        }
    }
}

#[tokio::test]
async fn create_is_not_retried_after_a_broken_connection() {
    for incomplete in ["", "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = builder(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 8192];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(incomplete.as_bytes()).await.unwrap();
            drop(stream);
            listener
        });
        let error = client.subscriptions().create(operations::new_subscription([ada()])).await.unwrap_err();
        assert!(error.is_connection());
        assert_eq!(error.attempts(), 1);
        assert_eq!(error.to_string(), "create subscription: connection failed");
        let listener = server.await.unwrap();
        let reconnected =
            std::future::poll_fn(|context| std::task::Poll::Ready(listener.poll_accept(context).is_ready()));
        assert!(!reconnected.await, "the client opened a second connection");
    }
}

#[tokio::test]
async fn create_is_retried_if_the_connection_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = builder(url).build().unwrap();
    let error = client.subscriptions().create(operations::new_subscription([ada()])).await.unwrap_err();
    assert!(error.is_connection());
    assert_eq!(error.attempts(), 4);
}

#[tokio::test]
async fn list_reads_all_pages_and_omits_other_resources() {
    let server = MockServer::start_async().await;
    let page = |resources: &[(&str, &str)], next: Option<&str>| {
        let value: Vec<_> = resources.iter().map(|(id, resource)| json!({"id": id, "resource": resource})).collect();
        let link = next.map(|path| server.url(path));
        json_response(200, &json!({"value": value, "@odata.nextLink": link}))
    };
    let filter = format!("/communications/presences?$filter=id in ('{ADA}')");
    let pages = vec![
        page(
            &[("1", &format!("communications/presences/{ADA}")), ("mail", "me/messages")],
            Some("/v1.0/subscriptions?$skiptoken=a%2Bb"),
        ),
        page(&[], Some("/other?x=1&y=%C3%A4")),
        status(503),
        page(
            &[("2", &filter), ("3", "Communications/Presences('x')"), ("calls", "communications/onlineMeetings/1")],
            None,
        ),
    ];
    let mock = in_turn(&server, pages).await;
    let list = client(&server).subscriptions().list().await;
    assert_eq!(subscription_ids(list).unwrap(), ["1", "2", "3"]);
    mock.assert_calls_async(4).await;
}

#[tokio::test]
async fn token_is_sent_to_the_next_page() {
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
    assert_eq!(subscription_ids(client(&server).subscriptions().list().await).unwrap(), [""; 0]);
    first.assert_calls_async(1).await;
    second.assert_calls_async(1).await;
}

#[tokio::test]
async fn next_link_to_another_origin_is_not_followed() {
    let other_server = MockServer::start_async().await;
    let request = always(&other_server, |then| then.status(200).json_body(json!({"value": []}))).await;
    let server = MockServer::start_async().await;
    let host = server.address();
    let links = [
        other_server.url("/v1.0/subscriptions?$skiptoken=x"),
        format!("https://{host}/v1.0/subscriptions"),
        format!("http://localhost:{}/v1.0/subscriptions", host.port()),
        format!("http://{host}@{}/v1.0/subscriptions", other_server.address()),
        format!("//{host}/v1.0/subscriptions"),
        "/v1.0/subscriptions?$skiptoken=x".to_owned(),
        "file:///etc/passwd".to_owned(),
        "not a URL".to_owned(),
        String::new(),
    ];
    for link in links {
        let first =
            always(&server, |then| then.status(200).json_body(json!({"value": [], "@odata.nextLink": link}))).await;
        let error = subscription_ids(client(&server).subscriptions().list().await).unwrap_err();
        let expected = "list subscriptions: failed to decode the response body (200 OK): invalid @odata.nextLink: \
                        expected the origin of the base URL";
        assert_eq!(error, expected, "{link}");
        first.assert_calls_async(1).await;
        first.delete_async().await;
    }
    request.assert_calls_async(0).await;
}

#[tokio::test]
async fn error_of_a_page_is_the_error_of_the_list() {
    let cases = [
        (
            json_response(403, &json!({"error": {"code": "Forbidden"}})),
            "list subscriptions: request failed with 403 Forbidden (code Forbidden): requires the Presence.Read.All permission (delegated only)",
        ),
        (
            HttpMockResponse::builder().status(200).body("<html>").build(),
            "list subscriptions: failed to decode the response body (200 OK): expected JSON, got HTML or XML",
        ),
        (
            HttpMockResponse::builder().status(307).header("location", "http://127.0.0.1:1/").build(),
            "list subscriptions: request failed with 307 Temporary Redirect",
        ),
    ];
    for (second, expected) in cases {
        let server = MockServer::start_async().await;
        let first = json_response(200, &json!({"value": [], "@odata.nextLink": server.url("/p2")}));
        in_turn(&server, vec![first, second]).await;
        assert_eq!(subscription_ids(client(&server).subscriptions().list().await).unwrap_err(), expected);
    }
}

#[tokio::test]
async fn null_and_missing_properties_are_none() {
    let nulls = json!({
        "id": "s-1", "resource": null, "expirationDateTime": null, "notificationUrl": null,
        "lifecycleNotificationUrl": null, "clientState": null, "includeResourceData": null,
    });
    for body in [nulls, json!({"id": "s-1", "new": {"a": [1]}})] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(200).json_body(body)).await;
        let subscription = client(&server).subscriptions().get("s-1").await.unwrap();
        assert_eq!(
            (subscription.id.as_str(), subscription.resource.as_str(), subscription.expires_at),
            ("s-1", "", None)
        );
        assert_eq!(
            (subscription.notification_url, subscription.lifecycle_notification_url, subscription.client_state),
            (None, None, None)
        );
        assert!(!subscription.includes_resource_data);
    }
}

#[tokio::test]
async fn complete_subscription_is_decoded() {
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
    let subscription = client(&server).subscriptions().get("s-1").await.unwrap();
    assert_eq!(subscription.resource, format!("/communications/presences/{ADA}"));
    assert_eq!(subscription.expires_at, Some("2026-11-20T12:00:00.9356913Z".parse().unwrap()));
    assert_eq!(subscription.notification_url.as_deref(), Some("https://example.com/n"));
    assert_eq!(subscription.lifecycle_notification_url.as_deref(), Some("https://example.com/l"));
    assert_eq!(subscription.client_state.as_deref(), Some("secret"));
    assert!(subscription.includes_resource_data);
}

#[tokio::test]
async fn subscription_exists_until_it_expires() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let created = subscriptions.create(operations::new_subscription([user(BOB), user(UNKNOWN_USER)])).await.unwrap();
    let start = VirtualClock::start();
    assert_eq!(created.expires_at, Some(start + Duration::from_mins(60)));
    assert_eq!(created.resource, format!("communications/presences?$filter=id in ('{UNKNOWN_USER}','{BOB}')"));
    assert_eq!(subscriptions.get(&created.id).await.unwrap(), created);
    assert_eq!(subscriptions.list().await.unwrap(), std::slice::from_ref(&created));
    subscriptions.reauthorize(&created.id).await.unwrap();

    tenant.clock.advance(Duration::from_mins(59));
    let renewed = subscriptions.renew(&created.id, Duration::from_mins(60)).await.unwrap();
    assert_eq!(renewed.expires_at, Some(start + Duration::from_mins(119)));
    tenant.clock.advance(Duration::from_mins(59));
    assert_eq!(subscriptions.get(&created.id).await.unwrap(), renewed);
    tenant.clock.advance(Duration::from_mins(1));
    let error = subscriptions.renew(&created.id, Duration::from_mins(60)).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(subscription_ids(subscriptions.list().await).unwrap(), [""; 0]);
}

#[tokio::test]
async fn expiration_is_truncated_to_seven_fractional_digits() {
    let server = RecordingServer::start().await;
    let clock = VirtualClock::default();
    let subscriptions = server.builder().clock(clock.clone()).build().unwrap().subscriptions();
    let minute = Duration::from_mins(1);
    for nanoseconds in [0, 123_456_789, 250_000_010, 99] {
        clock.advance(Duration::from_nanos(nanoseconds));
        subscriptions.create(operations::new_subscription([ada()]).expires_after(minute)).await.unwrap();
        subscriptions.renew("s-1", minute + Duration::from_nanos(1)).await.unwrap();
    }
    let lines = server.lines();
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
async fn service_may_grant_a_different_lifetime() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let new = operations::new_subscription([user(BOB)]).expires_after(Duration::from_mins(5));
    let created = subscriptions.create(new).await.unwrap();
    assert_eq!(created.expires_at, Some(VirtualClock::start() + Duration::from_mins(45)));
}

#[tokio::test]
async fn second_subscription_for_a_user_is_rejected() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let new = operations::new_subscription([user(BOB)]);
    let created = subscriptions.create(new.clone()).await.unwrap();
    let error = subscriptions.create(new.clone()).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 409);
    assert_eq!(error.to_string(), "create subscription: request failed with 409 Conflict (code ExtensionError)");
    subscriptions.delete(&created.id).await.unwrap();
    subscriptions.create(new).await.unwrap();
}

#[tokio::test]
async fn deleted_subscription_is_not_found() {
    let tenant = Tenant::start().await;
    let subscriptions = tenant.ada().subscriptions();
    let id = subscriptions.create(operations::new_subscription([user(BOB)])).await.unwrap().id;
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
async fn subscription_can_have_650_users() {
    let tenant = Tenant::start().await;
    let created = tenant.ada().subscriptions().create(operations::new_subscription(users(650))).await.unwrap();
    assert_eq!(created.resource.matches('\'').count(), 1300);
}

#[tokio::test]
async fn circular_next_links_are_a_decode_error() {
    let server = MockServer::start_async().await;
    let page = json!({"value": [], "@odata.nextLink": server.url("/v1.0/subscriptions?$skiptoken=x")});
    let mock = always(&server, |then| then.status(200).json_body(page)).await;
    let error = client(&server).subscriptions().list().await.unwrap_err();
    assert!(error.is_decode());
    mock.assert_calls_async(3).await;
}
