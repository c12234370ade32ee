//! What the board shows at one instant.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::fault_kind::FaultKind;
use crate::http::directory;
use crate::http::query::Options;
use crate::service::Service;
use crate::state::{Explanation, SessionKind};
use crate::{Guid, InvalidInput, Operation};

/// How many users are on a page unless another number is asked for.
const PAGE: usize = 25;
const LARGEST_PAGE: usize = 200;
/// How many requests, faults and tenants are shown.
const MOST: usize = 20;
const MOST_TENANTS: usize = 100;
/// How many sessions of one user.
const MOST_SESSIONS: usize = 50;
/// How much of each text.
const LONGEST: usize = 300;

/// What one reader looks at.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    tenant: Guid,
    search: String,
    skip: usize,
    top: usize,
    user: Option<Guid>,
}

impl Wanted {
    pub(super) fn new(options: &Options, home: Guid) -> Result<Self, InvalidInput> {
        let top = options.number("top", PAGE)?;
        if top > LARGEST_PAGE {
            return Err(InvalidInput::new("top", top, "must be at most 200"));
        }
        Ok(Self {
            tenant: options.guid("tenant")?.unwrap_or(home),
            search: options.text("search").unwrap_or_default().to_owned(),
            skip: options.number("skip", 0)?,
            top,
            user: options.guid("user")?,
        })
    }
}

/// What there is to see, by its parts.
#[derive(Debug)]
pub(super) struct View {
    pub(super) parts: Map<String, Value>,
    /// When time may change it.
    pub(super) next_change: Option<Timestamp>,
}

impl View {
    pub(super) fn new(service: &Service, wanted: &Wanted) -> Self {
        let now = service.now();
        let Wanted { tenant, search, skip, top, user } = wanted;
        let found = directory::find(service, *tenant, search, (*skip, *top), now);
        let tenants = service.tenants();
        let state = tenants.get(*tenant);
        let explain = |id: Guid| state.and_then(|state| state.explain(id, now));
        let rows: Vec<_> =
            found.ids.iter().filter_map(|id| explain(*id)).map(|explanation| row(&explanation)).collect();
        let shown = found.ids.iter().chain(user);
        let changes = shown.filter_map(|id| state?.next_change(*id, now));
        let next_change = changes.chain(found.next_change).min();
        let user = user.and_then(explain).map(detail);
        let mut tenant_ids: Vec<_> = tenants.iter().map(|(id, _)| id).collect();
        drop(tenants);
        tenant_ids.sort_unstable();
        tenant_ids.truncate(MOST_TENANTS);
        let service_part = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "cloud": service.cloud.as_str(),
            "tenant": service.home(),
            "tenants": tenant_ids,
            "operations": Operation::ALL,
            "faultKinds": FaultKind::ALL.map(FaultKind::to_json),
        });
        let parts = [
            ("service", service_part),
            ("clock", json!({"now": now, "isStepped": service.clock().stepped().is_some()})),
            ("users", json!({"count": found.count, "skip": skip, "top": top, "value": rows})),
            ("user", json!(user)),
            ("faults", faults(service)),
            ("requests", requests(service)),
        ];
        let parts = parts.into_iter().map(|(name, mut part)| {
            cut(&mut part);
            (name.to_owned(), part)
        });
        Self { parts: parts.collect(), next_change }
    }
}

/// A user in the list.
fn row(explanation: &Explanation) -> Value {
    let count = |kind: SessionKind| explanation.sessions.iter().filter(|session| session.holder == kind).count();
    json!({
        "id": explanation.id,
        "availability": explanation.pair.availability(),
        "activity": explanation.pair.activity(),
        "why": explanation.why,
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

/// The user who was chosen.
fn detail(mut explanation: Explanation) -> Value {
    let count = explanation.sessions.len();
    explanation.sessions.truncate(MOST_SESSIONS);
    json!({"explanation": explanation, "sessions": count})
}

fn faults(service: &Service) -> Value {
    let faults = service.faults();
    let active = faults.all();
    let last: Vec<_> = active.iter().rev().take(MOST).collect();
    json!({
        "count": active.len(),
        "value": last.iter().map(|fault| json!({"id": fault.id, "rule": fault.rule, "injected": fault.injected})).collect::<Vec<_>>(),
    })
}

/// The last comes first.
fn requests(service: &Service) -> Value {
    json!(service.request_log().all().rev().take(MOST).collect::<Vec<_>>())
}

/// Shortens texts, which come from outside and may have any length.
fn cut(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
                text.push('\u{2026}');
            }
        }
        Value::Array(values) => values.iter_mut().for_each(cut),
        Value::Object(values) => values.values_mut().for_each(cut),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
