//! Hosts that refer to this machine.

use std::net::IpAddr;

/// Parses a host as an IP address, with or without the brackets of IPv6. Returns `None` for a name.
pub(crate) fn ip_address(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Returns `true` if the host is a loopback address or `localhost`.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || ip_address(host).is_some_and(|address| address.is_loopback())
}
