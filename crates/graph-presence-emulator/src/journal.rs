//! The last requests.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many requests are remembered.
const MOST: usize = 1_000;
/// The longest path that is remembered whole.
const LONGEST_PATH: usize = 200;

/// A request that was answered. It holds no token and no body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedRequest {
    /// Counts the requests, so that it shows what was forgotten.
    pub number: u64,
    /// When it came, by the emulator's clock.
    pub at: Timestamp,
    /// The method.
    pub method: String,
    /// The path, without its query and cut to 200 characters.
    pub path: String,
    /// The name of the operation, `none` where there is none.
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// The service's id of the request.
    pub request_id: String,
    /// The tenant of the caller, if the token was good.
    pub tenant: Option<String>,
    /// The application of the caller.
    pub application: Option<String>,
    /// The person that the application acted for.
    pub person: Option<String>,
    /// The kinds of fault that befell it.
    pub faults: Vec<String>,
}

/// Bounded: the oldest are forgotten.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    requests: VecDeque<LoggedRequest>,
    count: u64,
}

impl Journal {
    pub(crate) fn add(&mut self, mut request: LoggedRequest) {
        self.count += 1;
        request.number = self.count;
        request.path = request.path.chars().take(LONGEST_PATH).collect();
        if self.requests.len() == MOST {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &LoggedRequest> {
        self.requests.iter()
    }

    /// Forgets the requests, but not how many there were.
    pub(crate) fn clear(&mut self) {
        self.requests.clear();
    }
}
