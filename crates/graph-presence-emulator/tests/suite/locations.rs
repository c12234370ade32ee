//! Work location: layers, precision, clearing.

use graph_presence_emulator::WorkLocationType;
use serde_json::{Value, json};

use crate::tenant::{ADA, GET_PRESENCES, Tenant, guid};

const BUILDING: &str = "eb706f15-137e-4722-b4d1-b601481d9251";
const OTHER_BUILDING: &str = "3f0a4e5c-2b1d-4a6e-9c8f-7d5e6b4a3c21";

/// A change of Ada's work location.
#[derive(Clone, Copy, Debug)]
enum Step {
    Manual(&'static str, Option<&'static str>),
    Automatic(&'static str, Option<&'static str>),
    Scheduled(WorkLocationType, Option<&'static str>),
    Unscheduled,
    Clear,
    ClearAutomatic,
}

use Step::{Automatic, Clear, ClearAutomatic, Manual, Scheduled, Unscheduled};
use WorkLocationType::{Office, Remote, TimeOff};

async fn apply(tenant: &Tenant, step: Step) {
    let place = |kind, id: Option<&str>| json!({"workLocationType": kind, "placeId": id});
    match step {
        Manual(kind, id) => tenant.post_action("setManualLocation", &place(kind, id)).await,
        Automatic(kind, id) => tenant.post_action("setAutomaticLocation", &place(kind, id)).await,
        Scheduled(kind, id) => tenant.emulator.schedule_location(guid(ADA), kind, id),
        Unscheduled => tenant.emulator.unschedule_location(guid(ADA)),
        Clear => tenant.post_action("clearLocation", &json!({})).await,
        ClearAutomatic => tenant.post_action("clearAutomaticLocation", &json!({})).await,
    }
}

fn location(source: &str, kind: &str, place: Option<&str>) -> Value {
    json!({"placeId": place, "source": source, "workLocationType": kind})
}

/// Each row: the steps from an empty state, and the resulting source, type and place.
#[tokio::test]
async fn layers_are_combined_into_one_location() {
    type Row = (&'static [Step], (&'static str, &'static str, Option<&'static str>));
    const NONE: (&str, &str, Option<&str>) = ("none", "unspecified", None);
    let rows: &[Row] = &[
        (&[], NONE),
        (&[Manual("office", None)], ("manual", "office", None)),
        (&[Manual("remote", None)], ("manual", "remote", None)),
        (&[Manual("timeOff", None)], ("manual", "timeOff", None)),
        (&[Manual("TIMEOFF", None)], ("manual", "timeOff", None)),
        (&[Manual("office", Some(BUILDING))], ("manual", "office", Some(BUILDING))),
        (&[Manual("office", Some(" "))], ("manual", "office", None)),
        (&[Automatic("office", Some(BUILDING))], ("automatic", "office", Some(BUILDING))),
        (&[Scheduled(Office, Some(BUILDING))], ("scheduled", "office", Some(BUILDING))),
        (&[Scheduled(TimeOff, None)], ("scheduled", "timeOff", None)),
        // Manual takes precedence over automatic, and automatic over scheduled, regardless of order and precision.
        (&[Scheduled(Office, Some(BUILDING)), Automatic("remote", None)], ("automatic", "remote", None)),
        (&[Automatic("remote", None), Scheduled(Office, Some(BUILDING))], ("automatic", "remote", None)),
        (&[Automatic("office", Some(BUILDING)), Manual("office", None)], ("manual", "office", None)),
        (&[Manual("office", None), Automatic("office", Some(BUILDING))], ("manual", "office", None)),
        (&[Manual("timeOff", None), Scheduled(Office, None)], ("manual", "timeOff", None)),
        // Within a layer, the more precise location is kept.
        (&[Manual("office", Some(BUILDING)), Manual("office", None)], ("manual", "office", Some(BUILDING))),
        (
            &[Automatic("office", None), Automatic("office", Some(BUILDING)), Automatic("office", None)],
            ("automatic", "office", Some(BUILDING)),
        ),
        (
            &[Manual("office", Some(BUILDING)), Manual("office", Some(OTHER_BUILDING))],
            ("manual", "office", Some(OTHER_BUILDING)),
        ),
        (&[Manual("office", Some(BUILDING)), Manual("remote", None)], ("manual", "remote", None)),
        (
            &[Manual("office", Some(BUILDING)), Manual("remote", None), Manual("office", None)],
            ("manual", "office", None),
        ),
        (&[Scheduled(Office, Some(BUILDING)), Scheduled(Office, None)], ("scheduled", "office", None)),
        // clearLocation clears the manual and the automatic layer, and keeps the calendar.
        (&[Clear], NONE),
        (&[Manual("office", None), Clear], NONE),
        (&[Automatic("office", None), Clear], NONE),
        (&[Automatic("office", None), Manual("remote", None), Clear], NONE),
        (
            &[Scheduled(Remote, None), Automatic("office", None), Manual("office", None), Clear],
            ("scheduled", "remote", None),
        ),
        (&[Manual("office", Some(BUILDING)), Clear, Manual("office", None)], ("manual", "office", None)),
        (&[Manual("office", None), Clear, Automatic("remote", None)], ("automatic", "remote", None)),
        // clearAutomaticLocation clears the automatic layer.
        (&[ClearAutomatic], NONE),
        (&[Automatic("office", None), ClearAutomatic], NONE),
        (
            &[Automatic("office", Some(BUILDING)), ClearAutomatic, Automatic("office", None)],
            ("automatic", "office", None),
        ),
        (&[Manual("remote", None), Automatic("office", None), ClearAutomatic], ("manual", "remote", None)),
        (&[Scheduled(Office, None), Automatic("remote", None), ClearAutomatic], ("scheduled", "office", None)),
        (&[Scheduled(Office, None), Unscheduled], NONE),
        (&[Manual("remote", None), Scheduled(Office, None), Unscheduled], ("manual", "remote", None)),
    ];
    for (steps, (source, kind, place)) in rows {
        let tenant = Tenant::new().await;
        for step in *steps {
            apply(&tenant, *step).await;
        }
        assert_eq!(tenant.ada_property("workLocation").await, location(source, kind, *place), "{steps:?}");
    }
}

