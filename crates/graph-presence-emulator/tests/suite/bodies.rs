//! Request bodies that are rejected, with the code and message of the error.

use serde_json::{Value, json};

use crate::tenant::{ADA, APP, GET_PRESENCES, SET_PRESENCE, SET_STATUS_MESSAGE, Tenant};

const INVALID_JSON: &str = "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.";
const EMPTY: &str = "Empty Payload. JSON content expected.";
const PAIR: &str = "[Activity]: The Activity field does not go with the availability.";
const DURATION: &str = "[ExpirationDuration]: The ExpirationDuration field must be an ISO 8601 duration.";
const RANGE: &str = "[ExpirationDuration]: The ExpirationDuration field must be between PT5M and PT4H.";
const DATE_TIME: &str = "[DateTime]: The DateTime field must be a date and a time without an offset.";
const TIME_ZONE: &str = "[TimeZone]: The TimeZone field must name a time zone of Windows or IANA.";
const POSITIVE: &str = "[ExpirationDuration]: The ExpirationDuration field must be positive.";
const CLEAR_PRESENCE: &str = "/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/clearPresence";
const SET_PREFERRED: &str = "/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence/setUserPreferredPresence";
const NOT_GUIDS: &str = "[Ids]: The Ids field must hold GUIDs only.";

fn required(field: &str) -> String {
    format!("[{field}]: The {field} field is required.")
}

fn mistyped(name: &str, kind: &str) -> String {
    format!("Cannot convert the value of '{name}' to the expected type '{kind}'.")
}

/// Returns a valid session with some properties replaced.
fn session(changes: Value) -> Value {
    with_changes(json!({"sessionId": APP, "availability": "Busy", "activity": "InACall"}), changes)
}

/// Returns a valid preferred presence with some properties replaced.
fn preference(changes: Value) -> Value {
    with_changes(json!({"availability": "Busy", "activity": "Busy"}), changes)
}

fn status(changes: Value) -> Value {
    json!({"statusMessage": with_changes(json!({"message": {"content": "x"}}), changes)})
}

fn until(date_time: impl Into<Value>, time_zone: impl Into<Value>) -> Value {
    status(json!({"expiryDateTime": {"dateTime": date_time.into(), "timeZone": time_zone.into()}}))
}

fn with_changes(mut body: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else {
        return body;
    };
    for (name, value) in changes {
        body[name] = value;
    }
    body
}

