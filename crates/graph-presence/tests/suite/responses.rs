//! Decoding of responses with additional, missing and changed properties.

use graph_presence::{Activity, Availability, Presence, Result, jiff};
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::server::{ADA, ada, always, client, users};

async fn get_user(body: &str) -> Result<Presence> {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).header("content-type", "application/json").body(body)).await;
    client(&server).user(ada()).get_presence().send().await
}

async fn get_communications(body: Value) -> Result<Presence> {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(body)).await;
    client(&server).communications(ada()).get_presence().send().await
}

#[tokio::test]
async fn enum_values_are_case_insensitive_and_unknown_values_are_kept() {
    let cases = [
        ("Busy", Availability::Busy),
        ("doNotDisturb", Availability::DoNotDisturb),
        ("INACALL", Availability::InACall),
        ("Levitating", Availability::from("Levitating")),
        ("", Availability::from("")),
    ];
    for (text, expected) in cases {
        let presence = get_user(&json!({"availability": text, "activity": text}).to_string()).await.unwrap();
        assert_eq!(presence.availability, expected);
        let read = presence.activity.as_str();
        assert!(read.eq_ignore_ascii_case(text), "{text} was read as {read}");
    }
}

#[tokio::test]
async fn null_and_missing_properties_are_none() {
    let nulls = json!({
        "id": ADA, "availability": null, "activity": null, "outOfOfficeSettings": null, "sequenceNumber": null,
        "statusMessage": null, "workLocation": null,
    });
    let missing = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "id": ADA, "new": [1]});
    for body in [nulls, missing] {
        let presence = get_user(&body.to_string()).await.unwrap();
        assert_eq!(presence.id, Some(ada()));
        assert_eq!(presence.availability, Availability::PresenceUnknown);
        assert_eq!(presence.activity, Activity::PresenceUnknown);
        assert_eq!(presence.status_message, None);
        assert_eq!(presence.out_of_office, None);
        assert_eq!(presence.work_location, None);
        assert_eq!(presence.sequence_number, None);
    }
}

#[tokio::test]
async fn null_properties_of_nested_objects_are_none() {
    let body = json!({
        "statusMessage": {"message": null, "expiryDateTime": {"dateTime": null, "timeZone": null}, "publishedDateTime": null},
        "outOfOfficeSettings": {"isOutOfOffice": null, "message": null},
        "workLocation": {"placeId": null, "source": null, "workLocationType": null},
    });
    let presence = get_user(&body.to_string()).await.unwrap();
    let message = presence.status_message.unwrap();
    assert_eq!((message.content(), message.content_type()), ("", "text"));
    assert_eq!((message.expiry(), message.published()), (None, None));
    assert!(!presence.out_of_office.unwrap().is_out_of_office);
    assert_eq!(presence.work_location.unwrap().location_type.as_str(), "unspecified");
}

#[tokio::test]
async fn complete_presence_is_decoded() {
    let body = json!({
        "id": ADA.to_uppercase(),
        "availability": "Busy",
        "activity": "InAMeeting",
        "sequenceNumber": "A0129311063",
        "outOfOfficeSettings": {"@odata.type": "#microsoft.graph.outOfOfficeSettings", "isOutOfOffice": true, "message": "Gone fishing"},
        "statusMessage": {
            "message": {"content": "At the office", "contentType": "html"},
            "expiryDateTime": {"dateTime": "2022-10-18T17:05:33.2079781", "timeZone": "Pacific Standard Time"},
            "publishedDateTime": "2022-10-18T20:00:00.1234567Z",
        },
        "workLocation": {"placeId": "b4", "source": "manual", "workLocationType": "moonBase"},
    });
    let presence = get_user(&body.to_string()).await.unwrap();
    assert_eq!(presence.id, Some(ada()));
    assert_eq!(presence.sequence_number.as_deref(), Some("A0129311063"));
    let settings = presence.out_of_office.unwrap();
    assert_eq!((settings.is_out_of_office, settings.message.as_deref()), (true, Some("Gone fishing")));
    let message = presence.status_message.unwrap();
    assert_eq!((message.content(), message.content_type()), ("At the office", "html"));
    let expiry = message.expiry().unwrap();
    assert_eq!(expiry.to_string(), "2022-10-18T17:05:33.2079781 Pacific Standard Time");
    assert_eq!(expiry.timestamp(), Some("2022-10-19T00:05:33.2079781Z".parse().unwrap()));
    assert_eq!(message.published(), Some("2022-10-18T20:00:00.1234567Z".parse::<jiff::Timestamp>().unwrap()));
    let location = presence.work_location.unwrap();
    assert_eq!((location.location_type.as_str(), location.source.as_str()), ("moonBase", "manual"));
    assert_eq!(location.place_id.as_deref(), Some("b4"));
}