/// A cleared location is visible again on the next date in UTC, unless another one was set.
#[tokio::test]
async fn clearing_a_location_lasts_until_the_end_of_the_day() {
    let rows: [(&[Step], Value); 5] = [
        (&[Manual("office", None), Clear], location("manual", "office", None)),
        (&[Automatic("office", None), Clear], location("automatic", "office", None)),
        (&[Automatic("office", None), Clear, ClearAutomatic], location("none", "unspecified", None)),
        (&[Manual("office", Some(BUILDING)), Clear, Manual("office", None)], location("manual", "office", None)),
        (&[Scheduled(Remote, None), Manual("office", None), Clear, Clear], location("manual", "office", None)),
    ];
    for (steps, next) in rows {
        let tenant = Tenant::starting_at("2028-02-28T23:30:00Z").await;
        for step in steps {
            apply(&tenant, *step).await;
        }
        let today = tenant.ada_property("workLocation").await;
        tenant.advance(29, 59);
        assert_eq!(tenant.ada_property("workLocation").await, today, "{steps:?}");
        tenant.advance(0, 1);
        assert_eq!(tenant.ada_property("workLocation").await, next, "{steps:?}");
    }
}

#[tokio::test]
async fn a_location_does_not_expire() {
    let tenant = Tenant::new().await;
    apply(&tenant, Automatic("office", Some(BUILDING))).await;
    tenant.advance(60 * 24 * 365, 0);
    assert_eq!(tenant.ada_property("workLocation").await, location("automatic", "office", Some(BUILDING)));
}

#[tokio::test]
async fn the_location_is_visible_to_others_without_a_session() {
    let tenant = Tenant::new().await;
    apply(&tenant, Manual("office", Some(BUILDING))).await;
    let expected = location("manual", "office", Some(BUILDING));
    for path in [format!("/v1.0/users/{ADA}/presence"), format!("/beta/communications/presences/{ADA}")] {
        assert_eq!(tenant.get(&tenant.bob, &path).await.json()["workLocation"], expected);
    }
    let batch = tenant.post(&tenant.app, GET_PRESENCES, &json!({"ids": [ADA]})).await.json();
    assert_eq!(batch["value"][0]["workLocation"], expected);
    assert_eq!(tenant.ada_state().await, ["Offline", "Offline"]);
}
