//! Tokens by the Azure SDK: what the feature `azure` adds.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use jiff::Timestamp;

use crate::cloud::Cloud;
use crate::token::{AccessToken, TokenFuture, TokenSource};

/// A source that asks a credential of the Azure SDK (crate `azure_identity`) for tokens for Graph. Of the feature `azure`.
///
/// The credential must be for the same cloud: where it asks is its own to say, what for is the cloud's.
///
/// ```
/// use std::sync::Arc;
/// use azure_core::credentials::TokenCredential;
/// use graph_presence::{AzureCredential, Client, Cloud};
///
/// fn client(credential: Arc<dyn TokenCredential>) -> graph_presence::Result<Client> {
///     let cloud = Cloud::UsGovernmentL4;
///     Client::builder(AzureCredential::new(credential, cloud)).cloud(cloud).build()
/// }
/// ```
///
/// Source: documentation page "National cloud deployments".
#[derive(Clone, Debug)]
pub struct AzureCredential {
    credential: Arc<dyn TokenCredential>,
    scope: String,
}

impl AzureCredential {
    /// Takes the credential, and asks it for all that the application has been granted in a cloud's Graph.
    #[must_use]
    pub fn new(credential: Arc<dyn TokenCredential>, cloud: Cloud) -> Self {
        Self { credential, scope: format!("{}/.default", cloud.url()) }
    }
}

impl TokenSource for AzureCredential {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let granted = self.credential.get_token(&[&self.scope], None).await?;
            let expiry = Timestamp::from_nanosecond(granted.expires_on.unix_timestamp_nanos())?;
            Ok(AccessToken::new(granted.token.secret()).expires_at(expiry))
        })
    }
}
