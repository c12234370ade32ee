//! Serialization and deserialization with the feature `serde`.

use std::fmt::Debug;
use std::time::Duration;

use graph_presence::{
    Activity, ApiVersion, Availability, Cloud, DateTimeTimeZone, Expiration, OutOfOfficeSettings, PreferredState,
    Presence, SessionId, SessionState, StatusMessage, UserId, WorkLocation, WorkLocationSource, WorkLocationType,
    Workplace, jiff,
};
use httpmock::MockServer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

use crate::server::{ADA, APPLICATION, ada, always, client};

/// Asserts that a value is serialized to this JSON, and deserialized from it.
#[track_caller]
fn assert_serialized<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, written: Value) {
    assert_eq!(to_value(value).unwrap(), written);
    assert_eq!(from_value::<T>(written).unwrap(), *value);
}

/// Returns the error of deserializing an invalid value.
#[track_caller]
fn deserialize_error<T: DeserializeOwned + Debug>(written: Value) -> String {
    from_value::<T>(written).unwrap_err().to_string()
}

fn complete_presence() -> Value {
    json!({
        "id": ADA,
        "availability": "Busy",
        "activity": "InAMeeting",
        "sequenceNumber": "A0129311063",
        "outOfOfficeSettings": {"isOutOfOffice": true, "message": "Gone fishing"},
        "statusMessage": {
            "message": {"content": "At the office", "contentType": "html"},
            "expiryDateTime": {"dateTime": "2022-10-18T17:05:33.2079781", "timeZone": "Pacific Standard Time"},
            "publishedDateTime": "2022-10-18T20:00:00.1234567Z",
        },
        "workLocation": {"placeId": "b4", "source": "manual", "workLocationType": "moonBase"},
        "moodRing": {"colour": "mauve", "depth": [1, 2.5, null]},
    })
}

#[test]
fn open_enums_are_case_insensitive_strings_that_keep_unknown_values() {
    assert_serialized(&Availability::DoNotDisturb, json!("DoNotDisturb"));
    assert_serialized(&Activity::InAConferenceCall, json!("InAConferenceCall"));
    assert_serialized(&WorkLocationType::TimeOff, json!("timeOff"));
    assert_serialized(&WorkLocationSource::None, json!("none"));
    assert_serialized(&Availability::from("Levitating"), json!("Levitating"));
    assert_eq!(from_value::<Availability>(json!("doNotDisturb")).unwrap(), Availability::DoNotDisturb);
    assert_eq!(from_value::<WorkLocationType>(json!("TIMEOFF")).unwrap(), WorkLocationType::TimeOff);
    for known in Activity::KNOWN {
        assert_serialized(known, json!(known.as_str()));
    }
}

#[test]
fn states_are_serialized_as_supported_pairs() {
    for state in SessionState::ALL {
        let (availability, activity) = (state.availability(), state.activity());
        assert_serialized(&state, json!({"availability": availability.as_str(), "activity": activity.as_str()}));
    }
    for state in PreferredState::ALL {
        let (availability, activity) = (state.availability(), state.activity());
        assert_serialized(&state, json!({"availability": availability.as_str(), "activity": activity.as_str()}));
    }
    let any_case = json!({"availability": "busy", "activity": "inACall"});
    assert_eq!(from_value::<SessionState>(any_case).unwrap(), SessionState::InACall);
    let pair = json!({"availability": "Busy", "activity": "Busy"});
    assert_eq!(
        deserialize_error::<SessionState>(pair),
        "invalid availability and activity \"Busy/Busy\": expected a pair that setPresence supports: Available/Available, \
         Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting"
    );
    let pair = json!({"availability": "Busy", "activity": "InACall"});
    assert_eq!(
        deserialize_error::<PreferredState>(pair),
        "invalid availability and activity \"Busy/InACall\": expected a pair that setUserPreferredPresence supports: \
         Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away, Offline/OffWork"
    );
}

#[test]
fn deserialized_texts_are_validated() {
    assert_serialized(&Expiration::minutes(90).unwrap(), json!("PT1H30M"));
    assert_eq!(from_value::<Expiration>(json!("PT5400S")).unwrap(), Expiration::minutes(90).unwrap());
    assert_serialized(&ada(), json!(ADA));
    assert_eq!(from_value::<UserId>(json!(ADA.to_uppercase())).unwrap(), ada());
    assert_serialized(&SessionId::parse(APPLICATION).unwrap(), json!(APPLICATION));
    let errors = [
        deserialize_error::<Expiration>(json!("PT4M")),
        deserialize_error::<Expiration>(json!("soon")),
        deserialize_error::<UserId>(json!("ada@example.com")),
        deserialize_error::<SessionId>(json!("me")),
    ];
    let expected = [
        Expiration::new(Duration::from_mins(4)).unwrap_err().to_string(),
        Expiration::parse("soon").unwrap_err().to_string(),
        UserId::parse("ada@example.com").unwrap_err().to_string(),
        SessionId::parse("me").unwrap_err().to_string(),
    ];
    assert_eq!(errors, expected);
}

