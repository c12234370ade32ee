//! Errors of error responses, of decoding, and of token sources.

use std::time::Duration;

use graph_presence::{Client, Error, SessionState, TokenFuture, TokenSource};
use httpmock::{MockServer, Then};
use serde_json::json;

use crate::operations;
use crate::server::{ada, always, client};

async fn set_presence_error(response: impl FnOnce(Then) -> Then) -> Error {
    let server = MockServer::start_async().await;
    always(&server, response).await;
    client(&server).user(ada()).set_presence(SessionState::InACall).send().await.unwrap_err()
}

fn odata_error(code: &str, message: &str) -> serde_json::Value {
    json!({"error": {"code": code, "message": message, "innerError": {
        "date": "2026-01-01T00:00:00", "request-id": "inner-id", "client-request-id": "c"}}})
}

#[tokio::test]
async fn forbidden_error_names_status_code_and_required_permissions() {
    let error =
        set_presence_error(|then| then.status(403).header("request-id", "r-1").json_body(odata_error("Forbidden", "")))
            .await;
    assert_eq!(
        error.to_string(),
        "set presence: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission \
         (delegated) or Presence.ReadWrite.All (application)"
    );
    assert!(error.is_forbidden() && !error.is_invalid_input() && !error.is_connection());
    assert_eq!((error.code(), error.service_message(), error.request_id()), (Some("Forbidden"), Some(""), Some("r-1")));
}

#[tokio::test]
async fn request_id_is_read_from_the_body_if_the_header_is_missing() {
    let error =
        set_presence_error(|then| then.status(400).json_body(odata_error("InvalidArgument", "[SessionId]: …"))).await;
    assert_eq!(error.request_id(), Some("inner-id"));
    assert_eq!(error.service_message(), Some("[SessionId]: …"));
    assert_eq!(error.to_string(), "set presence: request failed with 400 Bad Request (code InvalidArgument)");
}

#[tokio::test]
async fn all_spellings_of_inner_error_are_read() {
    for (inner, id) in [("innererror", "request-id"), ("innerError", "requestId"), ("innererror", "requestId")] {
        let body = json!({"error": {"code": "BadRequest", inner: {"date": "2026-01-01T00:00:00+01:00", id: "found"}}});
        let error = set_presence_error(|then| then.status(400).json_body(body)).await;
        assert_eq!((error.code(), error.request_id()), (Some("BadRequest"), Some("found")), "{inner} {id}");
    }
}

#[tokio::test]
async fn me_error_of_an_application_says_what_to_do() {
    let server = MockServer::start_async().await;
    let message = "/me request is only valid with delegated authentication flow.";
    always(&server, |then| then.status(400).json_body(odata_error("BadRequest", message))).await;
    let error = client(&server).me().get_presence().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get presence: request failed with 400 Bad Request (code BadRequest): /me requires a delegated token: an \
         application uses Client::user; personal Microsoft accounts do not have presence"
    );
}

#[tokio::test]
async fn errors_of_all_me_requests_say_what_to_do() {
    for status in [400, 401, 403, 404, 409] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(status)).await;
        let client = client(&server);
        for (is_me, user) in [(true, client.me()), (false, client.user(ada())), (false, client.communications(ada()))] {
            for (name, call) in operations::of_user(&user) {
                let message = call.await.unwrap_err().to_string();
                let names_token_kind =
                    message.contains("/me requires a delegated token: an application uses Client::user");
                let names_accounts = message.contains("; personal Microsoft accounts do not have presence");
                assert_eq!(names_token_kind, is_me && status <= 403, "{name}: {message}");
                assert_eq!(names_accounts, is_me && status == 400, "{name}: {message}");
            }
        }
    }
}

#[tokio::test]
async fn throttled_error_has_retry_after() {
    let error = set_presence_error(|then| {
        then.status(429).header("retry-after", "17").json_body(odata_error("TooManyRequests", "x"))
    })
    .await;
    assert!(error.is_throttled());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert_eq!(error.attempts(), 4);
    assert_eq!(
        error.to_string(),
        "set presence: request failed with 429 Too Many Requests (code TooManyRequests); gave up after 4 attempts"
    );
}

