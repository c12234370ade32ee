//! What all requests share.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use crate::state::State;
use crate::{Builder, Caller, Clock, Shape};

pub(crate) struct Service {
    clock: Box<dyn Clock>,
    pub(super) communications_shape: Shape,
    callers: Mutex<HashMap<String, Caller>>,
    state: Mutex<State>,
}

impl Service {
    pub(crate) fn new(settings: Builder) -> Self {
        Self {
            clock: settings.clock,
            communications_shape: settings.communications_shape,
            callers: Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// Asked before the state is locked: a clock is foreign code.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Everybody's presence, locked: what happens under one lock is seen whole or not at all.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn mint(&self, caller: Caller) -> String {
        let token = Uuid::new_v4().simple().to_string();
        self.callers().insert(token.clone(), caller);
        token
    }

    pub(super) fn caller(&self, token: &str) -> Option<Caller> {
        self.callers().get(token).cloned()
    }

    fn callers(&self) -> MutexGuard<'_, HashMap<String, Caller>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
