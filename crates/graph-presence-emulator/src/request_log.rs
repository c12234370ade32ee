//! The log of the last requests.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Operation;

/// The capacity of the log.
const MAX_REQUESTS: usize = 1_000;
/// Longer paths are truncated. In characters.
const MAX_PATH_LENGTH: usize = 200;

/// A logged request. Contains neither the token nor the bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The sequence number of the request, counted from 1. A gap at the start of the log shows how many requests were
    /// dropped.
    pub number: u64,
    /// The time at which the request was received, by the emulator's clock.
    pub at: Timestamp,
    /// The method.
    pub method: String,
    /// The path without the query, truncated to 200 characters.
    pub path: String,
    /// The requested operation.
    pub operation: Operation,
    /// The status of the response.
    pub status: u16,
    /// The `request-id` of the response.
    pub request_id: String,
    /// The tenant of the caller, if the token was valid.
    pub tenant: Option<String>,
    /// The application of the caller, if the token was valid.
    pub application: Option<String>,
    /// The signed-in user; `None` for application permissions.
    pub user: Option<String>,
    /// The kinds of the injected faults.
    pub faults: Vec<String>,
}

/// The last requests. When the log is full, the oldest request is dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RequestLog {
    requests: VecDeque<LoggedRequest>,
    count: u64,
}

impl RequestLog {
    pub(crate) fn add(&mut self, mut request: LoggedRequest) {
        self.count += 1;
        request.number = self.count;
        request.path = request.path.chars().take(MAX_PATH_LENGTH).collect();
        if self.requests.len() == MAX_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
        self.requests.iter()
    }

    /// Removes all requests. The numbering continues.
    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
