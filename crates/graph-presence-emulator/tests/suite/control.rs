//! The control interface, and the same by the library.

use graph_presence_emulator::{Caller, Emulator, Fault, FaultRule, Quota, WorkLocationType};
use serde_json::{Value, json};

use crate::tenant::{ADA, APP, Answer, BOB, MANY, NOBODY, STATUS, Tenant, guid};

const FABRIKAM: &str = "b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b";

impl Tenant {
    pub(crate) async fn control(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send(method, &format!("/_emulator{path}"), &[], body.to_string().into_bytes()).await
    }

    /// It is done, and nothing is said.
    pub(crate) async fn command(&self, method: &str, path: &str, body: Value) {
        let answer = self.control(method, path, body).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_slice()), (204, b"".as_slice()), "{method} {path}");
    }

    async fn seen(&self, token: &str, user: &str) -> Value {
        self.get(token, &format!("/v1.0/users/{user}/presence")).await.json()
    }
}

#[tokio::test]
async fn users_in_bulk() {
    let tenant = Tenant::new().await;
    let ids: Vec<_> = (0..2_000).map(|n| format!("00000000-0000-0000-0000-{n:012}")).collect();
    let users: Vec<_> = ids
        .iter()
        .map(|id| json!({"id": id, "teams": {"availability": "Available", "activity": "Available"}}))
        .collect();
    tenant.command("POST", "/users", json!({ "users": users })).await;
    let batch = tenant.post(&tenant.app, MANY, &json!({"ids": ids[..650]})).await.json();
    assert!(batch["value"].as_array().unwrap().iter().all(|presence| presence["availability"] == "Available"));

    // The two that the fixture knows come after these.
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
    assert_eq!(tenant.seen(&tenant.app, &ids[0]).await["availability"], "PresenceUnknown");
}

#[tokio::test]
async fn teams_clients_and_calendars() {
    let tenant = Tenant::new().await;
    let path = format!("/users/{ADA}");
    tenant.command("PUT", &format!("{path}/calendar"), json!({"inMeeting": true})).await;
    assert_eq!(tenant.ada().await, ["Offline", "Offline"]);
    let available = json!({"availability": "Available", "activity": "Available"});
    tenant.command("PUT", &format!("{path}/teams"), available).await;
    assert_eq!(tenant.ada().await, ["Busy", "InAMeeting"]);
    tenant.set(APP, "DoNotDisturb", "Presenting", None).await;
    assert_eq!(tenant.ada().await, ["DoNotDisturb", "Presenting"]);
    tenant.set(APP, "Busy", "InACall", None).await;
    assert_eq!(tenant.ada().await, ["Busy", "InACall"]);
    tenant.advance(5, 0);
    assert_eq!(tenant.ada().await, ["Busy", "InAMeeting"]);

    let calendar = json!({
        "outOfOffice": {"message": "Back on Monday"},
        "workLocation": {"workLocationType": "office", "placeId": "p-1"},
    });
    tenant.command("PUT", &format!("{path}/calendar"), calendar).await;
    assert_eq!(tenant.ada().await, ["Available", "Available"]);
    assert_eq!(tenant.adas("outOfOfficeSettings").await, json!({"message": "Back on Monday", "isOutOfOffice": true}));
    let office = json!({"placeId": "p-1", "source": "scheduled", "workLocationType": "office"});
    assert_eq!(tenant.adas("workLocation").await, office);
    tenant.command("PUT", &format!("{path}/calendar"), json!({})).await;
    assert_eq!(tenant.adas("workLocation").await["source"], "none");
    tenant.command("DELETE", &format!("{path}/teams"), Value::Null).await;
    assert_eq!(tenant.ada().await, ["Offline", "Offline"]);
}

