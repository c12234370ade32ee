//! The kinds of faults, and the number that each takes.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Status,
    Throttled,
    Gateway,
    Latency,
    Reset,
    Truncation,
    WrongLength,
    SlowBody,
    Skew,
}

/// The number that a kind of fault takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// Where it stands in the JSON of a fault.
    path: &'static [&'static str],
    label: &'static str,
    default: i64,
    min: i64,
    /// `None` without an upper limit.
    max: Option<i64>,
}

/// Statuses of errors.
const ERRORS: RangeInclusive<i64> = 400..=599;
/// Faults that wait longer would keep a connection for nothing.
const MAX_LATENCY: i64 = 10 * 60 * 1_000;
const MAX_PAUSE: i64 = 10 * 1_000;
const MAX_SKEW: i64 = 24 * 60 * 60;

impl FaultKind {
    /// All of them. The length is that of the last variant: one that is missing does not compile.
    pub(crate) const ALL: [Self; Self::Skew as usize + 1] = [
        Self::Status,
        Self::Throttled,
        Self::Gateway,
        Self::Latency,
        Self::Reset,
        Self::Truncation,
        Self::WrongLength,
        Self::SlowBody,
        Self::Skew,
    ];

    /// Returns the name in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Throttled => "throttled",
            Self::Gateway => "gateway",
            Self::Latency => "latency",
            Self::Reset => "reset",
            Self::Truncation => "truncation",
            Self::WrongLength => "wrongLength",
            Self::SlowBody => "slowBody",
            Self::Skew => "skew",
        }
    }

    /// Returns the name on the board.
    const fn label(self) -> &'static str {
        match self {
            Self::Status => "Error status",
            Self::Throttled => "429, throttled",
            Self::Gateway => "Page of a gateway",
            Self::Latency => "Latency",
            Self::Reset => "Connection reset",
            Self::Truncation => "Body cut short",
            Self::WrongLength => "Wrong length",
            Self::SlowBody => "Slow body",
            Self::Skew => "Clock skew",
        }
    }

    /// Returns the number that the kind takes, if it takes one.
    pub(crate) fn parameter(self) -> Option<Parameter> {
        Some(match self {
            Self::Status => Parameter::new(&["status"], "Status", 503, ERRORS),
            Self::Throttled => Parameter {
                path: &["retryAfter", "seconds"],
                label: "Retry after seconds",
                default: 5,
                min: 0,
                max: None,
            },
            Self::Gateway => Parameter::new(&["status"], "Status", 502, ERRORS),
            Self::Latency => Parameter::new(&["milliseconds"], "Milliseconds", 1_000, 0..=MAX_LATENCY),
            Self::SlowBody => Parameter::new(&["milliseconds"], "Milliseconds a byte", 50, 0..=MAX_PAUSE),
            Self::Skew => Parameter::new(&["seconds"], "Seconds ahead", 300, -MAX_SKEW..=MAX_SKEW),
            Self::Reset | Self::Truncation | Self::WrongLength => return None,
        })
    }

    /// Returns what the board needs to offer the kind.
    pub(crate) fn to_json(self) -> Value {
        json!({
            "kind": self.as_str(),
            "label": self.label(),
            "parameter": self.parameter().map(|parameter| {
                let Parameter { path, label, default, min, max } = parameter;
                json!({"path": path, "label": label, "default": default, "min": min, "max": max})
            }),
        })
    }
}

impl Parameter {
    const fn new(
        path: &'static [&'static str],
        label: &'static str,
        default: i64,
        limits: RangeInclusive<i64>,
    ) -> Self {
        Self { path, label, default, min: *limits.start(), max: Some(*limits.end()) }
    }

    /// Returns the name of the number in JSON.
    pub(crate) fn name(&self) -> &'static str {
        self.path.last().copied().unwrap_or_default()
    }

    /// Returns `true` if the number is within the limits.
    pub(crate) fn allows(&self, number: i128) -> bool {
        i128::from(self.min) <= number && self.max.is_none_or(|max| number <= i128::from(max))
    }

    /// Returns the limits in words.
    pub(crate) fn rule(&self) -> String {
        match (self.min, self.max) {
            (0, Some(max)) => format!("must be at most {max}"),
            (min, Some(max)) => format!("must be from {min} to {max}"),
            (min, None) => format!("must be at least {min}"),
        }
    }
}
