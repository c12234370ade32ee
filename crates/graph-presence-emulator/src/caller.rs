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
pub struct Caller(Kind);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    User(Guid),
    Application(Guid),
}

impl Caller {
    /// An application that acts for this signed-in person.
    #[must_use]
    pub const fn user(id: Guid) -> Self {
        Self(Kind::User(id))
    }

    /// An application that acts for itself; `app_id` is its client id.
    #[must_use]
    pub const fn application(app_id: Guid) -> Self {
        Self(Kind::Application(app_id))
    }

    /// The signed-in person; `None` for an application.
    pub(crate) fn person(&self) -> Option<Guid> {
        match self.0 {
            Kind::User(id) => Some(id),
            Kind::Application(_) => None,
        }
    }
}
