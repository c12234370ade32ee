//! The service over HTTP.

mod body;
mod location;
mod oauth;
mod parameter;
mod permission;
mod preference;
mod read;
mod refusal;
mod request;
mod response;
mod select;
mod service;
mod session;
mod status;
mod subscription;
mod trace;

use std::sync::Arc;

use axum::routing::{MethodRouter, get, post};
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

    /// The context URL of what is answered.
    fn context(self, what: &str) -> String {
        let version = self.as_str();
        format!("https://graph.microsoft.com/{version}/$metadata#{what}")
    }
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .nest("/v1.0", api(Version::V1))
        .nest("/beta", api(Version::Beta))
        .merge(oauth::routes())
        .fallback(async || Refusal::no_path())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), trace::trace))
        .with_state(service)
}

fn api(version: Version) -> Router<Arc<Service>> {
    Router::new()
        .nest("/me/presence", presence(get(read::of_one)))
        .nest("/users/{id}/presence", presence(get(read::of_one)))
        .nest("/communications/presences/{id}", presence(get(read::by_id)))
        .route("/communications/getPresencesByUserId", post(read::of_many))
        .route("/subscriptions", get(subscription::list).post(subscription::create))
        .route("/subscriptions/{id}", get(subscription::get).patch(subscription::renew).delete(subscription::delete))
        .route("/subscriptions/{id}/reauthorize", post(subscription::reauthorize))
        .method_not_allowed_fallback(async || Refusal::method_not_allowed())
        .layer(Extension(version))
}

/// What there is on each binding: the metadata binds every action to the presence, wherever it is found.
fn presence(read: MethodRouter<Arc<Service>>) -> Router<Arc<Service>> {
    Router::new()
        .route("/", read)
        .route("/setPresence", post(session::set))
        .route("/clearPresence", post(session::clear))
        .route("/setUserPreferredPresence", post(preference::set))
        .route("/clearUserPreferredPresence", post(preference::clear))
        .route("/setStatusMessage", post(status::set))
        .route("/setManualLocation", post(location::set_manual))
        .route("/setAutomaticLocation", post(location::set_automatic))
        .route("/clearLocation", post(location::clear))
        .route("/clearAutomaticLocation", post(location::clear_automatic))
}
