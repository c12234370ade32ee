//! Devices that wait for somebody to sign in elsewhere (RFC 8628). Pure: time is an argument.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::scope::Scopes;
use crate::{Caller, Guid};

/// How long a device waits.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_mins(15);
/// The most that wait at a time: whoever asks for more is turned away.
const MOST: usize = 1_000;
/// No vowels and nothing that is read as something else.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What a device asks for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) application: Guid,
    pub(crate) tenant: Guid,
    pub(crate) scopes: Scopes,
    /// What the answer repeats: which tokens beside the access token are wanted.
    pub(crate) wants: Wants,
}

/// The tokens that are issued beside the access token.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Wants {
    pub(crate) refresh: bool,
    pub(crate) identity: bool,
}

/// What a person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Approved(Guid),
    Declined,
}

/// What a device is told when it asks whether somebody has answered.
#[derive(Debug)]
pub(crate) enum Outcome {
    Pending,
    Approved(Caller, Wants),
    Declined,
    Expired,
    Unknown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Device {
    request: Request,
    user_code: String,
    expires: Timestamp,
    answer: Option<Answer>,
}

/// The codes of a device: the one that it keeps, and the one that it shows.
#[derive(Debug)]
pub(crate) struct Codes {
    pub(crate) device: String,
    pub(crate) user: String,
}

/// By the code that the device keeps.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Devices(HashMap<String, Device>);

impl Devices {
    /// `None` when too many wait.
    pub(crate) fn add(&mut self, request: Request, now: Timestamp) -> Option<Codes> {
        self.0.retain(|_, device| now < device.expires);
        if self.0.len() >= MOST {
            return None;
        }
        let codes = Codes { device: Uuid::new_v4().simple().to_string(), user: user_code() };
        let expires = now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX);
        let device = Device { request, user_code: codes.user.clone(), expires, answer: None };
        self.0.insert(codes.device.clone(), device);
        Some(codes)
    }

    /// Whether a device showed that code and had no answer.
    pub(crate) fn answer(&mut self, user_code: &str, answer: Answer, now: Timestamp) -> bool {
        let waiting = self.0.values_mut().find(|device| {
            device.user_code.eq_ignore_ascii_case(user_code) && device.answer.is_none() && now < device.expires
        });
        waiting.map(|device| device.answer = Some(answer)).is_some()
    }

    /// Tells a device its answer, once.
    pub(crate) fn take(&mut self, device_code: &str, application: Guid, now: Timestamp) -> Outcome {
        let Some(device) = self.0.get(device_code).filter(|device| device.request.application == application) else {
            return Outcome::Unknown;
        };
        if now >= device.expires {
            return Outcome::Expired;
        }
        let outcome = match device.answer {
            None => return Outcome::Pending,
            Some(Answer::Declined) => Outcome::Declined,
            Some(Answer::Approved(person)) => {
                let Request { application, tenant, scopes, wants } = &device.request;
                let caller = Caller::user(person).of_application(*application).of_tenant(*tenant);
                Outcome::Approved(caller.with_scopes(scopes.names()), *wants)
            }
        };
        self.0.remove(device_code);
        outcome
    }
}

fn user_code() -> String {
    let random = Uuid::new_v4();
    let letter = |byte: &u8| LETTERS.get(usize::from(*byte) % LETTERS.len()).copied().map_or('B', char::from);
    random.as_bytes().iter().take(9).map(letter).collect()
}
