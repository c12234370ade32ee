//! Many people at once: any number, asked for in calls of as many as one may name.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::iter::Fuse;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use foldhash::fast::RandomState;
use futures_core::Stream;
use futures_util::StreamExt;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::operation::GET_MANY;
use crate::presence::Presence;
use crate::transport::Transport;

/// A request for the presence of any number of people. Nothing happens until it is sent.
///
/// Nobody is asked for twice. What one call cannot hold is spread over several, some at a time, within the quota and with
/// the client's retries. A call that fails costs only its own people: they are told with the error, and can be asked for
/// again.
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
/// let team = (0..1000).map(|number| UserId::parse(&format!("{number:08x}-7ef5-42da-9069-724602c31f6b")));
/// let team = team.collect::<Result<Vec<_>, _>>()?;
///
/// let presences = client.presences(team).send().await.complete()?;
/// assert_eq!(presences.len(), 1000);
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page `cloudcommunications-getpresencesbyuserid`.
#[derive(Clone)]
#[must_use = "nothing happens until the request is sent"]
pub struct GetPresences<I> {
    transport: Arc<Transport>,
    ids: I,
    at_once: usize,
}

impl GetPresences<()> {
    /// The most ids that one call names.
    pub const MAX_IDS: usize = 650;
}

impl<I: Iterator<Item = UserId>> GetPresences<I> {
    pub(crate) fn new(transport: Arc<Transport>, ids: I) -> Self {
        Self { transport, ids, at_once: 4 }
    }

    /// How many calls are under way at a time, at least one; 4 unless said otherwise.
    pub fn at_once(mut self, calls: usize) -> Self {
        self.at_once = calls.max(1);
        self
    }

    /// Sends all calls, and puts what they answer into the order of the ids.
    ///
    /// It does not fail as a whole: [`Presences::complete`] does where somebody's call did.
    pub async fn send(self) -> Presences {
        let mut stream = self.stream();
        let mut all = Presences::default();
        all.found.reserve(at_least(&stream.ids));
        let (mut early, mut next_number) = (BTreeMap::new(), 1);
        while let Some(chunk) = stream.next().await {
            early.insert(chunk.number, chunk);
            while let Some(chunk) = early.remove(&next_number) {
                all.append(chunk);
                next_number += 1;
            }
        }
        // What was cut off has gaps.
        early.into_values().for_each(|chunk| all.append(chunk));
        all
    }

    /// Gives what the calls answer as it comes. Calls are sent as the stream is read, and ids taken as calls need them:
    /// of a million people, no more are in memory than the calls under way name, and some 36 bytes of each to notice who
    /// comes twice. The calls are tasks of the tokio runtime that it is read on; where there is none, or when it is shut
    /// down, the stream ends with a failure that names nobody.
    pub fn stream(self) -> PresenceStream<I> {
        PresenceStream {
            transport: self.transport,
            seen: HashSet::with_capacity_and_hasher(at_least(&self.ids), RandomState::default()),
            ids: self.ids.fuse(),
            calls: JoinSet::new(),
            at_once: self.at_once,
            last_number: 0,
            is_cut_off: false,
            progress: Progress::default(),
        }
    }
}

impl<I> fmt::Debug for GetPresences<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GetPresences").field("at_once", &self.at_once).finish_non_exhaustive()
    }
}

/// For how many there should be room: what is said of the length may be anything.
fn at_least(ids: &impl Iterator) -> usize {
    ids.size_hint().0.min(1 << 20)
}

/// The presence of many people, as [`GetPresences::send`] collects it.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "some of the calls may have failed"]
pub struct Presences {
    /// Who was answered, in the order of the ids, nobody twice.
    pub found: Vec<Presence>,
    /// Whom the answers left out, in the order of the ids.
    pub missing: Vec<UserId>,
    /// The calls that failed, in the order of their ids.
    pub failed: Vec<FailedPresences>,
}

/// People whose call failed. [`Client::presences`](crate::Client::presences) can be given their ids again.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedPresences {
    /// Who was asked for.
    pub ids: Vec<UserId>,
    /// Why there is no answer.
    pub error: Error,
}

impl Presences {
    /// Everybody who was answered, if no call failed.
    ///
    /// # Errors
    ///
    /// The error of the first call that failed: an id is no object id, no token is to be had, no answer comes, Graph
    /// refuses, or the answer is not to be read.
    pub fn complete(self) -> Result<Vec<Presence>> {
        match self.failed.into_iter().next() {
            Some(failed) => Err(failed.error),
            None => Ok(self.found),
        }
    }

    fn append(&mut self, chunk: PresenceChunk) {
        match chunk.answer {
            Ok(presences) if chunk.is_in_order => self.found.extend(presences),
            Ok(presences) => self.put_in_order(chunk.ids, presences),
            Err(error) => self.failed.push(FailedPresences { ids: chunk.ids, error }),
        }
    }

    /// Who was not asked for comes after who was.
    fn put_in_order(&mut self, ids: Vec<UserId>, presences: Vec<Presence>) {
        let mut answers: HashMap<UserId, Option<Presence>> = ids.iter().map(|id| (id.clone(), None)).collect();
        let mut others = Vec::new();
        for presence in presences {
            match presence.id.as_ref().and_then(|id| answers.get_mut(id)) {
                Some(answer) => *answer = Some(presence),
                None => others.push(presence),
            }
        }
        for id in ids {
            match answers.remove(&id).flatten() {
                Some(presence) => self.found.push(presence),
                None => self.missing.push(id),
            }
        }
        self.found.extend(others);
    }
}

