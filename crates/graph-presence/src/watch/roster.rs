//! Who is watched, what is known of them, and what has not been told: bookkeeping, without a clock and without calls.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use jiff::Timestamp;

use crate::error::Error;
use crate::id::UserId;
use crate::presence::Presence;
use crate::watch::event::{Change, Event, Failed};

/// So many answers in a row that are older than what is known are no stragglers: the service has gone back.
const GONE_BACK: u8 = 3;

/// The people, and at most one untold change for each of them.
#[derive(Default)]
pub(super) struct Roster {
    people: BTreeMap<UserId, Known>,
    /// Whose changes are untold, by their tickets: in the order in which they became so.
    untold: BTreeMap<u64, UserId>,
    failed: Option<(u64, Failed)>,
    next_ticket: u64,
    next_call: u64,
    sweep: u64,
    /// The last one whom this sweep has passed.
    passed: Option<UserId>,
    /// Who came after the sweep began, and is asked for first.
    fresh: BTreeSet<UserId>,
    /// Whose call failed in this sweep, and is worth another.
    again: BTreeSet<UserId>,
    /// How many people's last call failed, and since when there are any.
    failing: usize,
    failing_since: Option<Timestamp>,
}

/// What is known of a person.
#[derive(Default)]
struct Known {
    /// What was told last or is to be told next.
    latest: Option<Box<Presence>>,
    /// The newest, while the presence that it came with may have been like an older one.
    sequence_number: Option<String>,
    /// How many answers in a row were older than that.
    older: u8,
    seen_at: Option<Timestamp>,
    untold: Option<Box<Untold>>,
    /// The call that is under way. One from before a person was taken out and put in again is not.
    call: Option<u64>,
    /// The last sweep that has asked, or need not.
    sweep: u64,
    failing: bool,
}

struct Untold {
    ticket: u64,
    /// What was told last.
    before: Option<Box<Presence>>,
    seen_at: Timestamp,
}

/// A call for some people.
pub(super) struct Call {
    number: u64,
    pub(super) ids: Vec<UserId>,
}

impl Roster {
    /// These people, for the first sweep.
    pub(super) fn new(ids: Vec<UserId>) -> Self {
        Self { people: ids.into_iter().map(|id| (id, Known::default())).collect(), ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.people.len()
    }

    /// Has somebody asked for before the others, unless they are there already.
    pub(super) fn add(&mut self, id: UserId) {
        if !self.people.contains_key(&id) {
            self.fresh.insert(id.clone());
            self.people.insert(id, Known::default());
        }
    }

    /// Forgets somebody, and what was to be told of them.
    pub(super) fn remove(&mut self, id: &UserId) {
        let Some(known) = self.people.remove(id) else { return };
        self.fresh.remove(id);
        self.again.remove(id);
        if let Some(untold) = known.untold {
            self.untold.remove(&untold.ticket);
        }
        if known.failing {
            self.heal(1);
        }
    }

    pub(super) fn last_seen(&self, id: &UserId) -> Option<Timestamp> {
        self.people.get(id)?.seen_at
    }

    /// Begins to ask for everybody anew.
    pub(super) fn begin_sweep(&mut self) {
        self.sweep += 1;
        self.passed = None;
        self.again.clear();
    }

    /// Whether there is somebody whom this sweep has not yet asked for.
    pub(super) fn is_sweeping(&self) -> bool {
        let mut ahead = self.people.range((self.passed.as_ref().map_or(Unbounded, Excluded), Unbounded));
        !self.fresh.is_empty() || ahead.any(|(_, known)| known.is_due(self.sweep))
    }

    /// Whether there is somebody whose call failed and is worth another.
    pub(super) fn has_failed(&self) -> bool {
        !self.again.is_empty()
    }

    /// The next call, for at most so many people: who came last, then who has not been asked for, then whose call failed.
    pub(super) fn next_call(&mut self, most: usize) -> Option<Call> {
        let mut call = Call { number: self.next_call, ids: Vec::new() };
        self.next_call += 1;
        call.draw(most, &mut self.fresh, &mut self.people, self.sweep);
        let ahead = (self.passed.as_ref().map_or(Unbounded, Excluded), Unbounded);
        let mut passed = None;
        for (id, known) in self.people.range_mut::<UserId, _>(ahead) {
            if call.ids.len() == most {
                break;
            }
            if known.is_due(self.sweep) {
                known.ask(call.number, self.sweep);
                call.ids.push(id.clone());
            }
            passed = Some(id);
        }
        self.passed = passed.cloned().or(self.passed.take());
        if call.ids.is_empty() {
            // By themselves: what one of them brings about must not befall others.
            call.draw(most, &mut self.again, &mut self.people, self.sweep);
        }
        Some(call).filter(|call| !call.ids.is_empty())
    }

    /// Takes in what was answered. Of whom it says nothing, what is known stays known, and grows old.
    pub(super) fn answered(&mut self, call: &Call, answer: Vec<Presence>, now: Timestamp) {
        let mut healed = 0;
        for presence in answer {
            let Some(id) = &presence.id else { continue };
            let Some(known) = self.people.get_mut(id).filter(|known| known.call == Some(call.number)) else { continue };
            healed += known.close();
            let id = id.clone();
            let ticket = self.next_ticket;
            let told = known.take_in(presence, now, ticket);
            match told {
                Told::Nothing => {}
                Told::More => {
                    self.untold.insert(ticket, id);
                    self.next_ticket += 1;
                }
                Told::NoMore(ticket) => {
                    self.untold.remove(&ticket);
                }
            }
        }
        for id in &call.ids {
            if let Some(known) = self.people.get_mut(id).filter(|known| known.call == Some(call.number)) {
                healed += known.close();
            }
        }
        self.heal(healed);
    }

    /// Takes in that there is no answer.
    pub(super) fn failed(&mut self, call: Call, error: Error, now: Timestamp) {
        let may_pass = error.is_transient();
        let mut concerned = false;
        for id in call.ids {
            let Some(known) = self.people.get_mut(&id).filter(|known| known.call == Some(call.number)) else {
                continue;
            };
            concerned = true;
            self.failing += 1 - known.close();
            known.failing = true;
            if may_pass {
                // Also if the next sweep has begun meanwhile.
                known.sweep = self.sweep;
                self.again.insert(id);
            }
        }
        if !concerned {
            return;
        }
        let since = *self.failing_since.get_or_insert(now);
        let (ticket, calls) = match &self.failed {
            Some((ticket, failed)) => (*ticket, failed.calls + 1),
            None => (self.next_ticket, 1),
        };
        self.next_ticket += 1;
        self.failed = Some((ticket, Failed { error, calls, people: self.failing, since }));
    }

    pub(super) fn has_event(&self) -> bool {
        !self.untold.is_empty() || self.failed.is_some()
    }

    /// The event that has waited longest.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        let first = self.untold.first_key_value().map(|(ticket, _)| *ticket);
        if let Some((_, failed)) = self.failed.take_if(|(ticket, _)| first.is_none_or(|first| *ticket < first)) {
            return Some(Event::Failed(failed));
        }
        let (_, user) = self.untold.pop_first()?;
        let known = self.people.get_mut(&user)?;
        let Untold { before, seen_at, .. } = *known.untold.take()?;
        let after = known.latest.as_deref()?.clone();
        Some(Event::Change(Change { user, before: before.map(|before| *before), after, seen_at }))
    }

