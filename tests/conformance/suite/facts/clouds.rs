//! Compares the cloud tables with the requests that the facade rejects (by `specs/clouds.yaml`) and with the emulator.

use graph_presence::{ApiVersion, Cloud};
use graph_presence_conformance::{CloudSupport, PageVersion, Recording};
use graph_presence_emulator::{Caller, Cloud as EmulatorCloud, Emulator, Guid};

use super::calls::{self, ADA, FixedStatus};
use crate::check::Check;

#[tokio::test]
async fn clouds_support_the_operations_that_the_pages_state() {
    super::run(Check::Clouds, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::operations(recording);
    let version = match recording.version {
        PageVersion::V1 => ApiVersion::V1,
        PageVersion::Beta => ApiVersion::Beta,
        PageVersion::Concept => return vec!["the page has a cloud table, but no API version".to_owned()],
    };
    if operations.is_empty() {
        return vec!["the page has a cloud table, but no operation of the spec".to_owned()];
    }
    let page = &recording.facts.clouds;
    let clouds = [
        ("Global", Cloud::Global, EmulatorCloud::Global, page.global),
        ("US Government L4", Cloud::UsGovernmentL4, EmulatorCloud::UsGovernmentL4, page.l4),
        ("US Government L5", Cloud::UsGovernmentL5, EmulatorCloud::UsGovernmentL5, page.l5),
        ("China", Cloud::China, EmulatorCloud::China, page.china),
    ];
    let mut found = Vec::new();
    for (name, cloud, emulator_cloud, support) in clouds {
        let expected = match support {
            CloudSupport::Yes => true,
            CloudSupport::No => false,
            CloudSupport::Unknown => continue,
        };
        for operation in &operations {
            let supported = [
                ("facade", facade_sends(cloud, version, operation).await),
                ("emulator", emulator_supports(emulator_cloud, version, operation).await),
            ];
            for (component, actual) in supported.into_iter().filter(|(_, actual)| *actual != expected) {
                let [page, actual] = [expected, actual].map(|supported| if supported { "yes" } else { "no" });
                found.push(format!("{name}: {page} on the page, {actual} in the {component}, for {operation}"));
            }
        }
    }
    found
}

async fn facade_sends(cloud: Cloud, version: ApiVersion, operation: &str) -> bool {
    let client = calls::client("token").cloud(cloud).version(version).http_client(FixedStatus(403)).build().unwrap();
    // Each request that is sent fails with 403, so that the call always fails.
    !calls::send(&client, operation).await.unwrap_err().is_invalid_input()
}

async fn emulator_supports(cloud: EmulatorCloud, version: ApiVersion, operation: &str) -> bool {
    let emulator = Emulator::builder().cloud(cloud).start().await.unwrap();
    let ada = Caller::user(Guid::parse(ADA).unwrap());
    let client = calls::client(&emulator.token(ada)).base_url(emulator.url()).version(version).build().unwrap();
    if operation.ends_with("/clearPresence") {
        // Clearing a session that does not exist fails.
        let _ = calls::send(&client, &operation.replace("/clearPresence", "/setPresence")).await;
    }
    calls::send(&client, operation).await.is_ok()
}

#[tokio::test]
async fn different_cloud_support_is_reported() {
    let mut recording = crate::recordings::named("de v1.0.presence-setpresence");
    recording.facts.clouds.l4 = CloudSupport::No;
    recording.facts.clouds.china = CloudSupport::Yes;
    let set = "POST /users/{user-id}/presence/setPresence";
    assert_eq!(
        compare(&recording).await,
        [
            format!("US Government L4: no on the page, yes in the facade, for {set}"),
            format!("US Government L4: no on the page, yes in the emulator, for {set}"),
            format!("China: yes on the page, no in the facade, for {set}"),
            format!("China: yes on the page, no in the emulator, for {set}"),
        ]
    );
    recording.facts.paths.clear();
    assert_eq!(compare(&recording).await, ["the page has a cloud table, but no operation of the spec"]);
}
