//! The endpoints of the Microsoft identity platform that issue tokens for presence.

mod device_code;
mod discovery;
mod error;
mod form;
mod grant;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::service::Service;

pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/{tenant}/oauth2/v2.0/token", post(grant::token))
        .route("/{tenant}/oauth2/v2.0/devicecode", post(device_code::issue))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(discovery::configuration))
        .route("/{tenant}/discovery/v2.0/keys", get(discovery::keys))
}