#[tokio::test]
async fn why_a_presence_is_what_it_is() {
    let tenant = Tenant::new().await;
    tenant.emulator.sign_in(guid(ADA), "Away", "Away");
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    tenant.act("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    tenant.advance(6, 0);
    let until = json!({"dateTime": "2026-01-01T10:30:00", "timeZone": "UTC"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    tenant.post(&tenant.app, STATUS, &message).await;
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
        "why": "The preference for Busy outranks every session.",
        "nextChange": {"at": "2026-01-02T09:00:00Z", "availability": "Away", "activity": "Away"},
        "sessions": [
            {
                "holder": "application",
                "sessionId": APP,
                "availability": "Available",
                "activity": "AvailableInactive",
                "standing": "overruled",
                "hasFaded": true,
                "setAt": "2026-01-01T09:00:00Z",
                "changes": [
                    {"at": "2026-01-01T09:10:00Z", "availability": "Away", "activity": "Away"},
                    {"at": "2026-01-01T10:00:00Z"},
                ],
            },
            {
                "holder": "teamsClient",
                "sessionId": null,
                "availability": "Away",
                "activity": "Away",
                "standing": "outranked",
                "hasFaded": false,
                "setAt": "2026-01-01T09:00:00Z",
                "changes": [],
            },
        ],
        "preference": {"availability": "Busy", "activity": "Busy", "inForce": true, "ends": "2026-01-02T09:00:00Z"},
        "statusMessage": {"content": "x", "published": "2026-01-01T09:06:00Z", "ends": "2026-01-01T10:30:00Z"},
        "workLocation": {"source": "scheduled", "workLocationType": "office", "placeId": "p-1"},
        "calendar": calendar,
    });
    assert_eq!(tenant.control("GET", &format!("/users/{ADA}"), Value::Null).await.json(), expected);
}

#[tokio::test]
async fn tenants_and_tokens() {
    let tenant = Tenant::new().await;
    tenant.command("POST", "/tenants", json!({"tenants": [FABRIKAM]})).await;
    let users = json!([{"id": ADA, "teams": {"availability": "Busy", "activity": "InAMeeting"}}]);
    tenant.command("POST", "/users", json!({"tenant": FABRIKAM, "users": users})).await;
    let token = async |wanted: Value| {
        let answer = tenant.control("POST", "/tokens", wanted).await;
        answer.json()["token"].as_str().unwrap().to_owned()
    };
    let stranger = token(json!({"application": APP, "tenant": FABRIKAM})).await;
    assert_eq!(tenant.seen(&stranger, ADA).await["activity"], "InAMeeting");
    assert_eq!(tenant.seen(&tenant.app, ADA).await["activity"], "Offline");
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
async fn devices_faults_requests_and_the_clock() {
    let tenant = Tenant::new().await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let ask = format!("client_id={APP}&scope=Presence.Read").into_bytes();
    let codes = tenant.send("POST", "/common/oauth2/v2.0/devicecode", &form, ask).await.json();
    let path = format!("/devices/{}", codes["user_code"].as_str().unwrap());
    tenant.command("POST", &path, json!({"user": NOBODY})).await;
    assert_eq!(tenant.control("POST", &path, json!({"user": NOBODY})).await.status, 400);

    let rule =
        json!({"fault": {"kind": "throttled", "retryAfter": {"seconds": 3}}, "operation": "getPresence", "times": 1});
    let created = tenant.control("POST", "/faults", rule.clone()).await;
    assert_eq!((created.status.as_u16(), created.json()), (201, json!({"id": 1})));
    let answer = tenant.get(&tenant.ada, "/v1.0/me/presence").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, Some("3")));
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

/// Method, path, body, and what the message says: field, value, rule.
#[tokio::test]
async fn input_that_makes_no_sense() {
    let tenant = Tenant::new().await;
    let user = format!("/users/{ADA}");
    for (method, path, body, message) in [
        ("POST", "/users", "", "body: EOF while parsing a value at line 1 column 0"),
        ("POST", "/users", "[]", "body: invalid length 0, expected struct NewUsers with 2 elements at line 1 column 2"),
        ("POST", "/users", "{\"users\": []} x", "body: trailing characters at line 1 column 16"),
        ("POST", "/users", "{\"users\": [{\"id\": \"ada\"}]}", "users[0].id: \"ada\" is not a GUID"),
        ("POST", "/users", "{\"users\": [], \"x\": 1}", "x: unknown field `x`, expected `tenant` or `users`"),
        ("POST", "/tenants", "{\"tenants\": [5]}", "tenants[0]: invalid type: integer `5`, expected a string"),
        ("GET", "/users?top=1001", "", "top \"1001\": must be at most 1000"),
        ("GET", "/users?skip=-1", "", "skip \"-1\": must be a number"),
        ("GET", "/users?tenant=contoso", "", "tenant \"contoso\": must be a GUID"),
        ("GET", "/users/ada", "", "id \"ada\": must be a GUID"),
        ("GET", &format!("/users/{NOBODY}"), "", "must be that of a user who is known in the tenant"),
        ("PUT", &format!("{user}/teams"), "{\"availability\": \"Busy\"}", "missing field `activity`"),
        ("PUT", &format!("{user}/calendar"), "{\"inMeeting\": \"yes\"}", "inMeeting: invalid type: string \"yes\""),
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
            "by \"-PT1S\": must be a duration such as PT10M, not below none",
        ),
        ("POST", "/clock/advance", "{\"by\": \"soon\"}", "by \"soon\": must be a duration"),
        ("PUT", "/clock", "{\"now\": \"noon\"}", "now: "),
        ("POST", "/faults", "{\"fault\": {\"kind\": \"fire\"}}", "unknown variant `fire`, expected one of `status`"),
        (
            "POST",
            "/faults",
            "{\"fault\": {\"kind\": \"status\", \"status\": 200}}",
            "status \"200\": must be from 400 to 599",
        ),
        (
            "POST",
            "/faults",
            "{\"fault\": {\"kind\": \"reset\"}, \"operation\": \"getMood\"}",
            "operation: \"getMood\" must be one of getPresence, getPresencesByUserId, ",
        ),
        ("DELETE", "/faults/x", "", "fault \"x\": must be the number of a rule"),
        ("DELETE", "/faults/9", "", "fault \"9\": must be one that is in force"),
        ("POST", "/tokens", "{}", "user: must be given, or an application"),
        ("POST", "/devices/XYZ", "{}", "user_code \"XYZ\": must be a code that is pending"),
        ("PUT", "/snapshot", "{}", "snapshot: missing field `version`"),
        ("PUT", "/snapshot", "{\"version\": 2}", "version \"2\": must be 1, which is all that this emulator reads"),
    ] {
        let answer = tenant.send(method, &format!("/_emulator{path}"), &[], body.into()).await;
        assert_eq!(answer.status, 400, "{method} {path} {body}");
        let error = answer.json()["error"].take();
        assert_eq!(error["code"], "InvalidInput");
        assert!(error["message"].as_str().unwrap().contains(message), "{path} {body}: {error}");
    }
    assert_eq!(tenant.control("PATCH", "/users", Value::Null).await.status, 405);
    assert_eq!(tenant.control("GET", "/nothing", Value::Null).await.status, 404);

    let running = Emulator::start().await.unwrap();
    let url = format!("{}/_emulator/clock", running.url());
    let answer = reqwest::Client::new().put(url).body("{\"now\": \"2026-01-01T00:00:00Z\"}").send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().contains("clock: runs by itself")), (400, true));
}

