//! Tokens by OAuth, and tokens from elsewhere.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use graph_presence_emulator::Caller;
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, Answer, BOB, MANY, NOBODY, OTHER_APP, SET, Tenant, guid};

const FABRIKAM: &str = "b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const DEFAULT: &str = "https://graph.microsoft.com/.default";

impl Tenant {
    async fn form(&self, tenant: &str, endpoint: &str, parameters: &[(&str, &str)]) -> Answer {
        self.form_with(tenant, endpoint, parameters, &[]).await
    }

    async fn form_with(
        &self,
        tenant: &str,
        endpoint: &str,
        parameters: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}={}", value.replace('+', "%2B"))).collect();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend(headers);
        self.send("POST", &format!("/{tenant}/oauth2/v2.0/{endpoint}"), &all, body.join("&").into_bytes()).await
    }

    fn id(&self) -> String {
        self.emulator.tenant_id().to_string()
    }

    /// What a device is given, and what it polls with.
    async fn device(&self, scope: &str) -> (String, Vec<(String, String)>) {
        let codes = self.form("organizations", "devicecode", &[("client_id", APP), ("scope", scope)]).await.json();
        let text = |name: &str| codes[name].as_str().unwrap().to_owned();
        let poll =
            [("grant_type", DEVICE), ("client_id", APP)].map(|(name, value)| (name.to_owned(), value.to_owned()));
        (text("user_code"), poll.into_iter().chain([("device_code".to_owned(), text("device_code"))]).collect())
    }

    async fn poll(&self, parameters: &[(String, String)]) -> Answer {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.form("common", "token", &parameters).await
    }
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn access_token(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_application_gets_a_token_of_its_own_for_an_hour() {
    let tenant = Tenant::new().await;
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{APP}:secret")));
    let grant = ("grant_type", "client_credentials");
    let posted = [grant, ("client_id", APP), ("client_secret", "secret"), ("scope", DEFAULT)];
    let asserted = [grant, ("client_id", APP), ("client_assertion", "a.b.c"), ("scope", DEFAULT)];
    for (parameters, headers) in [
        (&posted[..], vec![]),
        (&asserted[..], vec![]),
        (&[grant, ("scope", DEFAULT)][..], vec![("authorization", basic.as_str())]),
    ] {
        let answer = tenant.form_with(&tenant.id(), "token", parameters, &headers).await;
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let token = access_token(&answer);
        let mut body = answer.json();
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
        assert_eq!(tenant.post(&token, SET, &session).await.status, 200);

        tenant.advance(59, 58);
        assert_eq!(tenant.post(&token, MANY, &json!({"ids": [ADA]})).await.status, 200);
        tenant.advance(0, 1);
        let message = "Lifetime validation failed, the token is expired.";
        let expected = (401, "InvalidAuthenticationToken".to_owned(), message.to_owned());
        assert_eq!(tenant.post(&token, MANY, &json!({"ids": [ADA]})).await.error(), expected);
    }
}

#[tokio::test]
async fn a_user_signs_a_device_in() {
    let tenant = Tenant::new().await;
    let (user_code, poll) = tenant.device("https://graph.microsoft.com/Presence.Read offline_access openid").await;
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_pending");
    tenant.emulator.approve(&user_code.to_lowercase(), guid(NOBODY)).unwrap();
    let answer = tenant.poll(&poll).await;
    let token = access_token(&answer);
    assert_eq!(answer.json()["scope"], "Presence.Read");
    let identity = claims(answer.json()["id_token"].as_str().unwrap());
    assert_eq!((&identity["oid"], &identity["aud"]), (&json!(NOBODY), &json!(APP)));
    assert_eq!(identity["iss"], format!("https://login.microsoftonline.com/{}/v2.0", tenant.id()));
    assert_eq!(identity["preferred_username"], format!("{NOBODY}@{}", tenant.id()));
    assert!(identity["sub"].as_str().is_some_and(|subject| subject != NOBODY), "{identity}");
    assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.json()["availability"], "Offline");
    assert_eq!(tenant.get(&token, &format!("/v1.0/users/{ADA}/presence")).await.status, 403);

    // The code is used up, and the answer stays what it is.
    assert_eq!(tenant.poll(&poll).await.json()["error"], "bad_verification_code");
    assert!(tenant.emulator.approve(&user_code, guid(ADA)).is_err());

    // Renewed for ever, with no more than was granted.
    tenant.advance(60, 0);
    assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 401);
    let body = answer.json();
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("refresh_token", body["refresh_token"].as_str().unwrap()),
        ("scope", "Presence.Read Presence.ReadWrite"),
    ];
    let renewed = tenant.form("common", "token", &refresh).await;
    assert_eq!(renewed.json()["scope"], "Presence.Read");
    assert_eq!(tenant.get(&access_token(&renewed), "/v1.0/me/presence").await.status, 200);
    for (name, value) in [("client_id", OTHER_APP), ("refresh_token", &token)] {
        let mut other = refresh;
        other.iter_mut().find(|(known, _)| *known == name).unwrap().1 = value;
        assert_eq!(tenant.form("common", "token", &other).await.json()["error"], "invalid_grant", "{name}");
    }
    // A token that renews does not read.
    assert_eq!(tenant.get(refresh[2].1, "/v1.0/me/presence").await.status, 401);
}

