//! Operations that each cloud supports in each version. Other operations return an error before they are sent.

use std::fmt::Write;

use graph_presence::{ApiVersion, Client, Cloud};

use crate::operations::{self, Call};
use crate::recording_server::RecordingServer;
use crate::server::ada;

const CLOUDS: [Cloud; 4] = [Cloud::Global, Cloud::UsGovernmentL4, Cloud::UsGovernmentL5, Cloud::China];
const VERSIONS: [ApiVersion; 2] = [ApiVersion::V1, ApiVersion::Beta];

/// Returns a call of every operation, for every path of a user.
fn all_calls(client: &Client) -> Vec<Vec<(&'static str, Call)>> {
    vec![
        operations::of_user(&client.me()),
        operations::of_user(&client.user(ada())),
        operations::of_user(&client.communications(ada())),
        operations::of_client(client),
    ]
}

#[tokio::test]
async fn operations_supported_by_each_cloud() {
    // A row for each operation, in the order of the first cloud.
    let mut table: Vec<(&str, String)> = Vec::new();
    let mut columns = String::new();
    for version in VERSIONS {
        for cloud in CLOUDS {
            write!(columns, " {cloud:?}/{}", version.as_str()).unwrap();
            let server = RecordingServer::start().await;
            let client = server.builder().cloud(cloud).version(version).build().unwrap();
            let mut sent = 0;
            for (path, calls) in all_calls(&client).into_iter().enumerate() {
                for (name, call) in calls {
                    let rejected = call.await.is_err_and(|error| error.is_invalid_input());
                    sent += usize::from(!rejected);
                    let row = match table.iter_mut().find(|(operation, _)| *operation == name) {
                        Some((_, row)) => row,
                        None => &mut table.push_mut((name, String::new())).1,
                    };
                    let mark = if rejected { " -" } else { " sent" };
                    match path {
                        0 | 3 => row.push_str(mark),
                        _ => assert!(row.ends_with(mark), "{name} differs between paths"),
                    }
                }
            }
            assert_eq!(server.lines().lines().count(), sent, "{cloud} {version:?}");
        }
    }
    let mut text = format!("{:24}{columns}\n", "");
    for (name, row) in table {
        writeln!(text, "{name:24}{row}").unwrap();
    }
    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn unsupported_operation_error_names_cloud_version_and_source() {
    let mut messages = String::new();
    for (cloud, version) in [
        (Cloud::UsGovernmentL4, ApiVersion::V1),
        (Cloud::UsGovernmentL5, ApiVersion::Beta),
        (Cloud::China, ApiVersion::V1),
    ] {
        let client = RecordingServer::start().await.builder().cloud(cloud).version(version).build().unwrap();
        let error = client.me().clear_location().send().await.unwrap_err();
        assert!(error.is_invalid_input());
        assert_eq!((error.attempts(), error.status(), error.required_permissions()), (0, None, None));
        writeln!(messages, "{error}").unwrap();
    }
    insta::assert_snapshot!(messages);
}

#[tokio::test]
async fn send_unsupported_sends_all_operations() {
    for cloud in CLOUDS {
        for version in VERSIONS {
            let server = RecordingServer::start().await;
            let client = server.builder().cloud(cloud).version(version).send_unsupported(true).build().unwrap();
            let mut calls = 0;
            for (_, call) in all_calls(&client).into_iter().flatten() {
                assert!(!call.await.is_err_and(|error| error.is_invalid_input()));
                calls += 1;
            }
            assert_eq!(server.lines().lines().count(), calls, "{cloud} {version:?}");
        }
    }
}

#[tokio::test]
async fn each_cloud_has_its_root_url() {
    let roots = CLOUDS.map(|cloud| format!("{cloud}: {}", cloud.url()));
    insta::assert_snapshot!(roots.join("\n"), @r"
    the global service: https://graph.microsoft.com
    the US Government L4 cloud: https://graph.microsoft.us
    the US Government L5 (DOD) cloud: https://dod-graph.microsoft.us
    the 21Vianet cloud in China: https://microsoftgraph.chinacloudapi.cn
    ");
}