#[tokio::test]
async fn unknown_time_zone_is_kept() {
    let body = json!({"statusMessage": {"expiryDateTime": {"dateTime": "2026-01-01T00:00:00", "timeZone": "Atlantis Standard Time"}}});
    let presence = get_user(&body.to_string()).await.unwrap();
    let message = presence.status_message.unwrap();
    assert_eq!(message.expiry().unwrap().to_string(), "2026-01-01T00:00:00 Atlantis Standard Time");
    assert_eq!(message.expiry().unwrap().timestamp(), None);
}

#[tokio::test]
async fn communications_response_may_be_an_object_or_a_collection() {
    let presence = json!({"id": ADA, "availability": "Away", "activity": "BeRightBack"});
    let object = get_communications(presence.clone()).await.unwrap();
    let collection = get_communications(json!({"value": [presence]})).await.unwrap();
    assert_eq!(object, collection);
    assert_eq!(object.activity, Activity::BeRightBack);
}

#[tokio::test]
async fn collection_of_zero_or_two_presences_is_a_decode_error() {
    for (collection, count) in [(json!([]), 0), (json!([{}, {}]), 2)] {
        let error = get_communications(json!({"value": collection})).await.unwrap_err();
        assert_eq!(error.to_string(), "get presence: failed to decode the response body (200 OK)");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, format!("expected 1 presence, got {count}"));
    }
}

#[tokio::test]
async fn users_that_were_not_requested_keep_the_order_of_the_response() {
    let server = MockServer::start_async().await;
    let states = [(users(3)[2], "Busy"), (users(3)[0], "Away"), (users(3)[1], "Offline")];
    let value: Vec<_> =
        states.iter().map(|(id, availability)| json!({"id": id.to_string(), "availability": availability})).collect();
    always(&server, |then| then.status(200).json_body(json!({"value": value}))).await;
    let presences = client(&server).presences([ada()]).send().await.unwrap().complete().unwrap();
    let read: Vec<_> =
        presences.iter().map(|presence| (presence.id.unwrap(), presence.availability.as_str())).collect();
    assert_eq!(read, states);
}

#[tokio::test]
async fn html_status_message_is_rejected_before_sending() {
    let body = json!({"statusMessage": {"message": {"content": "<b>Hi</b>", "contentType": "html"}}});
    let message = get_user(&body.to_string()).await.unwrap().status_message.unwrap();
    let server = MockServer::start_async().await;
    let request = always(&server, |then| then.status(200)).await;
    let error = client(&server).user(ada()).set_status_message(message).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "set status message: invalid status message content type \"html\": expected `text`, the only content type that \
         presence supports"
    );
    request.assert_calls_async(0).await;
}

#[tokio::test]
async fn object_without_presence_properties_is_a_decode_error() {
    let bodies = [
        json!({"error": {"code": "Odd", "message": "an error with status 200"}}),
        json!({"value": null}),
        json!({"value": [{"availability": 5}]}),
        json!({"value": {"availability": "Busy"}}),
    ];
    for body in bodies {
        for result in [get_communications(body.clone()).await, get_user(&body.to_string()).await] {
            assert!(result.unwrap_err().is_decode(), "{body}");
        }
    }
}
