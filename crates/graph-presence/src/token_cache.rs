//! The token in use: asked for by one caller at a time, and ahead of its expiry.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::token::{AccessToken, TokenSource};

/// How long before its expiry a token is replaced: clocks differ, and requests take time.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    held: Mutex<Option<AccessToken>>,
    /// Whether the source's tokens do not say when they expire: nothing is kept, so nobody need wait for another's.
    unkept: AtomicBool,
}

impl TokenCache {
    pub(crate) fn new(source: Box<dyn TokenSource>, clock: Arc<dyn Clock>) -> Self {
        Self { source, clock, held: Mutex::new(None), unkept: AtomicBool::new(false) }
    }

    /// A token for the next request.
    pub(crate) async fn token(&self) -> Result<AccessToken> {
        if self.unkept.load(Ordering::Relaxed) {
            return self.ask().await;
        }
        let mut held = self.held.lock().await;
        // What those ahead were given may have told so.
        if self.unkept.load(Ordering::Relaxed) {
            drop(held);
            return self.ask().await;
        }
        let now = self.clock.now();
        if let Some(token) = held.as_ref().filter(|token| remaining(token, now) > AHEAD) {
            return Ok(token.clone());
        }
        match self.ask().await {
            Ok(token) => {
                *held = Some(token.clone()).filter(|token| token.expiry().is_some());
                Ok(token)
            }
            // Until it expires the old one still opens the door.
            Err(error) => held.clone().filter(|token| remaining(token, now).is_positive()).ok_or(error),
        }
    }

    async fn ask(&self) -> Result<AccessToken> {
        let token = self.source.token().await.map_err(Error::token)?;
        self.unkept.store(token.expiry().is_none(), Ordering::Relaxed);
        Ok(token)
    }

    /// Another token than the one that the service refused; `None` if the source has no other.
    pub(crate) async fn instead_of(&self, refused: &AccessToken) -> Result<Option<AccessToken>> {
        {
            let mut held = self.held.lock().await;
            held.take_if(|token| token == refused);
        }
        Ok(Some(self.token().await?).filter(|token| token != refused))
    }
}

fn remaining(token: &AccessToken, now: Timestamp) -> SignedDuration {
    token.expiry().map_or(SignedDuration::ZERO, |expiry| expiry.duration_since(now))
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("TokenCache").finish_non_exhaustive()
    }
}
