//! The HTTP client that notification URLs are called with.

use std::io;
use std::time::Duration;

#[cfg(feature = "https")]
use crate::InvalidInput;

/// How long an endpoint may take, by the system clock ("Receive change notifications through webhooks").
const TIMEOUT: Duration = Duration::from_secs(10);

/// Creates a client that verifies no certificates.
pub(crate) fn unverified() -> io::Result<reqwest::Client> {
    let client = settings();
    #[cfg(feature = "https")]
    let client = client.tls_danger_accept_invalid_certs(true);
    client.build().map_err(io::Error::other)
}

/// Creates a client that trusts these roots and no others.
#[cfg(feature = "https")]
pub(crate) fn trusting(roots: &[u8]) -> Result<reqwest::Client, InvalidInput> {
    let roots = reqwest::Certificate::from_pem_bundle(roots).ok().filter(|roots| !roots.is_empty());
    roots
        .and_then(|roots| settings().tls_certs_only(roots).build().ok())
        .ok_or_else(|| InvalidInput::of_field("trust", "must be certificates in PEM"))
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .user_agent(concat!("graph-presence-emulator/", env!("CARGO_PKG_VERSION")))
}
