//! The presences of all calls, collected.

use std::collections::{BTreeMap, HashMap};

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::presence::Presence;
use crate::presences::stream::PresenceChunk;

/// The presences of many users, returned by [`GetPresences::send`](crate::presences::GetPresences::send).
///
/// ```
/// # use graph_presence::{AccessToken, Client, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let application = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
/// # let token = AccessToken::new(emulator.token(Caller::application(application)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
/// # let team = [UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?];
/// let presences = client.presences(&team).await?;
/// for failed in &presences.failed {
///     eprintln!("{} users: {}", failed.ids.len(), failed.error);
/// }
/// println!("{} of {} users found", presences.found.len(), team.len());
/// assert!(presences.missing.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "some of the calls may have failed"]
pub struct PartialPresences {
    /// The presences in the order of the ids, without duplicates.
    pub found: Vec<Presence>,
    /// The users who are missing from successful responses, in the order of the ids.
    pub missing: Vec<UserId>,
    /// The failed calls, in the order of their ids.
    pub failed: Vec<FailedPresences>,
}

/// The users of a failed call, which can be passed to [`Client::presences`](crate::Client::presences) again.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedPresences {
    /// The requested users.
    pub ids: Vec<UserId>,
    /// The error of the call.
    pub error: Error,
}

impl PartialPresences {
    /// Returns the presences if no call failed.
    ///
    /// # Errors
    ///
    /// Returns the error of the first failed call.
    ///
    /// ```
    /// # use graph_presence::{AccessToken, Client, UserId};
    /// # use graph_presence_emulator::{Caller, Emulator, Guid};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = Emulator::start().await?;
    /// # let application = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
    /// # let token = AccessToken::new(emulator.token(Caller::application(application)));
    /// # let client = Client::builder(token).base_url(emulator.url()).build()?;
    /// # let team = [UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?];
    /// for presence in client.presences(&team).await?.complete()? {
    ///     println!("{}", presence.availability);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn complete(self) -> Result<Vec<Presence>> {
        match self.failed.into_iter().next() {
            Some(failed) => Err(failed.error),
            None => Ok(self.found),
        }
    }

    fn append(&mut self, chunk: PresenceChunk) {
        match chunk.result {
            Ok(presences) if chunk.is_in_order => self.found.extend(presences),
            Ok(presences) => self.append_in_order(chunk.ids, presences),
            Err(error) => self.failed.push(FailedPresences { ids: chunk.ids, error }),
        }
    }

    /// Appends the presences in the order of the ids, followed by those of users that were not requested.
    fn append_in_order(&mut self, ids: Vec<UserId>, presences: Vec<Presence>) {
        let mut requested: HashMap<UserId, Option<Presence>> = ids.iter().map(|id| (*id, None)).collect();
        let mut others = Vec::new();
        for presence in presences {
            match presence.id.and_then(|id| requested.get_mut(&id)) {
                Some(entry) => *entry = Some(presence),
                None => others.push(presence),
            }
        }
        for id in ids {
            match requested.remove(&id).flatten() {
                Some(presence) => self.found.push(presence),
                None => self.missing.push(id),
            }
        }
        self.found.extend(others);
    }
}

/// Collects chunks, which arrive in the order of their responses, in the order of the ids.
#[derive(Default)]
pub(super) struct Collector {
    presences: PartialPresences,
    /// Chunks that arrived before an earlier one.
    early: BTreeMap<u64, PresenceChunk>,
    next_number: u64,
}

impl Collector {
    pub(super) fn with_capacity(presences: usize) -> Self {
        let mut collector = Self::default();
        collector.presences.found.reserve(presences);
        collector
    }

    pub(super) fn add(&mut self, chunk: PresenceChunk) {
        self.early.insert(chunk.number, chunk);
        while let Some(chunk) = self.early.remove(&self.next_number) {
            self.presences.append(chunk);
            self.next_number += 1;
        }
    }

    /// Returns the collected presences, or the first error if every call failed.
    pub(super) fn finish(self) -> Result<PartialPresences> {
        let Self { mut presences, early, .. } = self;
        // A terminated stream leaves gaps in the numbers.
        early.into_values().for_each(|chunk| presences.append(chunk));
        // A successful call adds each of its users to one of these.
        if presences.found.is_empty()
            && presences.missing.is_empty()
            && let Some(first) = std::mem::take(&mut presences.failed).into_iter().next()
        {
            return Err(first.error);
        }
        Ok(presences)
    }
}