/// What one call asked for, and what came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct PresenceChunk {
    /// Who was asked for, nobody twice.
    pub ids: Vec<UserId>,
    /// The presences, in the service's order; or why there are none.
    pub answer: Result<Vec<Presence>>,
    /// Chunks come as they are answered; by this they are in the order of the ids.
    number: u64,
    /// Whether exactly those who were asked for were answered, one after the other.
    is_in_order: bool,
}

impl PresenceChunk {
    fn new(number: u64, ids: Vec<UserId>, answer: Result<Vec<Presence>>) -> Self {
        let is_in_order = answer
            .as_ref()
            .is_ok_and(|presences| presences.iter().map(|presence| presence.id.as_ref()).eq(ids.iter().map(Some)));
        Self { ids, answer, number, is_in_order }
    }

    /// Whom a successful answer leaves out.
    #[must_use]
    pub fn missing(&self) -> Vec<&UserId> {
        let Ok(presences) = &self.answer else { return Vec::new() };
        let answered: HashSet<_> = presences.iter().filter_map(|presence| presence.id.as_ref()).collect();
        self.ids.iter().filter(|id| !answered.contains(id)).collect()
    }
}

/// How far the reading of many people has come. All numbers are of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// In calls that were begun, those that ended included.
    pub asked: usize,
    /// In calls that were answered.
    pub answered: usize,
    /// In calls that failed.
    pub failed: usize,
}

/// Presences of many people as they come: see [`GetPresences::stream`].
///
/// Dropped, it gives up the calls that are under way.
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
/// # let company: Vec<UserId> = vec![UserId::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?];
/// let mut stream = client.presences(company).stream();
/// while let Some(chunk) = stream.next().await {
///     match &chunk.answer {
///         Ok(presences) => println!("{} of {} people", presences.len(), chunk.ids.len()),
///         Err(error) => eprintln!("{} people: {error}", chunk.ids.len()),
///     }
///     eprintln!("{} so far", stream.progress().answered);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "calls are sent as it is read"]
pub struct PresenceStream<I> {
    transport: Arc<Transport>,
    ids: Fuse<I>,
    seen: HashSet<u128, RandomState>,
    /// As tasks: one that nobody looks at must not stand at the head of the queue for the quota.
    calls: JoinSet<PresenceChunk>,
    at_once: usize,
    last_number: u64,
    is_cut_off: bool,
    progress: Progress,
}

impl<I: Iterator<Item = UserId>> PresenceStream<I> {
    /// The next call's answer, or its failure. Ends when everybody was asked for.
    pub async fn next(&mut self) -> Option<PresenceChunk> {
        StreamExt::next(self).await
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Says why no more comes.
    fn cut_off(&mut self, error: Error) -> PresenceChunk {
        self.is_cut_off = true;
        self.calls.abort_all();
        PresenceChunk::new(self.next_number(), Vec::new(), Err(error.during(&GET_MANY)))
    }

    /// Begins the next call; `false` if there is nobody left to ask for.
    fn begin(&mut self, runtime: &Handle) -> bool {
        let (mut ids, mut unfit, mut refusal) = (Vec::new(), Vec::new(), None);
        while ids.len() + unfit.len() < GetPresences::MAX_IDS
            && let Some(id) = self.ids.next()
        {
            match id.object_id() {
                Ok(guid) if self.seen.insert(guid.as_u128()) => ids.push(id),
                Ok(_) => {}
                Err(error) => {
                    unfit.push(id);
                    refusal.get_or_insert(error);
                }
            }
        }
        self.progress.asked += ids.len() + unfit.len();
        let has_begun = !(ids.is_empty() && unfit.is_empty());
        if let Some(error) = refusal {
            let (number, answer) = (self.next_number(), Err(error.during(&GET_MANY)));
            self.calls.spawn_on(async move { PresenceChunk::new(number, unfit, answer) }, runtime);
        }
        if !ids.is_empty() {
            let (number, transport) = (self.next_number(), Arc::clone(&self.transport));
            let call = async move {
                let answer = transport.get_many(&mut ids).await;
                PresenceChunk::new(number, ids, answer)
            };
            self.calls.spawn_on(call, runtime);
        }
        has_begun
    }

    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }
}

// Nothing in it is pinned.
impl<I> Unpin for PresenceStream<I> {}

impl<I: Iterator<Item = UserId>> Stream for PresenceStream<I> {
    type Item = PresenceChunk;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<PresenceChunk>> {
        let this = self.get_mut();
        if this.is_cut_off {
            return Poll::Ready(None);
        }
        let Ok(runtime) = Handle::try_current() else {
            return Poll::Ready(Some(this.cut_off(Error::no_runtime())));
        };
        while this.calls.len() < this.at_once && this.begin(&runtime) {}
        let next = match ready!(this.calls.poll_join_next(context)) {
            Some(Ok(chunk)) => Poll::Ready(Some(chunk)),
            Some(Err(failed)) => match failed.try_into_panic() {
                // Of something that was handed to the client.
                Ok(panic) => resume_unwind(panic),
                Err(_) => {
                    let error = Error::connection("the runtime is being shut down".into());
                    Poll::Ready(Some(this.cut_off(error)))
                }
            },
            None => Poll::Ready(None),
        };
        if let Poll::Ready(Some(chunk)) = &next {
            match chunk.answer {
                Ok(_) => this.progress.answered += chunk.ids.len(),
                Err(_) => this.progress.failed += chunk.ids.len(),
            }
        }
        next
    }
}

impl<I> fmt::Debug for PresenceStream<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PresenceStream").field("progress", &self.progress).finish_non_exhaustive()
    }
}
