//! What all requests share.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::delivery::{Courier, Delivery};
use crate::device::{Answer, Devices};
use crate::fault::Faults;
use crate::journal::Journal;
use crate::outbox::Outbox;
use crate::pulse::{Held, Pulse};
use crate::quota::{Account, Counts, Meter};
use crate::state::{Notice, State, Subscription, World};
use crate::token::{self, InvalidToken, Mint};
use crate::{Builder, Caller, Clock, Cloud, FaultRule, Guid, InvalidInput, Shape};

use super::operation::OPERATIONS;
use super::refusal::Refusal;

/// The application by which Graph sends notifications ("Set up change notifications that include resource data").
const PUBLISHER: Guid = Guid::from_u128(0x0bf3_0f3b_4a52_48df_9a82_2349_10c4_a086);

pub(crate) struct Service {
    clock: Box<dyn Clock>,
    pub(super) communications_shape: Shape,
    home: Guid,
    /// Whether only this machine reaches it.
    pub(super) is_local: bool,
    foreign_tokens: bool,
    mint: RwLock<Mint>,
    pub(super) cloud: Cloud,
    /// `None` where nothing is throttled.
    meter: Option<Mutex<Meter>>,
    devices: Mutex<Devices>,
    faults: Mutex<Faults>,
    journal: Mutex<Journal>,
    world: Mutex<World>,
    outbox: Mutex<Outbox>,
    delivery: Delivery,
    courier: Courier,
    wake: Notify,
    pulse: Pulse,
}

impl Service {
    pub(crate) fn new(settings: Builder, courier: Courier) -> Self {
        let mut world = World::default();
        world.of(settings.home);
        Self {
            clock: settings.clock,
            communications_shape: settings.communications_shape,
            home: settings.home,
            is_local: settings.address.ip().is_loopback(),
            foreign_tokens: settings.foreign_tokens,
            mint: RwLock::new(Mint::new()),
            cloud: settings.cloud,
            meter: settings.quota.map(|quota| Mutex::new(Meter::new(quota))),
            devices: Mutex::default(),
            faults: Mutex::default(),
            journal: Mutex::default(),
            world: Mutex::new(world),
            outbox: Mutex::default(),
            delivery: settings.delivery,
            courier,
            wake: Notify::new(),
            pulse: Pulse::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Tells whoever watches that something may have changed.
    pub(super) fn pulse(&self) -> &Pulse {
        &self.pulse
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Lets whoever watches go, so that the server can end.
    pub(crate) fn close(&self) {
        self.pulse.close();
    }

    /// The tenant of whoever names none.
    pub(crate) fn home(&self) -> Guid {
        self.home
    }

    /// Everybody's presence, locked: what happens under one lock is seen whole or not at all.
    pub(crate) fn world(&self) -> Held<'_, World> {
        self.pulse.hold(&self.world).calling(&self.wake, World::is_stirred)
    }

    /// Does something in a tenant, now.
    pub(crate) fn act<T>(&self, tenant: Guid, act: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        // Asked before the state is locked: a clock is foreign code.
        let now = self.now();
        act(self.world().of(tenant), now)
    }

    pub(crate) fn devices(&self) -> MutexGuard<'_, Devices> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn advance(&self, by: Duration) -> Result<(), InvalidInput> {
        let clock = self.clock.stepped().ok_or_else(|| InvalidInput::of_field("clock", "runs by itself"))?;
        clock.advance(by);
        Ok(())
    }

    /// Whether the clock is one that can be set.
    pub(crate) fn set_now(&self, now: Timestamp) -> bool {
        self.clock.stepped().map(|clock| clock.set(now)).is_some()
    }

    pub(crate) fn token_mint(&self) -> RwLockReadGuard<'_, Mint> {
        self.mint.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_mint(&self, mint: Mint) {
        *self.mint.write().unwrap_or_else(PoisonError::into_inner) = mint;
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

    pub(super) fn is_metered(&self) -> bool {
        self.meter.is_some()
    }

    /// Counts a request, or says how long to wait with the next.
    pub(super) fn count(&self, account: Account) -> Result<(), Duration> {
        let now = self.now();
        self.meter().map_or(Ok(()), |mut meter| meter.count(account, now))
    }

    pub(crate) fn faults(&self) -> Held<'_, Faults> {
        self.pulse.hold(&self.faults)
    }

    pub(crate) fn journal(&self) -> Held<'_, Journal> {
        self.pulse.hold(&self.journal)
    }

