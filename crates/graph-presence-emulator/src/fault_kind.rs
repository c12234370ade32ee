//! The kinds of faults and their parameters.

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

/// The numeric parameter of a kind of fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// The path to the number in the JSON of a fault.
    path: &'static [&'static str],
    label: &'static str,
    default: i64,
    min: i64,
    /// The upper limit, if there is one.
    max: Option<i64>,
}

/// The error statuses.
const ERRORS: RangeInclusive<i64> = 400..=599;
/// The maximum latency in milliseconds. A longer one would only occupy a connection.
const MAX_LATENCY: i64 = 10 * 60 * 1_000;
/// The maximum delay of each byte in milliseconds.
const MAX_BYTE_DELAY: i64 = 10 * 1_000;
/// The maximum shift of the clock in seconds.
const MAX_SKEW: i64 = 24 * 60 * 60;

impl FaultKind {
    /// All kinds. The length is derived from the last variant, so that a missing variant is a compile error.
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
            Self::Throttled => "429 Too Many Requests",
            Self::Gateway => "Gateway error page",
            Self::Latency => "Latency",
            Self::Reset => "Connection reset",
            Self::Truncation => "Truncated body",
            Self::WrongLength => "Wrong Content-Length",
            Self::SlowBody => "Slow body",
            Self::Skew => "Clock skew",
        }
    }

    /// Returns the parameter of the kind, if it has one.
    pub(crate) fn parameter(self) -> Option<Parameter> {
        Some(match self {
            Self::Status => Parameter::new(&["status"], "Status", 503, ERRORS),
            Self::Throttled => Parameter {
                path: &["retryAfter", "seconds"],
                label: "Retry-After in seconds",
                default: 5,
                min: 0,
                max: None,
            },
            Self::Gateway => Parameter::new(&["status"], "Status", 502, ERRORS),
            Self::Latency => Parameter::new(&["milliseconds"], "Milliseconds", 1_000, 0..=MAX_LATENCY),
            Self::SlowBody => Parameter::new(&["milliseconds"], "Milliseconds per byte", 50, 0..=MAX_BYTE_DELAY),
            Self::Skew => Parameter::new(&["seconds"], "Seconds ahead", 300, -MAX_SKEW..=MAX_SKEW),
            Self::Reset | Self::Truncation | Self::WrongLength => return None,
        })
    }

    /// Returns the description of the kind for the board.
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

    /// Returns the JSON name of the number.
    pub(crate) fn name(&self) -> &'static str {
        self.path.last().copied().unwrap_or_default()
    }

    /// Returns `true` if the number is within the limits.
    pub(crate) fn allows(&self, number: i128) -> bool {
        i128::from(self.min) <= number && self.max.is_none_or(|max| number <= i128::from(max))
    }

    /// Returns the allowed range for error messages.
    pub(crate) fn range(&self) -> String {
        match self.max {
            Some(max) => format!("{} to {max}", self.min),
            None => format!("{} or more", self.min),
        }
    }
}
