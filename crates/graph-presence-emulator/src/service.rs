//! The service: the state that all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::delivery::Delivery;
use crate::delivery_queue::DeliveryQueue;
use crate::device_code::{Decision, DeviceCodes};
use crate::endpoint_validator::EndpointValidator;
use crate::fault::Faults;
use crate::invalid_input;
use crate::quota::{QuotaKey, QuotaUsage, RateLimiter};
use crate::request_log::RequestLog;
use crate::state::{Change, Subscription, TenantState, Tenants};
use crate::state_signal::{SignalGuard, StateSignal};
use crate::token_issuer::{self, InvalidToken, TokenIssuer};
use crate::{Builder, Caller, Clock, Cloud, FaultRule, Guid, InvalidInput, Shape};

/// The application with which Microsoft Graph sends notifications ("Set up change notifications that include resource
/// data").
const PUBLISHER: Guid = Guid::from_u128(0x0bf3_0f3b_4a52_48df_9a82_2349_10c4_a086);

pub(crate) struct Service {
    clock: Box<dyn Clock>,
    pub(crate) communications_shape: Shape,
    default_tenant: Guid,
    /// Whether the server listens on a loopback address.
    pub(crate) is_local: bool,
    foreign_tokens: bool,
    token_issuer: RwLock<TokenIssuer>,
    pub(crate) cloud: Cloud,
    /// `None` if throttling is disabled.
    rate_limiter: Option<Mutex<RateLimiter>>,
    device_codes: Mutex<DeviceCodes>,
    faults: Mutex<Faults>,
    request_log: Mutex<RequestLog>,
    tenants: Mutex<Tenants>,
    delivery_queue: Mutex<DeliveryQueue>,
    delivery: Delivery,
    validator: EndpointValidator,
    wake: Notify,
    signal: StateSignal,
}

impl Service {
    pub(crate) fn new(settings: Builder, validator: EndpointValidator) -> Self {
        let mut tenants = Tenants::default();
        tenants.get_or_create(settings.tenant);
        Self {
            clock: settings.clock,
            communications_shape: settings.communications_shape,
            default_tenant: settings.tenant,
            is_local: settings.address.ip().is_loopback(),
            foreign_tokens: settings.foreign_tokens,
            token_issuer: RwLock::new(TokenIssuer::new()),
            cloud: settings.cloud,
            rate_limiter: settings.quota.map(|quota| Mutex::new(RateLimiter::new(quota))),
            device_codes: Mutex::default(),
            faults: Mutex::default(),
            request_log: Mutex::default(),
            tenants: Mutex::new(tenants),
            delivery_queue: Mutex::default(),
            delivery: settings.delivery,
            validator,
            wake: Notify::new(),
            signal: StateSignal::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns the signal that the state may have changed.
    pub(crate) fn signal(&self) -> &StateSignal {
        &self.signal
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Ends the event streams of the board, so that the server can shut down.
    pub(crate) fn close(&self) {
        self.signal.close();
    }

    /// Returns the default tenant.
    pub(crate) fn default_tenant(&self) -> Guid {
        self.default_tenant
    }

    /// Locks all tenants. Changes under one lock become visible together.
    pub(crate) fn tenants(&self) -> SignalGuard<'_, Tenants> {
        self.signal.lock(&self.tenants).waking(&self.wake, Tenants::needs_settling)
    }

    /// Calls a function with the state of a tenant and the current time.
    pub(crate) fn with_tenant<T>(&self, tenant: Guid, function: impl FnOnce(&mut TenantState, Timestamp) -> T) -> T {
        // Read before the state is locked, because the clock may be the user's code.
        let now = self.now();
        function(self.tenants().get_or_create(tenant), now)
    }

    pub(crate) fn device_codes(&self) -> MutexGuard<'_, DeviceCodes> {
        self.device_codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), InvalidInput> {
        let clock = self
            .clock
            .stepped()
            .ok_or_else(|| InvalidInput::new("failed to advance the clock: only a stepped clock can be advanced"))?;
        clock.advance(by);
        Ok(())
    }

    /// Sets the clock. Returns `false` if it is not a stepped clock.
    pub(crate) fn set_now(&self, now: Timestamp) -> bool {
        self.clock.stepped().map(|clock| clock.set(now)).is_some()
    }

    pub(crate) fn token_issuer(&self) -> RwLockReadGuard<'_, TokenIssuer> {
        self.token_issuer.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_token_issuer(&self, issuer: TokenIssuer) {
        *self.token_issuer.write().unwrap_or_else(PoisonError::into_inner) = issuer;
    }

    pub(crate) fn quota_usage(&self) -> QuotaUsage {
        self.rate_limiter().map_or_else(QuotaUsage::default, |limiter| limiter.usage())
    }

    pub(crate) fn set_quota_usage(&self, usage: QuotaUsage) {
        if let Some(mut limiter) = self.rate_limiter() {
            limiter.set_usage(usage);
        }
    }

    fn rate_limiter(&self) -> Option<MutexGuard<'_, RateLimiter>> {
        self.rate_limiter.as_ref().map(|limiter| limiter.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn has_quota(&self) -> bool {
        self.rate_limiter.is_some()
    }

    /// Counts a request. Returns the time until the next request is allowed if the quota is exhausted.
    pub(crate) fn acquire(&self, key: QuotaKey) -> Result<(), Duration> {
        let now = self.now();
        self.rate_limiter().map_or(Ok(()), |mut limiter| limiter.acquire(key, now))
    }

    pub(crate) fn faults(&self) -> SignalGuard<'_, Faults> {
        self.signal.lock(&self.faults)
    }

    pub(crate) fn request_log(&self) -> SignalGuard<'_, RequestLog> {
        self.signal.lock(&self.request_log)
    }

