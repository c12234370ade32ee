//! What goes wrong, for whom and how often. Pure: chance comes from a seed.

use serde::{Deserialize, Serialize};

use crate::{Guid, InvalidInput};

/// Something that goes wrong with a request.
///
/// A status, a throttling and a gateway's page come instead of the answer, and nothing is done. The others strike the
/// answer: what was asked for has been done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// An error with this status, 400 to 599, in the service's own form.
    Status {
        /// The status.
        status: u16,
    },
    /// 429, with or without a `Retry-After`.
    Throttled {
        /// What `Retry-After` says, if there is one.
        #[serde(rename = "retryAfter", default)]
        retry_after: Option<RetryAfter>,
    },
    /// A page of HTML from a gateway before the service, with a status such as 502.
    Gateway {
        /// The status, 400 to 599.
        status: u16,
    },
    /// The answer comes this much later, by the time of the operating system.
    Latency {
        /// How much later; ten minutes at most.
        milliseconds: u64,
    },
    /// The connection is reset where the answer should be.
    Reset,
    /// The connection ends in the middle of the body.
    Truncation,
    /// `Content-Length` says half of what the body has, and half is sent.
    WrongLength,
    /// The body comes byte by byte.
    Drip {
        /// The time between two bytes, by the clock of the operating system; ten seconds at most.
        milliseconds: u64,
    },
    /// The service's clock is wrong: whatever dates the answer is off.
    Skew {
        /// How many seconds ahead, negative for behind; a day at most.
        seconds: i64,
    },
}

/// What `Retry-After` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// A date: that of so many seconds from now.
    Date(u64),
}

/// A fault, and which requests it befalls: all of them unless it is told otherwise.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use graph_presence_emulator::{Caller, Emulator, Fault, FaultRule, Guid};
///
/// let emulator = Emulator::start().await?;
/// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// emulator.inject(FaultRule::new(Fault::Status { status: 503 }).operation("getPresence").person(ada).times(1))?;
///
/// let token = emulator.token(Caller::user(ada));
/// for status in [503, 200] {
///     let url = format!("{}/v1.0/me/presence", emulator.url());
///     assert_eq!(reqwest::Client::new().get(url).bearer_auth(&token).send().await?.status(), status);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultRule {
    fault: Fault,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    person: Option<Guid>,
    #[serde(default = "whole")]
    share: f64,
    #[serde(default)]
    seed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
}

fn whole() -> f64 {
    1.0
}

/// Faults that wait longer would keep a connection for nothing.
const LONGEST_LATENCY: u64 = 10 * 60 * 1_000;
const LONGEST_DRIP: u64 = 10 * 1_000;
const LARGEST_SKEW: i64 = 24 * 60 * 60;

impl FaultRule {
    /// A fault that befalls every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, person: None, share: whole(), seed: 0, times: None }
    }

    /// Only requests of the operation with this name, such as `getPresence`, `getPresencesByUserId`, `setPresence`,
    /// `createSubscription` or `token`.
    #[must_use]
    pub fn operation(self, name: impl Into<String>) -> Self {
        Self { operation: Some(name.into()), ..self }
    }

    /// Only requests whose path is about this person, `/me` of that person included.
    #[must_use]
    pub fn person(self, id: Guid) -> Self {
        Self { person: Some(id), ..self }
    }

    /// Only this share of the requests, from 0 to 1. Which of them depends on the seed alone.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// What chance starts from: with one seed the same requests are struck each time. By default it is 0.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Only so often, and then no more.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    pub(crate) fn check(&self, operations: &[&str]) -> Result<(), InvalidInput> {
        if let Some(name) = &self.operation
            && !operations.contains(&name.as_str())
        {
            let rule = format!("must be one of {}", operations.join(", "));
            return Err(InvalidInput::new("operation", name, &rule));
        }
        if !(0.0..=1.0).contains(&self.share) {
            return Err(InvalidInput::new("share", self.share, "must be from 0 to 1"));
        }
        if self.times == Some(0) {
            return Err(InvalidInput::new("times", 0, "must be at least 1"));
        }
        match self.fault {
            Fault::Status { status } | Fault::Gateway { status } if !(400..=599).contains(&status) => {
                Err(InvalidInput::new("status", status, "must be from 400 to 599"))
            }
            Fault::Latency { milliseconds } if milliseconds > LONGEST_LATENCY => {
                Err(InvalidInput::new("milliseconds", milliseconds, "must be at most 600000"))
            }
            Fault::Drip { milliseconds } if milliseconds > LONGEST_DRIP => {
                Err(InvalidInput::new("milliseconds", milliseconds, "must be at most 10000"))
            }
            Fault::Skew { seconds } if !(-LARGEST_SKEW..=LARGEST_SKEW).contains(&seconds) => {
                Err(InvalidInput::new("seconds", seconds, "must be from -86400 to 86400"))
            }
            _ => Ok(()),
        }
    }
}

/// A rule that is in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiveFault {
    pub(crate) id: u64,
    pub(crate) rule: FaultRule,
    /// How often it has struck.
    pub(crate) struck: u64,
    /// Where chance has got to.
    chance: u64,
}

/// The rules that are in force, the oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    active: Vec<ActiveFault>,
    last_id: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) -> u64 {
        self.last_id += 1;
        self.active.push(ActiveFault { id: self.last_id, chance: rule.seed, rule, struck: 0 });
        self.last_id
    }

    /// Whether there was one to remove.
    pub(crate) fn remove(&mut self, id: u64) -> bool {
        let before = self.active.len();
        self.active.retain(|fault| fault.id != id);
        self.active.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.active.clear();
    }

    pub(crate) fn all(&self) -> &[ActiveFault] {
        &self.active
    }

    /// What befalls a request.
    pub(crate) fn strike(&mut self, operation: &str, person: Option<Guid>) -> Vec<Fault> {
        self.active.iter_mut().filter_map(|active| active.strike(operation, person)).collect()
    }
}

impl ActiveFault {
    fn strike(&mut self, operation: &str, person: Option<Guid>) -> Option<Fault> {
        let rule = &self.rule;
        let is_meant = rule.operation.as_ref().is_none_or(|name| name == operation)
            && rule.person.is_none_or(|id| Some(id) == person)
            && rule.times.is_none_or(|times| self.struck < times);
        if !is_meant {
            return None;
        }
        let mut chance = fastrand::Rng::with_seed(self.chance);
        let strikes = chance.f64() < rule.share;
        self.chance = chance.get_seed();
        self.struck += u64::from(strikes);
        strikes.then(|| rule.fault.clone())
    }
}
