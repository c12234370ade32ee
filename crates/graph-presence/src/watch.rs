//! Watches users: [`Client::watch`](crate::Client::watch) polls their presences and returns the changes.
//!
//! [`Watch`] is the builder, [`ChangeStream`] the stream of [`Event`]s, and [`WatchHandle`] adds and removes users
//! while it runs. See [the guide](crate#watching).

mod change_stream;
mod event;
mod handle;
mod poller;
mod schedule;
mod shared;
mod tracker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;

use crate::error::{Error, Result};
use crate::id::UserId;
use crate::operation::Operation;
use crate::transport::Transport;

pub use self::change_stream::ChangeStream;
pub use self::event::{Change, Event, PollFailure};
pub use self::handle::WatchHandle;
use self::poller::Poller;
use self::shared::Shared;
use self::tracker::Tracker;

/// A builder for a presence watch. Does nothing until [`Watch::start`] is called.
///
/// All users are polled at an interval, with up to 650 ids per call: see [the guide](crate#watching).
///
/// ```
/// use graph_presence::UserId;
/// use graph_presence::watch::Event;
/// # use graph_presence::{AccessToken, Client};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let (ada, bob) = ("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "66825e03-7ef5-42da-9069-724602c31f6b");
/// # let token = AccessToken::new(emulator.token(Caller::application(Guid::parse(ada)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
/// # emulator.sign_in(Guid::parse(ada)?, "Busy", "InACall");
/// # emulator.sign_in(Guid::parse(bob)?, "Away", "Away");
///
/// let mut changes = client.watch([UserId::parse(ada)?, UserId::parse(bob)?]).start()?;
/// for _ in 0..2 {
///     match changes.next().await {
///         Some(Event::Change(change)) => println!("{}: {}", change.user, change.after.availability),
///         Some(Event::PollFailed(failure)) => eprintln!("{} (for {} users)", failure.error, failure.users),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page `cloudcommunications-getpresencesbyuserid`.
#[derive(Clone)]
#[must_use = "a watch does nothing until it is started"]
pub struct Watch {
    transport: Arc<Transport>,
    ids: Vec<UserId>,
    poll_interval: Duration,
    quota_share: f64,
}

impl Watch {
    /// The minimum [poll interval](Self::poll_interval): 1 second.
    pub const MIN_POLL_INTERVAL: Duration = Duration::from_secs(1);

    pub(crate) fn new(transport: Arc<Transport>, ids: Vec<UserId>) -> Self {
        Self { transport, ids, poll_interval: Duration::from_secs(30), quota_share: 0.5 }
    }

    /// Sets the time from the start of one poll of all users to the start of the next. Defaults to 30 seconds. If a
    /// poll takes longer, the next one starts immediately after it. An interval shorter than
    /// [`MIN_POLL_INTERVAL`](Self::MIN_POLL_INTERVAL) is an error of [`start`](Self::start).
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.poll_interval = interval;
        self
    }

    /// Sets the share of the client's [`Quota`](crate::Quota) that the watch may use: more than 0 and at most 1.
    /// Defaults to 0.5. The rest is available to other calls, which do not wait for a poll to end. A share out of range
    /// is an error of [`start`](Self::start).
    pub fn quota_share(mut self, share: f64) -> Self {
        self.quota_share = share;
        self
    }

    /// Starts polling in a task on the current tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the current thread is not in a tokio runtime, the poll interval is shorter than
    /// [`Watch::MIN_POLL_INTERVAL`], or the share of the quota is out of range.
    pub fn start(self) -> Result<ChangeStream> {
        let Self { transport, ids, poll_interval, quota_share } = self;
        let runtime = runtime(poll_interval, quota_share)
            .map_err(|error| error.with_operation(Operation::GetPresencesByUserId))?;
        let shared = Arc::new(Shared::new(Tracker::new(ids), transport.shared().clock.clone()));
        let poller = Poller::new(shared.clone(), &transport, quota_share, poll_interval);
        Ok(ChangeStream::start(&runtime, shared, poller))
    }
}

/// Validates the settings, and returns the runtime to poll on.
fn runtime(poll_interval: Duration, quota_share: f64) -> Result<Handle> {
    let runtime = Handle::try_current().map_err(|_| Error::no_runtime())?;
    if poll_interval < Watch::MIN_POLL_INTERVAL {
        let allowed = format_args!("at least {:?}", Watch::MIN_POLL_INTERVAL);
        return Err(Error::out_of_range("poll interval", format_args!("{poll_interval:?}"), allowed));
    }
    if !(quota_share > 0.0 && quota_share <= 1.0) {
        return Err(Error::out_of_range("quota share", quota_share, "more than 0 and at most 1"));
    }
    Ok(runtime)
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Watch")
            .field("users", &self.ids.len())
            .field("poll_interval", &self.poll_interval)
            .field("quota_share", &self.quota_share)
            .finish_non_exhaustive()
    }
}
