//! One call: token, rate limit, attempts, and the response.

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
use crate::error::{Error, Result, StopReason};
use crate::http_client::HttpClient;
use crate::operation::Operation;
use crate::rate_limiter::RateLimiter;
use crate::retry::{FailedAttempt, FailureCause, RetryBudget, RetryDecision, RetryPolicy};
use crate::telemetry;
use crate::token::AccessToken;
use crate::token_cache::TokenCache;
use crate::transport::response;

/// The maximum size of a response body in bytes, 20 times the size of 650 presences with long messages.
const MAX_BODY: usize = 32 << 20;

/// The state that all calls of a client share.
pub(crate) struct Shared {
    /// The cloud and version whose unsupported operations are rejected; `None` to send all operations.
    pub(crate) cloud: Option<(Cloud, ApiVersion)>,
    pub(crate) tokens: TokenCache,
    pub(crate) rate_limiter: Arc<RateLimiter>,
    pub(crate) budget: RetryBudget,
    pub(crate) clock: Arc<dyn Clock>,
    /// Returns random numbers of at least 0 and less than 1.
    pub(crate) jitter: Box<dyn Fn() -> f64 + Send + Sync>,
    /// The caller's HTTP client; `None` to use reqwest.
    pub(crate) http: Option<Box<dyn HttpClient>>,
    /// The time limit of the token source and of the caller's HTTP client. Reqwest is configured with the same limit.
    pub(crate) timeout: Duration,
}

impl Shared {
    /// Returns the output of `future`, or an error message after the timeout.
    async fn with_timeout<F: Future + Unpin>(&self, future: F) -> std::result::Result<F::Output, String> {
        match select(future, self.clock.sleep(self.timeout)).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(format!("timed out after {:?}", self.timeout)),
        }
    }

    async fn token(&self) -> Result<AccessToken> {
        let result = self.with_timeout(pin!(self.tokens.token())).await;
        result.unwrap_or_else(|timeout| Err(Error::token(timeout.into())))
    }

    /// Returns a different token from the rejected one, or `None` if the source returns the same token again.
    async fn replace_token(&self, rejected: &AccessToken) -> Result<Option<AccessToken>> {
        let result = self.with_timeout(pin!(self.tokens.replace(rejected))).await;
        result.unwrap_or_else(|timeout| Err(Error::token(timeout.into())))
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// One call. The raw client passes its request here.
#[derive(Debug)]
pub(super) struct Exchange {
    shared: Arc<Shared>,
    retry: RetryPolicy,
    operation: Operation,
    pub(super) span: telemetry::Call,
    /// The status of the response that is returned to the raw client.
    status: OnceLock<StatusCode>,
    /// The error of the call. The raw client does not have a type for it.
    error: Mutex<Option<Error>>,
}

impl raw::Exec for Exchange {
    fn exec<'a>(
        &'a self,
        client: &'a reqwest::Client,
        request: reqwest::Request,
        operation: Operation,
    ) -> raw::Execution<'a> {
        debug_assert_eq!(
            operation, self.operation,
            "the raw client sends another operation than the call was started for"
        );
        Box::pin(async move {
            let result = match self.shared.cloud.map_or(Ok(()), |cloud| check_cloud_support(cloud, operation)) {
                Ok(()) => self.execute(client, request).await,
                Err(unsupported) => Err(unsupported),
            };
            match result {
                Ok(response) => {
                    self.status.get_or_init(|| response.status());
                    Ok(response.into())
                }
                // This function can return only a `reqwest::Error`. So the error is stored, and the raw client gets an
                // empty response.
                Err(error) => {
                    *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    Ok(http::Response::new(Bytes::new()).into())
                }
            }
        })
    }
}

impl Exchange {
    pub(super) fn new(shared: Arc<Shared>, retry: RetryPolicy, operation: Operation, span: telemetry::Call) -> Self {
        Self { shared, retry, operation, span, status: OnceLock::new(), error: Mutex::new(None) }
    }

