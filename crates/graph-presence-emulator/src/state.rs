//! The presence of every user: a pure state machine.
//!
//! Nothing in here reads a clock, waits or locks. Time is an argument, and the effect of time on a session, a preference,
//! a message or a subscription is computed when it is read.

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
mod watch;
mod zone;

pub use self::location::WorkLocationType;

pub(crate) use self::change::{Change, ChangeKind};
pub(crate) use self::expiration::{InvalidExpiration, of_preference, of_session};
pub(crate) use self::explanation::{Explanation, SessionKind};
pub(crate) use self::location::{Place, WorkLocation};
pub(crate) use self::pair::{Pair, preferable, settable};
pub(crate) use self::status::{Expiry, InvalidExpiry, StatusMessage};
pub(crate) use self::subscription::{Renewal, Subscriber, Subscription};
pub(crate) use self::subscriptions::AlreadySubscribed;
pub(crate) use self::tenant_state::{Presence, TenantState};
pub(crate) use self::tenants::Tenants;
pub(crate) use self::user::{OutOfOffice, Sequence};
