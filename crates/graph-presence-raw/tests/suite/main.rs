//! Tests of the generated client against a server on loopback.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use graph_presence_raw::{Client, Error, Exec, Execution, Inner, Operation, reqwest, types};

mod operations;
use httpmock::{HttpMockResponse, MockServer};

const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";

fn client(server: &MockServer, exec: Arc<dyn Exec>) -> Client {
    Client::new(&server.url("/v1.0"), Inner::new(exec))
}

fn session() -> types::SetPresenceRequest {
    types::SetPresenceRequest {
        session_id: "22553876-f5ab-4529-bffb-cfe50aa89f87".to_owned(),
        availability: "Busy".to_owned(),
        activity: "InACall".to_owned(),
        expiration_duration: None,
    }
}

/// Records the operations, and retries requests while the service responds with 503.
#[derive(Debug, Default)]
struct RetryingExec {
    operations: Mutex<Vec<Operation>>,
    attempts: AtomicUsize,
}

impl Exec for RetryingExec {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> Execution<'a> {
        self.operations.lock().unwrap().push(operation);
        Box::pin(async move {
            loop {
                self.attempts.fetch_add(1, Ordering::SeqCst);
                let response = client.execute(request.try_clone().unwrap()).await?;
                if response.status() != reqwest::StatusCode::SERVICE_UNAVAILABLE {
                    return Ok(response);
                }
            }
        })
    }
}

#[tokio::test]
async fn default_exec_sends_a_request_once_without_the_api_version_header() {
    let server = MockServer::start_async().await;
    let mock = server
        .mock_async(|when, then| {
            when.method("POST")
                .path(format!("/v1.0/users/{ADA}/presence/setPresence"))
                .header("content-type", "application/json")
                .header_missing("api-version")
                .header_missing("authorization");
            then.status(200);
        })
        .await;
    let client = Client::new(&server.url("/v1.0"), Inner::default());
    client.users_user_presence_set_presence(ADA, &session()).await.unwrap();
    mock.assert_calls_async(1).await;
}

#[tokio::test]
async fn exec_receives_every_operation_and_can_retry() {
    let server = MockServer::start_async().await;
    let requests = AtomicUsize::new(0);
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |_| {
                let is_unavailable = requests.fetch_add(1, Ordering::SeqCst) < 2;
                let (status, body) = if is_unavailable { (503, "<html>") } else { (200, r#"{"value":[]}"#) };
                HttpMockResponse::builder().status(status).body(body).build()
            });
        })
        .await;
    let exec = Arc::new(RetryingExec::default());
    let client = client(&server, exec.clone());
    let body = types::GetPresencesByUserIdRequest { ids: vec![ADA.to_owned()] };
    client.me_get_presence(None).await.unwrap();
    client.users_get_presence(ADA, Some("availability")).await.unwrap();
    client.communications_get_presences(ADA, None).await.unwrap();
    client.communications_get_presences_by_user_id(&body).await.unwrap();
    client.users_user_presence_set_presence(ADA, &session()).await.unwrap();
    assert_eq!(exec.attempts.load(Ordering::SeqCst), 2 + 5);
    assert_eq!(
        *exec.operations.lock().unwrap(),
        [
            Operation::MeGetPresence,
            Operation::UserGetPresence,
            Operation::CommunicationsGetPresence,
            Operation::GetPresencesByUserId,
            Operation::UserSetPresence,
        ]
    );
}

#[tokio::test]
async fn calls_can_be_spawned_as_tasks() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/v1.0/me/presence").query_param("$select", "availability,activity");
            then.status(200).body(r#"{"availability":"Busy"}"#);
        })
        .await;
    let client = client(&server, Arc::new(RetryingExec::default()));
    let task = tokio::spawn(async move { client.me_get_presence(Some("availability,activity")).await });
    assert_eq!(task.await.unwrap().unwrap().availability.as_deref(), Some("Busy"));
}

#[tokio::test]
async fn error_responses_are_decoded() {
    let server = MockServer::start_async().await;
    let body = r##"{"error":{"code":"Forbidden","message":"","innerError":{
        "@odata.type":"#x","date":"2026-01-01T00:00:00","request-id":"r","client-request-id":"c"}}}"##;
    server
        .mock_async(|when, then| {
            when.any_request();
            then.status(403).body(body);
        })
        .await;
    let client = Client::new(&server.url("/v1.0"), Inner::default());
    let Err(Error::ErrorResponse(response)) = client.me_get_presence(None).await else {
        panic!("expected an error response")
    };
    assert_eq!(response.status().as_u16(), 403);
    let error = response.into_inner().error;
    assert_eq!(error.code, "Forbidden");
    assert_eq!(error.inner_error.unwrap().date.as_deref(), Some("2026-01-01T00:00:00"));
}

#[test]
fn unknown_properties_of_a_presence_round_trip() {
    let cases = [
        "{}",
        r#"{"id":"fa8bf3dc-eca7-46b7-bad1-db199b62afc3","availability":"Busy","activity":"InACall"}"#,
        r#"{"availability":"a value that is too long to be stored inline","workLocation":{"source":"manual"}}"#,
        r#"{"@odata.context":"x","mood":{"deep":[1,2.5,null,"ü"]},"outOfOfficeSettings":{"isOutOfOffice":true}}"#,
    ];
    for case in cases {
        let presence: types::MicrosoftGraphPresence = serde_json::from_str(case).unwrap();
        let value: serde_json::Value = serde_json::from_str(case).unwrap();
        assert_eq!(serde_json::to_value(&presence).unwrap(), value, "{case}");
        assert_eq!(
            serde_json::from_value::<types::MicrosoftGraphPresence>(value).unwrap().extra,
            presence.extra,
            "{case}"
        );
    }
}

#[test]
fn invalid_presences_are_decode_errors() {
    let cases = [
        (r#"{"availability":"Busy","availability":"Away"}"#, "duplicate field `availability`"),
        (r#"{"availability":7}"#, "invalid type: integer `7`"),
        (r#"["Busy"]"#, "expected struct MicrosoftGraphPresence"),
        (r#"{"availability":"Busy""#, "EOF while parsing an object"),
    ];
    for (case, expected) in cases {
        let error = serde_json::from_str::<types::MicrosoftGraphPresence>(case).unwrap_err().to_string();
        assert!(error.contains(expected), "{case}: {error}");
    }
}
