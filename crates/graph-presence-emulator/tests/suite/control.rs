//! The control interface, and the corresponding methods of the library.

use graph_presence_emulator::{Caller, Emulator, Fault, FaultRule, Quota, WorkLocationType};
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, BOB, GET_PRESENCES, Response, SET_STATUS_MESSAGE, Tenant, UNKNOWN_USER, guid};

const FABRIKAM: &str = "b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b";

impl Tenant {
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Response {
        self.send(method, &format!("/_emulator{path}"), &[], body.to_string().into_bytes()).await
    }

    /// Sends a control request and expects 204 without a body.
    pub(crate) async fn command(&self, method: &str, path: &str, body: Value) {
        let response = self.control(method, path, body).await;
        assert_eq!((response.status.as_u16(), response.body.as_slice()), (204, b"".as_slice()), "{method} {path}");
    }

    async fn presence_of(&self, token: &str, user: &str) -> Value {
        self.get(token, &format!("/v1.0/users/{user}/presence")).await.json()
    }
}

#[tokio::test]
async fn users_are_added_listed_and_removed() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..2_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let users: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "teams": {"availability": "Available", "activity": "Available"}}))
        .collect();
    tenant.command("POST", "/users", json!({ "users": users })).await;
    let batch = tenant.post(&tenant.app, GET_PRESENCES, &json!({"ids": ids[..650]})).await.json();
    assert!(batch["value"].as_array().unwrap().iter().all(|presence| presence["availability"] == "Available"));

    // The two users of the fixture are sorted after these.
    let page = tenant.control("GET", "/users?skip=1999&top=2", Value::Null).await.json();
    assert_eq!(
        page,
        json!({"count": 2_002, "value": [
            {"id": ids[1_999], "availability": "Available", "activity": "Available"},
            {"id": BOB, "availability": "Offline", "activity": "Offline"},
        ]})
    );
    let found = tenant.control("GET", "/users?search=-ECA7-&top=1", Value::Null).await.json();
    assert_eq!((&found["count"], &found["value"][0]["id"]), (&json!(1), &json!(ADA)));
    assert_eq!(tenant.control("GET", "/users", Value::Null).await.json()["value"].as_array().map(Vec::len), Some(100));

    tenant.command("DELETE", &format!("/users/{}", ids[0]), Value::Null).await;
    assert_eq!(tenant.presence_of(&tenant.app, &ids[0]).await["availability"], "PresenceUnknown");
}

