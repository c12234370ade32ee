//! Prism, a mock server that responds from a specification, installed into a temporary folder.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::emulator::user;
use crate::report::Outcome;

/// Pinned, so that measurements can be compared.
const PACKAGE: &str = "@stoplight/prism-cli@5.16.0";

pub(crate) struct Prism {
    process: Child,
    pub(crate) url: String,
    _folder: tempfile::TempDir,
}

impl Prism {
    /// Starts it; the inner error is the reason if it cannot be installed or started.
    pub(crate) async fn start(specification: &Path) -> Outcome<Result<Self, String>> {
        let folder = tempfile::tempdir()?;
        let mut install = Command::new("npm");
        install.args(["install", "--prefix", ".", "--no-audit", "--no-fund", "--loglevel=error", PACKAGE]);
        match install.current_dir(folder.path()).output() {
            Err(_) => return Ok(Err("npm is not installed".to_owned())),
            Ok(output) if !output.status.success() => return Ok(Err(format!("npm failed to install {PACKAGE}"))),
            Ok(_) => {}
        }
        let with_users = folder.path().join("presence.openapi.yaml");
        fs::write(&with_users, with_650_users(&fs::read_to_string(specification)?)?)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let process = Command::new("node")
            .arg("node_modules/@stoplight/prism-cli/dist/index.js")
            .args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(&with_users)
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let prism = Self { process, url: format!("http://127.0.0.1:{port}"), _folder: folder };
        let http = reqwest::Client::new();
        for _ in 0..300 {
            let request = http.get(format!("{}/me/presence", prism.url)).bearer_auth("any");
            if request.send().await.is_ok_and(|response| response.status().is_success()) {
                return Ok(Ok(prism));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(Err(format!("{PACKAGE} does not respond")))
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the specification with an example of 650 users, which the mock server returns: a generated response has one user.
fn with_650_users(specification: &str) -> Outcome<String> {
    const SCHEMA: &str =
        "schema:\n                $ref: \"#/components/schemas/microsoft.graph.presenceCollectionResponse\"";
    let presence = |number| {
        json!({
            "id": user(number),
            "availability": "Available",
            "activity": "Available",
            "outOfOfficeSettings": {"message": null, "isOutOfOffice": false},
            "statusMessage": null,
            "sequenceNumber": "A0000000001",
            "workLocation": {"placeId": null, "source": "none", "workLocationType": "unspecified"},
        })
    };
    let example = json!({"value": (0..650).map(presence).collect::<Vec<_>>()});
    if !specification.contains(SCHEMA) {
        return Err("the specification has no collection of presences at the expected path".into());
    }
    // JSON is YAML.
    Ok(specification.replace(SCHEMA, &format!("example: {example}\n              {SCHEMA}")))
}
