//! One call on the wire: token, quota, attempts, and what is kept of the response.

use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{Either, select};
use graph_presence_raw::{self as raw, clouds};
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::ResponseBuilderExt;

use crate::clock::Clock;
use crate::cloud::{ApiVersion, Cloud};
use crate::error::{Error, Result, Stop};
use crate::http_client::HttpClient;
use crate::operation::Operation;
use crate::rate_limiter::RateLimiter;
use crate::retry::{Attempt, Failure, Next, RetryBudget, RetryPolicy};
use crate::telemetry;
use crate::token::AccessToken;
use crate::token_cache::TokenCache;
use crate::transport::response;

/// The largest response body that is read, in bytes: 650 presences with long messages need a twentieth of it.
const MAX_BODY: usize = 32 << 20;

/// What all calls of a client share.
pub(crate) struct Shared {
    /// Where the calls go, for what that place lacks; `None` to send everything.
    pub(crate) place: Option<(Cloud, ApiVersion)>,
    pub(crate) tokens: TokenCache,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    pub(crate) budget: RetryBudget,
    pub(crate) clock: Arc<dyn Clock>,
    /// At least 0 and less than 1, another one each time.
    pub(crate) jitter: Box<dyn Fn() -> f64 + Send + Sync>,
    /// What carries requests; `None` for connections of the client's own.
    pub(crate) http: Option<Box<dyn HttpClient>>,
    /// How long an attempt may take, and the source of tokens; the client's own connections know by themselves.
    pub(crate) timeout: Duration,
}

impl Shared {
    /// What comes of `work`, unless that takes too long.
    async fn within_the_limit<F: Future + Unpin>(&self, work: F) -> std::result::Result<F::Output, String> {
        match select(work, self.clock.sleep(self.timeout)).await {
            Either::Left((outcome, _)) => Ok(outcome),
            Either::Right(_) => Err(format!("nothing within {:?}", self.timeout)),
        }
    }

    async fn token(&self) -> Result<AccessToken> {
        let asked = self.within_the_limit(pin!(self.tokens.token())).await;
        asked.unwrap_or_else(|late| Err(Error::token(late.into())))
    }

    async fn token_instead_of(&self, refused: &AccessToken) -> Result<Option<AccessToken>> {
        let asked = self.within_the_limit(pin!(self.tokens.instead_of(refused))).await;
        asked.unwrap_or_else(|late| Err(Error::token(late.into())))
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// One call: what the raw client hands its request to.
#[derive(Debug)]
pub(super) struct Exchange {
    shared: Arc<Shared>,
    retry: RetryPolicy,
    operation: Operation,
    pub(super) span: telemetry::Call,
    /// The status of the answer that the raw client is given to read.
    status: OnceLock<StatusCode>,
    /// Why there is no such answer.
    failure: Mutex<Option<Error>>,
}

impl raw::Exec for Exchange {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> raw::Execution<'a> {
        debug_assert_eq!(operation, self.operation, "the call was begun as another operation");
        Box::pin(async move {
            let outcome = match self.shared.place.map_or(Ok(()), |place| offered(place, operation)) {
                Ok(()) => self.carry_out(client, request).await,
                Err(lacking) => Err(lacking),
            };
            match outcome {
                Ok(answer) => {
                    self.status.get_or_init(|| answer.status());
                    Ok(answer.into())
                }
                // The raw client can only be told of its own kind of errors: it is given an empty answer instead.
                Err(error) => {
                    *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    Ok(http::Response::new(Bytes::new()).into())
                }
            }
        })
    }
}

impl Exchange {
    pub(super) fn new(shared: Arc<Shared>, retry: RetryPolicy, operation: Operation, span: telemetry::Call) -> Self {
        Self { shared, retry, operation, span, status: OnceLock::new(), failure: Mutex::new(None) }
    }

    /// Why the call has no answer, once.
    pub(super) fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The status of a successful answer.
    pub(super) fn status(&self) -> StatusCode {
        self.status.get().copied().unwrap_or_default()
    }

