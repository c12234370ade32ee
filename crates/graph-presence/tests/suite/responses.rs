//! What is read, whatever the service adds, leaves out or changes.

use graph_presence::{Activity, Availability, Presence, Result, jiff};
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::server::{ADA, ada, always, client, users};

async fn user_answer(body: &str) -> Result<Presence> {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).header("content-type", "application/json").body(body)).await;
    client(&server).user(ada()).get_presence().send().await
}

async fn communications_answer(body: Value) -> Result<Presence> {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(body)).await;
    client(&server).communications(ada()).get_presence().send().await
}

#[tokio::test]
async fn values_are_read_in_any_case_and_unknown_ones_are_kept() {
    let cases = [
        ("Busy", Availability::Busy),
        ("doNotDisturb", Availability::DoNotDisturb),
        ("INACALL", Availability::InACall),
        ("Levitating", Availability::from("Levitating")),
        ("", Availability::from("")),
    ];
    for (text, expected) in cases {
        let presence = user_answer(&json!({"availability": text, "activity": text}).to_string()).await.unwrap();
        assert_eq!(presence.availability, expected);
        let written = presence.activity.as_str();
        assert!(written.eq_ignore_ascii_case(text), "{text} became {written}");
    }
}

#[tokio::test]
async fn null_and_missing_properties_are_nothing() {
    let nulls = json!({
        "id": ADA, "availability": null, "activity": null, "outOfOfficeSettings": null, "sequenceNumber": null,
        "statusMessage": null, "workLocation": null,
    });
    let missing = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "id": ADA, "new": [1]});
    for body in [nulls, missing] {
        let presence = user_answer(&body.to_string()).await.unwrap();
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
async fn nulls_within_are_nothing_too() {
    let body = json!({
        "statusMessage": {"message": null, "expiryDateTime": {"dateTime": null, "timeZone": null}, "publishedDateTime": null},
        "outOfOfficeSettings": {"isOutOfOffice": null, "message": null},
        "workLocation": {"placeId": null, "source": null, "workLocationType": null},
    });
    let presence = user_answer(&body.to_string()).await.unwrap();
    let message = presence.status_message.unwrap();
    assert_eq!((message.content(), message.content_type()), ("", "text"));
    assert_eq!((message.expiry(), message.published()), (None, None));
    assert!(!presence.out_of_office.unwrap().is_out_of_office);
    assert_eq!(presence.work_location.unwrap().location_type.as_str(), "unspecified");
}

#[tokio::test]
async fn a_whole_answer_is_read() {
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
    let presence = user_answer(&body.to_string()).await.unwrap();
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
async fn a_zone_that_nobody_knows_is_kept() {
    let body = json!({"statusMessage": {"expiryDateTime": {"dateTime": "2026-01-01T00:00:00", "timeZone": "Atlantis Standard Time"}}});
    let presence = user_answer(&body.to_string()).await.unwrap();
    let message = presence.status_message.unwrap();
    assert_eq!(message.expiry().unwrap().to_string(), "2026-01-01T00:00:00 Atlantis Standard Time");
    assert_eq!(message.expiry().unwrap().timestamp(), None);
}

#[tokio::test]
async fn communications_are_read_bare_and_from_a_collection_of_one() {
    let presence = json!({"id": ADA, "availability": "Away", "activity": "BeRightBack"});
    let bare = communications_answer(presence.clone()).await.unwrap();
    let collected = communications_answer(json!({"value": [presence]})).await.unwrap();
    assert_eq!(bare, collected);
    assert_eq!(bare.activity, Activity::BeRightBack);
}

#[tokio::test]
async fn a_collection_of_none_or_two_is_no_answer_for_one_user() {
    for (collection, count) in [(json!([]), 0), (json!([{}, {}]), 2)] {
        let error = communications_answer(json!({"value": collection})).await.unwrap_err();
        assert_eq!(error.to_string(), "get presence: failed to decode the response body (200 OK)");
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert_eq!(source, format!("a collection of {count} presences instead of one"));
    }
}

#[tokio::test]
async fn many_are_read_in_the_order_of_the_answer() {
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
async fn a_message_that_was_read_in_another_format_is_not_sent_back() {
    let body = json!({"statusMessage": {"message": {"content": "<b>Hi</b>", "contentType": "html"}}});
    let message = user_answer(&body.to_string()).await.unwrap().status_message.unwrap();
    let server = MockServer::start_async().await;
    let anything = always(&server, |then| then.status(200)).await;
    let error = client(&server).user(ada()).set_status_message(message).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "set status message: invalid status message content type \"html\": expected `text`, the only content type that \
         presence supports"
    );
    anything.assert_calls_async(0).await;
}

#[tokio::test]
async fn an_object_that_is_no_presence_is_no_answer() {
    let bodies = [
        json!({"error": {"code": "Odd", "message": "a refusal with status 200"}}),
        json!({"value": null}),
        json!({"value": [{"availability": 5}]}),
        json!({"value": {"availability": "Busy"}}),
    ];
    for body in bodies {
        for answer in [communications_answer(body.clone()).await, user_answer(&body.to_string()).await] {
            assert!(answer.unwrap_err().is_decode(), "{body}");
        }
    }
}
