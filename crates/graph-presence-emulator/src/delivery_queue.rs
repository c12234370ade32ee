//! Notifications to deliver, and when to attempt each of them. Pure: time is an argument.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Guid;
use crate::state::Change;

/// The time for which delivery of a notification is attempted ("Receive change notifications through webhooks").
const DEADLINE: SignedDuration = SignedDuration::from_hours(4);
/// Inferred: the page states that the backoff increases, but not its duration.
const INITIAL_BACKOFF: SignedDuration = SignedDuration::from_secs(10);
const MAX_BACKOFF: SignedDuration = SignedDuration::from_mins(10);
/// The maximum number of queued notifications of a subscription. If it is exceeded, the oldest ones are dropped.
const MAX_QUEUED: usize = 1_000;

/// The notifications of each subscription in the order of their changes: each waits until the one before it is
/// delivered or dropped.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct DeliveryQueue(BTreeMap<Guid, VecDeque<QueuedNotification>>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct QueuedNotification {
    change: Change,
    due: Timestamp,
    failures: u32,
    /// Whether an attempt is in progress. It is not part of a snapshot.
    #[serde(skip)]
    sending: bool,
}

impl DeliveryQueue {
    pub(crate) fn add(&mut self, change: Change) {
        let queue = self.0.entry(change.subscription).or_default();
        if queue.len() >= MAX_QUEUED {
            // An attempt to deliver the first may be in progress.
            queue.remove(1);
        }
        queue.push_back(QueuedNotification { due: change.at, change, failures: 0, sending: false });
    }

    /// Returns when the next notification is due, unless another is added before.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let firsts = self.0.values().filter_map(VecDeque::front);
        firsts.filter(|queued| !queued.sending).map(|queued| queued.due).min()
    }

    /// Returns the notifications to send now. [`Self::record_attempt`] must be called with the outcome of each.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Change> {
        let firsts = self.0.values_mut().filter_map(VecDeque::front_mut);
        firsts
            .filter(|queued| !queued.sending && queued.due <= now)
            .map(|queued| {
                queued.sending = true;
                queued.due = now;
                queued.change.clone()
            })
            .collect()
    }

    /// Removes the notification if it was delivered or its deadline has passed, and otherwise schedules the next
    /// attempt.
    pub(crate) fn record_attempt(&mut self, change: &Change, is_delivered: bool, now: Timestamp) {
        let Some(queue) = self.0.get_mut(&change.subscription) else {
            return;
        };
        // After a reset or a restored snapshot the first notification may be a different one.
        let Some(queued) = queue.front_mut().filter(|queued| queued.sending && queued.change == *change) else {
            return;
        };
        if is_delivered || now.duration_since(change.at) >= DEADLINE {
            queue.pop_front();
        } else {
            queued.sending = false;
            // Computed from the time of sending: the endpoint's response time is not the emulator's time.
            queued.due = queued.due.checked_add(backoff(queued.failures)).unwrap_or(Timestamp::MAX);
            queued.failures += 1;
        }
        if queue.is_empty() {
            self.0.remove(&change.subscription);
        }
    }
}

fn backoff(failures: u32) -> SignedDuration {
    INITIAL_BACKOFF
        .checked_mul(1_i32.checked_shl(failures.min(10)).unwrap_or(i32::MAX))
        .unwrap_or(MAX_BACKOFF)
        .min(MAX_BACKOFF)
}
