//! Access tokens from the Azure SDK: the feature `azure`.

use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use jiff::Timestamp;

use crate::cloud::Cloud;
use crate::token::{AccessToken, TokenFuture, TokenSource};

/// A token source that uses a credential of the Azure SDK (crate `azure_identity`). Requires the feature `azure`.
///
/// The authority host of the credential must be that of the same cloud. The scope of the token is set for the cloud.
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
    /// Creates a source from a credential. The scope is `.default` of the cloud: all permissions granted to the
    /// application.
    #[must_use]
    pub fn new(credential: Arc<dyn TokenCredential>, cloud: Cloud) -> Self {
        Self { credential, scope: format!("{}/.default", cloud.url()) }
    }
}

impl TokenSource for AzureCredential {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async {
            let token = self.credential.get_token(&[&self.scope], None).await?;
            let expiry = Timestamp::from_nanosecond(token.expires_on.unix_timestamp_nanos())?;
            Ok(AccessToken::new(token.token.secret()).expires_at(expiry))
        })
    }
}
