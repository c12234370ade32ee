//! Versions of the API.

use crate::Cloud;

/// The version in a path, together with the cloud.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    name: &'static str,
    cloud: Cloud,
}

impl Version {
    pub(super) const fn v1(cloud: Cloud) -> Self {
        Self { name: "v1.0", cloud }
    }

    pub(super) const fn beta(cloud: Cloud) -> Self {
        Self { name: "beta", cloud }
    }

    /// Returns the path prefix of requests.
    pub(super) fn path(self) -> String {
        format!("/{}", self.name)
    }

    /// Returns the context URL of a response.
    pub(super) fn context(self, fragment: &str) -> String {
        format!("https://{}/{}/$metadata#{fragment}", self.cloud.graph(), self.name)
    }
}
