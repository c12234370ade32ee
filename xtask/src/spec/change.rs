//! One difference between two documents, and what it means for those who use the client.

use serde::Serialize;

/// What a change means for our users, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// A call that worked fails, or an answer is no longer understood.
    Breaking,
    /// There is more than before.
    Additive,
    /// Nothing changes for those who call.
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

/// What changed, where, and why that is breaking, additive or neutral.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Change {
    pub(crate) class: Class,
    /// An operation (`get /me/presence`) or a component (`schemas microsoft.graph.presence`), and the part of it.
    #[serde(rename = "where")]
    pub(crate) place: String,
    pub(crate) change: String,
    pub(crate) reason: &'static str,
}

/// Who sees a schema: the service, in what we send, or we, in what it answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Use {
    pub(crate) sent: bool,
    pub(crate) received: bool,
}

impl Use {
    pub(crate) const SENT: Self = Self { sent: true, received: false };
    pub(crate) const RECEIVED: Self = Self { sent: false, received: true };

    /// The worst of what holds for what is sent and for what is received.
    pub(crate) fn class(self, sent: (Class, &'static str), received: (Class, &'static str)) -> (Class, &'static str) {
        match (self.sent, self.received) {
            (true, false) => sent,
            (false, true) => received,
            _ if sent.0 <= received.0 => sent,
            _ => received,
        }
    }
}
