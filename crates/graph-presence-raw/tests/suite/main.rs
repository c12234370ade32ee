//! The generated client by itself, against a real server on loopback.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

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

/// Notes which operations ask, and asks again while the service is unavailable.
#[derive(Debug, Default)]
struct Patient {
    operations: Mutex<Vec<Operation>>,
    attempts: AtomicUsize,
}

impl Exec for Patient {
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
async fn by_default_a_request_is_sent_once_and_without_the_generators_header() {
    let server = MockServer::start_async().await;
    let plain = server
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
    plain.assert_calls_async(1).await;
}

#[tokio::test]
async fn exec_carries_out_every_operation_and_may_try_again() {
    let server = MockServer::start_async().await;
    let answered = AtomicUsize::new(0);
    server
        .mock_async(|when, then| {
            when.any_request();
            then.respond_with(move |_| {
                let down = answered.fetch_add(1, Ordering::SeqCst) < 2;
                let (status, body) = if down { (503, "<html>") } else { (200, r#"{"value":[]}"#) };
                HttpMockResponse::builder().status(status).body(body).build()
            });
        })
        .await;
    let patient = Arc::new(Patient::default());
    let client = client(&server, patient.clone());
    let body = types::GetPresencesByUserIdRequest { ids: vec![ADA.to_owned()] };
    client.me_get_presence(None).await.unwrap();
    client.users_get_presence(ADA, Some("availability")).await.unwrap();
    client.communications_get_presences(ADA, None).await.unwrap();
    client.communications_get_presences_by_user_id(&body).await.unwrap();
    client.users_user_presence_set_presence(ADA, &session()).await.unwrap();
    assert_eq!(patient.attempts.load(Ordering::SeqCst), 2 + 5);
    assert_eq!(
        *patient.operations.lock().unwrap(),
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
async fn a_call_can_be_made_from_any_task() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/v1.0/me/presence").query_param("$select", "availability,activity");
            then.status(200).body(r#"{"availability":"Busy"}"#);
        })
        .await;
    let client = client(&server, Arc::new(Patient::default()));
    let task = tokio::spawn(async move { client.me_get_presence(Some("availability,activity")).await });
    assert_eq!(task.await.unwrap().unwrap().availability.as_deref(), Some("Busy"));
}

#[tokio::test]
async fn an_error_of_the_service_is_typed() {
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
    let Err(Error::ErrorResponse(answer)) = client.me_get_presence(None).await else {
        panic!("no error of the service")
    };
    assert_eq!(answer.status().as_u16(), 403);
    let error = answer.into_inner().error;
    assert_eq!(error.code, "Forbidden");
    assert_eq!(error.inner_error.unwrap().date.as_deref(), Some("2026-01-01T00:00:00"));
}

#[test]
fn a_presence_keeps_what_it_has_no_name_for_and_comes_back_as_it_was() {
    let cases = [
        "{}",
        r#"{"id":"fa8bf3dc-eca7-46b7-bad1-db199b62afc3","availability":"Busy","activity":"InACall"}"#,
        r#"{"availability":"a word far longer than any that is held in place","workLocation":{"source":"manual"}}"#,
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
fn a_presence_of_another_shape_is_refused_with_the_property() {
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
