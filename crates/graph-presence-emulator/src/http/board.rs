//! The board: a web page that shows and controls the state of the emulator.

mod events;
mod view;

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use futures_util::Stream;

use crate::InvalidInput;
use crate::service::Service;

use super::guard;
use super::query::Options;

use self::events::BoardEvents;
use self::view::ViewOptions;

/// Allows only resources of the emulator, and no conversion of text into scripts.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// Returns the route of the page, at the root.
pub(super) fn page(service: &Arc<Service>) -> MethodRouter<Arc<Service>, Infallible> {
    get(async || file("text/html; charset=utf-8", include_str!("../board/index.html")))
        .layer(middleware::from_fn_with_state(Arc::clone(service), guard::check_host))
}

/// Returns the routes of the page's resources.
pub(super) fn routes(service: &Arc<Service>) -> Router<Arc<Service>> {
    Router::new()
        .route("/board.css", get(async || file("text/css; charset=utf-8", include_str!("../board/board.css"))))
        .route("/board.js", get(async || file("text/javascript; charset=utf-8", include_str!("../board/board.js"))))
        .route("/icon.svg", get(async || file("image/svg+xml", include_str!("../board/icon.svg"))))
        .layer(middleware::from_fn_with_state(Arc::clone(service), guard::check_host))
}

fn file(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        // Another version of the emulator may listen on the same address later.
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), content).into_response()
}

/// Sends the content of the page, and then its changes, as server-sent events until the client disconnects.
pub(super) async fn events(
    State(service): State<Arc<Service>>,
    options: Options,
) -> Result<Sse<impl Stream<Item = Result<axum::response::sse::Event, axum::Error>>>, InvalidInput> {
    let options = ViewOptions::new(&options, service.default_tenant())?;
    Ok(Sse::new(BoardEvents::new(service, options).stream()).keep_alive(KeepAlive::default()))
}
