//! Detection of pages about presence.

use crate::recording::{Facts, PageElement, PermissionCell, Recording};

/// The name of a page whose name is unknown.
pub(crate) const UNNAMED: &str = "presence";

/// The names of properties that other resources have too.
const COMMON_NAMES: [&str; 12] = [
    "activity",
    "availability",
    "content",
    "contentType",
    "dateTime",
    "expiryDateTime",
    "id",
    "ids",
    "message",
    "placeId",
    "source",
    "timeZone",
];

/// Returns `true` if a page with this text and this recording is about presence.
///
/// Pages about other parts of Microsoft Graph have the same form, and many contain the word "presence". The requests,
/// the scopes and the names in tables are therefore the evidence.
pub(crate) fn is_about_presence(recording: &Recording, text: &str) -> bool {
    let Recording { exchanges, facts, unknown, .. } = recording;
    let mentions_presence = |text: &str| text.to_ascii_lowercase().contains("presence");
    let sent = exchanges.iter().map(|exchange| exchange.request.url.as_str());
    let rejected =
        unknown.iter().filter(|unknown| unknown.element == PageElement::Exchange).flat_map(|unknown| &unknown.found);
    let mut requests =
        sent.chain(facts.paths.iter().map(String::as_str)).chain(rejected.map(String::as_str)).peekable();
    let mut scopes = scopes(facts).peekable();
    let Facts { pairs, parameters, properties, values, states, subscriptions, .. } = facts;
    let mut names = parameters.iter().chain(properties).filter_map(|parameter| parameter.name.as_deref()).peekable();
    let has_evidence = requests.peek().is_some() || scopes.peek().is_some() || names.peek().is_some();
    let has_property = |name: &str| properties.iter().any(|property| property.name.as_deref() == Some(name));
    let is_evident = exchanges.iter().any(|exchange| exchange.request.operation.is_some())
        || requests.any(mentions_presence)
        || scopes.any(|scope| scope.starts_with("Presence."))
        || names.any(|name| !COMMON_NAMES.contains(&name))
        || (has_property("activity") && has_property("availability"))
        || !(pairs.is_empty() && values.is_empty() && states.is_empty() && subscriptions.is_empty());
    // A page whose name is unknown has the name of the resource.
    let has_name = recording.page != UNNAMED && mentions_presence(&recording.page);
    is_evident
        || ((has_name || !has_evidence)
            && mentions_presence(text)
            && (*facts != Facts::default() || !unknown.is_empty()))
}

/// Returns the scopes of all permissions.
fn scopes(facts: &Facts) -> impl Iterator<Item = &str> {
    let cells = facts
        .permissions
        .values()
        .flat_map(|permission| [Some(&permission.least_privileged), permission.higher_privileged.as_ref()]);
    let scopes = cells.filter_map(|cell| match cell {
        Some(PermissionCell::Scopes(scopes)) => Some(scopes),
        _ => None,
    });
    scopes.flatten().map(String::as_str)
}