    pub(crate) fn inject(&self, rule: FaultRule) -> Result<u64, InvalidInput> {
        rule.check(&OPERATIONS)?;
        Ok(self.faults().add(rule))
    }

    pub(crate) fn mend(&self, number: u64) -> Result<(), InvalidInput> {
        if !self.faults().remove(number) {
            return Err(InvalidInput::new("fault", number, "must be one that is in force"));
        }
        Ok(())
    }

    /// A token that does not expire.
    pub(crate) fn mint(&self, caller: Caller) -> String {
        let caller = caller.at_home(self.home);
        self.meet(&caller);
        self.token_mint().access(&caller, self.now(), None)
    }

    /// Makes the caller's tenant known, and the person, if it is one.
    pub(super) fn meet(&self, caller: &Caller) {
        self.act(caller.tenant(), |state, now| {
            if let Some(person) = caller.person() {
                state.know(person, now);
            }
        });
    }

    pub(super) fn caller(&self, token: &str) -> Result<Caller, Refusal> {
        match self.token_mint().read(token, self.now()) {
            Ok(caller) => Ok(caller),
            Err(InvalidToken::Expired) => Err(Refusal::token_expired()),
            Err(InvalidToken::Unknown) => {
                let caller = token::unverified(token).filter(|_| self.foreign_tokens);
                let caller = caller.ok_or_else(Refusal::token_unknown)?.at_home(self.home);
                self.meet(&caller);
                Ok(caller)
            }
        }
    }

    pub(crate) fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether an endpoint validates itself; one that is never notified need not.
    pub(super) async fn validates(&self, url: &str) -> bool {
        !self.delivery.reaches(url) || self.courier.validate(url.to_owned()).await
    }

    /// Whether the certificate, if there is one, is good for what is going to be encrypted with it.
    ///
    /// Where nothing is delivered a test needs no certificate that is one.
    pub(super) fn can_encrypt_for(&self, subscription: &Subscription) -> bool {
        #[cfg(feature = "rich")]
        if let Some(certificate) = &subscription.encryption_certificate
            && self.delivery.reaches(&subscription.notification_url)
        {
            return crate::envelope::Recipient::parse(certificate).is_some();
        }
        let _ = subscription;
        true
    }

    /// Tells the subscriber that the service itself sends the notification. It is signed with the emulator's secret, so
    /// that nobody can verify it.
    pub(crate) fn validation_token(&self, notice: &Notice) -> String {
        let now = self.now();
        let expires = now.checked_add(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
        let publisher = Caller::application(PUBLISHER).of_tenant(notice.tenant);
        self.token_mint().addressed(&notice.application.to_string(), &publisher, now, expires)
    }

    /// Tells the courier that there may be something to do.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// What is to be sent now, and when there will be more, if nothing happens before.
    pub(crate) fn due_notices(&self) -> (Vec<Notice>, Option<Timestamp>) {
        let now = self.now();
        let mut world = self.world();
        let notices = world.settle(now);
        let next_due = world.next_due();
        drop(world);
        let mut outbox = self.outbox();
        notices.into_iter().filter(|notice| self.delivery.reaches(&notice.url)).for_each(|notice| outbox.add(notice));
        let due = outbox.due(now);
        (due, next_due.into_iter().chain(outbox.next_due()).min())
    }

    pub(crate) fn done(&self, notice: &Notice, is_delivered: bool) {
        let now = self.now();
        self.outbox().done(notice, is_delivered, now);
        self.wake();
    }

    pub(crate) fn answer_device(&self, user_code: &str, answer: Answer) -> Result<(), InvalidInput> {
        let now = self.now();
        if !self.devices().answer(user_code, answer, now) {
            return Err(InvalidInput::new("user_code", user_code, "must be one that waits for an answer"));
        }
        Ok(())
    }
}