    /// Takes the error of the call.
    pub(super) fn take_error(&self) -> Option<Error> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns the status of the successful response.
    pub(super) fn status(&self) -> StatusCode {
        self.status.get().copied().unwrap_or_default()
    }

    /// Sends the request with retries.
    pub(super) async fn execute(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> Result<http::Response<Bytes>> {
        let method = request.method().clone();
        let response = self.span.instrument(&method, self.send_with_retries(client, request)).await?;
        self.span.record_status(response.status());
        Ok(response)
    }

    async fn send_with_retries(
        &self,
        client: &reqwest::Client,
        mut request: reqwest::Request,
    ) -> Result<http::Response<Bytes>> {
        let Shared { rate_limiter, budget, clock, jitter, .. } = &*self.shared;
        let mut token = self.shared.token().await?;
        let mut may_replace_token = true;
        let mut number = 1;
        let mut resends = 0;
        rate_limiter.acquire().await;
        let started = clock.elapsed();
        loop {
            request.headers_mut().insert(AUTHORIZATION, authorization(&token)?);
            let failed = match self.attempt(client, &request, resends).await {
                Ok(response) => {
                    budget.deposit();
                    return Ok(response);
                }
                Err(failed) => failed,
            };
            resends += 1;
            if failed.cause == FailureCause::Status(StatusCode::UNAUTHORIZED) && may_replace_token {
                may_replace_token = false;
                if let Some(replacement) = self.shared.replace_token(&token).await? {
                    token = replacement;
                    rate_limiter.acquire().await;
                    continue;
                }
            }
            let attempt = FailedAttempt {
                number,
                elapsed: clock.elapsed().saturating_sub(started),
                cause: failed.cause,
                retry_after: failed.error.retry_after(),
            };
            let decision = match self.retry.decide(&attempt, self.operation.is_idempotent(), jitter()) {
                RetryDecision::RetryAfter(_) if !budget.withdraw() => RetryDecision::Stop(StopReason::Budget),
                decision => decision,
            };
            match decision {
                RetryDecision::Stop(reason) => {
                    telemetry::log_stop(reason, number);
                    return Err(failed.error.with_attempts(number, reason));
                }
                RetryDecision::RetryAfter(wait) => {
                    telemetry::log_wait("retry", wait);
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
    ) -> std::result::Result<http::Response<Bytes>, AttemptError> {
        let span = self.span.attempt(request.method(), resends);
        let result = span.instrument(self.send(client, request)).await;
        match &result {
            Ok(response) => span.record_status(response.status()),
            Err(failed) => span.record_error(&failed.error),
        }
        result
    }

    /// Sends the request once and reads the complete response.
    async fn send(
        &self,
        client: &reqwest::Client,
        request: &reqwest::Request,
    ) -> std::result::Result<http::Response<Bytes>, AttemptError> {
        // Cloning fails only for streaming bodies, which are not used here.
        let Some(request) = request.try_clone() else { return Err(AttemptError::not_cloneable()) };
        let url = request.url().clone();
        let (status, headers, body) = match &self.shared.http {
            None => {
                let mut response = client.execute(request).await.map_err(AttemptError::connection)?;
                let headers = std::mem::take(response.headers_mut());
                (response.status(), headers, read_body(&mut response).await)
            }
            Some(http) => self.shared.send_with(&**http, request).await?,
        };
        if !self.operation.is_success(status.as_u16()) {
            let body = body.unwrap_or_default();
            let details = response::details(status, &headers, &body, self.shared.clock.now());
            return Err(AttemptError { cause: FailureCause::Status(status), error: Error::error_status(details) });
        }
        let body = body.map_err(|failed| {
            let details = response::details(status, &headers, &[], self.shared.clock.now());
            AttemptError { error: failed.error.with_response(details), ..failed }
        })?;
        // The body of most actions is not decoded, so that the HTML page of a gateway would otherwise be a success.
        if body.trim_ascii_start().starts_with(b"<") {
            let details = response::details(status, &headers, &[], self.shared.clock.now());
            let error = Error::decode("expected JSON, got HTML or XML".into()).with_response(details);
            return Err(AttemptError { cause: FailureCause::Permanent, error });
        }
        // Without a URL, the conversion to `reqwest::Response` would parse a default one.
        let response = http::Response::builder().status(status).url(url).body(body);
        let mut response = response.unwrap_or_default();
        *response.headers_mut() = headers;
        Ok(response)
    }
}

/// The status, the headers, and the body or why it is incomplete.
type ResponseParts = (StatusCode, HeaderMap, std::result::Result<Bytes, AttemptError>);

impl Shared {
    /// Sends the request with the caller's HTTP client.
    async fn send_with(
        &self,
        http: &dyn HttpClient,
        request: reqwest::Request,
    ) -> std::result::Result<ResponseParts, AttemptError> {
        let request = http::Request::<reqwest::Body>::try_from(request).map_err(AttemptError::connection)?;
        let request = request.map(|body| Bytes::copy_from_slice(body.as_bytes().unwrap_or_default()));
        let result = self.with_timeout(http.send(request)).await;
        let result = result.unwrap_or_else(|timeout| Err(timeout.into()));
        let (head, body) = result.map_err(|error| AttemptError::incomplete(Error::connection(error)))?.into_parts();
        let body = if body.len() > MAX_BODY { Err(AttemptError::too_large()) } else { Ok(body) };
        Ok((head.status, head.headers, body))
    }
}

/// Returns an error if the cloud is known not to support the operation in this version.
fn check_cloud_support((cloud, version): (Cloud, ApiVersion), operation: Operation) -> Result<()> {
    let claim = operation.clouds().claim(match version {
        ApiVersion::V1 => clouds::Version::V1,
        ApiVersion::Beta => clouds::Version::Beta,
    });
    let raw_cloud = match cloud {
        Cloud::Global => clouds::Cloud::GLOBAL,
        Cloud::UsGovernmentL4 => clouds::Cloud::US_GOV_L4,
        Cloud::UsGovernmentL5 => clouds::Cloud::US_GOV_L5,
        Cloud::China => clouds::Cloud::CHINA,
    };
    if claim.supports(raw_cloud) {
        return Ok(());
    }
    Err(Error::unsupported_operation(cloud, version, &format!("{}, {}", claim.source, claim.date)))
}

/// The error of one attempt.
struct AttemptError {
    cause: FailureCause,
    error: Error,
}

impl AttemptError {
    /// Creates the error of a failed connection, without the URL, which identifies a user.
    fn connection(error: reqwest::Error) -> Self {
        let cause = if error.is_connect() { FailureCause::Connect } else { FailureCause::Incomplete };
        Self { cause, error: Error::connection(error.without_url().into()) }
    }

    fn incomplete(error: Error) -> Self {
        Self { cause: FailureCause::Incomplete, error }
    }

    fn too_large() -> Self {
        let error = Error::decode(format!("response body too large: more than {} MiB", MAX_BODY >> 20).into());
        Self { cause: FailureCause::Permanent, error }
    }

    fn not_cloneable() -> Self {
        Self { cause: FailureCause::Permanent, error: Error::connection("request body cannot be cloned".into()) }
    }
}

async fn read_body(response: &mut reqwest::Response) -> std::result::Result<Bytes, AttemptError> {
    let mut chunks = Vec::new();
    let mut length = 0_usize;
    while let Some(chunk) = response.chunk().await.map_err(AttemptError::connection)? {
        length = length.saturating_add(chunk.len());
        if length > MAX_BODY {
            return Err(AttemptError::too_large());
        }
        chunks.push(chunk);
    }
    // Most bodies arrive as one chunk, which does not have to be copied.
    Ok(<[Bytes; 1]>::try_from(chunks).map_or_else(|chunks| chunks.concat().into(), |[only]| only))
}

fn authorization(token: &AccessToken) -> Result<HeaderValue> {
    token
        .authorization()
        .cloned()
        .ok_or_else(|| Error::token("invalid token: contains characters that a header value cannot have".into()))
}
