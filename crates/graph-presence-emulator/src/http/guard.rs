//! Protects the control interface against cross-site requests and DNS rebinding.
//!
//! A browser lets any page send requests to this machine. Such requests are recognized by their origin (`Origin`,
//! `Sec-Fetch-Site`), and by a `Host` whose DNS record another site may have pointed at this machine. Programs other
//! than browsers do not send an origin.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use crate::loopback;
use crate::service::Service;

use super::control_error;

const HOST_ERROR: &str = "host not allowed: expected an IP address, localhost or a subdomain of .localhost";
const ORIGIN_ERROR: &str = "origin not allowed: expected the emulator's own origin";

/// Checks host and origin: the middleware for requests that control the emulator.
pub(super) async fn check_host_and_origin(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let check = validate_host(request.headers(), &service).and_then(|()| validate_origin(request.headers()));
    respond(check, request, next).await
}

/// Checks the host: the middleware for the page and its resources. The origin is not checked, because other pages may
/// link to the page.
pub(super) async fn check_host(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    respond(validate_host(request.headers(), &service), request, next).await
}

async fn respond(check: Result<(), &str>, request: Request, next: Next) -> Response {
    match check {
        Ok(()) => next.run(request).await,
        Err(message) => control_error::response(StatusCode::FORBIDDEN, message),
    }
}

/// Rejects host names, because the DNS record of another site may point at this machine (DNS rebinding). If the
/// emulator is reachable from other machines, host names are allowed, because programs may use them.
fn validate_host(headers: &HeaderMap, service: &Service) -> Result<(), &'static str> {
    let is_allowed =
        |host: &HeaderValue| !service.is_local || authority(host).is_some_and(|host| is_unambiguous(&host));
    headers.get_all(HOST).iter().all(is_allowed).then_some(()).ok_or(HOST_ERROR)
}

/// Rejects origins other than the emulator's own.
fn validate_origin(headers: &HeaderMap) -> Result<(), &'static str> {
    let host = headers.get(HOST).and_then(authority).filter(is_unambiguous);
    let is_own = |origin: &HeaderValue| {
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        origin.and_then(|(_, authority)| authority.parse::<Authority>().ok()).is_some_and(|origin| Some(origin) == host)
    };
    let is_same_site = |site: &HeaderValue| site == "same-origin" || site == "none";
    let is_allowed =
        headers.get_all(ORIGIN).iter().all(is_own) && headers.get_all("sec-fetch-site").iter().all(is_same_site);
    is_allowed.then_some(()).ok_or(ORIGIN_ERROR)
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    host.to_str().ok()?.parse().ok()
}

/// Returns `true` for a host that another site cannot point at this machine: an IP address, `localhost` or a subdomain
/// of it.
fn is_unambiguous(authority: &Authority) -> bool {
    let host = authority.host();
    loopback::is_loopback(host)
        || loopback::ip_address(host).is_some()
        || host.to_ascii_lowercase().ends_with(".localhost")
}
