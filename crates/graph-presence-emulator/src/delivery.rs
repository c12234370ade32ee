//! Which notification URLs the emulator sends requests to.

use std::str::FromStr;

use url::Url;

use crate::InvalidInput;
use crate::loopback;

/// Which notification URLs are validated and notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// None: subscriptions are kept, and nothing leaves the emulator.
    #[default]
    Off,
    /// Those on this machine.
    Loopback,
    /// All of them.
    Anywhere,
}

impl FromStr for Delivery {
    type Err = InvalidInput;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "off" => Ok(Self::Off),
            "loopback" => Ok(Self::Loopback),
            "anywhere" => Ok(Self::Anywhere),
            _ => Err(InvalidInput::new("delivery", name, "must be one of off, loopback, anywhere")),
        }
    }
}

impl Delivery {
    /// Returns `true` if the URL is validated and notified.
    pub(crate) fn reaches(self, url: &str) -> bool {
        match self {
            Self::Off => false,
            Self::Anywhere => true,
            Self::Loopback => Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(loopback::is_loopback)),
        }
    }
}
