//! Tokens from credentials of the Azure SDK.

use std::sync::{Arc, Mutex};

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::OffsetDateTime;
use graph_presence::{AzureCredential, Client, Cloud};
use httpmock::MockServer;
use serde_json::json;

use crate::server::always;
use crate::virtual_clock::VirtualClock;

/// Records the requested scopes. Its tokens expire `lifetime` seconds after the start of the virtual clock; without a
/// lifetime, it fails.
#[derive(Debug, Default)]
struct Credential {
    scopes: Mutex<Vec<String>>,
    lifetime: Option<i64>,
}

#[async_trait::async_trait]
impl TokenCredential for Credential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.scopes.lock().unwrap().push(scopes.join(" "));
        let start = OffsetDateTime::from_unix_timestamp(VirtualClock::start().as_second()).unwrap();
        match self.lifetime {
            Some(seconds) => Ok(AccessToken::new("granted", start + std::time::Duration::from_secs(seconds as u64))),
            None => Err(azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, "signed out")),
        }
    }
}

fn client(server: &MockServer, credential: &Arc<Credential>, cloud: Cloud, clock: &VirtualClock) -> Client {
    Client::builder(AzureCredential::new(credential.clone(), cloud))
        .base_url(server.base_url())
        .clock(clock.clone())
        .build()
        .unwrap()
}

#[tokio::test]
async fn each_cloud_has_its_scope() {
    let server = MockServer::start_async().await;
    always(&server, |then| then.status(200).json_body(json!({}))).await;
    let scopes = [
        (Cloud::Global, "https://graph.microsoft.com/.default"),
        (Cloud::UsGovernmentL4, "https://graph.microsoft.us/.default"),
        (Cloud::UsGovernmentL5, "https://dod-graph.microsoft.us/.default"),
        (Cloud::China, "https://microsoftgraph.chinacloudapi.cn/.default"),
    ];
    for (cloud, scope) in scopes {
        let credential = Arc::new(Credential { lifetime: Some(3600), ..Credential::default() });
        client(&server, &credential, cloud, &VirtualClock::default()).me().get_presence().send().await.unwrap();
        assert_eq!(*credential.scopes.lock().unwrap(), [scope]);
    }
}

#[tokio::test]
async fn token_is_cached_until_shortly_before_it_expires() {
    let server = MockServer::start_async().await;
    let authorized = server
        .mock_async(|when, then| {
            when.header("authorization", "Bearer granted");
            then.status(200).json_body(json!({}));
        })
        .await;
    let credential = Arc::new(Credential { lifetime: Some(3600), ..Credential::default() });
    let clock = VirtualClock::default();
    let client = client(&server, &credential, Cloud::Global, &clock);
    for (seconds, expected) in [(0, 1), (3299, 1), (1, 2)] {
        clock.advance(std::time::Duration::from_secs(seconds));
        client.me().get_presence().send().await.unwrap();
        assert_eq!(credential.scopes.lock().unwrap().len(), expected, "{seconds}");
    }
    authorized.assert_calls_async(3).await;
}

#[tokio::test]
async fn credential_error_is_the_source() {
    let server = MockServer::start_async().await;
    let credential = Arc::new(Credential::default());
    let error = client(&server, &credential, Cloud::Global, &VirtualClock::default())
        .me()
        .get_presence()
        .send()
        .await
        .unwrap_err();
    assert!(error.is_token_source());
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "signed out");
}
