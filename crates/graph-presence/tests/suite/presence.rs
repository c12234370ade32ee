//! Methods of a presence, and properties that this version does not define.

use std::fmt::Write;

use graph_presence::jiff::civil::date;
use graph_presence::{
    Activity, Availability, DateTimeTimeZone, OutOfOfficeSettings, Presence, StatusMessage, WorkLocation,
    WorkLocationSource, WorkLocationType,
};
use httpmock::MockServer;
use serde_json::{Value, json};

use crate::server::{ADA, ada, always, client};

/// Reads these presences from one response.
async fn read(presences: Vec<Value>) -> Vec<Presence> {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(json!({"value": presences}))).await;
    client(&server).presences([ada()]).await.unwrap().complete().unwrap()
}

/// Returns the names of the methods that return `true`.
fn true_methods(presence: &Presence) -> String {
    let methods = [
        ("available", presence.is_available()),
        ("busy", presence.is_busy()),
        ("do not disturb", presence.is_do_not_disturb()),
        ("away", presence.is_away()),
        ("offline", presence.is_offline()),
        ("in a call", presence.is_in_a_call()),
        ("in a meeting", presence.is_in_a_meeting()),
        ("presenting", presence.is_presenting()),
        ("out of office", presence.is_out_of_office()),
    ];
    let names: Vec<_> = methods.iter().filter(|(_, result)| *result).map(|(name, _)| *name).collect();
    names.join(", ")
}

#[tokio::test]
async fn methods_of_each_availability_and_activity() {
    let unknown = Value::Null;
    let availabilities = Availability::KNOWN.iter().map(|value| (json!(value.as_str()), unknown.clone()));
    let activities = Activity::KNOWN.iter().map(|value| (unknown.clone(), json!(value.as_str())));
    let values = availabilities.chain(activities).chain([(json!("Levitating"), json!("Levitating"))]);
    let presences = read(
        values.map(|(availability, activity)| json!({"availability": availability, "activity": activity})).collect(),
    )
    .await;
    let mut table = String::new();
    for presence in &presences {
        let pair = format!("{}/{}", presence.availability, presence.activity);
        writeln!(table, "{}", format!("{pair:40}{}", true_methods(presence)).trim_end()).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn method_is_true_if_it_is_true_for_availability_or_activity() {
    let parts = read(
        Availability::KNOWN
            .iter()
            .map(|value| json!({"availability": value.as_str()}))
            .chain(Activity::KNOWN.iter().map(|value| json!({"activity": value.as_str()})))
            .collect(),
    )
    .await;
    let (availabilities, activities) = parts.split_at(Availability::KNOWN.len());
    let pairs: Vec<_> =
        availabilities.iter().flat_map(|first| activities.iter().map(move |second| (first, second))).collect();
    let value = |(first, second): &(&Presence, &Presence)| json!({"availability": first.availability.as_str(), "activity": second.activity.as_str()});
    let combined = read(pairs.iter().map(value).collect()).await;
    assert_eq!(combined.len(), 13 * 16);
    for ((first, second), presence) in pairs.iter().zip(&combined) {
        let either = |method: fn(&Presence) -> bool| method(first) || method(second);
        assert_eq!(
            [
                presence.is_available(),
                presence.is_busy(),
                presence.is_do_not_disturb(),
                presence.is_away(),
                presence.is_offline(),
                presence.is_in_a_call(),
                presence.is_in_a_meeting(),
                presence.is_presenting(),
                presence.is_out_of_office()
            ],
            [
                either(Presence::is_available),
                either(Presence::is_busy),
                either(Presence::is_do_not_disturb),
                either(Presence::is_away),
                either(Presence::is_offline),
                either(Presence::is_in_a_call),
                either(Presence::is_in_a_meeting),
                either(Presence::is_presenting),
                either(Presence::is_out_of_office),
            ],
            "{}/{}",
            presence.availability,
            presence.activity
        );
    }
}

#[tokio::test]
async fn is_out_of_office_evaluates_settings_and_activity() {
    let cases = [
        (json!({"outOfOfficeSettings": {"isOutOfOffice": true}, "availability": "Available"}), true),
        (json!({"outOfOfficeSettings": {"isOutOfOffice": false}, "activity": "OutOfOffice"}), true),
        (json!({"activity": "outOfOffice"}), true),
        (json!({"outOfOfficeSettings": {"isOutOfOffice": false, "message": "Gone fishing"}}), false),
        (json!({"outOfOfficeSettings": {}}), false),
        (json!({"outOfOfficeSettings": null}), false),
        (json!({}), false),
    ];
    let (bodies, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    let results: Vec<_> = read(bodies).await.iter().map(Presence::is_out_of_office).collect();
    assert_eq!(results, expected);
}

#[tokio::test]
async fn unknown_properties_are_kept_and_annotations_are_not() {
    let body = json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x",
        "@odata.type": "#microsoft.graph.presence",
        "availability@odata.type": "String",
        "id": ADA,
        "availability": "Busy",
        "mood": {"colour": "grün", "levels": [1, 2.5, null, true]},
        "deskBooking": null,
        "Availability": "names are case-sensitive",
        "": "empty name",
        "big": 18_446_744_073_709_551_615_u64,
    });
    let [presence] = &read(vec![body]).await[..] else { panic!() };
    let extra: Vec<_> = presence.extra().map(|(name, json)| format!("{name}: {json}")).collect();
    insta::assert_snapshot!(extra.join("\n"), @r#"
    : "empty name"
    Availability: "names are case-sensitive"
    big: 18446744073709551615
    deskBooking: null
    mood: {"colour":"grün","levels":[1,2.5,null,true]}
    "#);
    assert_eq!(presence.availability, Availability::Busy);
    let cloned: Vec<_> = presence.clone().extra().map(|(name, json)| format!("{name}: {json}")).collect();
    assert_eq!(cloned, extra);
}

#[tokio::test]
async fn unknown_properties_are_kept_on_every_path() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(json!({"id": ADA, "mood": "good"}))).await;
    let client = client(&server);
    for user in [client.me(), client.user(ada()), client.communications(ada())] {
        let presence = user.get_presence().send().await.unwrap();
        assert_eq!(presence.extra().collect::<Vec<_>>(), [("mood", "\"good\"".to_owned())]);
    }
}

