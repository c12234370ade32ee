//! What has changed on the board, for one reader.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::response::sse::Event;
use futures_util::stream::{self, Stream};
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::clock::Alarm;
use crate::service::Service;
use crate::state_signal::StateListener;

use super::view::{View, Wanted};

/// How long to wait at least before looking again.
const PAUSE: Duration = Duration::from_millis(100);
/// And how many times longer than the look took, so that what is much does not become all.
const IDLENESS: u32 = 4;
/// How often a clock that runs is told.
const BEAT: Duration = Duration::from_secs(1);

/// Looks when the next event is requested and something may have changed, never before: a slow reader costs nothing.
pub(super) struct Viewer {
    service: Arc<Service>,
    wanted: Wanted,
    signal: StateListener,
    alarm: Alarm,
    sent: Map<String, Value>,
    next_change: Option<Timestamp>,
    not_before: Option<Instant>,
}

impl Viewer {
    pub(super) fn new(service: Arc<Service>, wanted: Wanted) -> Self {
        Self {
            signal: service.signal().listen(),
            alarm: Alarm::new(service.clock()),
            service,
            wanted,
            sent: Map::new(),
            next_change: None,
            not_before: None,
        }
    }

    pub(super) fn events(self) -> impl Stream<Item = Result<Event, axum::Error>> {
        stream::unfold(self, async |mut viewer| {
            let changes = viewer.changes().await?;
            Some((Event::default().json_data(changes), viewer))
        })
    }

    /// The parts that are not as they were sent, all of them at first. `None` once the service ends.
    async fn changes(&mut self) -> Option<Map<String, Value>> {
        loop {
            if self.not_before.is_some() {
                self.wait().await;
            }
            if self.signal.is_closed() {
                return None;
            }
            let looked_at = Instant::now();
            let (service, wanted) = (Arc::clone(&self.service), self.wanted.clone());
            let view = tokio::task::spawn_blocking(move || View::new(&service, &wanted)).await.ok()?;
            self.not_before = Some(Instant::now() + PAUSE.max(looked_at.elapsed() * IDLENESS));
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
            () = self.alarm.wait(self.service.clock(), self.next_change, BEAT) => {}
        }
        if let Some(instant) = self.not_before {
            tokio::time::sleep_until(instant.into()).await;
        }
    }
}
