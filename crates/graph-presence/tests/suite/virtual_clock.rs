//! A clock whose waits take no time and are recorded.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use graph_presence::jiff::Timestamp;
use graph_presence::{Clock, Sleep};

#[derive(Clone, Debug, Default)]
pub(crate) struct VirtualClock(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    elapsed: Duration,
    waits: Vec<Duration>,
}

impl VirtualClock {
    pub(crate) fn start() -> Timestamp {
        "2026-11-20T12:00:00Z".parse().unwrap()
    }

    pub(crate) fn advance(&self, duration: Duration) {
        self.0.lock().unwrap().elapsed += duration;
    }

    /// Returns all waits so far, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u128> {
        self.0.lock().unwrap().waits.iter().map(Duration::as_millis).collect()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Self::start() + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap().elapsed
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let mut state = self.0.lock().unwrap();
            state.elapsed += duration;
            state.waits.push(duration);
        })
    }
}

/// The emulator can use the client's clock.
impl graph_presence_emulator::Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }
}
