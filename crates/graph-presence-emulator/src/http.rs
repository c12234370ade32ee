//! The service over HTTP.

mod board;
mod body;
mod control;
mod directory;
mod fault;
mod guard;
mod location;
mod oauth;
mod operation;
mod parameter;
mod permission;
mod preference;
mod presence;
mod quota;
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

use crate::Cloud;

use self::refusal::Refusal;

pub(crate) use self::service::Service;

/// The version of the API that a path starts with, in a cloud.
#[derive(Clone, Copy, Debug)]
struct Version {
    name: &'static str,
    cloud: Cloud,
}

impl Version {
    /// The context URL of what is answered.
    fn context(self, what: &str) -> String {
        format!("https://{}/{}/$metadata#{what}", self.cloud.graph(), self.name)
    }
}

pub(crate) fn router(service: Arc<Service>) -> Router {
    let cloud = service.cloud;
    let presence = || presences(cloud).layer(middleware::from_fn_with_state(Arc::clone(&service), quota::count));
    let (mut v1, mut beta) = (subscriptions(), subscriptions());
    if cloud.has_presence() {
        v1 = v1.merge(presence());
    }
    if cloud.has_beta() {
        beta = beta.merge(presence());
    }
    let routes = Router::new()
        .nest("/v1.0", api(v1, Version { name: "v1.0", cloud }))
        .nest("/beta", api(beta, Version { name: "beta", cloud }))
        .merge(oauth::routes())
        .fallback(async || Refusal::no_path())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), fault::replace))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), trace::trace))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), fault::strike));
    // Only who looks at the root finds the board there.
    let root = board::page(&service).fallback_service(routes.clone().with_state(Arc::clone(&service)));
    // Whoever controls the emulator is neither struck nor logged.
    routes.merge(control::routes(&service)).route("/", root).with_state(service)
}

fn api(routes: Router<Arc<Service>>, version: Version) -> Router<Arc<Service>> {
    routes.method_not_allowed_fallback(async || Refusal::method_not_allowed()).layer(Extension(version))
}

fn subscriptions() -> Router<Arc<Service>> {
    Router::new()
        .route("/subscriptions", get(subscription::list).post(subscription::create))
        .route("/subscriptions/{id}", get(subscription::get).patch(subscription::renew).delete(subscription::delete))
        .route("/subscriptions/{id}/reauthorize", post(subscription::reauthorize))
}

fn presences(cloud: Cloud) -> Router<Arc<Service>> {
    Router::new()
        .nest("/me/presence", presence(cloud, get(read::of_one)))
        .nest("/users/{id}/presence", presence(cloud, get(read::of_one)))
        .nest("/communications/presences/{id}", presence(cloud, get(read::by_id)))
        .route("/communications/getPresencesByUserId", post(read::of_many))
}

/// What there is on each binding: the metadata binds every action to the presence, wherever it is found.
fn presence(cloud: Cloud, read: MethodRouter<Arc<Service>>) -> Router<Arc<Service>> {
    let routes = Router::new()
        .route("/", read)
        .route("/setPresence", post(session::set))
        .route("/clearPresence", post(session::clear))
        .route("/setUserPreferredPresence", post(preference::set))
        .route("/clearUserPreferredPresence", post(preference::clear))
        .route("/setStatusMessage", post(status::set));
    if !cloud.has_all_properties() {
        return routes;
    }
    routes
        .route("/setManualLocation", post(location::set_manual))
        .route("/setAutomaticLocation", post(location::set_automatic))
        .route("/clearLocation", post(location::clear))
        .route("/clearAutomaticLocation", post(location::clear_automatic))
}