#[tokio::test]
async fn a_device_that_nobody_signs_in() {
    let tenant = Tenant::new().await;
    let (user_code, poll) = tenant.device("Presence.Read").await;
    tenant.emulator.decline(&user_code).unwrap();
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_declined");

    let (user_code, poll) = tenant.device("Presence.Read").await;
    tenant.advance(14, 59);
    assert_eq!(tenant.poll(&poll).await.json()["error"], "authorization_pending");
    tenant.advance(0, 1);
    assert_eq!(tenant.poll(&poll).await.json()["error"], "expired_token");
    let error = tenant.emulator.approve(&user_code, guid(ADA)).unwrap_err();
    assert_eq!(error.to_string(), format!("user_code {user_code:?}: must be a code that is pending"));
}

#[tokio::test]
async fn a_thousand_devices_wait_at_a_time() {
    let tenant = Tenant::new().await;
    for _ in 0..1_000 {
        tenant.device("Presence.Read").await;
    }
    let ask = [("client_id", APP), ("scope", "Presence.Read")];
    let answer = tenant.form("common", "devicecode", &ask).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (503, &json!("temporarily_unavailable")));
    tenant.advance(15, 0);
    assert_eq!(tenant.form("common", "devicecode", &ask).await.status, 200);
}

/// Status, error and number.
#[tokio::test]
async fn grants_that_are_refused() {
    let tenant = Tenant::new().await;
    let grant = ("grant_type", "client_credentials");
    let id = ("client_id", APP);
    let secret = ("client_secret", "s");
    let id_of_home = tenant.id();
    let home = id_of_home.as_str();
    let rows = [
        (home, vec![], 400, "invalid_request", 900_144),
        (home, vec![("grant_type", "")], 400, "invalid_request", 900_144),
        (home, vec![("grant_type", "password")], 400, "unsupported_grant_type", 70_003),
        (home, vec![grant], 400, "invalid_request", 900_144),
        (home, vec![grant, ("client_id", "switchboard")], 400, "unauthorized_client", 700_016),
        (home, vec![grant, id, secret], 400, "invalid_request", 900_144),
        (home, vec![grant, id, secret, ("scope", "Presence.Read.All")], 400, "invalid_scope", 1_002_012),
        (home, vec![grant, id, ("scope", DEFAULT)], 401, "invalid_client", 7_000_216),
        (FABRIKAM, vec![grant, id, secret, ("scope", DEFAULT)], 400, "invalid_request", 90_002),
        ("contoso.com", vec![grant, id, secret, ("scope", DEFAULT)], 400, "invalid_request", 90_002),
        (home, vec![("grant_type", DEVICE), id, ("device_code", "x")], 400, "bad_verification_code", 70_019),
    ];
    for (path, parameters, status, error, number) in rows {
        let answer = tenant.form(path, "token", &parameters).await;
        let body = answer.json();
        assert_eq!((answer.status.as_u16(), &body["error"]), (status, &json!(error)), "{parameters:?}");
        assert_eq!(body["error_codes"], json!([number]));
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")), "{body}");
    }
    for (kind, body) in [("application/json", "{}"), ("application/x-www-form-urlencoded", "grant_type=%FF&x")] {
        let path = format!("/{home}/oauth2/v2.0/token");
        let answer = tenant.send("POST", &path, &[("content-type", kind)], body.into()).await;
        assert!((400..500).contains(&answer.status.as_u16()) && answer.json()["error"].is_string(), "{kind}");
    }
}