    pub(crate) fn inject(&self, rule: FaultRule) -> Result<u64, InvalidInput> {
        rule.check()?;
        Ok(self.faults().add(rule))
    }

    pub(crate) fn remove_fault(&self, id: u64) -> Result<(), InvalidInput> {
        if !self.faults().remove(id) {
            return Err(InvalidInput::new(format!("fault not found: {id}")));
        }
        Ok(())
    }

    /// Issues a token that does not expire.
    pub(crate) fn issue_token(&self, caller: Caller) -> String {
        let caller = caller.with_default_tenant(self.default_tenant);
        self.register_caller(&caller);
        self.token_issuer().access_token(&caller, self.now(), None)
    }

    /// Creates the caller's tenant and the signed-in user if they do not exist.
    pub(crate) fn register_caller(&self, caller: &Caller) {
        self.with_tenant(caller.tenant(), |state, now| {
            if let Some(user) = caller.user_id() {
                state.add_user(user, now);
            }
        });
    }

    /// Returns the caller that a bearer token identifies.
    pub(crate) fn caller(&self, token: &str) -> Result<Caller, InvalidToken> {
        match self.token_issuer().verify(token, self.now()) {
            Err(InvalidToken::Unknown) if self.foreign_tokens => {
                let caller = token_issuer::decode_unverified(token)
                    .ok_or(InvalidToken::Unknown)?
                    .with_default_tenant(self.default_tenant);
                self.register_caller(&caller);
                Ok(caller)
            }
            result => result,
        }
    }

    pub(crate) fn delivery_queue(&self) -> MutexGuard<'_, DeliveryQueue> {
        self.delivery_queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if the endpoint passes the validation, or if the emulator does not send notifications to it.
    pub(crate) async fn validates_endpoint(&self, url: &str) -> bool {
        !self.delivery.allows(url) || self.validator.validate(url.to_owned()).await
    }

    /// Returns `true` if the subscription does not have a certificate, or if resource data can be encrypted with it.
    ///
    /// The certificate is not checked if the emulator does not send notifications to the endpoint.
    pub(crate) fn can_encrypt_for(&self, subscription: &Subscription) -> bool {
        #[cfg(feature = "rich")]
        if let Some(certificate) = &subscription.encryption_certificate
            && self.delivery.allows(&subscription.notification_url)
        {
            return crate::encrypted_content::Recipient::parse(certificate).is_some();
        }
        let _ = subscription;
        true
    }

    /// Returns the validation token of a notification with resource data. It is signed with the emulator's secret, so
    /// that the subscriber cannot verify it.
    pub(crate) fn validation_token(&self, change: &Change) -> String {
        let now = self.now();
        let expires = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
        let publisher = Caller::application(PUBLISHER).with_tenant(change.tenant);
        self.token_issuer().for_audience(&change.application.to_string(), &publisher, now, expires)
    }

    /// Wakes the notifier.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until the notifier is woken.
    pub(crate) async fn notified(&self) {
        self.wake.notified().await;
    }

    /// Returns the notifications to send now, and when the next are due unless the state changes before.
    pub(crate) fn due_notifications(&self) -> (Vec<Change>, Option<Timestamp>) {
        let now = self.now();
        let mut tenants = self.tenants();
        let changes = tenants.settle(now);
        let next_due = tenants.next_due();
        drop(tenants);
        let mut queue = self.delivery_queue();
        changes.into_iter().filter(|change| self.delivery.allows(&change.url)).for_each(|change| queue.add(change));
        let due = queue.due(now);
        (due, next_due.into_iter().chain(queue.next_due()).min())
    }

    /// Records the outcome of an attempt to deliver a notification.
    pub(crate) fn record_attempt(&self, change: &Change, is_delivered: bool) {
        let now = self.now();
        self.delivery_queue().record_attempt(change, is_delivered, now);
        self.wake();
    }

    pub(crate) fn decide_device(&self, user_code: &str, decision: Decision) -> Result<(), InvalidInput> {
        let now = self.now();
        if !self.device_codes().decide(user_code, decision, now) {
            let message = format!("pending sign-in not found for user code {:?}", invalid_input::truncate(user_code));
            return Err(InvalidInput::new(message));
        }
        Ok(())
    }
}
