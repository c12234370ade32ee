//! The state that all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::delivery::Delivery;
use crate::delivery_queue::DeliveryQueue;
use crate::device_code::{Decision, DeviceCodes};
use crate::endpoint_validator::EndpointValidator;
use crate::fault::Faults;
use crate::quota::{Account, Counts, Meter};
use crate::request_log::RequestLog;
use crate::state::{Change, Subscription, TenantState, Tenants};
use crate::state_signal::{SignalGuard, StateSignal};
use crate::token_issuer::{self, InvalidToken, TokenIssuer};
use crate::{Builder, Caller, Clock, Cloud, FaultRule, Guid, InvalidInput, Shape};

/// The application by which Graph sends notifications ("Set up change notifications that include resource data").
const PUBLISHER: Guid = Guid::from_u128(0x0bf3_0f3b_4a52_48df_9a82_2349_10c4_a086);

pub(crate) struct Service {
    clock: Box<dyn Clock>,
    pub(crate) communications_shape: Shape,
    home: Guid,
    /// Whether only this machine reaches it.
    pub(crate) is_local: bool,
    foreign_tokens: bool,
    token_issuer: RwLock<TokenIssuer>,
    pub(crate) cloud: Cloud,
    /// `None` where nothing is throttled.
    meter: Option<Mutex<Meter>>,
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
        tenants.of(settings.home);
        Self {
            clock: settings.clock,
            communications_shape: settings.communications_shape,
            home: settings.home,
            is_local: settings.address.ip().is_loopback(),
            foreign_tokens: settings.foreign_tokens,
            token_issuer: RwLock::new(TokenIssuer::new()),
            cloud: settings.cloud,
            meter: settings.quota.map(|quota| Mutex::new(Meter::new(quota))),
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

    /// The signal that something may have changed.
    pub(crate) fn signal(&self) -> &StateSignal {
        &self.signal
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Ends the streams of events, so that the server can stop.
    pub(crate) fn close(&self) {
        self.signal.close();
    }

    /// The emulator's own tenant, which applies where none is named.
    pub(crate) fn home(&self) -> Guid {
        self.home
    }

    /// Locks all tenants: the changes under one lock are visible together.
    pub(crate) fn tenants(&self) -> SignalGuard<'_, Tenants> {
        self.signal.lock(&self.tenants).waking(&self.wake, Tenants::needs_settling)
    }

    /// Runs `act` on a tenant at the present instant.
    pub(crate) fn act<T>(&self, tenant: Guid, act: impl FnOnce(&mut TenantState, Timestamp) -> T) -> T {
        // Read before the state is locked: a clock is foreign code.
        let now = self.now();
        act(self.tenants().of(tenant), now)
    }

    pub(crate) fn device_codes(&self) -> MutexGuard<'_, DeviceCodes> {
        self.device_codes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), InvalidInput> {
        let clock = self.clock.stepped().ok_or_else(|| InvalidInput::of_field("clock", "runs by itself"))?;
        clock.advance(by);
        Ok(())
    }

    /// Sets the clock. Returns `false` if it runs by itself.
    pub(crate) fn set_now(&self, now: Timestamp) -> bool {
        self.clock.stepped().map(|clock| clock.set(now)).is_some()
    }

    pub(crate) fn token_issuer(&self) -> RwLockReadGuard<'_, TokenIssuer> {
        self.token_issuer.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_token_issuer(&self, issuer: TokenIssuer) {
        *self.token_issuer.write().unwrap_or_else(PoisonError::into_inner) = issuer;
    }

    pub(crate) fn counts(&self) -> Counts {
        self.meter().map_or_else(Counts::default, |meter| meter.counts())
    }

    pub(crate) fn set_counts(&self, counts: Counts) {
        if let Some(mut meter) = self.meter() {
            meter.set_counts(counts);
        }
    }