#[tokio::test]
async fn discovery_names_endpoints_that_there_are() {
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
async fn a_proxy_that_ends_tls_is_what_clients_know() {
    let tenant = Tenant::new().await;
    for (proto, scheme) in [("https", "https"), ("HTTPS", "https"), ("http", "http"), ("gopher", "http")] {
        let headers = [("x-forwarded-proto", proto), ("host", "graph.test:8443")];
        let found = tenant.send("GET", "/common/v2.0/.well-known/openid-configuration", &headers, vec![]).await.json();
        let root = format!("{scheme}://graph.test:8443/");
        assert!(found["token_endpoint"].as_str().unwrap().starts_with(&root), "{proto}: {found}");

        let ask = [("client_id", APP), ("scope", "Presence.Read")];
        let codes = tenant.form_with("common", "devicecode", &ask, &headers).await.json();
        assert_eq!(codes["verification_uri"], format!("{root}_emulator/devices"), "{proto}");
    }
}

#[tokio::test]
async fn each_application_knows_a_user_by_another_subject() {
    let tenant = Tenant::new().await;
    let mut subjects = vec![];
    for application in [APP, APP, OTHER_APP] {
        let ask = [("client_id", application), ("scope", "Presence.Read openid")];
        let codes = tenant.form("common", "devicecode", &ask).await.json();
        tenant.emulator.approve(codes["user_code"].as_str().unwrap(), guid(ADA)).unwrap();
        let code = codes["device_code"].as_str().unwrap();
        let poll = [("grant_type", DEVICE), ("client_id", application), ("device_code", code)];
        let answer = tenant.form("common", "token", &poll).await.json();
        subjects.push(claims(answer["id_token"].as_str().unwrap())["sub"].clone());
    }
    assert_eq!(subjects[0], subjects[1]);
    assert_ne!(subjects[0], subjects[2]);
}

#[tokio::test]
async fn tenants_know_nothing_of_each_other() {
    let tenant = Tenant::new().await;
    let fabrikam = tenant.emulator.tenant(guid(FABRIKAM));
    let stranger = tenant.emulator.token(Caller::application(guid(APP)).of_tenant(guid(FABRIKAM)));
    let path = format!("/v1.0/users/{ADA}/presence");
    let seen = async |token: &str| tenant.get(token, &path).await.json()["availability"].as_str().unwrap().to_owned();

    tenant.emulator.sign_in(guid(ADA), "Available", "Available");
    assert_eq!((seen(&tenant.app).await, seen(&stranger).await), ("Available".into(), "PresenceUnknown".into()));
    fabrikam.sign_in(guid(ADA), "Busy", "InAMeeting");
    fabrikam.out_of_office(guid(ADA), None);
    assert_eq!((seen(&tenant.app).await, seen(&stranger).await), ("Available".into(), "Busy".into()));
    fabrikam.sign_out(guid(ADA));
    assert_eq!((seen(&tenant.app).await, seen(&stranger).await), ("Available".into(), "Offline".into()));

    let credentials =
        [("grant_type", "client_credentials"), ("client_id", APP), ("client_secret", "s"), ("scope", DEFAULT)];
    let token = access_token(&tenant.form(FABRIKAM, "token", &credentials).await);
    assert_eq!(seen(&token).await, "Offline");
}

#[tokio::test]
async fn an_emulator_can_be_given_its_own_tenant() {
    let tenant = Tenant::built("2026-01-01T09:00:00Z", |builder| builder.tenant(guid(FABRIKAM))).await;
    assert_eq!(tenant.emulator.tenant_id(), guid(FABRIKAM));
    assert_eq!(claims(&tenant.ada)["tid"], FABRIKAM);
    tenant.emulator.tenant(guid(FABRIKAM)).sign_in(guid(ADA), "Away", "Away");
    assert_eq!(tenant.ada().await, ["Away", "Away"]);
}

/// A token that another has signed, or nobody.
fn foreign(claims: &Value) -> String {
    format!("eyJhbGciOiJub25lIn0.{}.", BASE64_URL_SAFE_NO_PAD.encode(claims.to_string()))
}

#[tokio::test]
async fn tokens_from_elsewhere_are_refused_unless_they_are_wanted() {
    let bob = foreign(&json!({"oid": BOB, "tid": FABRIKAM, "appid": APP, "scp": "User.Read Presence.Read", "exp": 1}));
    let tenant = Tenant::new().await;
    assert_eq!(tenant.get(&bob, "/v1.0/me/presence").await.error().1, "InvalidAuthenticationToken");

    let tenant = Tenant::built("2026-01-01T09:00:00Z", |builder| builder.foreign_tokens(true)).await;
    assert_eq!(tenant.get(&bob, "/v1.0/me/presence").await.json()["id"], BOB);
    assert_eq!(tenant.get(&bob, &format!("/v1.0/users/{ADA}/presence")).await.status, 403);
    let app = foreign(&json!({"oid": NOBODY, "azp": OTHER_APP, "roles": ["Presence.Read.All"]}));
    assert_eq!(tenant.post(&app, MANY, &json!({"ids": [ADA]})).await.json()["value"][0]["availability"], "Offline");
    assert_eq!(tenant.get(&app, "/v1.0/me/presence").await.status, 400);
    assert_eq!(tenant.get(&tenant.ada, "/v1.0/me/presence").await.status, 200);
    for token in [
        foreign(&json!({"scp": "Presence.Read"})),
        foreign(&json!({"oid": "ada", "scp": "Presence.Read"})),
        foreign(&json!({"roles": []})),
        foreign(&json!({"appid": APP, "roles": "all"})),
        foreign(&json!([])),
        "a.b.c".to_owned(),
        "..".to_owned(),
    ] {
        assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.status, 401, "{token}");
    }
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused() {
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
