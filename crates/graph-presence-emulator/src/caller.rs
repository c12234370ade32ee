//! Who calls.

use crate::Guid;
use crate::scope::Scopes;

/// Who a token speaks for: a signed-in user (delegated) or an application on its own.
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
    /// `None` for an application on its own.
    user: Option<Guid>,
    scopes: Scopes,
    /// Nil for the tenant that the emulator takes when none is named.
    tenant: Guid,
}

/// The application of a user for whom none is named.
const DEFAULT_APP_ID: Guid = Guid::from_u128(0x5c1f_2f0a_7d44_4f6e_9a0d_3b8e_61c7_20b5);

impl Caller {
    /// An application that acts for this signed-in user. Which one it is matters to subscriptions alone; all users
    /// have the same unless [`of_application`](Self::of_application) names another.
    ///
    /// The caller has every delegated permission: Presence.Read, Presence.Read.All and Presence.ReadWrite.
    #[must_use]
    pub const fn user(id: Guid) -> Self {
        Self { app_id: DEFAULT_APP_ID, user: Some(id), scopes: Scopes::DELEGATED, tenant: Guid::NIL }
    }

    /// An application that acts for itself; `app_id` is its client id.
    ///
    /// The caller has every permission of an application: Presence.Read.All and Presence.ReadWrite.All.
    #[must_use]
    pub const fn application(app_id: Guid) -> Self {
        Self { app_id, user: None, scopes: Scopes::APPLICATION, tenant: Guid::NIL }
    }

    /// The same caller through the application with this client id.
    ///
    /// ```
    /// use graph_presence_emulator::{Caller, Guid};
    ///
    /// let ada = Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// let busy_light = Guid::parse("22553876-f5ab-4529-bffb-cfe50aa89f87")?;
    /// assert_ne!(ada.clone().of_application(busy_light), ada);
    /// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
    /// ```
    #[must_use]
    pub const fn of_application(self, app_id: Guid) -> Self {
        Self { app_id, ..self }
    }

    /// The same caller with these permissions and no others: the scopes of a user's token, the roles of an
    /// application's.
    ///
    /// A token may name permissions to other things. They are allowed and mean nothing here, and neither does a
    /// permission that this kind of caller cannot be granted.
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
    ///     let answer = reqwest::Client::new().get(url).bearer_auth(&token).send().await?;
    ///     assert_eq!(answer.status(), status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_scopes(self, scopes: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let all = if self.user.is_some() { Scopes::DELEGATED } else { Scopes::APPLICATION };
        Self { scopes: Scopes::of(scopes).and(all), ..self }
    }

    /// The same caller in this tenant, where the users of other tenants are not known. Without it the caller is of the
    /// emulator's [own tenant](crate::Emulator::tenant_id).
    ///
    /// ```
    /// use graph_presence_emulator::{Caller, Guid};
    ///
    /// let ada = Caller::user(Guid::parse("fa8bf3dc-eca7-46b7-bad1-db199b62afc3")?);
    /// let fabrikam = Guid::parse("b6f3a2c1-5d04-4e8f-9a57-0c1d2e3f4a5b")?;
    /// assert_ne!(ada.clone().of_tenant(fabrikam), ada);
    /// # Ok::<(), graph_presence_emulator::InvalidGuid>(())
    /// ```
    #[must_use]
    pub const fn of_tenant(self, tenant: Guid) -> Self {
        Self { tenant, ..self }
    }

    /// Names the tenant of a caller who named none.
    pub(crate) fn at_home(self, home: Guid) -> Self {
        if self.tenant == Guid::NIL { self.of_tenant(home) } else { self }
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

    /// The signed-in user; `None` for an application.
    pub(crate) fn user_id(&self) -> Option<Guid> {
        self.user
    }
}