    fn meter(&self) -> Option<MutexGuard<'_, Meter>> {
        self.meter.as_ref().map(|meter| meter.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn is_metered(&self) -> bool {
        self.meter.is_some()
    }

    /// Counts a request. Returns how long to wait with the next if the quota is used up.
    pub(crate) fn count(&self, account: Account) -> Result<(), Duration> {
        let now = self.now();
        self.meter().map_or(Ok(()), |mut meter| meter.count(account, now))
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

    pub(crate) fn remove_fault(&self, number: u64) -> Result<(), InvalidInput> {
        if !self.faults().remove(number) {
            return Err(InvalidInput::new("fault", number, "must be one that is in force"));
        }
        Ok(())
    }

    /// Issues a token that does not expire.
    pub(crate) fn issue_token(&self, caller: Caller) -> String {
        let caller = caller.at_home(self.home);
        self.meet(&caller);
        self.token_issuer().access(&caller, self.now(), None)
    }

    /// Makes the caller's tenant known, and the signed-in user.
    pub(crate) fn meet(&self, caller: &Caller) {
        self.act(caller.tenant(), |state, now| {
            if let Some(user) = caller.user_id() {
                state.add_user(user, now);
            }
        });
    }

    /// Returns the caller that a bearer token speaks for.
    pub(crate) fn caller(&self, token: &str) -> Result<Caller, InvalidToken> {
        match self.token_issuer().read(token, self.now()) {
            Err(InvalidToken::Unknown) if self.foreign_tokens => {
                let caller = token_issuer::unverified(token).ok_or(InvalidToken::Unknown)?.at_home(self.home);
                self.meet(&caller);
                Ok(caller)
            }
            read => read,
        }
    }

    pub(crate) fn delivery_queue(&self) -> MutexGuard<'_, DeliveryQueue> {
        self.delivery_queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns `true` if an endpoint passes its validation, or is never notified.
    pub(crate) async fn validates(&self, url: &str) -> bool {
        !self.delivery.reaches(url) || self.validator.validate(url.to_owned()).await
    }

    /// Returns `true` if resource data can be encrypted with the certificate of the subscription, or none is needed.
    ///
    /// Where nothing is delivered, a test needs no valid certificate.
    pub(crate) fn can_encrypt_for(&self, subscription: &Subscription) -> bool {
        #[cfg(feature = "rich")]
        if let Some(certificate) = &subscription.encryption_certificate
            && self.delivery.reaches(&subscription.notification_url)
        {
            return crate::encrypted_content::Recipient::parse(certificate).is_some();
        }
        let _ = subscription;
        true
    }

    /// Returns the token that proves to the subscriber that the service itself sends the notification. It is signed with
    /// the emulator's secret, so that it cannot be verified.
    pub(crate) fn validation_token(&self, change: &Change) -> String {
        let now = self.now();
        let expires = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
        let publisher = Caller::application(PUBLISHER).of_tenant(change.tenant);
        self.token_issuer().for_audience(&change.application.to_string(), &publisher, now, expires)
    }

    /// Wakes the notifier: there may be something to do.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Returns the notifications to send now, and when the next are due if nothing happens before.
    pub(crate) fn due_changes(&self) -> (Vec<Change>, Option<Timestamp>) {
        let now = self.now();
        let mut tenants = self.tenants();
        let changes = tenants.settle(now);
        let next_due = tenants.next_due();
        drop(tenants);
        let mut queue = self.delivery_queue();
        changes.into_iter().filter(|change| self.delivery.reaches(&change.url)).for_each(|change| queue.add(change));
        let due = queue.due(now);
        (due, next_due.into_iter().chain(queue.next_due()).min())
    }

    pub(crate) fn done(&self, change: &Change, is_delivered: bool) {
        let now = self.now();
        self.delivery_queue().done(change, is_delivered, now);
        self.wake();
    }

    pub(crate) fn decide_device(&self, user_code: &str, decision: Decision) -> Result<(), InvalidInput> {
        let now = self.now();
        if !self.device_codes().decide(user_code, decision, now) {
            return Err(InvalidInput::new("user_code", user_code, "must be a code that is pending"));
        }
        Ok(())
    }
}
