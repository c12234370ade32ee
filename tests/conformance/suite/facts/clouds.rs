//! The cloud tables against what the facade refuses to send, by `specs/clouds.yaml`, and what the emulator has.

use graph_presence::{ApiVersion, Cloud};
use graph_presence_conformance::{Edition, Offered, Recording};
use graph_presence_emulator::{Caller, Cloud as Emulated, Emulator, Guid};

use super::calls::{self, ADA, Always};
use crate::differences::Check;

#[tokio::test]
async fn a_cloud_has_what_its_pages_say() {
    super::hold(Check::Clouds, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::of(recording);
    let version = match recording.version {
        Edition::V1 => ApiVersion::V1,
        Edition::Beta => ApiVersion::Beta,
        Edition::Concept => return vec!["the page has clouds, and no version".to_owned()],
    };
    if operations.is_empty() {
        return vec!["the page has clouds for no operation of the spec".to_owned()];
    }
    let stated = &recording.facts.clouds;
    let clouds = [
        ("Global", Cloud::Global, Emulated::Global, stated.global),
        ("US Government L4", Cloud::UsGovernmentL4, Emulated::UsGovernmentL4, stated.l4),
        ("US Government L5", Cloud::UsGovernmentL5, Emulated::UsGovernmentL5, stated.l5),
        ("China", Cloud::China, Emulated::China, stated.china),
    ];
    let mut found = Vec::new();
    for (name, cloud, emulated, offered) in clouds {
        let expected = match offered {
            Offered::Yes => true,
            Offered::No => false,
            Offered::Unknown => continue,
        };
        for operation in &operations {
            let has = [
                ("facade", is_sent(cloud, version, operation).await),
                ("emulator", is_emulated(emulated, version, operation).await),
            ];
            for (who, has) in has.into_iter().filter(|(_, has)| *has != expected) {
                let [page, has] = [expected, has].map(|offered| if offered { "yes" } else { "no" });
                found.push(format!("{name}: {page} on the page, {has} in the {who}, for {operation}"));
            }
        }
    }
    found
}

async fn is_sent(cloud: Cloud, version: ApiVersion, operation: &str) -> bool {
    let client = calls::client("token").cloud(cloud).version(version).http_client(Always(403)).build().unwrap();
    // What is sent is refused by the other side, whatever it is.
    !calls::make(&client, operation).await.unwrap_err().is_invalid_input()
}

async fn is_emulated(cloud: Emulated, version: ApiVersion, operation: &str) -> bool {
    let emulator = Emulator::builder().cloud(cloud).start().await.unwrap();
    let ada = Caller::user(Guid::parse(ADA).unwrap());
    let client = calls::client(&emulator.token(ada)).base_url(emulator.url()).version(version).build().unwrap();
    if operation.ends_with("/clearPresence") {
        // Only a session that is there can be cleared.
        let _ = calls::make(&client, &operation.replace("/clearPresence", "/setPresence")).await;
    }
    calls::make(&client, operation).await.is_ok()
}

#[tokio::test]
async fn another_cloud_is_told() {
    let mut recording = crate::recordings::named("de v1.0.presence-setpresence");
    recording.facts.clouds.l4 = Offered::No;
    recording.facts.clouds.china = Offered::Yes;
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
    assert_eq!(compare(&recording).await, ["the page has clouds for no operation of the spec"]);
}
