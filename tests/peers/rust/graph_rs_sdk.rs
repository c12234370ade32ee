//! graph-rs-sdk: makes calls of a case, whose cost `cargo xtask bench peers` measures.
//!
//! The SDK does not have response types: responses are decoded into `serde_json::Value`, as in its documentation.

use graph_rs_sdk::{GraphClient, GraphClientConfiguration};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, url, token, case, calls] = arguments.as_slice() else { return Err("expected URL TOKEN CASE CALLS".into()) };
    let configuration = GraphClientConfiguration::new().access_token(token).https_only(false);
    let mut client = GraphClient::from(configuration);
    client.use_test_endpoint(&format!("{url}/v1.0").parse()?);
    let ids: Vec<String> = (0..650).map(|number| format!("{number:08x}-eca7-46b7-bad1-db199b62afc3")).collect();
    for _ in 0..calls.parse()? {
        let response = match case.as_str() {
            "get" => client.user(&ids[0]).presence().get_presence().send().await?,
            _ => client.communications().get_presences_by_user_id(&json!({"ids": ids})).send().await?,
        };
        let body: Value = response.error_for_status()?.json().await?;
        std::hint::black_box(body);
    }
    Ok(())
}
