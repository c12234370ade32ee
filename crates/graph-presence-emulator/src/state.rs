//! The state of tenants, users and subscriptions: a pure state machine.
//!
//! Nothing in this module reads a clock, waits or locks. Time is an argument, and the effects of time on sessions,
//! preferences, status messages and subscriptions are computed when they are read.

mod change;
mod expiration;
mod explanation;
mod location;
mod pair;
mod precedence;
mod preference;
mod session;
mod status;
mod subscription;
mod subscriptions;
mod tenant_state;
mod tenants;
mod user;
mod watched_users;
mod zone;

pub use self::location::WorkLocationType;

pub(crate) use self::change::{Change, ChangeKind};
pub(crate) use self::expiration::{InvalidExpiration, preference_expiration, session_expiration};
pub(crate) use self::explanation::{Explanation, SessionKind};
pub(crate) use self::location::{Place, WorkLocation};
pub(crate) use self::pair::{Pair, preferable, settable};
pub(crate) use self::status::{Expiry, InvalidExpiry, StatusMessage};
pub(crate) use self::subscription::{Subscriber, Subscription, SubscriptionUpdate};
pub(crate) use self::subscriptions::AlreadySubscribed;
pub(crate) use self::tenant_state::{Presence, TenantState};
pub(crate) use self::tenants::Tenants;
pub(crate) use self::user::{OutOfOffice, Sequence};
