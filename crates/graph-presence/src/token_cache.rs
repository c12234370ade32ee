//! The cache of the access token. One caller at a time replaces the token before it expires.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::token::{AccessToken, TokenSource};

/// The time before its expiry at which a token is replaced, because clocks differ and requests take time.
const REFRESH_MARGIN: SignedDuration = SignedDuration::from_mins(5);

pub(crate) struct TokenCache {
    source: Box<dyn TokenSource>,
    clock: Arc<dyn Clock>,
    cached: Mutex<Option<AccessToken>>,
    /// Whether the source returns tokens without an expiry, which are not cached. Callers then do not wait for each
    /// other.
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
        // A caller that had the lock before may have set it.
        if self.is_uncached.load(Ordering::Relaxed) {
            drop(cached);
            return self.call_source().await;
        }
        let now = self.clock.now();
        if let Some(token) = cached.as_ref().filter(|token| remaining(token, now) > REFRESH_MARGIN) {
            return Ok(token.clone());
        }
        match self.call_source().await {
            Ok(token) => {
                *cached = Some(token.clone()).filter(|token| token.expiry().is_some());
                Ok(token)
            }
            // The cached token is valid until it expires.
            Err(error) => cached.clone().filter(|token| remaining(token, now).is_positive()).ok_or(error),
        }
    }

    /// Returns a token of the source, and records whether it can be cached.
    async fn call_source(&self) -> Result<AccessToken> {
        let token = self.source.token().await.map_err(Error::token)?;
        self.is_uncached.store(token.expiry().is_none(), Ordering::Relaxed);
        Ok(token)
    }

    /// Returns a different token from the one that the service rejected, or `None` if the source returns the same token
    /// again.
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
