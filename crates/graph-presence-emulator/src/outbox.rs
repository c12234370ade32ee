//! What is to be delivered, and when it is tried again. Pure: time is an argument.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Guid;
use crate::state::Notice;

/// How long a notice is tried ("Receive change notifications through webhooks").
const PATIENCE: SignedDuration = SignedDuration::from_hours(4);
/// Inferred: the page says that the waits grow, and not how long they are.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(10);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(10);
/// The most that wait for one subscription; beyond it the oldest are given up.
const MOST: usize = 1_000;

/// In the order in which it happened for each subscription: the next waits until the one before is delivered or given
/// up.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outbox(BTreeMap<Guid, VecDeque<Letter>>);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Letter {
    notice: Notice,
    due: Timestamp,
    failures: u32,
    /// Somebody is at it. Whoever reads a snapshot is not.
    #[serde(skip)]
    sending: bool,
}

impl Outbox {
    pub(crate) fn add(&mut self, notice: Notice) {
        let letters = self.0.entry(notice.subscription).or_default();
        if letters.len() >= MOST {
            // The first may be on its way.
            letters.remove(1);
        }
        letters.push_back(Letter { due: notice.at, notice, failures: 0, sending: false });
    }

    /// When there will be something to send, if nothing comes before.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        let firsts = self.0.values().filter_map(VecDeque::front);
        firsts.filter(|letter| !letter.sending).map(|letter| letter.due).min()
    }

    /// What is to be sent now; [`Self::done`] says what became of it.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Notice> {
        let firsts = self.0.values_mut().filter_map(VecDeque::front_mut);
        firsts
            .filter(|letter| !letter.sending && letter.due <= now)
            .map(|letter| {
                letter.sending = true;
                letter.due = now;
                letter.notice.clone()
            })
            .collect()
    }

    pub(crate) fn done(&mut self, notice: &Notice, is_delivered: bool, now: Timestamp) {
        let Some(letters) = self.0.get_mut(&notice.subscription) else {
            return;
        };
        // After a reset or a restoration the first may be another.
        let Some(letter) = letters.front_mut().filter(|letter| letter.sending && letter.notice == *notice) else {
            return;
        };
        if is_delivered || now.duration_since(notice.at) >= PATIENCE {
            letters.pop_front();
        } else {
            letter.sending = false;
            // From when it was sent: how long the endpoint took is not the emulator's time.
            letter.due = letter.due.checked_add(wait(letter.failures)).unwrap_or(Timestamp::MAX);
            letter.failures += 1;
        }
        if letters.is_empty() {
            self.0.remove(&notice.subscription);
        }
    }
}

fn wait(failures: u32) -> SignedDuration {
    FIRST_WAIT
        .checked_mul(1_i32.checked_shl(failures.min(10)).unwrap_or(i32::MAX))
        .unwrap_or(LONGEST_WAIT)
        .min(LONGEST_WAIT)
}
