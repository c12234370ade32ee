//! The HTTP client for notification URLs.

use std::io;
use std::time::Duration;

#[cfg(feature = "https")]
use crate::InvalidInput;

/// The timeout of a request to an endpoint, by the system clock ("Receive change notifications through webhooks").
const TIMEOUT: Duration = Duration::from_secs(10);

/// Creates a client that does not verify certificates.
pub(crate) fn unverified() -> io::Result<reqwest::Client> {
    let client = builder();
    #[cfg(feature = "https")]
    let client = client.tls_danger_accept_invalid_certs(true);
    client.build().map_err(io::Error::other)
}

/// Creates a client that verifies certificates against these roots and no others.
#[cfg(feature = "https")]
pub(crate) fn trusting(roots: &[u8]) -> Result<reqwest::Client, InvalidInput> {
    let roots = reqwest::Certificate::from_pem_bundle(roots).ok().filter(|roots| !roots.is_empty());
    roots
        .and_then(|roots| builder().tls_certs_only(roots).build().ok())
        .ok_or_else(|| InvalidInput::new("invalid trusted roots: expected at least one certificate in PEM format"))
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIMEOUT)
        .user_agent(concat!("graph-presence-emulator/", env!("CARGO_PKG_VERSION")))
}