    fn heal(&mut self, people: usize) {
        self.failing -= people;
        if self.failing == 0 {
            self.failing_since = None;
        }
    }
}

impl Call {
    fn draw(&mut self, most: usize, from: &mut BTreeSet<UserId>, people: &mut BTreeMap<UserId, Known>, sweep: u64) {
        while self.ids.len() < most
            && let Some(id) = from.pop_first()
        {
            if let Some(known) = people.get_mut(&id) {
                known.ask(self.number, sweep);
                self.ids.push(id);
            }
        }
    }
}

/// What an answer leaves to be told.
enum Told {
    Nothing,
    More,
    /// What has this ticket.
    NoMore(u64),
}

impl Known {
    fn is_due(&self, sweep: u64) -> bool {
        self.call.is_none() && self.sweep != sweep
    }

    fn ask(&mut self, call: u64, sweep: u64) {
        self.call = Some(call);
        self.sweep = sweep;
    }

    /// Ends the call, and counts who was failing.
    fn close(&mut self) -> usize {
        self.call = None;
        usize::from(std::mem::take(&mut self.failing))
    }

    fn take_in(&mut self, presence: Presence, now: Timestamp, ticket: u64) -> Told {
        if presence.sequence_number.is_some() && presence.sequence_number < self.sequence_number {
            self.older += 1;
            if self.older < GONE_BACK {
                return Told::Nothing;
            }
        }
        self.older = 0;
        self.seen_at = Some(now);
        if presence.sequence_number.is_some() {
            self.sequence_number.clone_from(&presence.sequence_number);
        }
        if self.latest.as_ref().is_some_and(|latest| alike(latest, &presence)) {
            return Told::Nothing;
        }
        match &mut self.untold {
            None => {
                let before = self.latest.replace(Box::new(presence));
                self.untold = Some(Box::new(Untold { ticket, before, seen_at: now }));
                Told::More
            }
            Some(untold) => {
                untold.seen_at = now;
                match untold.before.take_if(|before| alike(before, &presence)) {
                    None => {
                        self.latest = Some(Box::new(presence));
                        Told::Nothing
                    }
                    before => {
                        self.latest = before;
                        self.untold.take().map_or(Told::Nothing, |untold| Told::NoMore(untold.ticket))
                    }
                }
            }
        }
    }
}

/// Whether two presences of a person differ in nothing that anybody could see.
fn alike(one: &Presence, other: &Presence) -> bool {
    let Presence {
        id: _,
        availability,
        activity,
        status_message,
        out_of_office,
        work_location,
        sequence_number: _,
        extra,
    } = one;
    *availability == other.availability
        && *activity == other.activity
        && *status_message == other.status_message
        && *out_of_office == other.out_of_office
        && *work_location == other.work_location
        && *extra == other.extra
}

#[cfg(test)]
mod tests;
