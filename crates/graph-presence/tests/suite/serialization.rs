//! Values written as JSON, and read again.

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

/// Whether a value is written so, and is itself when it is read again.
#[track_caller]
fn assert_written<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, written: Value) {
    assert_eq!(to_value(value).unwrap(), written);
    assert_eq!(from_value::<T>(written).unwrap(), *value);
}

/// Why this cannot be read.
#[track_caller]
fn refusal<T: DeserializeOwned + Debug>(written: Value) -> String {
    from_value::<T>(written).unwrap_err().to_string()
}

fn whole_presence() -> Value {
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
fn open_sets_are_texts_read_in_any_case_and_kept_when_unknown() {
    assert_written(&Availability::DoNotDisturb, json!("DoNotDisturb"));
    assert_written(&Activity::InAConferenceCall, json!("InAConferenceCall"));
    assert_written(&WorkLocationType::TimeOff, json!("timeOff"));
    assert_written(&WorkLocationSource::None, json!("none"));
    assert_written(&Availability::from("Levitating"), json!("Levitating"));
    assert_eq!(from_value::<Availability>(json!("doNotDisturb")).unwrap(), Availability::DoNotDisturb);
    assert_eq!(from_value::<WorkLocationType>(json!("TIMEOFF")).unwrap(), WorkLocationType::TimeOff);
    for known in Activity::KNOWN {
        assert_written(known, json!(known.as_str()));
    }
}

#[test]
fn states_are_the_pairs_that_the_service_takes_and_no_others() {
    for state in SessionState::ALL {
        let (availability, activity) = (state.availability(), state.activity());
        assert_written(&state, json!({"availability": availability.as_str(), "activity": activity.as_str()}));
    }
    for state in PreferredState::ALL {
        let (availability, activity) = (state.availability(), state.activity());
        assert_written(&state, json!({"availability": availability.as_str(), "activity": activity.as_str()}));
    }
    let any_case = json!({"availability": "busy", "activity": "inACall"});
    assert_eq!(from_value::<SessionState>(any_case).unwrap(), SessionState::InACall);
    let pair = json!({"availability": "Busy", "activity": "Busy"});
    assert_eq!(
        refusal::<SessionState>(pair),
        "invalid availability and activity \"Busy/Busy\": expected a pair that setPresence supports: Available/Available, \
         Busy/InACall, Busy/InAConferenceCall, Away/Away, DoNotDisturb/Presenting"
    );
    let pair = json!({"availability": "Busy", "activity": "InACall"});
    assert_eq!(
        refusal::<PreferredState>(pair),
        "invalid availability and activity \"Busy/InACall\": expected a pair that setUserPreferredPresence supports: \
         Available/Available, Busy/Busy, DoNotDisturb/DoNotDisturb, BeRightBack/BeRightBack, Away/Away, Offline/OffWork"
    );
}

#[test]
fn texts_are_checked_as_their_own_readers_check_them() {
    assert_written(&Expiration::minutes(90).unwrap(), json!("PT1H30M"));
    assert_eq!(from_value::<Expiration>(json!("PT5400S")).unwrap(), Expiration::minutes(90).unwrap());
    assert_written(&ada(), json!(ADA));
    assert_eq!(from_value::<UserId>(json!(ADA.to_uppercase())).unwrap(), ada());
    assert_written(&SessionId::parse(APPLICATION).unwrap(), json!(APPLICATION));
    let refusals = [
        refusal::<Expiration>(json!("PT4M")),
        refusal::<Expiration>(json!("soon")),
        refusal::<UserId>(json!("ada@example.com")),
        refusal::<SessionId>(json!("me")),
    ];
    let own = [
        Expiration::new(Duration::from_mins(4)).unwrap_err().to_string(),
        Expiration::parse("soon").unwrap_err().to_string(),
        UserId::parse("ada@example.com").unwrap_err().to_string(),
        SessionId::parse("me").unwrap_err().to_string(),
    ];
    assert_eq!(refusals, own);
}

#[test]
fn an_id_that_is_not_a_guid_is_an_unknown_property() {
    let written = json!({"id": "ada@example.com", "availability": "Busy", "activity": "InACall"});
    let presence: Presence = from_value(written.clone()).unwrap();
    assert_eq!(presence.id, None);
    assert_eq!(presence.extra().collect::<Vec<_>>(), [("id", "\"ada@example.com\"".to_owned())]);
    assert_eq!(to_value(&presence).unwrap(), written);
    assert_eq!(refusal::<UserId>(json!("ada@example.com")), UserId::parse("ada@example.com").unwrap_err().to_string());
}

#[test]
fn settings_of_a_client_are_texts() {
    let clouds = [
        (Cloud::Global, "global"),
        (Cloud::UsGovernmentL4, "usGovernmentL4"),
        (Cloud::UsGovernmentL5, "usGovernmentL5"),
        (Cloud::China, "china"),
    ];
    for (cloud, written) in clouds {
        assert_written(&cloud, json!(written));
    }
    for version in [ApiVersion::V1, ApiVersion::Beta] {
        assert_written(&version, json!(version.as_str()));
    }
    assert!(from_value::<Cloud>(json!("mars")).is_err());
}

#[test]
fn what_is_said_is_written_as_it_is_sent() {
    let five = jiff::civil::date(2026, 11, 20).at(17, 0, 0, 0);
    let five = DateTimeTimeZone::new(five, "FLE Standard Time").unwrap();
    let written = json!({"dateTime": "2026-11-20T17:00:00", "timeZone": "FLE Standard Time"});
    assert_written(&five, written.clone());
    assert_written(
        &StatusMessage::text("Back at five").unwrap().until(five),
        json!({"message": {"content": "Back at five", "contentType": "text"}, "expiryDateTime": written}),
    );
    assert_written(&Workplace::REMOTE, json!({"workLocationType": "remote"}));
    assert_written(&Workplace::OFFICE.at("b4"), json!({"workLocationType": "office", "placeId": "b4"}));
    assert_eq!(
        refusal::<Workplace>(json!({"workLocationType": "unspecified"})),
        "invalid work location type \"unspecified\": expected office, remote or timeOff"
    );
    assert_eq!(
        refusal::<DateTimeTimeZone>(json!({"dateTime": null, "timeZone": "UTC"})),
        "dateTime: a date and time without an offset is needed"
    );
}

#[test]
fn a_presence_is_written_as_the_service_writes_it() {
    let presence: Presence = from_value(whole_presence()).unwrap();
    assert_written(&presence, whole_presence());
    let extra: Vec<_> = presence.extra().collect();
    assert_eq!(extra, [("moodRing", r#"{"colour":"mauve","depth":[1,2.5,null]}"#.to_owned())]);
    let written = whole_presence();
    assert_written::<StatusMessage>(&presence.status_message.unwrap(), written["statusMessage"].clone());
    assert_written::<OutOfOfficeSettings>(&presence.out_of_office.unwrap(), written["outOfOfficeSettings"].clone());
    assert_written::<WorkLocation>(&presence.work_location.unwrap(), written["workLocation"].clone());
}

#[tokio::test]
async fn a_presence_is_read_as_the_clients_answers_are() {
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
    for answer in [json!({}), nulls, nulls_within, whole_presence()] {
        let server = MockServer::start_async().await;
        always(&server, |then| then.status(200).json_body(answer.clone())).await;
        let answered = client(&server).user(ada()).get_presence().send().await.unwrap();
        let read: Presence = from_value(answer).unwrap();
        assert_eq!(read, answered);
        let again: Presence = from_value(to_value(&read).unwrap()).unwrap();
        assert_eq!(again, answered);
    }
}
