//! The settings of an emulator.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};

use crate::{Clock, Cloud, Delivery, Guid, Quota, SystemClock};
#[cfg(feature = "https")]
use crate::{InvalidInput, notification_client};

/// How `GET /communications/presences/{id}` answers.
///
/// The documentation of this operation ("Get presence") says "a presence object" and has shown both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// The presence itself.
    #[default]
    Object,
    /// A collection of one: `{"value":[…]}`.
    Collection,
}

/// Settings of an [`Emulator`] that is about to start. [`Emulator::builder`] makes one.
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
    pub(crate) home: Guid,
    pub(crate) foreign_tokens: bool,
    pub(crate) quota: Option<Quota>,
    pub(crate) cloud: Cloud,
    pub(crate) address: SocketAddr,
    pub(crate) delivery: Delivery,
    /// The client that sends notifications; `None` for one that verifies no certificates.
    pub(crate) client: Option<reqwest::Client>,
}

/// The tenant of an emulator for which none is named.
const HOME: Guid = Guid::from_u128(0x3f6c_9a51_0b7e_4d28_8c15_a94e_72d0_63bf);

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            clock: Box::new(SystemClock),
            communications_shape: Shape::default(),
            home: HOME,
            foreign_tokens: false,
            quota: None,
            cloud: Cloud::default(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            delivery: Delivery::default(),
            client: None,
        }
    }

    /// Takes the time from `clock`; by default it is the [`SystemClock`].
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Box::new(clock);
        self
    }

    /// Chooses how `GET /communications/presences/{id}` answers; by default with the [`Shape::Object`].
    pub fn communications_shape(mut self, shape: Shape) -> Self {
        self.communications_shape = shape;
        self
    }

    /// Names the emulator's own tenant: that of whoever names none.
    pub fn tenant(mut self, id: Guid) -> Self {
        self.home = id;
        self
    }

    /// Whether to take bearer tokens from elsewhere; by default they are refused.
    ///
    /// They are JSON Web Tokens. Who is taken to call is what their claims say (`oid`, `tid`, `appid` or `azp`, `scp` or
    /// `roles`): neither their signature nor their time is verified.
    pub fn foreign_tokens(mut self, taken: bool) -> Self {
        self.foreign_tokens = taken;
        self
    }

    /// Refuses with 429 what an application asks of presence beyond this, by the emulator's clock.
    ///
    /// Without it nothing is throttled: where the clock stands still, a test would be refused for ever once it had used
    /// its quota up. [`Quota::default`] is what the service grants.
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

    /// The cloud that this is; by default the global one. What a cloud lacks is not found.
    pub fn cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = cloud;
        self
    }

    /// Which notification URLs are asked to validate themselves, and notified; by default none, so that a test needs no
    /// endpoint. `https` takes the feature of that name.
    pub fn delivery(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    /// Trusts these roots, certificates in PEM, and no others: a notification URL that is `https` and whose certificate
    /// leads to none of them is neither validated nor notified.
    ///
    /// Without it no certificate is verified, because a test's own has nobody to vouch for it.
    ///
    /// ```
    /// use graph_presence_emulator::Emulator;
    ///
    /// let error = Emulator::builder().trust(b"nothing that could be trusted").unwrap_err();
    /// assert_eq!(error.to_string(), "trust: must be certificates in PEM");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not PEM, or has no certificate.
    #[cfg(feature = "https")]
    pub fn trust(mut self, roots: &[u8]) -> Result<Self, InvalidInput> {
        self.client = Some(notification_client::trusting(roots)?);
        Ok(self)
    }

    /// Listens on this address; by default it is a free port of 127.0.0.1. Whoever reaches it controls the emulator.
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
