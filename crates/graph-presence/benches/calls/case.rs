//! The calls that are measured, and the two implementations of each.

use crate::report::Outcome;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Get,
    Set,
    GetFull,
    Read650Full,
    Read100000,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Implementation {
    Ours,
    HandWritten,
}

impl Case {
    pub(crate) const ALL: [Self; 5] = [Self::Get, Self::Set, Self::GetFull, Self::Read650Full, Self::Read100000];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Set => "set",
            Self::GetFull => "get_full",
            Self::Read650Full => "read_650_full",
            Self::Read100000 => "read_100000",
        }
    }

    pub(crate) fn parse(name: &str) -> Outcome<Self> {
        let case = Self::ALL.into_iter().find(|case| case.name() == name);
        case.ok_or_else(|| format!("unknown case: {name}").into())
    }

    /// Returns the number of users that a call of the case reads, or 0 if it reads at most one.
    pub(crate) fn users(self) -> usize {
        match self {
            Self::Get | Self::Set | Self::GetFull => 0,
            Self::Read650Full => 650,
            Self::Read100000 => 100_000,
        }
    }

    /// Returns the path below the server's URL, by which the server selects the properties of its responses.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Get | Self::Set => "/minimal",
            Self::GetFull | Self::Read650Full => "/full",
            Self::Read100000 => "/typical",
        }
    }

    /// Returns the numbers of calls of the two runs whose instructions are compared. They are chosen so that the
    /// difference varies by less than 1 %.
    pub(crate) fn counted_calls(self) -> [u32; 2] {
        match self {
            Self::Get | Self::Set | Self::GetFull => [101, 1],
            Self::Read650Full => [9, 1],
            // A call is already 154 requests.
            Self::Read100000 => [1, 0],
        }
    }

    /// Returns the number of calls that are timed together.
    pub(crate) fn timed_calls(self) -> u32 {
        match self {
            Self::Get | Self::Set | Self::GetFull => 200,
            Self::Read650Full => 4,
            Self::Read100000 => 1,
        }
    }
}

impl Implementation {
    pub(crate) const ALL: [Self; 2] = [Self::Ours, Self::HandWritten];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::HandWritten => "hand_written",
        }
    }

    pub(crate) fn parse(name: &str) -> Outcome<Self> {
        let implementation = Self::ALL.into_iter().find(|implementation| implementation.name() == name);
        implementation.ok_or_else(|| format!("unknown implementation: {name}").into())
    }
}