/// Everything that a user and a service can hold.
async fn full() -> Tenant {
    let tenant = Tenant::built("2026-01-01T09:00:00Z", |builder| builder.quota(Quota::default())).await;
    let emulator = &tenant.emulator;
    emulator.sign_in(guid(ADA), "Away", "Away");
    emulator.sign_in(guid(BOB), "\u{1f600}", "");
    emulator.in_meeting(guid(BOB), true);
    emulator.out_of_office(guid(ADA), Some("Back\non Monday"));
    emulator.schedule_location(guid(ADA), WorkLocationType::Office, Some("p"));
    emulator.tenant(guid(FABRIKAM)).add_users([guid(NOBODY)]);
    tenant.set(APP, "Available", "Available", Some("PT1H")).await;
    tenant.act("setUserPreferredPresence", &json!({"availability": "Busy", "activity": "Busy"})).await;
    tenant.act("setManualLocation", &json!({"workLocationType": "remote"})).await;
    tenant.act("clearLocation", &json!({})).await;
    let until = json!({"dateTime": "2026-01-01T10:00:00", "timeZone": "Pacific Standard Time"});
    let message = json!({"statusMessage": {"message": {"content": "x"}, "expiryDateTime": until}});
    tenant.post(&tenant.app, STATUS, &message).await;
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
async fn a_snapshot_loses_nothing() {
    let tenant = full().await;
    // Time has passed that nobody has noticed.
    tenant.advance(7, 0);
    let snapshot = tenant.emulator.snapshot();
    let answer = tenant.control("GET", "/snapshot", Value::Null).await;
    let values = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    assert_eq!(answer.json(), values(snapshot.as_bytes()));

    let other = Tenant::built("2030-01-01T00:00:00Z", |builder| builder.quota(Quota::default())).await;
    other.emulator.sign_in(guid(NOBODY), "Busy", "Busy");
    let restored = other.send("PUT", "/_emulator/snapshot", &[], answer.body).await;
    assert_eq!(restored.status, 204, "{}", String::from_utf8_lossy(&restored.body));
    assert_eq!(values(other.emulator.snapshot().as_bytes()), values(snapshot.as_bytes()));

    // Tokens stay good, and both go on alike.
    for minutes in [0, 4, 55, 600] {
        tenant.advance(minutes, 0);
        other.advance(minutes, 0);
        for path in
            ["/v1.0/me/presence".to_owned(), format!("/v1.0/users/{BOB}/presence"), "/v1.0/subscriptions".to_owned()]
        {
            let (one, two) = (tenant.get(&tenant.ada, &path).await, other.get(&tenant.ada, &path).await);
            assert_eq!((one.json(), one.header("date")), (two.json(), two.header("date")), "{path} {minutes}");
        }
    }
}

#[tokio::test]
async fn a_snapshot_keeps_its_json_form() {
    let written = include_str!("snapshot.json");
    let tenant = Tenant::built("2030-01-01T00:00:00Z", |builder| builder.quota(Quota::default())).await;
    tenant.emulator.restore(written).unwrap();
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(value(&tenant.emulator.snapshot()), value(written));
}

#[tokio::test]
async fn a_snapshot_that_cannot_be_read_changes_nothing() {
    let tenant = full().await;
    let before = tenant.emulator.snapshot();
    for (find, replace, message) in [
        ("\"version\":1", "\"version\":2", "version \"2\": must be 1"),
        ("\"version\":1", "\"version\":1,\"x\":1", "unknown field `x`"),
        ("\"now\":", "\"then\":", "unknown field `then`"),
        ("\"tokenKey\":\"", "\"tokenKey\":\"*", "tokenKey: must be the key of a snapshot"),
        (ADA, "ada", "not a GUID"),
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
async fn a_reset_leaves_the_time_and_the_tokens() {
    let tenant = full().await;
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
async fn users_who_are_forgotten_were_never_heard_of() {
    let tenant = Tenant::new().await;
    tenant.emulator.add_users([guid(NOBODY)]);
    assert_eq!(tenant.seen(&tenant.app, NOBODY).await["availability"], "Offline");
    tenant.emulator.remove_users([guid(NOBODY), guid(ADA)]);
    for user in [NOBODY, ADA] {
        assert_eq!(tenant.seen(&tenant.app, user).await["availability"], "PresenceUnknown");
    }
}
