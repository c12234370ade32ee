//! A difference between two documents and its effect on users of the client.

use serde::Serialize;

/// The effect of a change on users of the client, most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// A request that succeeded before fails, or a response can no longer be decoded.
    Breaking,
    /// The service offers something new.
    Additive,
    /// Requests and responses work as before.
    Neutral,
}

impl Class {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Neutral => "neutral",
        }
    }
}

/// A difference, its location, and the reason for its class.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Change {
    pub(crate) class: Class,
    /// An operation (`get /me/presence`) or a component (`schemas microsoft.graph.presence`), and the part of it.
    #[serde(rename = "where")]
    pub(crate) location: String,
    pub(crate) change: String,
    pub(crate) reason: &'static str,
}

/// Whether a schema is used in requests, in responses, or in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) sent: bool,
    pub(crate) received: bool,
}

impl Use {
    pub(crate) const SENT: Self = Self { sent: true, received: false };
    pub(crate) const RECEIVED: Self = Self { sent: false, received: true };

    /// Returns the more severe of the classes that apply: `sent` for schemas in requests, `received` for those in
    /// responses.
    pub(crate) fn class(self, sent: (Class, &'static str), received: (Class, &'static str)) -> (Class, &'static str) {
        match (self.sent, self.received) {
            (true, false) => sent,
            (false, true) => received,
            _ if sent.0 <= received.0 => sent,
            _ => received,
        }
    }
}