/// Each row: path, body, and the code and message of the error. All responses have status 400.
#[tokio::test]
async fn invalid_bodies_are_rejected() {
    let invalid = "InvalidArgument";
    let bad = "BadRequest";
    let pacific = "Pacific Standard Time";
    let ids = |count: usize| json!({"ids": vec![ADA; count]});
    let rows: Vec<(&str, Value, &str, String)> = vec![
        (SET_PRESENCE, json!({}), invalid, required("SessionId")),
        (SET_PRESENCE, session(json!({"sessionId": null})), invalid, required("SessionId")),
        (SET_PRESENCE, session(json!({"sessionId": " "})), invalid, required("SessionId")),
        (SET_PRESENCE, json!({"SessionId": APP}), invalid, required("SessionId")),
        (SET_PRESENCE, session(json!({"sessionId": 5})), bad, mistyped("sessionId", "Edm.String")),
        (SET_PRESENCE, session(json!({"availability": null})), invalid, required("Availability")),
        (SET_PRESENCE, session(json!({"availability": ["Busy"]})), bad, mistyped("availability", "Edm.String")),
        (SET_PRESENCE, session(json!({"activity": ""})), invalid, required("Activity")),
        (SET_PRESENCE, session(json!({"activity": "Busy"})), invalid, PAIR.into()),
        (SET_PRESENCE, session(json!({"activity": "InAMeeting"})), invalid, PAIR.into()),
        (SET_PRESENCE, session(json!({"activity": "Presenting"})), invalid, PAIR.into()),
        (SET_PRESENCE, session(json!({"activity": "InACall "})), invalid, PAIR.into()),
        (
            SET_PRESENCE,
            session(json!({"availability": "DoNotDisturb", "activity": "DoNotDisturb"})),
            invalid,
            PAIR.into(),
        ),
        (SET_PRESENCE, session(json!({"availability": "Available", "activity": "OutOfOffice"})), invalid, PAIR.into()),
        (
            SET_PRESENCE,
            session(json!({"availability": "BeRightBack", "activity": "BeRightBack"})),
            invalid,
            PAIR.into(),
        ),
        (SET_PRESENCE, session(json!({"availability": "Offline", "activity": "OffWork"})), invalid, PAIR.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "0:05:00"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": ""})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "P"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "5 minutes"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "5M"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "pt5m"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "P1M"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT99999999999999999999H"})), invalid, DURATION.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": 300})), bad, mistyped("expirationDuration", "Edm.String")),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT4M59S"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT4M59.999999999S"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT4H0.000000001S"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT4H1S"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "PT0S"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "-PT1H"})), invalid, RANGE.into()),
        (SET_PRESENCE, session(json!({"expirationDuration": "P1D"})), invalid, RANGE.into()),
        (CLEAR_PRESENCE, json!({}), invalid, required("SessionId")),
        (CLEAR_PRESENCE, json!({"sessionId": ""}), invalid, required("SessionId")),
        (CLEAR_PRESENCE, json!({"sessionId": [APP]}), bad, mistyped("sessionId", "Edm.String")),
        (SET_PREFERRED, json!({}), invalid, required("Availability")),
        (SET_PREFERRED, preference(json!({"activity": null})), invalid, required("Activity")),
        (SET_PREFERRED, preference(json!({"activity": "InACall"})), invalid, PAIR.into()),
        (SET_PREFERRED, preference(json!({"activity": "Away"})), invalid, PAIR.into()),
        (SET_PREFERRED, preference(json!({"availability": "Offline", "activity": "Offline"})), invalid, PAIR.into()),
        (
            SET_PREFERRED,
            preference(json!({"availability": "DoNotDisturb", "activity": "Presenting"})),
            invalid,
            PAIR.into(),
        ),
        (SET_PREFERRED, preference(json!({"expirationDuration": "PT0S"})), invalid, POSITIVE.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "P0D"})), invalid, POSITIVE.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "-PT8H"})), invalid, POSITIVE.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "8:00:00"})), invalid, DURATION.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "P1W"})), invalid, DURATION.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "P1Y"})), invalid, DURATION.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "pt8h"})), invalid, DURATION.into()),
        (SET_PREFERRED, preference(json!({"expirationDuration": "P99999999999999999999D"})), invalid, DURATION.into()),
        (SET_STATUS_MESSAGE, json!({}), invalid, required("StatusMessage")),
        (SET_STATUS_MESSAGE, json!({"statusMessage": null}), invalid, required("StatusMessage")),
        (
            SET_STATUS_MESSAGE,
            json!({"statusMessage": "x"}),
            bad,
            mistyped("statusMessage", "microsoft.graph.presenceStatusMessage"),
        ),
        (
            SET_STATUS_MESSAGE,
            json!({"statusMessage": [{"content": "x"}]}),
            bad,
            mistyped("statusMessage", "microsoft.graph.presenceStatusMessage"),
        ),
        (SET_STATUS_MESSAGE, status(json!({"message": null})), invalid, required("Message")),
        (SET_STATUS_MESSAGE, status(json!({"message": "x"})), bad, mistyped("message", "microsoft.graph.itemBody")),
        (SET_STATUS_MESSAGE, status(json!({"message": {"contentType": "text"}})), invalid, required("Content")),
        (
            SET_STATUS_MESSAGE,
            status(json!({"message": {"content": "<b>", "contentType": "html"}})),
            invalid,
            "[ContentType]: The ContentType field must be text.".into(),
        ),
        (
            SET_STATUS_MESSAGE,
            status(json!({"expiryDateTime": "2026-01-01T10:00:00Z"})),
            bad,
            mistyped("expiryDateTime", "microsoft.graph.dateTimeTimeZone"),
        ),
        (SET_STATUS_MESSAGE, until(Value::Null, pacific), invalid, required("DateTime")),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00", Value::Null), invalid, required("TimeZone")),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00Z", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00+01:00", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00-08:00", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00[UTC]", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-02-29T10:00:00", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("10000-01-01T10:00:00", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("9999-12-31T23:59:59", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("tomorrow", pacific), invalid, DATE_TIME.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00", "Middle Earth Standard Time"), invalid, TIME_ZONE.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00", "Etc/Unknown"), invalid, TIME_ZONE.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00", "../../etc/passwd"), invalid, TIME_ZONE.into()),
        (SET_STATUS_MESSAGE, until("2026-01-01T10:00:00", "+01:00"), invalid, TIME_ZONE.into()),
        (GET_PRESENCES, json!({}), invalid, required("Ids")),
        (GET_PRESENCES, json!({"ids": null}), invalid, required("Ids")),
        (GET_PRESENCES, json!({"ids": []}), invalid, required("Ids")),
        (GET_PRESENCES, ids(651), bad, "Bad Request".into()),
        (GET_PRESENCES, ids(10_000), bad, "Bad Request".into()),
        (GET_PRESENCES, json!({"ids": ADA}), bad, mistyped("ids", "Collection(Edm.String)")),
        (GET_PRESENCES, json!({"ids": [ADA, null]}), bad, mistyped("ids", "Collection(Edm.String)")),
        (GET_PRESENCES, json!({"ids": [ADA, "ada@contoso.com"]}), invalid, NOT_GUIDS.into()),
        (GET_PRESENCES, json!({"ids": [""]}), invalid, NOT_GUIDS.into()),
        (GET_PRESENCES, json!([ADA]), bad, INVALID_JSON.into()),
        (GET_PRESENCES, json!("ids"), bad, INVALID_JSON.into()),
        (GET_PRESENCES, Value::Null, bad, INVALID_JSON.into()),
    ];
    let tenant = Tenant::new().await;
    for (path, body, code, message) in rows {
        let response = tenant.post(&tenant.app, path, &body).await;
        assert_eq!(response.error(), (400, code.to_owned(), message), "{path} {body:.200}");
    }
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}