#[tokio::test]
async fn error_without_odata_body_has_status_and_headers() {
    let bodies = ["", "<html><body>Bad gateway</body></html>", "{\"error\":{\"cod", "null", "[]", "{\"error\":\"x\"}"];
    for body in bodies {
        for status in [401, 404, 500, 503] {
            let error = set_presence_error(|then| {
                then.status(status).header("retry-after", "3").header("request-id", "r-2").body(body)
            })
            .await;
            assert_eq!(error.status().unwrap().as_u16(), status, "{body}");
            assert_eq!((error.code(), error.request_id()), (None, Some("r-2")), "{body}");
            assert_eq!(error.retry_after(), Some(Duration::from_secs(3)), "{body}");
            assert!(!error.to_string().contains("gateway"));
        }
    }
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let other_server = MockServer::start_async().await;
    let request = always(&other_server, |then| then.status(200)).await;
    let target = other_server.url("/v1.0/me");
    let error = set_presence_error(|then| then.status(307).header("location", &target)).await;
    assert_eq!(error.to_string(), "set presence: request failed with 307 Temporary Redirect");
    request.assert_calls_async(0).await;
}

#[tokio::test]
async fn decode_error_does_not_contain_the_body() {
    let server = MockServer::start_async().await;
    for body in [
        "",
        "<html>secret</html>",
        "[]",
        "\"secret\"",
        "{\"availability\":{\"secret\":1}}",
        "{\"id\":1,\"x\":\"secret\"}",
    ] {
        let mock = always(&server, |then| then.status(200).body(body)).await;
        let error = client(&server).user(ada()).get_presence().send().await.unwrap_err();
        assert_eq!(error.to_string(), "get presence: failed to decode the response body (200 OK)", "{body}");
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        mock.delete_async().await;
    }
}

#[tokio::test]
async fn actions_accept_any_success_status_and_body() {
    for (status, body) in [(200, ""), (204, ""), (202, ""), (200, "{}"), (200, "done")] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(status).body(body)).await;
        client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap();
    }
}

#[tokio::test]
async fn html_response_to_an_action_is_a_decode_error() {
    for body in ["<html>Sign in to this network</html>", "\r\n <!DOCTYPE html>"] {
        let server = MockServer::start_async().await;
        let request = always(&server, |then| then.status(200).body(body)).await;
        let error = client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!((error.status().map(|status| status.as_u16()), request.calls_async().await), (Some(200), 1));
    }
}

#[tokio::test]
async fn token_source_error_is_the_source() {
    struct Locked;
    impl TokenSource for Locked {
        fn token(&self) -> TokenFuture<'_> {
            Box::pin(async { Err("the key ring is locked".into()) })
        }
    }
    let client = Client::builder(Locked).base_url("http://127.0.0.1:9").build().unwrap();
    let error = client.me().get_presence().send().await.unwrap_err();
    assert!(error.is_token_source());
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the key ring is locked");
}

#[test]
fn error_has_the_size_of_a_pointer() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}

#[tokio::test]
async fn is_transient_depends_on_the_status() {
    for status in [401, 408, 425, 429, 500, 501, 502, 503, 504, 507, 307] {
        assert!(set_presence_error(|then| then.status(status)).await.is_transient(), "{status}");
    }
    for status in [400, 402, 403, 404, 405, 409, 410, 422, 451] {
        assert!(!set_presence_error(|then| then.status(status)).await.is_transient(), "{status}");
    }
}

#[tokio::test]
async fn cloned_error_is_equal() {
    let error = set_presence_error(|then| {
        then.status(403).header("request-id", "r-1").json_body(odata_error("Forbidden", "x"))
    })
    .await;
    let clone = error.clone();
    assert_eq!(format!("{clone} {clone:?}"), format!("{error} {error:?}"));
    assert_eq!((clone.request_id(), clone.service_message()), (error.request_id(), error.service_message()));
}
