//! The settings of an emulator.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use crate::{Clock, Cloud, Delivery, Guid, Quota, SystemClock};
#[cfg(feature = "https")]
use crate::{InvalidInput, notification_client};

/// The response shape of `GET /communications/presences/{id}`.
///
/// The documentation of this operation ("Get presence") specifies "a presence object" and has shown both shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The presence itself.
    #[default]
    Object,
    /// A collection with one presence: `{"value":[…]}`.
    Collection,
}

/// A builder for an [`Emulator`], created by [`Emulator::builder`].
///
/// [`Emulator`]: crate::Emulator
/// [`Emulator::builder`]: crate::Emulator::builder
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use graph_presence_emulator::{Emulator, Shape, SteppedClock};
///
/// let clock = SteppedClock::new("2026-01-01T09:00:00Z".parse()?);
/// let emulator = Emulator::builder()
///     .clock(clock.clone())
///     .communications_shape(Shape::Collection)
///     .start()
///     .await?;
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    pub(crate) clock: Box<dyn Clock>,
    pub(crate) communications_shape: Shape,
    pub(crate) tenant: Guid,
    pub(crate) foreign_tokens: bool,
    pub(crate) quota: Option<Quota>,
    pub(crate) cloud: Cloud,
    pub(crate) address: SocketAddr,
    pub(crate) delivery: Delivery,
    /// The client that sends notifications. `None` for a client that does not verify certificates.
    pub(crate) client: Option<reqwest::Client>,
}

/// The default tenant of an emulator that is built without one.
const DEFAULT_TENANT: Guid = Guid::from_u128(0x3f6c_9a51_0b7e_4d28_8c15_a94e_72d0_63bf);

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            clock: Box::new(SystemClock),
            communications_shape: Shape::default(),
            tenant: DEFAULT_TENANT,
            foreign_tokens: false,
            quota: None,
            cloud: Cloud::default(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            delivery: Delivery::default(),
            client: None,
        }
    }

    /// Sets the clock. Defaults to the [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Sets the response shape of `GET /communications/presences/{id}`. Defaults to [`Shape::Object`].
    pub fn communications_shape(mut self, shape: Shape) -> Self {
        self.communications_shape = shape;
        self
    }

    /// Sets the default tenant, which applies wherever no tenant is specified.
    pub fn tenant(mut self, id: Guid) -> Self {
        self.tenant = id;
        self
    }

    /// Sets whether bearer tokens of other issuers are accepted. Defaults to `false`.
    ///
    /// The tokens must be JSON Web Tokens. The caller is determined from their claims (`oid`, `tid`, `appid` or `azp`,
    /// `scp` or `roles`); neither signature nor expiry is verified.
    pub fn foreign_tokens(mut self, accepted: bool) -> Self {
        self.foreign_tokens = accepted;
        self
    }

    /// Sets the quota for presence requests of an application, by the emulator's clock. Requests beyond it receive 429.
    ///
    /// Defaults to `None`, which disables throttling: a test with a stepped clock would otherwise remain throttled once
    /// its quota is exhausted. [`Quota::default`] is the quota of the service.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    /// use graph_presence_emulator::{Caller, Emulator, Guid, Quota};
    ///
    /// let emulator = Emulator::builder().quota(Quota::new(1, Duration::from_secs(30))).start().await?;
    /// let token = emulator.token(Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?));
    /// for status in [200, 429] {
    ///     let url = format!("{}/v1.0/me/presence", emulator.url());
    ///     assert_eq!(reqwest::Client::new().get(url).bearer_auth(&token).send().await?.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota(mut self, quota: impl Into<Option<Quota>>) -> Self {
        self.quota = quota.into();
        self
    }

    /// Sets the cloud to emulate. Defaults to the global cloud. Requests for features that the cloud does not offer
    /// receive 404.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Sets which notification URLs are validated and notified. Defaults to [`Delivery::Off`], so that a test needs no
    /// endpoint. `https` URLs require the `https` feature.
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    /// Verifies the certificates of `https` notification URLs against these root certificates in PEM format and no
    /// others. An endpoint whose certificate does not chain up to one of them is neither validated nor notified.
    ///
    /// By default, certificates are not verified, because tests usually have self-signed certificates.
    ///
    /// ```
    /// use graph_presence_emulator::Emulator;
    ///
    /// let error = Emulator::builder().trust(b"not a certificate").unwrap_err();
    /// assert_eq!(error.to_string(), "invalid trusted roots: expected at least one certificate in PEM format");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not valid PEM or does not contain a certificate.
    #[cfg(feature = "https")]
    pub fn trust(mut self, roots: &[u8]) -> Result<Self, InvalidInput> {
        self.client = Some(notification_client::trusting(roots)?);
        Ok(self)
    }

    /// Sets the address to listen on. Defaults to a free port of 127.0.0.1. Every client that can reach the address can
    /// control the emulator.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("communications_shape", &self.communications_shape).finish_non_exhaustive()
    }
}
