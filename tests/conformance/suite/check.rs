//! The checks of the suite.

use serde::{Deserialize, Serialize};

/// A check: compares the recordings with a part of the library. `known_differences.yaml` refers to it by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Check {
    /// The examples, sent and read by the raw client.
    Raw,
    /// The examples, sent and read by the facade.
    Facade,
    /// The examples, sent to the emulator.
    Emulator,
    /// The examples against `specs/presence.openapi.yaml`.
    Spec,
    /// The facade's JSON Schemas against those of `specs/presence.openapi.yaml`.
    Schema,
    /// The permissions tables against the facade and the emulator.
    Permissions,
    /// The cloud tables against the requests that the facade rejects.
    Clouds,
    /// The request templates against the spec.
    Paths,
    /// The tables of pairs against the states of the facade.
    Pairs,
    /// The tables of parameters and properties against the spec.
    Parameters,
    /// The lists of values against the facade.
    Values,
    /// The states that Teams shows against the facade.
    States,
    /// The resources of subscriptions against the facade.
    Subscriptions,
    /// Ranges, quotas and defaults against the facade and the emulator.
    Limits,
    /// The examples of a page in several locales against each other.
    Locales,
}

impl Check {
    /// Returns the check's name in `known_differences.yaml`.
    pub(crate) fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            other => panic!("expected a string, got {other:?}"),
        }
    }

    /// Returns the column of the report that shows the check.
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Facade => "facade",
            Self::Emulator => "emulator",
            Self::Spec | Self::Schema => "spec",
            Self::Locales => "locales",
            Self::Permissions
            | Self::Clouds
            | Self::Paths
            | Self::Pairs
            | Self::Parameters
            | Self::Values
            | Self::States
            | Self::Subscriptions
            | Self::Limits => "facts",
        }
    }
}
