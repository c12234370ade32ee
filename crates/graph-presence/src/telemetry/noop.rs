//! The functions of `spans` without the feature `tracing`: they do nothing.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};

use crate::error::{Error, StopReason};
use crate::operation::Operation;

pub(crate) struct Server;

impl Server {
    pub(crate) fn new(_base: &str) -> Self {
        Self
    }
}

#[derive(Debug)]
pub(crate) struct Call;

impl Call {
    pub(crate) fn new(_server: &Arc<Server>, _operation: Operation) -> Self {
        Self
    }

    pub(crate) fn instrument<F: Future>(&self, _method: &Method, future: F) -> F {
        future
    }

    pub(crate) fn attempt(&self, _method: &Method, _resends: u32) -> Attempt {
        Attempt
    }

    pub(crate) fn record_status(&self, _status: StatusCode) {}

    pub(crate) fn record_error(&self, _error: &Error) {}
}

pub(crate) struct Attempt;

impl Attempt {
    pub(crate) fn instrument<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn record_status(&self, _status: StatusCode) {}

    pub(crate) fn record_error(&self, _error: &Error) {}
}

pub(crate) fn log_wait(_reason: &'static str, _duration: Duration) {}

pub(crate) fn log_stop(_reason: StopReason, _attempts: u32) {}

pub(crate) fn in_current_span<F: Future>(future: F) -> F {
    future
}