/// Each row: body, and the code and message of the error. All responses have status 400.
#[tokio::test]
async fn invalid_locations_are_rejected() {
    let kind = "[WorkLocationType]: The WorkLocationType field must be office, remote or timeOff.";
    let rows = [
        (json!({}), "InvalidArgument", required("WorkLocationType")),
        (json!({"workLocationType": null}), "InvalidArgument", required("WorkLocationType")),
        (json!({"workLocationType": "unspecified"}), "InvalidArgument", kind.to_owned()),
        (json!({"workLocationType": "unknownFutureValue"}), "InvalidArgument", kind.to_owned()),
        (json!({"workLocationType": "String", "placeId": "String"}), "InvalidArgument", kind.to_owned()),
        (json!({"workLocationType": 1}), "BadRequest", mistyped("workLocationType", "Edm.String")),
        (json!({"workLocationType": "office", "placeId": 7}), "BadRequest", mistyped("placeId", "Edm.String")),
    ];
    let tenant = Tenant::new().await;
    for (body, code, message) in rows {
        for action in ["setManualLocation", "setAutomaticLocation"] {
            let response = tenant.post(&tenant.ada, &format!("/beta/me/presence/{action}"), &body).await;
            assert_eq!(response.error(), (400, code.to_owned(), message.clone()), "{action} {body}");
        }
    }
    assert_eq!(tenant.ada_property("workLocation").await["source"], "none");
}

#[tokio::test]
async fn invalid_json_is_rejected() {
    let rows: [(&[u8], &str); 8] = [
        (b"", EMPTY),
        (b" \r\n", EMPTY),
        (b"{", INVALID_JSON),
        (b"{\"sessionId\": \"x\",}", INVALID_JSON),
        (b"{} {}", INVALID_JSON),
        (b"{\"sessionId\": \"\xff\xfe\"}", INVALID_JSON),
        (b"{\"sessionId\": \"\\ud800\"}", INVALID_JSON),
        (b"<session/>", INVALID_JSON),
    ];
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    for (body, message) in rows {
        let response = tenant.send("POST", SET_PRESENCE, &headers, body.to_vec()).await;
        assert_eq!(response.error(), (400, "BadRequest".to_owned(), message.to_owned()), "{body:?}");
    }
}

#[tokio::test]
async fn other_content_types_are_rejected() {
    let tenant = Tenant::new().await;
    let authorization = format!("Bearer {}", tenant.app);
    let body = session(json!({})).to_string().into_bytes();
    for (content_type, status) in [
        (Some("application/json"), 200),
        (Some("Application/JSON; charset=utf-8"), 200),
        (Some("application/json;odata.metadata=minimal"), 200),
        (Some("text/plain"), 415),
        (Some("application/x-www-form-urlencoded"), 415),
        (Some("application/jsonp"), 415),
        (Some(""), 415),
        (None, 415),
    ] {
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(content_type.map(|content_type| ("content-type", content_type)));
        let response = tenant.send("POST", SET_PRESENCE, &headers, body.clone()).await;
        assert_eq!(response.status, status, "{content_type:?}");
        if status == 415 {
            assert_eq!(
                response.error(),
                (
                    415,
                    "UnsupportedMediaType".to_owned(),
                    "Entity only allows writes with a JSON Content-Type header.".to_owned()
                )
            );
        }
    }
}

#[tokio::test]
async fn a_large_body_is_rejected() {
    let tenant = Tenant::new().await;
    let limit = 1 << 20;
    for (size, status) in [(limit, 200), (limit + 1, 413), (40 * limit, 413)] {
        let mut body = session(json!({})).to_string().into_bytes();
        body.resize(size, b' ');
        let authorization = format!("Bearer {}", tenant.app);
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let response = tenant.send("POST", SET_PRESENCE, &headers, body).await;
        assert_eq!(response.status, status, "{size}");
        if status == 413 {
            assert_eq!(response.error().1, "RequestEntityTooLarge");
        }
    }
}
