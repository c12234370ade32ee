//! The event stream of the board, for one client.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::response::sse::Event;
use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::clock::ClockTimer;
use crate::service::Service;
use crate::state_signal::StateListener;

use super::view::{View, ViewOptions};

/// The minimum time between two views.
const MIN_INTERVAL: Duration = Duration::from_millis(100);
/// The minimum time between two views as a multiple of the time to create one, which limits the load.
const INTERVAL_FACTOR: u32 = 4;
/// The interval at which the time of a running clock is sent.
const CLOCK_INTERVAL: Duration = Duration::from_secs(1);

/// The state of an event stream. A view is created only when the client is ready for the next event and the state may
/// have changed, so that a slow client causes no load.
pub(super) struct BoardEvents {
    service: Arc<Service>,
    options: ViewOptions,
    signal: StateListener,
    timer: ClockTimer,
    sent: Map<String, Value>,
    next_change: Option<Timestamp>,
    not_before: Option<Instant>,
}

impl BoardEvents {
    pub(super) fn new(service: Arc<Service>, options: ViewOptions) -> Self {
        Self {
            signal: service.signal().listen(),
            timer: ClockTimer::new(service.clock()),
            service,
            options,
            sent: Map::new(),
            next_change: None,
            not_before: None,
        }
    }

    pub(super) fn stream(self) -> impl Stream<Item = Result<Event, axum::Error>> {
        stream::unfold(self, async |mut events| {
            let changes = events.changes().await?;
            Some((Event::default().json_data(changes), events))
        })
    }

    /// Waits for changes. Returns the parts that differ from the last event (all parts for the first event), or `None`
    /// if the service shuts down.
    async fn changes(&mut self) -> Option<Map<String, Value>> {
        loop {
            if self.not_before.is_some() {
                self.wait().await;
            }
            if self.signal.is_closed() {
                return None;
            }
            let started = Instant::now();
            let (service, options) = (Arc::clone(&self.service), self.options.clone());
            let view = tokio::task::spawn_blocking(move || View::new(&service, &options)).await.ok()?;
            self.not_before = Some(Instant::now() + MIN_INTERVAL.max(started.elapsed() * INTERVAL_FACTOR));
            self.next_change = view.next_change;
            let mut changes = view.parts;
            changes.retain(|name, part| self.sent.get(name) != Some(part));
            if !changes.is_empty() {
                self.sent.extend(changes.clone());
                return Some(changes);
            }
        }
    }

    async fn wait(&mut self) {
        tokio::select! {
            () = self.signal.changed() => {}
            () = self.timer.wait(self.service.clock(), self.next_change, CLOCK_INTERVAL) => {}
        }
        if let Some(instant) = self.not_before {
            tokio::time::sleep_until(instant.into()).await;
        }
    }
}
