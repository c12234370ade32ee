//! Keeps the pages of others away from what controls the emulator.
//!
//! A browser lets any page send requests to this machine. It says where they come from (`Origin`, `Sec-Fetch-Site`), and
//! for which host it takes the emulator (`Host`): a foreign name that leads here shows in that. Programs send none of
//! these, and are served.

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

const HOST_RULE: &str = "host: must be an address or localhost";
const ORIGIN_RULE: &str = "origin: must be the emulator's own page";

/// Before whatever controls the emulator.
pub(super) async fn keep(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    respond(check_host(request.headers(), &service).and_then(|()| check_origin(request.headers())), request, next).await
}

/// Before what is only looked at: who follows a link comes from another page.
pub(super) async fn keep_names(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    respond(check_host(request.headers(), &service), request, next).await
}

async fn respond(check: Result<(), &str>, request: Request, next: Next) -> Response {
    match check {
        Ok(()) => next.run(request).await,
        Err(rule) => control_error::response(StatusCode::FORBIDDEN, rule),
    }
}

/// A foreign name may lead to this machine, an address cannot. Where the emulator listens for other machines,
/// programs there may know it by a name.
fn check_host(headers: &HeaderMap, service: &Service) -> Result<(), &'static str> {
    let is_known = |host: &HeaderValue| !service.is_local || authority(host).is_some_and(|host| is_unambiguous(&host));
    headers.get_all(HOST).iter().all(is_known).then_some(()).ok_or(HOST_RULE)
}

fn check_origin(headers: &HeaderMap) -> Result<(), &'static str> {
    let host = headers.get(HOST).and_then(authority).filter(is_unambiguous);
    let is_own = |origin: &HeaderValue| {
        let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
        origin.and_then(|(_, authority)| authority.parse::<Authority>().ok()).is_some_and(|origin| Some(origin) == host)
    };
    let is_here = |site: &HeaderValue| site == "same-origin" || site == "none";
    let is_own = headers.get_all(ORIGIN).iter().all(is_own) && headers.get_all("sec-fetch-site").iter().all(is_here);
    is_own.then_some(()).ok_or(ORIGIN_RULE)
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    host.to_str().ok()?.parse().ok()
}

/// Returns `true` for a host that a foreign site cannot point at this machine: an address, `localhost` or a name below it.
fn is_unambiguous(authority: &Authority) -> bool {
    let host = authority.host();
    loopback::is_loopback(host)
        || loopback::ip_address(host).is_some()
        || host.to_ascii_lowercase().ends_with(".localhost")
}
