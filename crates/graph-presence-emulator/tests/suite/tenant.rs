//! The fixture of most tests: an emulator with a stepped clock, two users and an application.

use std::time::Duration;

use graph_presence_emulator::{Builder, Caller, Emulator, Guid, SteppedClock};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const ADA: &str = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
pub(crate) const BOB: &str = "66825e03-7ef5-42da-9069-724602c31f6b";
pub(crate) const UNKNOWN_USER: &str = "dc74d9bb-6afe-433d-8eaa-e39d80d3a647";
pub(crate) const APP: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";
pub(crate) const OTHER_APP: &str = "7ab87f1f-0cd5-4d8a-b9f2-9c4b6d8f4c11";

pub(crate) const ACTIONS: [&str; 9] = [
    "setPresence",
    "clearPresence",
    "setUserPreferredPresence",
    "clearUserPreferredPresence",
    "setStatusMessage",
    "setManualLocation",
    "setAutomaticLocation",
    "clearLocation",
    "clearAutomaticLocation",
];

/// Paths that many tests use. The two actions set Ada's presence.
pub(crate) const SET_PRESENCE: &str = "/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/setPresence";
pub(crate) const SET_STATUS_MESSAGE: &str =
    "/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/setStatusMessage";
pub(crate) const GET_PRESENCES: &str = "/v1.0/communications/getPresencesByUserId";

pub(crate) fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

pub(crate) fn pair(availability: &str, activity: &str) -> [String; 2] {
    [availability.to_owned(), activity.to_owned()]
}

pub(crate) struct Tenant {
    pub(crate) emulator: Emulator,
    pub(crate) clock: SteppedClock,
    /// Ada's access token.
    pub(crate) ada: String,
    /// Bob's access token.
    pub(crate) bob: String,
    /// The application's access token.
    pub(crate) app: String,
    http: Client,
}

pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Returns the status, code and message of an error response.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let body = self.json();
        let text = |name| body["error"][name].as_str().unwrap().to_owned();
        (self.status.as_u16(), text("code"), text("message"))
    }
}

impl Tenant {
    pub(crate) async fn new() -> Self {
        Self::starting_at("2026-01-01T09:00:00Z").await
    }

    pub(crate) async fn starting_at(start: &str) -> Self {
        Self::with_builder(start, |builder| builder).await
    }

    pub(crate) async fn with_builder(start: &str, configure: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = SteppedClock::new(start.parse().unwrap());
        let emulator = configure(Emulator::builder().clock(clock.clone())).start().await.unwrap();
        Self {
            ada: emulator.token(Caller::user(guid(ADA))),
            bob: emulator.token(Caller::user(guid(BOB))),
            app: emulator.token(Caller::application(guid(APP))),
            http: Client::builder().no_proxy().build().unwrap(),
            emulator,
            clock,
        }
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{path}", self.emulator.url());
        let mut request = self.http.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Response {
            status: response.status(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Response {
        let authorization = format!("Bearer {token}");
        self.send("GET", path, &[("authorization", &authorization)], vec![]).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Response {
        self.call("POST", token, path, body).await
    }

    pub(crate) async fn call(&self, method: &str, token: &str, path: &str, body: &Value) -> Response {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), (CONTENT_TYPE.as_str(), "application/json")];
        self.send(method, path, &headers, body.to_string().into_bytes()).await
    }

    /// Posts an action to Ada's own presence and expects it to succeed.
    pub(crate) async fn post_action(&self, action: &str, body: &Value) {
        let response = self.post(&self.ada, &format!("/v1.0/me/presence/{action}"), body).await;
        assert!(response.status.is_success(), "{action} {body}: {}", response.status);
    }

    /// Sets a session in Ada's presence as the application.
    pub(crate) async fn set_session(
        &self,
        session: &str,
        availability: &str,
        activity: &str,
        expiration: Option<&str>,
    ) {
        let body = json!({
            "sessionId": session,
            "availability": availability,
            "activity": activity,
            "expirationDuration": expiration,
        });
        let response = self.post(&self.app, SET_PRESENCE, &body).await;
        assert_eq!(response.status, 200, "{body}");
    }

    /// Returns one property of Ada's presence, read with her own token.
    pub(crate) async fn ada_property(&self, property: &str) -> Value {
        self.get(&self.ada, "/v1.0/me/presence").await.json()[property].take()
    }

    /// Returns Ada's availability and activity.
    pub(crate) async fn ada_state(&self) -> [String; 2] {
        let presence = self.get(&self.ada, "/v1.0/me/presence").await.json();
        pair(presence["availability"].as_str().unwrap(), presence["activity"].as_str().unwrap())
    }

    pub(crate) fn advance(&self, minutes: u64, seconds: u64) {
        self.clock.advance(Duration::from_secs(minutes * 60 + seconds));
    }
}
