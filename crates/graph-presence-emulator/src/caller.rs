//! Callers of the service.

use crate::Guid;
use crate::scope::Scopes;

/// The caller that a token identifies: a signed-in user (delegated permissions) or an application (application
/// permissions).
///
/// ```
/// use graph_presence_emulator::{Caller, Guid};
///
/// let ada = Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
/// let switchboard = Caller::application(Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?);
/// assert_ne!(ada, switchboard);
/// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    app_id: Guid,
    /// The signed-in user; `None` for application permissions.
    user: Option<Guid>,
    scopes: Scopes,
    /// Nil for the emulator's default tenant.
    tenant: Guid,
}

/// The application of a user for whom no application is specified.
const DEFAULT_APP_ID: Guid = Guid::from_u128(0x5c1f_2f0a_7d44_4f6e_9a0d_3b8e_61c7_20b5);

impl Caller {
    /// Creates a caller for this signed-in user, with every delegated permission: Presence.Read, Presence.Read.All and
    /// Presence.ReadWrite.
    ///
    /// All users have the same application unless [`with_application`](Self::with_application) sets another. Only
    /// subscriptions and quotas depend on it.
    #[must_use]
    pub const fn user(id: Guid) -> Self {
        Self { app_id: DEFAULT_APP_ID, user: Some(id), scopes: Scopes::DELEGATED, tenant: Guid::NIL }
    }

    /// Creates a caller for the application with this client id, with every application permission: Presence.Read.All
    /// and Presence.ReadWrite.All.
    #[must_use]
    pub const fn application(app_id: Guid) -> Self {
        Self { app_id, user: None, scopes: Scopes::APPLICATION, tenant: Guid::NIL }
    }

    /// Sets the application by its client id.
    ///
    /// ```
    /// use graph_presence_emulator::{Caller, Guid};
    ///
    /// let ada = Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// let busy_light = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
    /// assert_ne!(ada.clone().with_application(busy_light), ada);
    /// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
    /// ```
    #[must_use]
    pub const fn with_application(self, app_id: Guid) -> Self {
        Self { app_id, ..self }
    }

    /// Replaces the permissions: the scopes of a user's token, or the roles of an application's token.
    ///
    /// Permissions that do not concern presence, and permissions that cannot be granted to this kind of caller, are
    /// ignored.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use graph_presence_emulator::{Caller, Emulator, Guid};
    ///
    /// let emulator = Emulator::start().await?;
    /// let ada = Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?;
    /// let bob = Guid::parse("66825e03-7ef5-42da-9069-724602c31f6b")?;
    /// let token = emulator.token(Caller::user(ada).with_scopes(["User.Read", "Presence.Read"]));
    /// for (user, status) in [(ada, 200), (bob, 403)] {
    ///     let url = format!("{}/v1.0/users/{user}/presence", emulator.url());
    ///     let response = reqwest::Client::new().get(url).bearer_auth(&token).send().await?;
    ///     assert_eq!(response.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_scopes(self, scopes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let all = if self.user.is_some() { Scopes::DELEGATED } else { Scopes::APPLICATION };
        Self { scopes: Scopes::from_names(scopes).intersection(all), ..self }
    }

    /// Sets the tenant. Defaults to the emulator's [default tenant](crate::Emulator::tenant_id). Users of other tenants
    /// are unknown in it.
    ///
    /// ```
    /// use graph_presence_emulator::{Caller, Guid};
    ///
    /// let ada = Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// let fabrikam = Guid::parse("b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b")?;
    /// assert_ne!(ada.clone().with_tenant(fabrikam), ada);
    /// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
    /// ```
    #[must_use]
    pub const fn with_tenant(self, tenant: Guid) -> Self {
        Self { tenant, ..self }
    }

    /// Sets the tenant if the caller has none.
    pub(crate) fn with_default_tenant(self, tenant: Guid) -> Self {
        if self.tenant == Guid::NIL { self.with_tenant(tenant) } else { self }
    }

    pub(crate) fn tenant(&self) -> Guid {
        self.tenant
    }

    pub(crate) fn scopes(&self) -> Scopes {
        self.scopes
    }

    pub(crate) fn app_id(&self) -> Guid {
        self.app_id
    }

    /// Returns the signed-in user, or `None` for an application.
    pub(crate) fn user_id(&self) -> Option<Guid> {
        self.user
    }
}
