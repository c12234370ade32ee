//! Requests for subscriptions.

use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::operation::Operation;
use crate::request::into_future;
use crate::subscription::new::{NewSubscription, expires_at};
use crate::subscription::resource::Subscription;
use crate::transport::Transport;

/// A client for the application's subscriptions to changes of presences. All requests require a delegated token.
///
/// A user can be in only one subscription of an application. A subscription expires after at most an hour, and can be
/// renewed. Each method returns a request, which does nothing until it is sent or awaited.
///
/// ```
/// use graph_presence::subscription::NewSubscription;
/// use graph_presence::{Client, UserId};
/// # use graph_presence_emulator::{Caller, Emulator, Guid};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = Emulator::start().await?;
/// # let ada = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
/// # let token = graph_presence::AccessToken::new(emulator.token(Caller::user(Guid::parse(ada)?)));
/// # let client = Client::builder(token).base_url(emulator.url()).build()?;
///
/// let users = [UserId::parse("66825e03-7ef5-42da-9069-724602c31f6b")?];
/// let new = NewSubscription::new(users, "https://example.com/notifications")?;
/// let subscriptions = client.subscriptions();
/// let subscription = subscriptions.create(new).await?;
/// let renewed = subscriptions.renew(&subscription.id, std::time::Duration::from_secs(3600)).await?;
/// assert_eq!(renewed.id, subscription.id);
/// subscriptions.delete(&subscription.id).await?;
/// # Ok(())
/// # }
/// ```
///
/// Source: documentation page "Get change notifications for presence updates".
#[derive(Clone, Debug)]
pub struct Subscriptions {
    transport: Arc<Transport>,
}

impl Subscriptions {
    pub(crate) fn new(transport: Arc<Transport>) -> Self {
        Self { transport }
    }

    fn transport(&self) -> Arc<Transport> {
        Arc::clone(&self.transport)
    }

    /// Lists the application's subscriptions to presences, from all pages. Subscriptions to other resources are left
    /// out.
    pub fn list(&self) -> ListSubscriptions {
        ListSubscriptions { transport: self.transport() }
    }

    /// Gets a subscription.
    pub fn get(&self, id: impl Into<String>) -> GetSubscription {
        GetSubscription { transport: self.transport(), id: id.into() }
    }

    /// Creates a subscription. The service validates the notification URL first.
    ///
    /// The request is retried only if the service cannot have acted on it, because a second subscription is rejected.
    pub fn create(&self, new: NewSubscription) -> CreateSubscription {
        CreateSubscription { transport: self.transport(), new }
    }

    /// Renews a subscription until `duration` from now: more than zero and at most an hour. The service may grant less:
    /// see [`Subscription::expires_at`] of the response.
    pub fn renew(&self, id: impl Into<String>, duration: Duration) -> RenewSubscription {
        RenewSubscription { transport: self.transport(), id: id.into(), duration }
    }

    /// Deletes a subscription.
    pub fn delete(&self, id: impl Into<String>) -> DeleteSubscription {
        DeleteSubscription { transport: self.transport(), id: id.into() }
    }

    /// Reauthorizes a subscription, as requested by a lifecycle notification.
    pub fn reauthorize(&self, id: impl Into<String>) -> ReauthorizeSubscription {
        ReauthorizeSubscription { transport: self.transport(), id: id.into() }
    }
}

/// A request to list subscriptions: see [`Subscriptions::list`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ListSubscriptions {
    transport: Arc<Transport>,
}

impl ListSubscriptions {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<Vec<Subscription>> {
        self.transport.list_subscriptions().await
    }
}

into_future!(ListSubscriptions => Result<Vec<Subscription>>);

/// A request to get a subscription: see [`Subscriptions::get`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct GetSubscription {
    transport: Arc<Transport>,
    id: String,
}

impl GetSubscription {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the id is empty, `.` or `..`, if the subscription does not exist
    /// ([`Error::is_not_found`](crate::Error::is_not_found)), and under the conditions of
    /// [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<Subscription> {
        self.transport.get_subscription(&self.id).await
    }
}

into_future!(GetSubscription => Result<Subscription>);

/// A request to create a subscription: see [`Subscriptions::create`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct CreateSubscription {
    transport: Arc<Transport>,
    new: NewSubscription,
}

impl CreateSubscription {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the expiration is out of range, if one of the users is in another subscription of the
    /// application (status 409), and under the conditions of [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<Subscription> {
        let Self { transport, new } = self;
        let expires_at = expires_at(transport.now(), new.expires_after);
        let expires_at = expires_at.map_err(|error| error.with_operation(Operation::CreateSubscription))?;
        transport.create_subscription(&new, expires_at).await
    }
}

into_future!(CreateSubscription => Result<Subscription>);

/// A request to renew a subscription: see [`Subscriptions::renew`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct RenewSubscription {
    transport: Arc<Transport>,
    id: String,
    duration: Duration,
}

impl RenewSubscription {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the duration is out of range, if the id is empty, `.` or `..`, if the subscription does not
    /// exist ([`Error::is_not_found`](crate::Error::is_not_found)), and under the conditions of
    /// [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<Subscription> {
        let Self { transport, id, duration } = self;
        let expires_at = expires_at(transport.now(), duration)
            .map_err(|error| error.with_operation(Operation::UpdateSubscription))?;
        transport.renew_subscription(&id, expires_at).await
    }
}

into_future!(RenewSubscription => Result<Subscription>);

/// A request to delete a subscription: see [`Subscriptions::delete`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct DeleteSubscription {
    transport: Arc<Transport>,
    id: String,
}

impl DeleteSubscription {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the id is empty, `.` or `..`, if the subscription does not exist
    /// ([`Error::is_not_found`](crate::Error::is_not_found)), and under the conditions of
    /// [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.transport.delete_subscription(&self.id).await
    }
}

into_future!(DeleteSubscription => Result<()>);

/// A request to reauthorize a subscription: see [`Subscriptions::reauthorize`].
#[derive(Clone, Debug)]
#[must_use = "requests do nothing until they are sent"]
pub struct ReauthorizeSubscription {
    transport: Arc<Transport>,
    id: String,
}

impl ReauthorizeSubscription {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an error if the id is empty, `.` or `..`, if the subscription does not exist
    /// ([`Error::is_not_found`](crate::Error::is_not_found)), and under the conditions of
    /// [all requests](crate::Error#errors-of-requests).
    pub async fn send(self) -> Result<()> {
        self.transport.reauthorize_subscription(&self.id).await
    }
}

into_future!(ReauthorizeSubscription => Result<()>);
