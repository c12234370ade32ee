//! Faults, and the rules that select the requests into which they are injected. Pure: randomness comes from a seed.

use serde::{Deserialize, Serialize};

use crate::fault_kind::FaultKind;
use crate::{Guid, InvalidInput, Operation};

/// A fault that is injected into a request.
///
/// [`Self::Status`], [`Self::Throttled`] and [`Self::Gateway`] replace the response, and the operation does not run.
/// The others damage the response of an operation that has run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// An error response in the format of the service.
    Status {
        /// The status, 400 to 599.
        status: u16,
    },
    /// Status 429, with or without a `Retry-After` header.
    Throttled {
        /// The value of `Retry-After`; `None` to omit the header.
        #[serde(rename = "retryAfter", default)]
        retry_after: Option<RetryAfter>,
    },
    /// An HTML error page, as from a gateway in front of the service.
    Gateway {
        /// The status, 400 to 599.
        status: u16,
    },
    /// The response is delayed, by the system clock.
    Latency {
        /// The delay, at most 10 minutes.
        milliseconds: u64,
    },
    /// The connection is reset instead of a response.
    Reset,
    /// The connection is closed in the middle of the body.
    Truncation,
    /// Half of the body is sent, with a matching `Content-Length`.
    WrongLength,
    /// The body is sent byte by byte.
    SlowBody {
        /// The delay before each byte, by the system clock, at most 10 seconds.
        milliseconds: u64,
    },
    /// The clock of the service is wrong: the `Date` header, a `Retry-After` date and the date in an error body are
    /// shifted.
    Skew {
        /// The shift, negative for a slow clock, at most 1 day in either direction.
        seconds: i64,
    },
}

/// The value of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RetryAfter {
    /// A delay in seconds.
    Seconds(u64),
    /// An HTTP date this number of seconds from now.
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

    /// Returns the value of the kind's parameter.
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

/// A fault and the requests into which it is injected. Defaults to all requests.
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
    #[serde(default = "default_probability")]
    probability: f64,
    #[serde(default)]
    seed: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u64>,
}

fn default_probability() -> f64 {
    1.0
}

impl FaultRule {
    /// Creates a rule that injects the fault into every request.
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, operation: None, user: None, probability: default_probability(), seed: 0, times: None }
    }

    /// Restricts the rule to requests of this operation.
    #[must_use]
    pub fn operation(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Restricts the rule to requests whose path addresses this user, including `/me` of this user.
    #[must_use]
    pub fn user(self, id: Guid) -> Self {
        Self { user: Some(id), ..self }
    }

    /// Sets the probability, from 0 to 1, with which the fault is injected into a matching request. Defaults to 1.
    ///
    /// The selection depends only on the [`seed`](Self::seed).
    #[must_use]
    pub fn probability(self, probability: f64) -> Self {
        Self { probability, ..self }
    }

    /// Sets the seed of the random selection. The same seed always selects the same requests. Defaults to 0.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Limits the number of times that the fault is injected. Defaults to no limit.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    pub(crate) fn check(&self) -> Result<(), InvalidInput> {
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(InvalidInput::out_of_range("probability", self.probability, "0 to 1"));
        }
        if self.times == Some(0) {
            return Err(InvalidInput::out_of_range("times", 0, "1 or more"));
        }
        if let (Some(parameter), Some(number)) = (self.fault.kind().parameter(), self.fault.number())
            && !parameter.allows(number)
        {
            return Err(InvalidInput::out_of_range(parameter.name(), number, &parameter.range()));
        }
        Ok(())
    }
}

/// An active fault rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActiveFault {
    pub(crate) id: u64,
    pub(crate) rule: FaultRule,
    /// The number of times that the fault was injected.
    pub(crate) injected: u64,
    /// The state of the random number generator.
    random_state: u64,
}

/// The active fault rules, the oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Faults {
    active: Vec<ActiveFault>,
    last_id: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) -> u64 {
        self.last_id += 1;
        self.active.push(ActiveFault { id: self.last_id, random_state: rule.seed, rule, injected: 0 });
        self.last_id
    }

    /// Removes a rule. Returns `true` if it was active.
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
        let applies = rule.operation.is_none_or(|expected| expected == operation)
            && rule.user.is_none_or(|id| Some(id) == user)
            && rule.times.is_none_or(|times| self.injected < times);
        if !applies {
            return None;
        }
        let mut random = fastrand::Rng::with_seed(self.random_state);
        let is_selected = random.f64() < rule.probability;
        self.random_state = random.get_seed();
        self.injected += u64::from(is_selected);
        is_selected.then(|| rule.fault.clone())
    }
}