    pub(super) async fn carry_out(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> Result<http::Response<Bytes>> {
        let method = request.method().clone();
        let answer = self.span.around(&method, self.send_with_retries(client, request)).await?;
        self.span.answered(answer.status());
        Ok(answer)
    }

    async fn send_with_retries(
        &self,
        client: &reqwest::Client,
        mut request: reqwest::Request,
    ) -> Result<http::Response<Bytes>> {
        let Shared { rate_limiter, budget, clock, jitter, .. } = &*self.shared;
        let mut token = self.shared.token().await?;
        let mut may_ask_again = true;
        let mut number = 1;
        let mut resends = 0;
        rate_limiter.acquire().await;
        let began = clock.elapsed();
        loop {
            request.headers_mut().insert(AUTHORIZATION, bearer(&token)?);
            let failed = match self.attempt(client, &request, resends).await {
                Ok(answer) => {
                    budget.earn();
                    return Ok(answer);
                }
                Err(failed) => failed,
            };
            resends += 1;
            if failed.failure == Failure::Status(StatusCode::UNAUTHORIZED) && may_ask_again {
                may_ask_again = false;
                if let Some(other) = self.shared.token_instead_of(&token).await? {
                    token = other;
                    rate_limiter.acquire().await;
                    continue;
                }
            }
            let attempt = Attempt {
                number,
                elapsed: clock.elapsed().saturating_sub(began),
                failure: failed.failure,
                retry_after: failed.error.retry_after(),
            };
            let next = match self.retry.next(&attempt, self.operation.is_idempotent(), jitter()) {
                Next::Wait(_) if !budget.spend() => Next::Stop(Stop::Budget),
                next => next,
            };
            match next {
                Next::Stop(stop) => {
                    telemetry::stops(stop, number);
                    return Err(failed.error.stopped(number, stop));
                }
                Next::Wait(wait) => {
                    telemetry::waits("retry", wait);
                    clock.sleep(wait).await;
                }
            }
            number += 1;
            rate_limiter.acquire().await;
        }
    }

    async fn attempt(
        &self,
        client: &reqwest::Client,
        request: &reqwest::Request,
        resends: u32,
    ) -> std::result::Result<http::Response<Bytes>, Failed> {
        let span = self.span.attempt(request.method(), resends);
        let outcome = span.around(self.send(client, request)).await;
        match &outcome {
            Ok(answer) => span.answered(answer.status()),
            Err(failed) => span.failed(&failed.error),
        }
        outcome
    }

    /// Sends the request once and reads the whole answer.
    async fn send(
        &self,
        client: &reqwest::Client,
        request: &reqwest::Request,
    ) -> std::result::Result<http::Response<Bytes>, Failed> {
        // Bodies are bytes, so cloning does not fail.
        let Some(request) = request.try_clone() else { return Err(Failed::unrepeatable()) };
        let url = request.url().clone();
        let (status, headers, body) = match &self.shared.http {
            None => {
                let mut response = client.execute(request).await.map_err(Failed::connection)?;
                let headers = std::mem::take(response.headers_mut());
                (response.status(), headers, read(&mut response).await)
            }
            Some(http) => self.shared.carry(&**http, request).await?,
        };
        if !self.operation.is_success(status.as_u16()) {
            let body = body.unwrap_or_default();
            let answer = response::describe(status, &headers, &body, self.shared.clock.now());
            return Err(Failed { failure: Failure::Status(status), error: Error::error_status(answer) });
        }
        let body = body.map_err(|failed| {
            let answer = response::describe(status, &headers, &[], self.shared.clock.now());
            Failed { error: failed.error.with_response(answer), ..failed }
        })?;
        // Where nothing is read of an answer, a gateway's page would pass for one.
        if body.trim_ascii_start().starts_with(b"<") {
            let answer = response::describe(status, &headers, &[], self.shared.clock.now());
            let error = Error::decode("a page of markup".into()).with_response(answer);
            return Err(Failed { failure: Failure::Unusable, error });
        }
        // An answer without its URL would have one made up, at some cost.
        let answer = http::Response::builder().status(status).url(url).body(body);
        let mut answer = answer.unwrap_or_default();
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

/// Status, headers, and the body if it came whole.
type Received = (StatusCode, HeaderMap, std::result::Result<Bytes, Failed>);

impl Shared {
    async fn carry(&self, http: &dyn HttpClient, request: reqwest::Request) -> std::result::Result<Received, Failed> {
        let request = http::Request::<reqwest::Body>::try_from(request).map_err(Failed::connection)?;
        let request = request.map(|body| Bytes::copy_from_slice(body.as_bytes().unwrap_or_default()));
        let answer = self.within_the_limit(http.send(request)).await;
        let answer = answer.unwrap_or_else(|late| Err(late.into()));
        let (head, body) = answer.map_err(|error| Failed::broken(Error::connection(error)))?.into_parts();
        let body = if body.len() > MAX_BODY { Err(Failed::too_large()) } else { Ok(body) };
        Ok((head.status, head.headers, body))
    }
}

/// Returns an error if the cloud is known not to offer the operation in this version.
fn offered((cloud, version): (Cloud, ApiVersion), operation: Operation) -> Result<()> {
    let claim = operation.clouds().claim(match version {
        ApiVersion::V1 => clouds::Version::V1,
        ApiVersion::Beta => clouds::Version::Beta,
    });
    let known_as = match cloud {
        Cloud::Global => clouds::Cloud::GLOBAL,
        Cloud::UsGovernmentL4 => clouds::Cloud::US_GOV_L4,
        Cloud::UsGovernmentL5 => clouds::Cloud::US_GOV_L5,
        Cloud::China => clouds::Cloud::CHINA,
    };
    if claim.supports(known_as) {
        return Ok(());
    }
    Err(Error::lacking(cloud, version, &format!("{}, {}", claim.source, claim.date)))
}

/// An attempt without a successful answer.
struct Failed {
    failure: Failure,
    error: Error,
}

impl Failed {
    /// The URL, which names a user, is not kept.
    fn connection(error: reqwest::Error) -> Self {
        let failure = if error.is_connect() { Failure::Connect } else { Failure::Incomplete };
        Self { failure, error: Error::connection(error.without_url().into()) }
    }

    fn broken(error: Error) -> Self {
        Self { failure: Failure::Incomplete, error }
    }

    fn too_large() -> Self {
        let error = Error::decode(format!("more than {MAX_BODY} bytes").into());
        Self { failure: Failure::Unusable, error }
    }

    fn unrepeatable() -> Self {
        Self { failure: Failure::Unusable, error: Error::connection("the request cannot be repeated".into()) }
    }
}

async fn read(response: &mut reqwest::Response) -> std::result::Result<Bytes, Failed> {
    let mut chunks = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = response.chunk().await.map_err(Failed::connection)? {
        length = length.saturating_add(chunk.len());
        if length > MAX_BODY {
            return Err(Failed::too_large());
        }
        chunks.push(chunk);
    }
    // Most answers come in one piece, which need not be copied.
    Ok(<[Bytes; 1]>::try_from(chunks).map_or_else(|chunks| chunks.concat().into(), |[only]| only))
}

fn bearer(token: &AccessToken) -> Result<HeaderValue> {
    token
        .authorization()
        .cloned()
        .ok_or_else(|| Error::token("the token has characters that no header can hold".into()))
}
