//! The HTTP interface of the service.

mod board;
mod body;
mod control;
mod control_error;
mod fault_injection;
mod graph_error;
mod guard;
mod http_date;
mod injected;
mod location;
mod oauth;
mod parameter;
mod permission;
mod preference;
mod presence;
mod query;
mod quota;
mod read;
mod request;
mod requested_operation;
mod response;
mod select;
mod session;
mod status;
mod subscription;
mod trace;
mod user_search;
mod version;

use std::sync::Arc;

use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router, middleware};

use crate::service::Service;
use crate::{Cloud, Operation};

use self::graph_error::GraphError;
use self::version::Version;

/// Creates the routes of the service, the control interface and the board.
pub(crate) fn router(service: Arc<Service>) -> Router {
    let cloud = service.cloud;
    let presence = || presences(cloud).layer(middleware::from_fn_with_state(Arc::clone(&service), quota::throttle));
    let (mut v1, mut beta) = (subscriptions(), subscriptions());
    if cloud.has_presence() {
        v1 = v1.merge(presence());
    }
    if cloud.has_beta() {
        beta = beta.merge(presence());
    }
    let (v1_version, beta_version) = (Version::v1(cloud), Version::beta(cloud));
    let routes = Router::new()
        .nest(&v1_version.path(), api(v1, v1_version))
        .nest(&beta_version.path(), api(beta, beta_version))
        .merge(oauth::routes())
        .fallback(async || GraphError::path_not_found())
        .layer(middleware::from_fn_with_state(Arc::clone(&service), fault_injection::replace))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), trace::trace))
        .layer(middleware::from_fn_with_state(Arc::clone(&service), fault_injection::inject));
    // The board is served only at the root and only for GET; other requests fall through to the service.
    let root = board::page(&service).fallback_service(routes.clone().with_state(Arc::clone(&service)));
    // Merged after the layers, so that requests to the control interface are neither logged nor subject to faults.
    routes.merge(control::routes(&service)).route("/", root).with_state(service)
}

fn api(routes: Router<Arc<Service>>, version: Version) -> Router<Arc<Service>> {
    routes.method_not_allowed_fallback(async || GraphError::method_not_allowed()).layer(Extension(version))
}

fn subscriptions() -> Router<Arc<Service>> {
    Router::new()
        .route("/subscriptions", get(subscription::list).post(subscription::create))
        .route("/subscriptions/{id}", get(subscription::get).patch(subscription::update).delete(subscription::delete))
        .route("/subscriptions/{id}/reauthorize", post(subscription::reauthorize))
}

fn presences(cloud: Cloud) -> Router<Arc<Service>> {
    Router::new()
        .nest("/me/presence", presence(cloud, get(read::get)))
        .nest("/users/{id}/presence", presence(cloud, get(read::get)))
        .nest("/communications/presences/{id}", presence(cloud, get(read::get_by_communications_id)))
        .route("/communications/getPresencesByUserId", post(read::get_many))
}

/// Creates the routes of a presence, which are the same for each of its paths, as in the metadata.
fn presence(cloud: Cloud, read: MethodRouter<Arc<Service>>) -> Router<Arc<Service>> {
    let actions = Operation::ALL.into_iter().filter(|operation| cloud.has(*operation));
    actions.fold(Router::new().route("/", read), |routes, operation| match action(operation) {
        Some(handler) => routes.route(&format!("/{operation}"), handler),
        None => routes,
    })
}

/// Returns the handler of an action on a presence; `None` for any other operation.
fn action(operation: Operation) -> Option<MethodRouter<Arc<Service>>> {
    Some(match operation {
        Operation::SetPresence => post(session::set),
        Operation::ClearPresence => post(session::clear),
        Operation::SetUserPreferredPresence => post(preference::set),
        Operation::ClearUserPreferredPresence => post(preference::clear),
        Operation::SetStatusMessage => post(status::set),
        Operation::SetManualLocation => post(location::set_manual),
        Operation::SetAutomaticLocation => post(location::set_automatic),
        Operation::ClearLocation => post(location::clear),
        Operation::ClearAutomaticLocation => post(location::clear_automatic),
        Operation::GetPresence
        | Operation::GetPresencesByUserId
        | Operation::CreateSubscription
        | Operation::ListSubscriptions
        | Operation::GetSubscription
        | Operation::UpdateSubscription
        | Operation::DeleteSubscription
        | Operation::ReauthorizeSubscription
        | Operation::Token
        | Operation::DeviceCode
        | Operation::Unmatched => return None,
    })
}
