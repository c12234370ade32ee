//! The service over HTTP.

mod action;
mod body;
mod read;
mod refusal;
mod request;
mod response;
mod select;
mod service;
mod trace;

use std::sync::Arc;

use axum::routing::{get, post};
use axum::{Extension, Router, middleware};

use self::refusal::Refusal;

pub(crate) use self::service::Service;

/// The version of the API that a path starts with.
#[derive(Clone, Copy, Debug)]
enum Version {
    V1,
    Beta,
}

impl Version {
    fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "v1.0",
            Self::Beta => "beta",
        }
    }
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .nest("/v1.0", api(Version::V1))
        .nest("/beta", api(Version::Beta))
        .fallback(async || Refusal::not_found())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), trace::trace))
        .with_state(service)
}

fn api(version: Version) -> Router<Arc<Service>> {
    Router::new()
        .route("/me/presence", get(read::mine))
        .route("/users/{id}/presence", get(read::of_user))
        .route("/communications/presences/{id}", get(read::by_id))
        .route("/communications/getPresencesByUserId", post(read::of_many))
        .route("/users/{id}/presence/setPresence", post(action::set_presence))
        .route("/users/{id}/presence/setStatusMessage", post(action::set_status_message))
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .layer(Extension(version))
}
