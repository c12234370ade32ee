//! Faults, and the rules that say which requests they are injected into. Pure: randomness comes from a seed.

use serde::{Deserialize, Serialize};

use crate::fault_kind::FaultKind;
use crate::{Guid, InvalidInput, Operation};

/// A fault that is injected into a request.
///
/// A status, a throttling and a gateway's page replace the response, and the operation is not run. The others damage the
/// response of an operation that was run.
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
        /// The value of `Retry-After`, if there is one.
        #[serde(rename = "retryAfter", default)]
        retry_after: Option<RetryAfter>,
    },
    /// A page of HTML from a gateway before the service, with a status such as 502.
    Gateway {
        /// The status, 400 to 599.
        status: u16,
    },
    /// The response comes later, by the system clock.
    Latency {
        /// How much later; ten minutes at most.
        milliseconds: u64,
    },
    /// The connection is reset in place of the response.
    Reset,
    /// The connection ends in the middle of the body.
    Truncation,
    /// `Content-Length` is half the length of the body, and half of it is sent.
    WrongLength,
    /// The body comes byte by byte.
    SlowBody {
        /// The time between two bytes, by the system clock; ten seconds at most.
        milliseconds: u64,
    },
    /// The service's clock is wrong: every date in the response is off.
    Skew {
        /// How many seconds ahead, negative for behind; a day at most.
        seconds: i64,
    },
}

/// The value of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// A number of seconds.
    Seconds(u64),
    /// The date that is this number of seconds ahead.
    Date(u64),
}

impl Fault {
    pub(crate) const fn kind(&self) -> FaultKind {
        match self {
            Self::Status { .. } => FaultKind::Status,
            Self::Throttled { .. } => FaultKind::Throttled,
            Self::Gateway { .. } => FaultKind::Gateway,
            Self::Latency { .. } => FaultKind::Latency,
            Self::Reset => FaultKind::Reset,
            Self::Truncation => FaultKind::Truncation,
            Self::WrongLength => FaultKind::WrongLength,
            Self::SlowBody { .. } => FaultKind::SlowBody,
            Self::Skew { .. } => FaultKind::Skew,
        }
    }

    /// Returns the number that its kind takes.
    fn number(&self) -> Option<i128> {
        match *self {
            Self::Status { status } | Self::Gateway { status } => Some(status.into()),
            Self::Throttled { retry_after: Some(RetryAfter::Seconds(seconds) | RetryAfter::Date(seconds)) } => {
                Some(seconds.into())
            }
            Self::Latency { milliseconds } | Self::SlowBody { milliseconds } => Some(milliseconds.into()),
            Self::Skew { seconds } => Some(seconds.into()),
            Self::Throttled { retry_after: None } | Self::Reset | Self::Truncation | Self::WrongLength => None,
        }
    }
}

/// A fault, and the requests that it is injected into. Defaults to all requests.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use graph_presence_emulator::{Caller, Emulator, Fault, FaultRule, Guid, Operation};
///
/// let emulator = Emulator::start().await?;
/// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
/// let rule = FaultRule::new(Fault::Status { status: 503 }).operation(Operation::GetPresence).user(ada).times(1);
/// emulator.inject(rule)?;
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
    operation: Option<Operation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<Guid>,
    #[serde(default = "always")]
    probability: f64,
    #[serde(default)]
    seed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
}

fn always() -> f64 {
    1.0
}

impl FaultRule {
    /// Creates a rule that injects the fault into every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, user: None, probability: always(), seed: 0, times: None }
    }

    /// Only requests of this operation.
    #[must_use]
    pub fn operation(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Only requests whose path is about this user, `/me` of that user included.
    #[must_use]
    pub fn user(self, id: Guid) -> Self {
        Self { user: Some(id), ..self }
    }

    /// Only this probability of the requests, from 0 to 1. Which of them depends on the seed alone.
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    /// The seed of the randomness: the same seed selects the same requests each time. Defaults to 0.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Only this number of times.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    pub(crate) fn check(&self) -> Result<(), InvalidInput> {
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(InvalidInput::new("probability", self.probability, "must be from 0 to 1"));
        }
        if self.times == Some(0) {
            return Err(InvalidInput::new("times", 0, "must be at least 1"));
        }
        if let (Some(parameter), Some(number)) = (self.fault.kind().parameter(), self.fault.number())
            && !parameter.allows(number)
        {
            return Err(InvalidInput::new(parameter.name(), number, &parameter.rule()));
        }
        Ok(())
    }
}

/// A rule that is in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiveFault {
    pub(crate) id: u64,
    pub(crate) rule: FaultRule,
    /// How many times it was injected.
    pub(crate) injected: u64,
    /// The state of the randomness.
    random: u64,
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
        self.active.push(ActiveFault { id: self.last_id, random: rule.seed, rule, injected: 0 });
        self.last_id
    }

    /// Removes a rule. Returns `true` if it was in force.
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

    /// Returns the faults to inject into a request.
    pub(crate) fn apply(&mut self, operation: Operation, user: Option<Guid>) -> Vec<Fault> {
        self.active.iter_mut().filter_map(|active| active.apply(operation, user)).collect()
    }
}

impl ActiveFault {
    fn apply(&mut self, operation: Operation, user: Option<Guid>) -> Option<Fault> {
        let rule = &self.rule;
        let is_meant = rule.operation.is_none_or(|wanted| wanted == operation)
            && rule.user.is_none_or(|id| Some(id) == user)
            && rule.times.is_none_or(|times| self.injected < times);
        if !is_meant {
            return None;
        }
        let mut random = fastrand::Rng::with_seed(self.random);
        let is_selected = random.f64() < rule.probability;
        self.random = random.get_seed();
        self.injected += u64::from(is_selected);
        is_selected.then(|| rule.fault.clone())
    }
}
