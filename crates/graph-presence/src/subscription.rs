//! Subscriptions: the service sends change notifications instead of being polled.
//!
//! [`Client::subscriptions`](crate::Client::subscriptions) returns [`Subscriptions`], whose methods return one request
//! each. [`NewSubscription`] says what to subscribe to, and [`Subscription`] is what the service has.

pub(crate) mod new;
mod requests;
pub(crate) mod resource;

pub use self::new::NewSubscription;
pub use self::requests::{
    CreateSubscription, DeleteSubscription, GetSubscription, ListSubscriptions, ReauthorizeSubscription,
    RenewSubscription, Subscriptions,
};
pub use self::resource::Subscription;
