//! OAuth token endpoints, tenants, and foreign tokens.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use graph_presence_emulator::Caller;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, OTHER_APP, Response, SET_PRESENCE, Tenant, UNKNOWN_USER, guid};

const FABRIKAM: &str = "b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b";
const DEVICE_CODE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const DEFAULT_SCOPE: &str = "https://graph.microsoft.com/.default";

impl Tenant {
    async fn post_form(&self, tenant: &str, endpoint: &str, parameters: &[(&str, &str)]) -> Response {
        self.post_form_with(tenant, endpoint, parameters, &[]).await
    }

    async fn post_form_with(
        &self,
        tenant: &str,
        endpoint: &str,
        parameters: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Response {
        let body: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}={}", value.replace('+', "%2B"))).collect();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send("POST", &format!("/{tenant}/oauth2/v2.0/{endpoint}"), &all, body.join("&").into_bytes()).await
    }

    fn id(&self) -> String {
        self.emulator.tenant_id().to_string()
    }

    /// Starts a device code flow. Returns the user code and the parameters to poll with.
    async fn request_device_code(&self, scope: &str) -> (String, Vec<(String, String)>) {
        let codes = self.post_form("organizations", "devicecode", &[("client_id", APP), ("scope", scope)]).await.json();
        let text = |name: &str| codes[name].as_str().unwrap().to_owned();
        let poll = [("grant_type", DEVICE_CODE_GRANT), ("client_id", APP)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        (text("user_code"), poll.into_iter().chain([("device_code".to_owned(), text("device_code"))]).collect())
    }

    async fn poll(&self, parameters: &[(String, String)]) -> Response {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post_form("common", "token", &parameters).await
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn access_token(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
    response.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn client_credentials_yield_a_token_for_an_hour() {
    let tenant = Tenant::new().await;
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{APP}:secret")));
    let grant = ("grant_type", "client_credentials");
    let posted = [grant, ("client_id", APP), ("client_secret", "secret"), ("scope", DEFAULT_SCOPE)];
    let asserted = [grant, ("client_id", APP), ("client_assertion", "a.b.c"), ("scope", DEFAULT_SCOPE)];
    for (parameters, headers) in [
        (&posted[..], vec![]),
        (&asserted[..], vec![]),
        (&[grant, ("scope", DEFAULT_SCOPE)][..], vec![("authorization", basic.as_str())]),
    ] {
        let response = tenant.post_form_with(&tenant.id(), "token", parameters, &headers).await;
        assert_eq!(response.header("cache-control"), Some("no-store"));
        let token = access_token(&response);
        let mut body = response.json();
        body["access_token"].take();
        assert_eq!(
            body,
            json!({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": null})
        );
        let claims = claims(&token);
        assert_eq!(claims["tid"], tenant.id());
        assert_eq!(claims["appid"], APP);
        assert_eq!(claims["roles"], json!(["Presence.Read.All", "Presence.ReadWrite.All"]));
        let session = json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"});
        assert_eq!(tenant.post(&token, SET_PRESENCE, &session).await.status, 200);

        tenant.advance(59, 58);
        assert_eq!(tenant.post(&token, GET_PRESENCES, &json!({"ids": [ADA]})).await.status, 200);
        tenant.advance(0, 1);
        let message = "Lifetime validation failed, the token is expired.";
        let expected = (401, "InvalidAuthenticationToken".to_owned(), message.to_owned());
        assert_eq!(tenant.post(&token, GET_PRESENCES, &json!({"ids": [ADA]})).await.error(), expected);
    }
}

#[tokio::test]
async fn the_device_code_flow_yields_tokens() {
    let tenant = Tenant::new().await;
    let (user_code, poll) =
        tenant.request_device_code("https://graph.microsoft.com/Presence.Read offline_access openid").await;
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_pending");
    tenant.emulator.approve(&user_code.to_lowercase(), guid(UNKNOWN_USER)).unwrap();
    let response = tenant.poll(&poll).await;
    let token = access_token(&response);
    assert_eq!(response.json()["scope"], "Presence.Read");
    let identity = claims(response.json()["id_token"].as_str().unwrap());
    assert_eq!((&identity["oid"], &identity["aud"]), (&json!(UNKNOWN_USER), &json!(APP)));
    assert_eq!(identity["iss"], format!("https://login.microsoftonline.com/{}/v2.0", tenant.id()));
    assert_eq!(identity["preferred_username"], format!("{UNKNOWN_USER}@{}", tenant.id()));
    assert!(identity["sub"].as_str().is_some_and(|subject| subject != UNKNOWN_USER), "{identity}");
    assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.json()["availability"], "Offline");
    assert_eq!(tenant.get(&token, &format!("/v1.0/users/{ADA}/presence")).await.status, 403);

    // The code can be redeemed and approved only once.
    assert_eq!(tenant.poll(&poll).await.json()["error"], "bad_verification_code");
    assert!(tenant.emulator.approve(&user_code, guid(ADA)).is_err());

    // The refresh token does not expire, and yields only the granted scopes.
    tenant.advance(60, 0);
    assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 401);
    let body = response.json();
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("refresh_token", body["refresh_token"].as_str().unwrap()),
        ("scope", "Presence.Read Presence.ReadWrite"),
    ];
    let renewed = tenant.post_form("common", "token", &refresh).await;
    assert_eq!(renewed.json()["scope"], "Presence.Read");
    assert_eq!(tenant.get(&access_token(&renewed), "/v1.0/me/presence").await.status, 200);
    for (name, value) in [("client_id", OTHER_APP), ("refresh_token", &token)] {
        let mut other = refresh;
        other.iter_mut().find(|(other, _)| *other == name).unwrap().1 = value;
        assert_eq!(tenant.post_form("common", "token", &other).await.json()["error"], "invalid_grant", "{name}");
    }
    // A refresh token is not an access token.
    assert_eq!(tenant.get(refresh[2].1, "/v1.0/me/presence").await.status, 401);
}

#[tokio::test]
async fn declined_and_expired_device_codes_yield_errors() {
    let tenant = Tenant::new().await;
    let (user_code, poll) = tenant.request_device_code("Presence.Read").await;
    tenant.emulator.decline(&user_code).unwrap();
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_declined");

    let (user_code, poll) = tenant.request_device_code("Presence.Read").await;
    tenant.advance(14, 59);
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_pending");
    tenant.advance(0, 1);
    assert_eq!(tenant.poll(&poll).await.json()["error"], "expired_token");
    let error = tenant.emulator.approve(&user_code, guid(ADA)).unwrap_err();
    assert_eq!(error.to_string(), format!("pending sign-in not found for user code {user_code:?}"));
}

#[tokio::test]
async fn at_most_a_thousand_device_codes_are_pending() {
    let tenant = Tenant::new().await;
    for _ in 0..1_000 {
        tenant.request_device_code("Presence.Read").await;
    }
    let parameters = [("client_id", APP), ("scope", "Presence.Read")];
    let response = tenant.post_form("common", "devicecode", &parameters).await;
    assert_eq!((response.status.as_u16(), &response.json()["error"]), (503, &json!("temporarily_unavailable")));
    tenant.advance(15, 0);
    assert_eq!(tenant.post_form("common", "devicecode", &parameters).await.status, 200);
}

/// Each row: tenant, parameters, and the expected status, error and error code.
#[tokio::test]
async fn invalid_grants_are_rejected() {
    let tenant = Tenant::new().await;
    let grant = ("grant_type", "client_credentials");
    let id = ("client_id", APP);
    let secret = ("client_secret", "s");
    let tenant_id = tenant.id();
    let home = tenant_id.as_str();
    let rows = [
        (home, vec![], 400, "invalid_request", 900_144),
        (home, vec![("grant_type", "")], 400, "invalid_request", 900_144),
        (home, vec![("grant_type", "password")], 400, "unsupported_grant_type", 70_003),
        (home, vec![grant], 400, "invalid_request", 900_144),
        (home, vec![grant, ("client_id", "switchboard")], 400, "unauthorized_client", 700_016),
        (home, vec![grant, id, secret], 400, "invalid_request", 900_144),
        (home, vec![grant, id, secret, ("scope", "Presence.Read.All")], 400, "invalid_scope", 1_002_012),
        (home, vec![grant, id, ("scope", DEFAULT_SCOPE)], 401, "invalid_client", 7_000_216),
        (FABRIKAM, vec![grant, id, secret, ("scope", DEFAULT_SCOPE)], 400, "invalid_request", 90_002),
        ("contoso.com", vec![grant, id, secret, ("scope", DEFAULT_SCOPE)], 400, "invalid_request", 90_002),
        (home, vec![("grant_type", DEVICE_CODE_GRANT), id, ("device_code", "x")], 400, "bad_verification_code", 70_019),
    ];
    for (path, parameters, status, error, number) in rows {
        let response = tenant.post_form(path, "token", &parameters).await;
        let body = response.json();
        assert_eq!((response.status.as_u16(), &body["error"]), (status, &json!(error)), "{parameters:?}");
        assert_eq!(body["error_codes"], json!([number]));
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")), "{body}");
    }
    for (kind, body) in [("application/json", "{}"), ("application/x-www-form-urlencoded", "grant_type=%FF&x")] {
        let path = format!("/{home}/oauth2/v2.0/token");
        let response = tenant.send("POST", &path, &[("content-type", kind)], body.into()).await;
        assert!((400..500).contains(&response.status.as_u16()) && response.json()["error"].is_string(), "{kind}");
    }
}

#[tokio::test]
async fn discovery_lists_existing_endpoints() {
    let tenant = Tenant::new().await;
    for path in [tenant.id(), "common".to_owned()] {
        let path = format!("/{path}/v2.0/.well-known/openid-configuration");
        let found = tenant.send("GET", &path, &[], vec![]).await.json();
        let base = format!("{}/{}", tenant.emulator.url(), tenant.id());
        assert_eq!(found["token_endpoint"], format!("{base}/oauth2/v2.0/token"));
        assert_eq!(found["device_authorization_endpoint"], format!("{base}/oauth2/v2.0/devicecode"));
        let keys = found["jwks_uri"].as_str().unwrap().strip_prefix(tenant.emulator.url()).unwrap();
        assert_eq!(tenant.send("GET", keys, &[], vec![]).await.json(), json!({"keys": []}));
    }
    let path = format!("/{FABRIKAM}/v2.0/.well-known/openid-configuration");
    assert_eq!(tenant.send("GET", &path, &[], vec![]).await.status, 400);
}

#[tokio::test]
async fn urls_use_the_host_and_scheme_of_a_proxy() {
    let tenant = Tenant::new().await;
    for (proto, scheme) in [("https", "https"), ("HTTPS", "https"), ("http", "http"), ("gopher", "http")] {
        let headers = [("x-forwarded-proto", proto), ("host", "graph.test:8443")];
        let found = tenant.send("GET", "/common/v2.0/.well-known/openid-configuration", &headers, vec![]).await.json();
        let root = format!("{scheme}://graph.test:8443/");
        assert!(found["token_endpoint"].as_str().unwrap().starts_with(&root), "{proto}: {found}");

        let parameters = [("client_id", APP), ("scope", "Presence.Read")];
        let codes = tenant.post_form_with("common", "devicecode", &parameters, &headers).await.json();
        assert_eq!(codes["verification_uri"], format!("{root}_emulator/devices"), "{proto}");
    }
}

#[tokio::test]
async fn the_subject_of_a_user_differs_per_application() {
    let tenant = Tenant::new().await;
    let mut subjects = vec![];
    for application in [APP, APP, OTHER_APP] {
        let parameters = [("client_id", application), ("scope", "Presence.Read openid")];
        let codes = tenant.post_form("common", "devicecode", &parameters).await.json();
        tenant.emulator.approve(codes["user_code"].as_str().unwrap(), guid(ADA)).unwrap();
        let code = codes["device_code"].as_str().unwrap();
        let poll = [("grant_type", DEVICE_CODE_GRANT), ("client_id", application), ("device_code", code)];
        let response = tenant.post_form("common", "token", &poll).await.json();
        subjects.push(claims(response["id_token"].as_str().unwrap())["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
}

#[tokio::test]
async fn tenants_are_isolated() {
    let tenant = Tenant::new().await;
    let fabrikam = tenant.emulator.tenant(guid(FABRIKAM));
    let foreign_app = tenant.emulator.token(Caller::application(guid(APP)).with_tenant(guid(FABRIKAM)));
    let path = format!("/v1.0/users/{ADA}/presence");
    let seen = async |token: &str| tenant.get(token, &path).await.json()["availability"].as_str().unwrap().to_owned();

    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    assert_eq!((seen(&tenant.app).await, seen(&foreign_app).await), ("Available".into(), "PresenceUnknown".into()));
    fabrikam.sign_in(guid(ADA), "Busy", "InAMeeting");
    fabrikam.out_of_office(guid(ADA), None);
    assert_eq!((seen(&tenant.app).await, seen(&foreign_app).await), ("Available".into(), "Busy".into()));
    fabrikam.sign_out(guid(ADA));
    assert_eq!((seen(&tenant.app).await, seen(&foreign_app).await), ("Available".into(), "Offline".into()));

    let credentials =
        [("grant_type", "client_credentials"), ("client_id", APP), ("client_secret", "s"), ("scope", DEFAULT_SCOPE)];
    let token = access_token(&tenant.post_form(FABRIKAM, "token", &credentials).await);
    assert_eq!(seen(&token).await, "Offline");
}

#[tokio::test]
async fn the_tenant_id_can_be_configured() {
    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.tenant(guid(FABRIKAM))).await;
    assert_eq!(tenant.emulator.tenant_id(), guid(FABRIKAM));
    assert_eq!(claims(&tenant.ada)["tid"], FABRIKAM);
    tenant.emulator.tenant(guid(FABRIKAM)).sign_in(guid(ADA), "Away", "Away");
    assert_eq!(tenant.ada_state().await, ["Away", "Away"]);
}

/// Returns an unsigned token with these claims.
fn unsigned_token(claims: &Value) -> String {
    format!("eyJhbGciOiJub25lIn0.{}.", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[tokio::test]
async fn foreign_tokens_are_rejected_unless_enabled() {
    let bob =
        unsigned_token(&json!({"oid": BOB, "tid": FABRIKAM, "appid": APP, "scp": "User.Read Presence.Read", "exp": 1}));
    let tenant = Tenant::new().await;
    assert_eq!(tenant.get(&bob, "/v1.0/me/presence").await.error().1, "InvalidAuthenticationToken");

    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.foreign_tokens(true)).await;
    assert_eq!(tenant.get(&bob, "/v1.0/me/presence").await.json()["id"], BOB);
    assert_eq!(tenant.get(&bob, &format!("/v1.0/users/{ADA}/presence")).await.status, 403);
    let app = unsigned_token(&json!({"oid": UNKNOWN_USER, "azp": OTHER_APP, "roles": ["Presence.Read.All"]}));
    assert_eq!(
        tenant.post(&app, GET_PRESENCES, &json!({"ids": [ADA]})).await.json()["value"][0]["availability"],
        "Offline"
    );
    assert_eq!(tenant.get(&app, "/v1.0/me/presence").await.status, 400);
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.status, 200);
    for token in [
        unsigned_token(&json!({"scp": "Presence.Read"})),
        unsigned_token(&json!({"oid": "ada", "scp": "Presence.Read"})),
        unsigned_token(&json!({"roles": []})),
        unsigned_token(&json!({"appid": APP, "roles": "all"})),
        unsigned_token(&json!([])),
        "a.b.c".to_owned(),
        "..".to_owned(),
    ] {
        assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 401, "{token}");
    }
}

#[tokio::test]
async fn a_modified_token_is_rejected() {
    let tenant = Tenant::new().await;
    let (signed, signature) = tenant.bob.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let ada = tenant.ada.split('.').nth(1).unwrap();
    for token in
        [format!("{header}.{ada}.{signature}"), format!("{signed}."), signed.to_owned(), format!("{}A", tenant.bob)]
    {
        assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 401, "{token}");
    }
}
