//! Nothing is told, at no cost: the same as `spans`, without the feature `tracing`.

use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};

use crate::error::{Error, Stop};
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

    pub(crate) fn around<F: Future>(&self, _method: &Method, carried_out: F) -> F {
        carried_out
    }

    pub(crate) fn attempt(&self, _method: &Method, _resends: u32) -> Attempt {
        Attempt
    }

    pub(crate) fn answered(&self, _status: StatusCode) {}

    pub(crate) fn failed(&self, _error: &Error) {}
}

pub(crate) struct Attempt;

impl Attempt {
    pub(crate) fn around<F: Future>(&self, sent: F) -> F {
        sent
    }

    pub(crate) fn answered(&self, _status: StatusCode) {}

    pub(crate) fn failed(&self, _error: &Error) {}
}

pub(crate) fn waits(_reason: &'static str, _duration: Duration) {}

pub(crate) fn stops(_stop: Stop, _attempts: u32) {}

pub(crate) fn as_here<F: Future>(elsewhere: F) -> F {
    elsewhere
}
