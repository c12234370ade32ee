//! The last requests.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Operation;

/// How many requests are kept.
const MAX_REQUESTS: usize = 1_000;
/// The longest path that is kept whole, in characters.
const MAX_PATH: usize = 200;

/// A request that was responded to. It holds no token and no body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Counts the requests, so that it shows how many were dropped.
    pub number: u64,
    /// When it came, by the emulator's clock.
    pub at: Timestamp,
    /// The method.
    pub method: String,
    /// The path, without its query and cut to 200 characters.
    pub path: String,
    /// The operation that was requested.
    pub operation: Operation,
    /// The status of the response.
    pub status: u16,
    /// The service's id of the request.
    pub request_id: String,
    /// The tenant of the caller, if the token was valid.
    pub tenant: Option<String>,
    /// The application of the caller.
    pub application: Option<String>,
    /// The user that the application acted for.
    pub user: Option<String>,
    /// The kinds of fault that were injected.
    pub faults: Vec<String>,
}

/// The last requests. Bounded: the oldest are dropped.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RequestLog {
    requests: VecDeque<LoggedRequest>,
    count: u64,
}

impl RequestLog {
    pub(crate) fn add(&mut self, mut request: LoggedRequest) {
        self.count += 1;
        request.number = self.count;
        request.path = request.path.chars().take(MAX_PATH).collect();
        if self.requests.len() == MAX_REQUESTS {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
        self.requests.iter()
    }

    /// Drops the requests; numbers go on from the last one.
    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
