//! The notification URLs to which the emulator sends requests.

use std::str::FromStr;

use url::Url;

use crate::InvalidInput;
use crate::loopback;

/// The notification URLs that are validated and notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// No URLs: subscriptions are stored, but the emulator does not send requests.
    #[default]
    Off,
    /// URLs on this machine.
    Loopback,
    /// All URLs.
    Anywhere,
}

impl FromStr for Delivery {
    type Err = InvalidInput;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "off" => Ok(Self::Off),
            "loopback" => Ok(Self::Loopback),
            "anywhere" => Ok(Self::Anywhere),
            _ => Err(InvalidInput::value("delivery", name, "one of off, loopback, anywhere")),
        }
    }
}

impl Delivery {
    /// Returns `true` if the URL is validated and notified.
    pub(crate) fn allows(self, url: &str) -> bool {
        match self {
            Self::Off => false,
            Self::Anywhere => true,
            Self::Loopback => Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(loopback::is_loopback)),
        }
    }
}
