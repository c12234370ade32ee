//! The identity platform, as far as programs that get tokens for presence need it.

mod device;
mod discovery;
mod failure;
mod form;
mod grant;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::Service;

/// The tenants of a path that name no tenant: whoever signs in says which it is.
const ANY_TENANT: [&str; 2] = ["common", "organizations"];

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(grant::token))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device::code))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::configuration))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
}
