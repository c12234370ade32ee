//! The content of the board at one instant.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::fault_kind::FaultKind;
use crate::http::query::Options;
use crate::http::user_search;
use crate::service::Service;
use crate::state::{Explanation, SessionKind};
use crate::{Guid, InvalidInput, Operation};

/// The number of users on a page.
const DEFAULT_PAGE_SIZE: usize = 25;
const MAX_PAGE_SIZE: usize = 200;
/// The maximum number of requests and faults.
const MAX_ITEMS: usize = 20;
const MAX_TENANTS: usize = 100;
/// The maximum number of sessions of one user.
const MAX_SESSIONS: usize = 50;
/// Longer texts are truncated. In characters.
const MAX_TEXT_LENGTH: usize = 300;

/// The part of the state that a client of the board requests.
#[derive(Clone, Debug)]
pub(super) struct ViewOptions {
    tenant: Guid,
    search: String,
    skip: usize,
    top: usize,
    user: Option<Guid>,
}

impl ViewOptions {
    pub(super) fn new(options: &Options, default_tenant: Guid) -> Result<Self, InvalidInput> {
        let top = options.number("top", DEFAULT_PAGE_SIZE)?;
        if top > MAX_PAGE_SIZE {
            return Err(InvalidInput::out_of_range("top", top, "0 to 200"));
        }
        Ok(Self {
            tenant: options.guid("tenant")?.unwrap_or(default_tenant),
            search: options.text("search").unwrap_or_default().to_owned(),
            skip: options.number("skip", 0)?,
            top,
            user: options.guid("user")?,
        })
    }
}

/// The content of the board, by its parts.
#[derive(Debug)]
pub(super) struct View {
    pub(super) parts: Map<String, Value>,
    /// The next time at which the content may change without a request.
    pub(super) next_change: Option<Timestamp>,
}

impl View {
    pub(super) fn new(service: &Service, options: &ViewOptions) -> Self {
        let now = service.now();
        let ViewOptions { tenant, search, skip, top, user } = options;
        let page = user_search::search(service, *tenant, search, (*skip, *top), now);
        let tenants = service.tenants();
        let state = tenants.get(*tenant);
        let explain = |id: Guid| state.and_then(|state| state.explain(id, now));
        let rows: Vec<_> = page.ids.iter().filter_map(|id| explain(*id)).map(|explanation| row(&explanation)).collect();
        let shown = page.ids.iter().chain(user);
        let changes = shown.filter_map(|id| state?.next_change(*id, now));
        let next_change = changes.chain(page.next_change).min();
        let user = user.and_then(explain).map(detail);
        let mut tenant_ids: Vec<_> = tenants.iter().map(|(id, _)| id).collect();
        drop(tenants);
        tenant_ids.sort_unstable();
        tenant_ids.truncate(MAX_TENANTS);
        let service_part = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "cloud": service.cloud.as_str(),
            "tenant": service.default_tenant(),
            "tenants": tenant_ids,
            "operations": Operation::ALL,
            "faultKinds": FaultKind::ALL.map(FaultKind::to_json),
        });
        let parts = [
            ("service", service_part),
            ("clock", json!({"now": now, "isStepped": service.clock().stepped().is_some()})),
            ("users", json!({"count": page.count, "skip": skip, "top": top, "value": rows})),
            ("user", json!(user)),
            ("faults", faults(service)),
            ("requests", requests(service)),
        ];
        let parts = parts.into_iter().map(|(name, mut part)| {
            truncate_texts(&mut part);
            (name.to_owned(), part)
        });
        Self { parts: parts.collect(), next_change }
    }
}

/// Returns a row of the user list.
fn row(explanation: &Explanation) -> Value {
    let count = |kind: SessionKind| explanation.sessions.iter().filter(|session| session.kind == kind).count();
    json!({
        "id": explanation.id,
        "availability": explanation.pair.availability(),
        "activity": explanation.pair.activity(),
        "reason": explanation.reason,
        "nextChange": explanation.next_change,
        "message": explanation.status_message.as_ref().map(|message| &message.content),
        "isOutOfOffice": explanation.calendar.out_of_office.is_some(),
        "workLocation": explanation.work_location,
        "sessions": {
            "teamsClient": count(SessionKind::TeamsClient),
            "meeting": count(SessionKind::Meeting),
            "application": count(SessionKind::Application),
        },
    })
}

/// Returns the details of the selected user.
fn detail(mut explanation: Explanation) -> Value {
    let count = explanation.sessions.len();
    explanation.sessions.truncate(MAX_SESSIONS);
    json!({"explanation": explanation, "sessionCount": count})
}

fn faults(service: &Service) -> Value {
    let faults = service.faults();
    let active = faults.all();
    let last = active.iter().rev().take(MAX_ITEMS);
    let value: Vec<_> =
        last.map(|fault| json!({"id": fault.id, "rule": fault.rule, "injected": fault.injected})).collect();
    json!({"count": active.len(), "value": value})
}

/// Returns the last requests, the newest first.
fn requests(service: &Service) -> Value {
    json!(service.request_log().all().rev().take(MAX_ITEMS).collect::<Vec<_>>())
}

/// Truncates all texts, because values from requests can have any length.
fn truncate_texts(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT_LENGTH) {
                text.truncate(end);
                text.push('\u{2026}');
            }
        }
        Value::Array(values) => values.iter_mut().for_each(truncate_texts),
        Value::Object(values) => values.values_mut().for_each(truncate_texts),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