#[tokio::test]
async fn teams_clients_and_calendars_are_set() {
    let tenant = Tenant::new().await;
    let path = format!("/users/{ADA}");
    tenant.command("PUT", &format!("{path}/calendar"), json!({"inMeeting": true})).await;
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
    let available = json!({"availability": "Available", "activity": "Available"});
    tenant.command("PUT", &format!("{path}/teams"), available).await;
    assert_eq!(tenant.ada_state().await, ["Busy", "InAMeeting"]);
    tenant.set_session(APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(tenant.ada_state().await, ["DoNotDisturb", "Presenting"]);
    tenant.set_session(APP, "Busy", "InACall", None).await;
    assert_eq!(tenant.ada_state().await, ["Busy", "InACall"]);
    tenant.advance(5, 0);
    assert_eq!(tenant.ada_state().await, ["Busy", "InAMeeting"]);

    let calendar = json!({
        "outOfOffice": {"message": "Back on Monday"},
        "workLocation": {"workLocationType": "office", "placeId": "p-1"},
    });
    tenant.command("PUT", &format!("{path}/calendar"), calendar).await;
    assert_eq!(tenant.ada_state().await, ["Available", "Available"]);
    assert_eq!(
        tenant.ada_property("outOfOfficeSettings").await,
        json!({"message": "Back on Monday", "isOutOfOffice": true})
    );
    let office = json!({"placeId": "p-1", "source": "scheduled", "workLocationType": "office"});
    assert_eq!(tenant.ada_property("workLocation").await, office);
    tenant.command("PUT", &format!("{path}/calendar"), json!({})).await;
    assert_eq!(tenant.ada_property("workLocation").await["source"], "none");
    tenant.command("DELETE", &format!("{path}/teams"), Value::Null).await;
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn a_user_is_explained() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    tenant.post_action("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    tenant.advance(6, 0);
    let until = json!({"dateTime": "2026-01-01T10:30:00", "timeZone": "UTC"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &message).await;
    let calendar = json!({
        "inMeeting": false,
        "outOfOffice": {"message": "Back on Monday"},
        "workLocation": {"workLocationType": "office", "placeId": "p-1"},
    });
    tenant.command("PUT", &format!("/users/{ADA}/calendar"), calendar.clone()).await;
    let expected = json!({
        "id": ADA,
        "availability": "Busy",
        "activity": "Busy",
        "sequenceNumber": "A0000000006",
        "reason": "The preferred presence Busy takes precedence over every session.",
        "nextChange": {"at": "2026-01-02T09:00:00Z", "availability": "Away", "activity": "Away"},
        "sessions": [
            {
                "kind": "application",
                "sessionId": APP,
                "availability": "Available",
                "activity": "AvailableInactive",
                "outcome": "overridden",
                "hasFaded": true,
                "setAt": "2026-01-01T09:00:00Z",
                "nextChanges": [
                    {"at": "2026-01-01T09:10:00Z", "availability": "Away", "activity": "Away"},
                    {"at": "2026-01-01T10:00:00Z"},
                ],
            },
            {
                "kind": "teamsClient",
                "sessionId": null,
                "availability": "Away",
                "activity": "Away",
                "outcome": "outranked",
                "hasFaded": false,
                "setAt": "2026-01-01T09:00:00Z",
                "nextChanges": [],
            },
        ],
        "preferredPresence": {
            "availability": "Busy",
            "activity": "Busy",
            "isActive": true,
            "expiresAt": "2026-01-02T09:00:00Z",
        },
        "statusMessage": {
            "content": "x",
            "publishedAt": "2026-01-01T09:06:00Z",
            "expiresAt": "2026-01-01T10:30:00Z",
        },
        "workLocation": {"source": "scheduled", "workLocationType": "office", "placeId": "p-1"},
        "calendar": calendar,
    });
    assert_eq!(tenant.control("GET", &format!("/users/{ADA}"), Value::Null).await.json(), expected);
}

#[tokio::test]
async fn tenants_and_tokens_are_created() {
    let tenant = Tenant::new().await;
    tenant.command("POST", "/tenants", json!({"tenants": [FABRIKAM]})).await;
    let users = json!([{"id": ADA, "teams": {"availability": "Busy", "activity": "InAMeeting"}}]);
    tenant.command("POST", "/users", json!({"tenant": FABRIKAM, "users": users})).await;
    let token = async |caller: Value| {
        let response = tenant.control("POST", "/tokens", caller).await;
        response.json()["token"].as_str().unwrap().to_owned()
    };
    let foreign_app = token(json!({"application": APP, "tenant": FABRIKAM})).await;
    assert_eq!(tenant.presence_of(&foreign_app, ADA).await["activity"], "InAMeeting");
    assert_eq!(tenant.presence_of(&tenant.app, ADA).await["activity"], "Offline");
    let limited = token(json!({"user": ADA, "application": APP, "scopes": ["Presence.Read"]})).await;
    assert_eq!(tenant.get(&limited, "/v1.0/me/presence").await.status, 200);
    assert_eq!(tenant.get(&limited, &format!("/v1.0/users/{BOB}/presence")).await.status, 403);

    let path = format!("/users/{ADA}?tenant={FABRIKAM}");
    assert_eq!(tenant.control("GET", &path, Value::Null).await.json()["activity"], "InAMeeting");
    let mut expected =
        vec![json!({"id": tenant.emulator.tenant_id(), "users": 2}), json!({"id": FABRIKAM, "users": 1})];
    expected.sort_by_key(|tenant| tenant["id"].as_str().unwrap().to_owned());
    assert_eq!(tenant.control("GET", "/tenants", Value::Null).await.json()["value"], json!(expected));
}

#[tokio::test]
async fn device_codes_faults_requests_and_the_clock_are_controlled() {
    let tenant = Tenant::new().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let form_body = format!("client_id={APP}&scope=Presence.Read").into_bytes();
    let codes = tenant.send("POST", "/common/oauth2/v2.0/devicecode", &form, form_body).await.json();
    let path = format!("/devices/{}", codes["user_code"].as_str().unwrap());
    tenant.command("POST", &path, json!({"user": UNKNOWN_USER})).await;
    assert_eq!(tenant.control("POST", &path, json!({"user": UNKNOWN_USER})).await.status, 400);

    let rule =
        json!({"fault": {"kind": "throttled", "retryAfter": {"seconds": 3}}, "operation": "getPresence", "times": 1});
    let created = tenant.control("POST", "/faults", rule.clone()).await;
    assert_eq!((created.status.as_u16(), created.json()), (201, json!({"id": 1})));
    let response = tenant.get(&tenant.ada, "/v1.0/me/presence").await;
    assert_eq!((response.status.as_u16(), response.header("retry-after")), (429, Some("3")));
    let faults = tenant.control("GET", "/faults", Value::Null).await.json();
    assert_eq!((&faults["value"][0]["injected"], &faults["value"][0]["rule"]["fault"]), (&json!(1), &rule["fault"]));
    tenant.command("DELETE", "/faults/1", Value::Null).await;
    tenant.command("DELETE", "/faults", Value::Null).await;

    let log = tenant.control("GET", "/requests", Value::Null).await.json();
    let operations: Vec<_> = log["value"].as_array().unwrap().iter().map(|request| &request["operation"]).collect();
    assert_eq!(operations, ["devicecode", "getPresence"]);
    tenant.command("DELETE", "/requests", Value::Null).await;
    assert_eq!(tenant.control("GET", "/requests", Value::Null).await.json(), json!({"value": []}));

    let step = tenant.control("POST", "/clock/advance", json!({"by": "PT1H0.5S"})).await;
    assert_eq!(step.json(), json!({"now": "2026-01-01T10:00:00.5Z"}));
    tenant.control("PUT", "/clock", json!({"now": "2025-01-01T00:00:00Z"})).await;
    assert_eq!(tenant.control("GET", "/clock", Value::Null).await.json(), json!({"now": "2025-01-01T00:00:00Z"}));
    let about = tenant.control("GET", "", Value::Null).await.json();
    assert_eq!(
        (&about["cloud"], &about["users"], &about["now"]),
        (&json!("global"), &json!(2), &json!("2025-01-01T00:00:00Z"))
    );
}

/// Each row: method, path, body, and the message of the error or a part of it.
#[tokio::test]
async fn invalid_input_is_rejected() {
    let tenant = Tenant::new().await;
    let user = format!("/users/{ADA}");
    for (method, path, body, message) in [
        ("POST", "/users", "", "invalid body: EOF while parsing a value at line 1 column 0"),
        (
            "POST",
            "/users",
            "[]",
            "invalid body: invalid length 0, expected struct NewUsers with 2 elements at line 1 column 2",
        ),
        ("POST", "/users", "{\"users\": []} x", "invalid body: trailing characters at line 1 column 15"),
        ("POST", "/users", "{\"users\": [{\"id\": \"ada\"}]}", "invalid users[0].id: expected a GUID of the form "),
        ("POST", "/users", "{\"users\": [], \"x\": 1}", "invalid x: unknown field `x`, expected `tenant` or `users`"),
        ("POST", "/tenants", "{\"tenants\": [5]}", "invalid tenants[0]: invalid type: integer `5`, expected a string"),
        ("GET", "/users?top=1001", "", "top out of range: 1001 (allowed: 0 to 1000)"),
        ("GET", "/users?skip=-1", "", "invalid skip \"-1\": expected a non-negative integer"),
        ("GET", "/users?tenant=contoso", "", "invalid tenant \"contoso\": expected a GUID"),
        ("GET", "/users/ada", "", "invalid user id \"ada\": expected a GUID"),
        (
            "GET",
            &format!("/users/{UNKNOWN_USER}"),
            "",
            "user not found in the tenant: dc74d9bb-6afe-433d-8eaa-e39d80d3a647",
        ),
        ("PUT", &format!("{user}/teams"), "{\"availability\": \"Busy\"}", "missing field `activity`"),
        (
            "PUT",
            &format!("{user}/calendar"),
            "{\"inMeeting\": \"yes\"}",
            "invalid inMeeting: invalid type: string \"yes\"",
        ),
        (
            "PUT",
            &format!("{user}/calendar"),
            "{\"workLocation\": {\"workLocationType\": \"moon\"}}",
            "unknown variant `moon`, expected one of `office`, `remote`, `timeOff`",
        ),
        (
            "POST",
            "/clock/advance",
            "{\"by\": \"-PT1S\"}",
            "invalid duration \"-PT1S\": expected a non-negative ISO 8601 duration such as PT10M",
        ),
        (
            "POST",
            "/clock/advance",
            "{\"by\": \"soon\"}",
            "invalid duration \"soon\": expected a non-negative ISO 8601 duration",
        ),
        ("PUT", "/clock", "{\"now\": \"noon\"}", "invalid now: "),
        ("POST", "/faults", "{\"fault\": {\"kind\": \"fire\"}}", "unknown variant `fire`, expected one of `status`"),
        (
            "POST",
            "/faults",
            "{\"fault\": {\"kind\": \"status\", \"status\": 200}}",
            "status out of range: 200 (allowed: 400 to 599)",
        ),
        (
            "POST",
            "/faults",
            "{\"fault\": {\"kind\": \"reset\"}, \"operation\": \"getMood\"}",
            "invalid operation: expected one of getPresence, getPresencesByUserId, ",
        ),
        ("DELETE", "/faults/x", "", "invalid fault id \"x\": expected a number"),
        ("DELETE", "/faults/9", "", "fault not found: 9"),
        ("POST", "/tokens", "{}", "caller not set: provide a user, an application, or both"),
        ("POST", "/devices/XYZ", "{}", "pending sign-in not found for user code \"XYZ\""),
        ("PUT", "/snapshot", "{}", "invalid snapshot: missing field `version`"),
        ("PUT", "/snapshot", "{\"version\": 1}", "unsupported snapshot version 1: expected 2"),
    ] {
        let response = tenant.send(method, &format!("/_emulator{path}"), &[], body.into()).await;
        assert_eq!(response.status, 400, "{method} {path} {body}");
        let error = response.json()["error"].take();
        assert_eq!(error["code"], "InvalidInput");
        assert!(error["message"].as_str().unwrap().contains(message), "{path} {body}: {error}");
    }
    assert_eq!(tenant.control("PATCH", "/users", Value::Null).await.status, 405);
    assert_eq!(tenant.control("GET", "/nothing", Value::Null).await.status, 404);

    let running = Emulator::start().await.unwrap();
    let url = format!("{}/_emulator/clock", running.url());
    let response = reqwest::Client::new().put(url).body("{\"now\": \"2026-01-01T00:00:00Z\"}").send().await.unwrap();
    assert_eq!(response.status(), 400);
    let text = response.text().await.unwrap();
    assert!(text.contains("failed to set the clock: only a stepped clock can be set"), "{text}");
}

/// Creates an emulator in which every part of the state has a value.
async fn full_state() -> Tenant {
    let tenant = Tenant::with_builder("2026-01-01T09:00:00Z", |builder| builder.quota(Quota::default())).await;
    let emulator = &tenant.emulator;
    emulator.sign_in(guid(ADA), "Away", "Away");
    emulator.sign_in(guid(BOB), "\u{1f600}", "");
    emulator.in_meeting(guid(BOB), true);
    emulator.out_of_office(guid(ADA), Some("Back\non Monday"));
    emulator.schedule_location(guid(ADA), WorkLocationType::Office, Some("p"));
    emulator.tenant(guid(FABRIKAM)).add_users([guid(UNKNOWN_USER)]);
    tenant.set_session(APP, "Available", "Available", Some("PT1H")).await;
    tenant.post_action("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    tenant.post_action("setManualLocation", &json!({"workLocationType": "remote"})).await;
    tenant.post_action("clearLocation", &json!({})).await;
    let until = json!({"dateTime": "2026-01-01T10:00:00", "timeZone": "Pacific Standard Time"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    tenant.post(&tenant.app, SET_STATUS_MESSAGE, &message).await;
    let subscription = json!({
        "changeType": "updated",
        "notificationUrl": "https://webhook.contoso.com/api",
        "resource": format!("communications/presences/{BOB}"),
        "expirationDateTime": "2026-01-01T10:00:00Z",
        "clientState": "s",
    });
    tenant.post(&tenant.ada, "/v1.0/subscriptions", &subscription).await;
    emulator.inject(FaultRule::new(Fault::Skew { seconds: 5 }).probability(0.5).seed(3).user(guid(BOB))).unwrap();
    tenant.get(&tenant.ada, &format!("/v1.0/users/{BOB}/presence")).await;
    tenant
}

#[tokio::test]
async fn a_snapshot_contains_the_complete_state() {
    let tenant = full_state().await;
    // Changes that are due but not applied yet are part of the snapshot.
    tenant.advance(7, 0);
    let snapshot = tenant.emulator.snapshot();
    let response = tenant.control("GET", "/snapshot", Value::Null).await;
    let values = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    assert_eq!(response.json(), values(snapshot.as_bytes()));

    let other = Tenant::with_builder("2030-01-01T00:00:00Z", |builder| builder.quota(Quota::default())).await;
    other.emulator.sign_in(guid(UNKNOWN_USER), "Busy", "Busy");
    let restored = other.send("PUT", "/_emulator/snapshot", &[], response.body).await;
    assert_eq!(restored.status, 204, "{}", String::from_utf8_lossy(&restored.body));
    assert_eq!(values(other.emulator.snapshot().as_bytes()), values(snapshot.as_bytes()));

    // Tokens remain valid, and both emulators behave identically afterwards.
    for minutes in [0, 4, 55, 600] {
        tenant.advance(minutes, 0);
        other.advance(minutes, 0);
        for path in
            ["/v1.0/me/presence".to_owned(), format!("/v1.0/users/{BOB}/presence"), "/v1.0/subscriptions".to_owned()]
        {
            let (original, restored) = (tenant.get(&tenant.ada, &path).await, other.get(&tenant.ada, &path).await);
            let parts = |response: &Response| (response.json(), response.header("date").map(str::to_owned));
            assert_eq!(parts(&original), parts(&restored), "{path} {minutes}");
        }
    }
}

#[tokio::test]
async fn the_json_of_a_snapshot_is_stable() {
    let stored = include_str!("snapshot.json");
    let tenant = Tenant::with_builder("2030-01-01T00:00:00Z", |builder| builder.quota(Quota::default())).await;
    tenant.emulator.restore(stored).unwrap();
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(value(&tenant.emulator.snapshot()), value(stored));
}

#[tokio::test]
async fn an_invalid_snapshot_changes_nothing() {
    let tenant = full_state().await;
    let before = tenant.emulator.snapshot();
    for (find, replace, message) in [
        ("\"version\":2", "\"version\":1", "unsupported snapshot version 1: expected 2"),
        ("\"version\":2", "\"version\":2,\"x\":1", "unknown field `x`"),
        ("\"now\":", "\"then\":", "unknown field `then`"),
        ("\"tokenKey\":\"", "\"tokenKey\":\"*", "invalid tokenKey: expected 64 bytes in unpadded base64url"),
        (ADA, "ada", "expected a GUID"),
    ] {
        let broken = before.replace(find, replace);
        assert_ne!(broken, before);
        let error = tenant.emulator.restore(&broken).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
    let error = tenant.emulator.restore(&before[..before.len() / 2]).unwrap_err().to_string();
    assert!(error.contains("EOF"), "{error}");
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(value(&tenant.emulator.snapshot()), value(&before));
}

#[tokio::test]
async fn a_reset_keeps_the_time_and_the_tokens() {
    let tenant = full_state().await;
    tenant.advance(7, 0);
    tenant.command("POST", "/reset", Value::Null).await;
    assert_eq!(tenant.control("GET", "/requests", Value::Null).await.json(), json!({"value": []}));
    assert_eq!(tenant.control("GET", "/faults", Value::Null).await.json(), json!({"value": []}));
    let seen = tenant.get(&tenant.ada, "/v1.0/me/presence").await;
    assert_eq!((seen.status.as_u16(), &seen.json()["availability"]), (200, &json!("PresenceUnknown")));
    assert_eq!(seen.header("date"), Some("Thu, 01 Jan 2026 09:07:00 GMT"));
    let tenants = tenant.control("GET", "/tenants", Value::Null).await.json();
    assert_eq!(tenants, json!({"value": [{"id": tenant.emulator.tenant_id(), "users": 0}]}));
    let token = tenant.emulator.token(Caller::user(guid(ADA)));
    assert_eq!(tenant.get(&token, "/v1.0/me/presence").await.json()["availability"], "Offline");
}

#[tokio::test]
async fn removed_users_are_unknown() {
    let tenant = Tenant::new().await;
    tenant.emulator.add_users([guid(UNKNOWN_USER)]);
    assert_eq!(tenant.presence_of(&tenant.app, UNKNOWN_USER).await["availability"], "Offline");
    tenant.emulator.remove_users([guid(UNKNOWN_USER), guid(ADA)]);
    for user in [UNKNOWN_USER, ADA] {
        assert_eq!(tenant.presence_of(&tenant.app, user).await["availability"], "PresenceUnknown");
    }
}