#[test]
fn each_known_availability_is_in_exactly_one_group() {
    for availability in Availability::KNOWN {
        let presence = Presence::new(availability.clone(), Activity::PresenceUnknown);
        let groups = [
            presence.is_available(),
            presence.is_busy(),
            presence.is_do_not_disturb(),
            presence.is_away(),
            presence.is_offline(),
        ];
        let expected = usize::from(*availability != Availability::PresenceUnknown);
        assert_eq!(groups.iter().filter(|group| **group).count(), expected, "{availability}");
    }
}

#[tokio::test]
async fn constructed_presence_equals_decoded_presence() {
    let body = json!({
        "id": ADA,
        "availability": "Busy",
        "activity": "InACall",
        "statusMessage": {
            "message": {"content": "Back at five", "contentType": "text"},
            "expiryDateTime": {"dateTime": "2026-11-20T17:00:00", "timeZone": "UTC"},
        },
        "outOfOfficeSettings": {"isOutOfOffice": true, "message": "On holiday"},
        "workLocation": {"workLocationType": "office", "source": "manual", "placeId": "b4"},
        "sequenceNumber": "A1",
    });
    let plain = json!({"availability": "Away", "activity": "BeRightBack"});
    let five = DateTimeTimeZone::new(date(2026, 11, 20).at(17, 0, 0, 0), "UTC").unwrap();
    let constructed = Presence::new(Availability::Busy, Activity::InACall)
        .with_id(ada())
        .with_status_message(StatusMessage::text("Back at five").unwrap().until(five))
        .with_out_of_office(OutOfOfficeSettings::new(true).with_message("On holiday"))
        .with_work_location(WorkLocation::new(WorkLocationType::Office, WorkLocationSource::Manual).with_place_id("b4"))
        .with_sequence_number("A1");
    assert_eq!(read(vec![body, plain]).await, [constructed, Presence::new(Availability::Away, Activity::BeRightBack)]);
}

#[tokio::test]
async fn id_that_is_not_a_guid_is_an_unknown_property() {
    let ids = ["ada@example.com", "", "{fa8bf3dc-eca7-46b7-bad1-db199b62afc3}"];
    let presences = read(ids.map(|id| json!({"id": id, "availability": "Busy"})).to_vec()).await;
    for (presence, id) in presences.iter().zip(ids) {
        assert_eq!(presence.id, None);
        assert_eq!(presence.extra().collect::<Vec<_>>(), [("id", json!(id).to_string())]);
        assert!(!format!("{presence:?}").contains("ada@example.com"));
    }
    let [upper] = &read(vec![json!({"id": ADA.to_uppercase()})]).await[..] else { panic!() };
    assert_eq!((upper.id, upper.extra().count()), (Some(ada()), 0));
}
