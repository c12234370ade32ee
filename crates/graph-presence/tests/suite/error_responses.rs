//! What goes wrong, and what the error says of it.

use std::time::Duration;

use graph_presence::{Client, Error, SessionState, TokenFuture, TokenSource};
use httpmock::{MockServer, Then};
use serde_json::json;

use crate::calls;
use crate::server::{ada, always, client};

async fn set_failing_with(answer: impl FnOnce(Then) -> Then) -> Error {
    let server = MockServer::start_async().await;
    always(&server, answer).await;
    client(&server).user(ada()).set_presence(SessionState::InACall).send().await.unwrap_err()
}

fn odata(code: &str, message: &str) -> serde_json::Value {
    json!({"error": {"code": code, "message": message, "innerError": {
        "date": "2026-01-01T00:00:00", "request-id": "inner-id", "client-request-id": "c"}}})
}

#[tokio::test]
async fn a_refusal_says_status_code_and_what_is_missing() {
    let error =
        set_failing_with(|then| then.status(403).header("request-id", "r-1").json_body(odata("Forbidden", ""))).await;
    assert_eq!(
        error.to_string(),
        "set presence: request failed with 403 Forbidden (code Forbidden): requires the Presence.ReadWrite permission \
         (delegated) or Presence.ReadWrite.All (application)"
    );
    assert!(error.is_forbidden() && !error.is_invalid_input() && !error.is_connection());
    assert_eq!((error.code(), error.service_message(), error.request_id()), (Some("Forbidden"), Some(""), Some("r-1")));
}

#[tokio::test]
async fn the_request_id_is_taken_from_the_body_where_no_header_has_it() {
    let error = set_failing_with(|then| then.status(400).json_body(odata("InvalidArgument", "[SessionId]: …"))).await;
    assert_eq!(error.request_id(), Some("inner-id"));
    assert_eq!(error.service_message(), Some("[SessionId]: …"));
    assert_eq!(error.to_string(), "set presence: request failed with 400 Bad Request (code InvalidArgument)");
}

#[tokio::test]
async fn the_spellings_of_the_inner_error_are_all_read() {
    for (inner, id) in [("innererror", "request-id"), ("innerError", "requestId"), ("innererror", "requestId")] {
        let body = json!({"error": {"code": "BadRequest", inner: {"date": "2026-01-01T00:00:00+01:00", id: "found"}}});
        let error = set_failing_with(|then| then.status(400).json_body(body)).await;
        assert_eq!((error.code(), error.request_id()), (Some("BadRequest"), Some("found")), "{inner} {id}");
    }
}

#[tokio::test]
async fn an_application_that_asks_for_itself_is_told_what_to_do() {
    let server = MockServer::start_async().await;
    let message = "/me request is only valid with delegated authentication flow.";
    always(&server, |then| then.status(400).json_body(odata("BadRequest", message))).await;
    let error = client(&server).me().get_presence().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "get presence: request failed with 400 Bad Request (code BadRequest): /me requires a delegated token: an \
         application uses Client::user; personal Microsoft accounts do not have presence"
    );
}

#[tokio::test]
async fn whoever_may_not_ask_for_themselves_is_told_so_whatever_the_call() {
    for status in [400, 401, 403, 404, 409] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(status)).await;
        let client = client(&server);
        for (own, user) in [(true, client.me()), (false, client.user(ada())), (false, client.communications(ada()))] {
            for (name, call) in calls::of_user(&user) {
                let message = call.await.unwrap_err().to_string();
                let about_applications =
                    message.contains("/me requires a delegated token: an application uses Client::user");
                let about_accounts = message.contains("; personal Microsoft accounts do not have presence");
                assert_eq!(about_applications, own && status <= 403, "{name}: {message}");
                assert_eq!(about_accounts, own && status == 400, "{name}: {message}");
            }
        }
    }
}

#[tokio::test]
async fn throttling_keeps_the_time_to_wait() {
    let error =
        set_failing_with(|then| then.status(429).header("retry-after", "17").json_body(odata("TooManyRequests", "x")))
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
async fn a_refusal_without_an_odata_body_keeps_its_status_and_headers() {
    let bodies = ["", "<html><body>Bad gateway</body></html>", "{\"error\":{\"cod", "null", "[]", "{\"error\":\"x\"}"];
    for body in bodies {
        for status in [401, 404, 500, 503] {
            let error = set_failing_with(|then| {
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
async fn a_redirect_is_not_followed_and_the_token_stays() {
    let elsewhere = MockServer::start_async().await;
    let reached = always(&elsewhere, |then| then.status(200)).await;
    let target = elsewhere.url("/v1.0/stolen");
    let error = set_failing_with(|then| then.status(307).header("location", &target)).await;
    assert_eq!(error.to_string(), "set presence: request failed with 307 Temporary Redirect");
    reached.assert_calls_async(0).await;
}

#[tokio::test]
async fn a_success_that_is_no_presence_is_an_error_that_repeats_nothing() {
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
async fn actions_accept_every_success_with_or_without_a_body() {
    for (status, body) in [(200, ""), (204, ""), (202, ""), (200, "{}"), (200, "done")] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(status).body(body)).await;
        client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap();
    }
}

#[tokio::test]
async fn a_gateways_page_is_no_success_of_an_action() {
    for body in ["<html>Sign in to this network</html>", "\r\n <!DOCTYPE html>"] {
        let server = MockServer::start_async().await;
        let asked = always(&server, |then| then.status(200).body(body)).await;
        let error = client(&server).user(ada()).set_presence(SessionState::Away).send().await.unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!((error.status().map(|status| status.as_u16()), asked.calls_async().await), (Some(200), 1));
    }
}

#[tokio::test]
async fn a_token_source_that_fails_is_the_source_of_the_error() {
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
fn an_error_is_as_small_as_a_pointer() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}

#[tokio::test]
async fn an_error_says_whether_a_later_attempt_is_likely_to_succeed() {
    for status in [401, 408, 425, 429, 500, 501, 502, 503, 504, 507, 307] {
        assert!(set_failing_with(|then| then.status(status)).await.is_transient(), "{status}");
    }
    for status in [400, 402, 403, 404, 405, 409, 410, 422, 451] {
        assert!(!set_failing_with(|then| then.status(status)).await.is_transient(), "{status}");
    }
}

#[tokio::test]
async fn a_clone_of_an_error_tells_the_same() {
    let error =
        set_failing_with(|then| then.status(403).header("request-id", "r-1").json_body(odata("Forbidden", "x"))).await;
    let clone = error.clone();
    assert_eq!(format!("{clone} {clone:?}"), format!("{error} {error:?}"));
    assert_eq!((clone.request_id(), clone.service_message()), (error.request_id(), error.service_message()));
}
