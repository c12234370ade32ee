//! Who calls.

use crate::Guid;

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
    person: Option<Guid>,
}

/// The application of a user for whom none is named.
const DEFAULT_APP_ID: Guid = Guid::from_u128(0x5c1f_2f0a_7d44_4f6e_9a0d_3b8e_61c7_20b5);

impl Caller {
    /// An application that acts for this signed-in person. Which one it is matters to subscriptions alone; all users
    /// have the same unless [`of_application`](Self::of_application) names another.
    #[must_use]
    pub const fn user(id: Guid) -> Self {
        Self { app_id: DEFAULT_APP_ID, person: Some(id) }
    }

    /// An application that acts for itself; `app_id` is its client id.
    #[must_use]
    pub const fn application(app_id: Guid) -> Self {
        Self { app_id, person: None }
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

    pub(crate) fn app_id(&self) -> Guid {
        self.app_id
    }

    /// The signed-in person; `None` for an application.
    pub(crate) fn person(&self) -> Option<Guid> {
        self.person
    }
}
