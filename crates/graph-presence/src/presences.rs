//! Reads the presences of any number of users: [`Client::presences`](crate::Client::presences).
//!
//! Awaiting the request, [`GetPresences`], returns [`PartialPresences`]; [`GetPresences::stream`] returns the result of
//! each call as it arrives.

mod collected;
mod stream;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Result;
use crate::id::UserId;
use crate::transport::Transport;

use self::collected::Collector;
pub use self::collected::{FailedPresences, PartialPresences};
pub use self::stream::{PresenceChunk, PresenceStream, Progress};

/// A request to get the presences of any number of users. Does nothing until it is sent, awaited or streamed.
///
/// Ids are deduplicated and split into calls of up to [`MAX_IDS`](Self::MAX_IDS) ids. Several calls run concurrently,
/// within the quota and with the client's retries. A failed call does not affect the others: its ids are returned with
/// the error, and can be requested again.
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
/// let presences = client.presences(&team).await?.complete()?;
/// assert_eq!(presences.len(), 1000);
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page `cloudcommunications-getpresencesbyuserid`.
#[derive(Clone)]
#[must_use = "requests do nothing until they are sent"]
pub struct GetPresences<I> {
    transport: Arc<Transport>,
    ids: I,
    concurrency: usize,
}

impl GetPresences<()> {
    /// The maximum number of ids in one call.
    pub const MAX_IDS: usize = stream::MAX_IDS;
}

impl<I: Iterator<Item: Into<UserId>>> GetPresences<I> {
    pub(crate) fn new(transport: Arc<Transport>, ids: I) -> Self {
        Self { transport, ids, concurrency: 4 }
    }

    /// Sets the maximum number of concurrent calls: at least 1. Defaults to 4.
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
    /// # let team = (0..1000).map(|number| UserId::parse(&format!("{number:08x}-7ef5-42da-9069-724602c31f6b")));
    /// # let team = team.collect::<Result<Vec<_>, _>>()?;
    /// let presences = client.presences(&team).concurrency(1).await?.complete()?;
    /// assert_eq!(presences.len(), 1000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    /// Sends all calls, and collects their results in the order of the ids. Awaiting the request does the same.
    ///
    /// Some of the calls may fail: [`PartialPresences::failed`] contains their ids and errors, and
    /// [`PartialPresences::complete`] turns the first of them into an error.
    ///
    /// # Errors
    ///
    /// Returns an error if the [concurrency](Self::concurrency) is 0, if the current thread is not in a tokio runtime,
    /// or if all calls failed: then it is the error of the first call.
    pub async fn send(self) -> Result<PartialPresences> {
        self.into_future().await
    }

    /// Returns a stream of the results of the calls, each as it arrives.
    ///
    /// Calls are sent as the stream is polled, and the ids are read lazily from the iterator. The stream stores the ids
    /// of the calls in flight, and about 36 bytes for each id that was read, to detect duplicates. The calls are
    /// tasks on the tokio runtime on which the stream is polled. Without a runtime, when it is shut down, or if the
    /// [concurrency](Self::concurrency) is 0, the stream ends with a failed chunk without ids.
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
    /// # let team = (0..1000).map(|number| UserId::parse(&format!("{number:08x}-7ef5-42da-9069-724602c31f6b")));
    /// # let team = team.collect::<Result<Vec<_>, _>>()?;
    /// let mut stream = client.presences(&team).stream();
    /// while let Some(chunk) = stream.next().await {
    ///     for presence in chunk.result? {
    ///         println!("{}: {}", presence.availability, presence.activity);
    ///     }
    /// }
    /// assert_eq!(stream.progress().completed, 1000);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> PresenceStream<I> {
        PresenceStream::new(self.transport, self.ids, self.concurrency)
    }
}

impl<I: Iterator<Item: Into<UserId>>> IntoFuture for GetPresences<I> {
    type Output = Result<PartialPresences>;
    type IntoFuture = PresencesFuture<I>;

    fn into_future(self) -> PresencesFuture<I> {
        let stream = self.stream();
        PresencesFuture { collector: Collector::with_capacity(stream.lower_bound()), stream }
    }
}

impl<I> fmt::Debug for GetPresences<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("GetPresences").field("concurrency", &self.concurrency).finish_non_exhaustive()
    }
}

/// The future of [`GetPresences`]. Dropping it cancels the calls in flight.
#[must_use = "futures do nothing until they are awaited"]
pub struct PresencesFuture<I> {
    stream: PresenceStream<I>,
    collector: Collector,
}

impl<I: Iterator<Item: Into<UserId>>> Future for PresencesFuture<I> {
    type Output = Result<PartialPresences>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<PartialPresences>> {
        let this = self.get_mut();
        while let Some(chunk) = ready!(Pin::new(&mut this.stream).poll_next(context)) {
            this.collector.add(chunk);
        }
        Poll::Ready(std::mem::take(&mut this.collector).finish())
    }
}

impl<I> fmt::Debug for PresencesFuture<I> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PresencesFuture").field("stream", &self.stream).finish_non_exhaustive()
    }
}
