//! Device codes that wait for a user to sign in on another device (RFC 8628). Pure: time is an argument.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::scope::Scopes;
use crate::{Caller, Guid};

/// The lifetime of a code.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// The maximum number of pending codes; further requests are rejected.
const MAX_CODES: usize = 1_000;
/// The letters of user codes, without vowels and letters that are easily confused.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A request for a device code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct DeviceCodeRequest {
    pub(crate) application: Guid,
    pub(crate) tenant: Guid,
    pub(crate) scopes: Scopes,
    /// The tokens to issue in addition to the access token.
    pub(crate) tokens: RequestedTokens,
}

/// The tokens to issue in addition to the access token.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RequestedTokens {
    pub(crate) refresh_token: bool,
    pub(crate) id_token: bool,
}

/// The decision of a user about a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Decision {
    Approved(Guid),
    Declined,
}

/// The result of polling with a device code.
#[derive(Debug)]
pub(crate) enum PollResult {
    Pending,
    Approved(Caller, RequestedTokens),
    Declined,
    Expired,
    Unknown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DeviceCode {
    request: DeviceCodeRequest,
    user_code: String,
    expires: Timestamp,
    decision: Option<Decision>,
}

/// The device code, which the client keeps secret, and the user code, which the client shows to the user.
#[derive(Debug)]
pub(crate) struct Codes {
    pub(crate) device: String,
    pub(crate) user: String,
}

/// All pending sign-ins, by device code.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct DeviceCodes(HashMap<String, DeviceCode>);

impl DeviceCodes {
    /// Issues codes. Returns `None` if too many are pending.
    pub(crate) fn add(&mut self, request: DeviceCodeRequest, now: Timestamp) -> Option<Codes> {
        self.0.retain(|_, code| now < code.expires);
        if self.0.len() >= MAX_CODES {
            return None;
        }
        let codes = Codes { device: Uuid::new_v4().simple().to_string(), user: user_code() };
        let expires = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let code = DeviceCode { request, user_code: codes.user.clone(), expires, decision: None };
        self.0.insert(codes.device.clone(), code);
        Some(codes)
    }

    /// Records the user's decision. Returns `true` if the user code was pending.
    pub(crate) fn decide(&mut self, user_code: &str, decision: Decision, now: Timestamp) -> bool {
        let pending = self.0.values_mut().find(|code| {
            code.user_code.eq_ignore_ascii_case(user_code) && code.decision.is_none() && now < code.expires
        });
        pending.map(|code| code.decision = Some(decision)).is_some()
    }

    /// Returns the result for a device that polls. A decision is returned once.
    pub(crate) fn poll(&mut self, device_code: &str, application: Guid, now: Timestamp) -> PollResult {
        let Some(code) = self.0.get(device_code).filter(|code| code.request.application == application) else {
            return PollResult::Unknown;
        };
        if now >= code.expires {
            return PollResult::Expired;
        }
        let result = match code.decision {
            None => return PollResult::Pending,
            Some(Decision::Declined) => PollResult::Declined,
            Some(Decision::Approved(user)) => {
                let DeviceCodeRequest { application, tenant, scopes, tokens } = &code.request;
                let caller = Caller::user(user).with_application(*application).with_tenant(*tenant);
                PollResult::Approved(caller.with_scopes(scopes.names()), *tokens)
            }
        };
        self.0.remove(device_code);
        result
    }
}

fn user_code() -> String {
    let random = Uuid::new_v4();
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map_or('B', char::from);
    random.as_bytes().iter().take(9).map(letter).collect()
}