#[test]
fn id_that_is_not_a_guid_is_an_unknown_property() {
    let written = json!({"id": "ada@example.com", "availability": "Busy", "activity": "InACall"});
    let presence: Presence = from_value(written.clone()).unwrap();
    assert_eq!(presence.id, None);
    assert_eq!(presence.extra().collect::<Vec<_>>(), [("id", "\"ada@example.com\"".to_owned())]);
    assert_eq!(to_value(&presence).unwrap(), written);
    assert_eq!(
        deserialize_error::<UserId>(json!("ada@example.com")),
        UserId::parse("ada@example.com").unwrap_err().to_string()
    );
}

#[test]
fn client_settings_are_serialized_as_strings() {
    let clouds = [
        (Cloud::Global, "global"),
        (Cloud::UsGovernmentL4, "usGovernmentL4"),
        (Cloud::UsGovernmentL5, "usGovernmentL5"),
        (Cloud::China, "china"),
    ];
    for (cloud, written) in clouds {
        assert_serialized(&cloud, json!(written));
    }
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        assert_serialized(&version, json!(version.as_str()));
    }
    assert!(from_value::<Cloud>(json!("mars")).is_err());
}

#[test]
fn request_values_are_serialized_as_they_are_sent() {
    let five = jiff::civil::date(2026, 11, 20).at(17, 0, 0, 0);
    let five = DateTimeTimeZone::new(five, "FLE Standard Time").unwrap();
    let written = json!({"dateTime": "2026-11-20T17:00:00", "timeZone": "FLE Standard Time"});
    assert_serialized(&five, written.clone());
    assert_serialized(
        &StatusMessage::text("Back at five").unwrap().until(five),
        json!({"message": {"content": "Back at five", "contentType": "text"}, "expiryDateTime": written}),
    );
    assert_serialized(&Workplace::REMOTE, json!({"workLocationType": "remote"}));
    assert_serialized(&Workplace::OFFICE.at("b4"), json!({"workLocationType": "office", "placeId": "b4"}));
    assert_eq!(
        deserialize_error::<Workplace>(json!({"workLocationType": "unspecified"})),
        "invalid work location type \"unspecified\": expected office, remote or timeOff"
    );
    assert_eq!(
        deserialize_error::<DateTimeTimeZone>(json!({"dateTime": null, "timeZone": "UTC"})),
        "missing field `dateTime`: expected a date and time without an offset"
    );
}

#[test]
fn presence_is_serialized_in_the_format_of_the_service() {
    let presence: Presence = from_value(complete_presence()).unwrap();
    assert_serialized(&presence, complete_presence());
    let extra: Vec<_> = presence.extra().collect();
    assert_eq!(extra, [("moodRing", r#"{"colour":"mauve","depth":[1,2.5,null]}"#.to_owned())]);
    let written = complete_presence();
    assert_serialized::<StatusMessage>(&presence.status_message.unwrap(), written["statusMessage"].clone());
    assert_serialized::<OutOfOfficeSettings>(&presence.out_of_office.unwrap(), written["outOfOfficeSettings"].clone());
    assert_serialized::<WorkLocation>(&presence.work_location.unwrap(), written["workLocation"].clone());
}

#[tokio::test]
async fn presence_is_deserialized_like_a_response() {
    let nulls = json!({
        "id": null, "availability": null, "activity": null, "outOfOfficeSettings": null, "sequenceNumber": null,
        "statusMessage": null, "workLocation": null,
    });
    let nulls_within = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
        "id": "a user of another service",
        "statusMessage": {"message": null, "expiryDateTime": {"dateTime": null, "timeZone": null}},
        "outOfOfficeSettings": {"isOutOfOffice": null, "message": null},
        "workLocation": {"placeId": null, "source": null, "workLocationType": null},
    });
    for response in [json!({}), nulls, nulls_within, complete_presence()] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(200).json_body(response.clone())).await;
        let decoded = client(&server).user(ada()).get_presence().send().await.unwrap();
        let deserialized: Presence = from_value(response).unwrap();
        assert_eq!(deserialized, decoded);
        let round_tripped: Presence = from_value(to_value(&deserialized).unwrap()).unwrap();
        assert_eq!(round_tripped, decoded);
    }
}
