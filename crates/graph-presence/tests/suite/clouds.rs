//! What each cloud has in each version: the rest is refused before it is sent, and says on whose word.

use std::fmt::Write;

use graph_presence::{ApiVersion, Client, Cloud};

use crate::calls::{self, Call};
use crate::server::ada;
use crate::wire::Wire;

const CLOUDS: [Cloud; 4] = [Cloud::Global, Cloud::UsGovernmentL4, Cloud::UsGovernmentL5, Cloud::China];
const VERSIONS: [ApiVersion; 2] = [ApiVersion::V1, ApiVersion::Beta];

/// Every call, on every path of a user.
fn all_calls(client: &Client) -> Vec<Vec<(&'static str, Call)>> {
    vec![
        calls::of_user(&client.me()),
        calls::of_user(&client.user(ada())),
        calls::of_user(&client.communications(ada())),
        calls::of_client(client),
    ]
}

#[tokio::test]
async fn each_cloud_gets_what_it_is_known_to_have() {
    // A row for each call, in the order of the first cloud.
    let mut table: Vec<(&str, String)> = Vec::new();
    let mut columns = String::new();
    for version in VERSIONS {
        for cloud in CLOUDS {
            write!(columns, " {cloud:?}/{}", version.as_str()).unwrap();
            let wire = Wire::start().await;
            let client = wire.builder().cloud(cloud).version(version).build().unwrap();
            let mut sent = 0;
            for (path, calls) in all_calls(&client).into_iter().enumerate() {
                for (name, call) in calls {
                    let refused = call.await.is_err_and(|error| error.is_invalid_input());
                    sent += usize::from(!refused);
                    let row = match table.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, row)) => row,
                        None => &mut table.push_mut((name, String::new())).1,
                    };
                    let mark = if refused { " -" } else { " sent" };
                    match path {
                        0 | 3 => row.push_str(mark),
                        _ => assert!(row.ends_with(mark), "{name} on another path"),
                    }
                }
            }
            assert_eq!(wire.lines().lines().count(), sent, "{cloud} {version:?}");
        }
    }
    let mut text = format!("{:24}{columns}\n", "");
    for (name, row) in table {
        writeln!(text, "{name:24}{row}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn a_refusal_names_the_cloud_the_version_and_who_says_so_since_when() {
    let mut messages = String::new();
    for (cloud, version) in [
        (Cloud::UsGovernmentL4, ApiVersion::V1),
        (Cloud::UsGovernmentL5, ApiVersion::Beta),
        (Cloud::China, ApiVersion::V1),
    ] {
        let client = Wire::start().await.builder().cloud(cloud).version(version).build().unwrap();
        let error = client.me().clear_location().send().await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!((error.attempts(), error.status(), error.required_permissions()), (0, None, None));
        writeln!(messages, "{error}").unwrap();
    }
    insta::assert_snapshot!(messages);
}

#[tokio::test]
async fn all_is_sent_where_that_is_wished() {
    for cloud in CLOUDS {
        for version in VERSIONS {
            let wire = Wire::start().await;
            let client = wire.builder().cloud(cloud).version(version).send_unsupported(true).build().unwrap();
            let mut calls = 0;
            for (_, call) in all_calls(&client).into_iter().flatten() {
                assert!(!call.await.is_err_and(|error| error.is_invalid_input()));
                calls += 1;
            }
            assert_eq!(wire.lines().lines().count(), calls, "{cloud} {version:?}");
        }
    }
}

#[tokio::test]
async fn each_cloud_has_its_own_root() {
    let roots = CLOUDS.map(|cloud| format!("{cloud}: {}", cloud.url()));
    insta::assert_snapshot!(roots.join("\n"), @r"
    the global service: https://graph.microsoft.com
    the cloud US Government L4: https://graph.microsoft.us
    the cloud US Government L5 (DOD): https://dod-graph.microsoft.us
    the cloud of 21Vianet in China: https://microsoftgraph.chinacloudapi.cn
    ");
}
