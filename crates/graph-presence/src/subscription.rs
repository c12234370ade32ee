//! Subscriptions: the service sends change notifications, as an alternative to polling.
//!
//! [`Client::subscriptions`](crate::Client::subscriptions) returns [`Subscriptions`], whose methods return the
//! requests. [`NewSubscription`] is a subscription to create, and [`Subscription`] a subscription in a response.

pub(crate) mod new;
mod requests;
pub(crate) mod resource;

pub use self::new::NewSubscription;
pub use self::requests::{
    CreateSubscription, DeleteSubscription, GetSubscription, ListSubscriptions, ReauthorizeSubscription,
    RenewSubscription, Subscriptions,
};
pub use self::resource::Subscription;
