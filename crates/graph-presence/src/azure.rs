//! Tokens from the Azure SDK: the feature `azure`.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use jiff::Timestamp;

use crate::cloud::Cloud;
use crate::token::{AccessToken, TokenFuture, TokenSource};

/// A token source that uses a credential of the Azure SDK (crate `azure_identity`). Needs the feature `azure`.
///
/// The credential must be for the same cloud: its authority is its own setting, the scope of the token is the cloud's.
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
    /// Creates a source from a credential, with the scope of all permissions granted to the application in a cloud's Graph.
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
