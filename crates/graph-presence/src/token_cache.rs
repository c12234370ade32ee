//! The cached token, which one caller at a time replaces ahead of its expiry.

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
    cached: Mutex<Option<AccessToken>>,
    /// Whether the source's tokens have no expiry: they are not cached, so that callers need not wait for each other.
    is_uncached: AtomicBool,
}

impl TokenCache {
    pub(crate) fn new(source: Box<dyn TokenSource>, clock: Arc<dyn Clock>) -> Self {
        Self { source, clock, cached: Mutex::new(None), is_uncached: AtomicBool::new(false) }
    }

    /// Returns a token for the next request.
    pub(crate) async fn token(&self) -> Result<AccessToken> {
        if self.is_uncached.load(Ordering::Relaxed) {
            return self.call_source().await;
        }
        let mut cached = self.cached.lock().await;
        // An earlier caller in the queue may have learned it.
        if self.is_uncached.load(Ordering::Relaxed) {
            drop(cached);
            return self.call_source().await;
        }
        let now = self.clock.now();
        if let Some(token) = cached.as_ref().filter(|token| remaining(token, now) > AHEAD) {
            return Ok(token.clone());
        }
        match self.call_source().await {
            Ok(token) => {
                *cached = Some(token.clone()).filter(|token| token.expiry().is_some());
                Ok(token)
            }
            // The old token is valid until it expires.
            Err(error) => cached.clone().filter(|token| remaining(token, now).is_positive()).ok_or(error),
        }
    }

    async fn call_source(&self) -> Result<AccessToken> {
        let token = self.source.token().await.map_err(Error::token)?;
        self.is_uncached.store(token.expiry().is_none(), Ordering::Relaxed);
        Ok(token)
    }

    /// Returns another token than the one that the service rejected, or `None` if the source has no other.
    pub(crate) async fn replace(&self, rejected: &AccessToken) -> Result<Option<AccessToken>> {
        {
            let mut cached = self.cached.lock().await;
            cached.take_if(|token| token == rejected);
        }
        Ok(Some(self.token().await?).filter(|token| token != rejected))
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
