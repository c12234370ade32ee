//! Many people at once.

use crate::client::Client;
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::operation::GET_MANY;
use crate::presence::Presence;

/// A request for the presence of many people. Nothing happens until it is sent.
///
/// Source: documentation page `cloudcommunications-getpresencesbyuserid`.
#[derive(Clone, Debug)]
#[must_use = "nothing happens until the request is sent"]
pub struct GetPresences {
    client: Client,
    ids: Vec<UserId>,
}

impl GetPresences {
    /// The most ids that one request may name.
    pub const MAX_IDS: usize = 650;

    pub(crate) fn new(client: Client, ids: Vec<UserId>) -> Self {
        Self { client, ids }
    }

    /// Sends the request; without ids, nothing is sent and nobody answered.
    ///
    /// # Errors
    ///
    /// When there are more than [`GetPresences::MAX_IDS`] ids, no token is to be had, no answer comes, Graph refuses, or
    /// the answer is not to be read.
    pub async fn send(self) -> Result<Vec<Presence>> {
        if self.ids.is_empty() {
            return Ok(Vec::new());
        }
        if self.ids.len() > Self::MAX_IDS {
            let rule = format!("at most {} in one request", Self::MAX_IDS);
            return Err(Error::invalid("number of ids", &self.ids.len().to_string(), &rule).during(&GET_MANY));
        }
        self.client.transport.get_many(&self.ids).await
    }
}
