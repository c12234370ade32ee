//! Whether a page is about presence.

use crate::recording::{Facts, Grant, Place, Recording};

/// The name of a page that nothing names.
pub(crate) const UNNAMED: &str = "presence";

/// The names that resources of other kinds have too.
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

/// Whether what was read of a page with this text is about presence.
///
/// Pages about all the rest of Microsoft Graph have the same form, and many have the word: what a page asks for, what it
/// needs and what its tables name is what tells.
pub(crate) fn is_about_presence(recording: &Recording, text: &str) -> bool {
    let Recording { exchanges, facts, unknown, .. } = recording;
    let says = |text: &str| text.to_ascii_lowercase().contains("presence");
    let asked = exchanges.iter().map(|exchange| exchange.request.url.as_str());
    let refused = unknown.iter().filter(|unknown| unknown.place == Place::Exchange).flat_map(|unknown| &unknown.found);
    let mut requests =
        asked.chain(facts.paths.iter().map(String::as_str)).chain(refused.map(String::as_str)).peekable();
    let mut scopes = scopes(facts).peekable();
    let Facts { pairs, parameters, properties, values, states, subscriptions, .. } = facts;
    let mut names = parameters.iter().chain(properties).filter_map(|parameter| parameter.name.as_deref()).peekable();
    let tells = requests.peek().is_some() || scopes.peek().is_some() || names.peek().is_some();
    let has = |name: &str| properties.iter().any(|property| property.name.as_deref() == Some(name));
    let own = exchanges.iter().any(|exchange| exchange.request.operation.is_some())
        || requests.any(says)
        || scopes.any(|scope| scope.starts_with("Presence."))
        || names.any(|name| !COMMON_NAMES.contains(&name))
        || (has("activity") && has("availability"))
        || !(pairs.is_empty() && values.is_empty() && states.is_empty() && subscriptions.is_empty());
    // A page without a name of its own has the resource's.
    let named = recording.page != UNNAMED && says(&recording.page);
    own || ((named || !tells) && says(text) && (*facts != Facts::default() || !unknown.is_empty()))
}

/// Returns the scopes of all permissions.
fn scopes(facts: &Facts) -> impl Iterator<Item = &str> {
    let grants =
        facts.permissions.values().flat_map(|permission| [Some(&permission.least), permission.higher.as_ref()]);
    let scopes = grants.filter_map(|grant| match grant {
        Some(Grant::Scopes(scopes)) => Some(scopes),
        _ => None,
    });
    scopes.flatten().map(String::as_str)
}
