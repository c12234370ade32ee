//! Compares the permissions tables with the permissions that the facade's errors name and that the emulator requires.

use std::collections::BTreeSet;

use graph_presence::{ApiVersion, Permissions};
use graph_presence_conformance::{Permission, PermissionCell, PermissionKind, Recording, Version};
use graph_presence_emulator::{Caller, Emulator, Guid};

use super::calls::{self, ADA, APPLICATION, FixedStatus};
use crate::check::Check;

const OTHER_USER: &str = "0e7c8a5c-4f0c-4f27-9d5e-2b1c3f1c9a77";

#[tokio::test]
async fn calls_require_the_permissions_of_their_pages() {
    super::run(Check::Permissions, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::operations(recording);
    if operations.is_empty() {
        return vec!["the page has permissions, but no operation of the spec".to_owned()];
    }
    let mut found = Vec::new();
    for (kind, permission) in &recording.facts.permissions {
        for version in versions(recording, permission) {
            let Some(version) = version else {
                found.push(format!("{}: unknown version on the page", label(*kind)));
                continue;
            };
            let differences = match kind {
                PermissionKind::DelegatedPersonal => compare_personal_accounts(permission),
                _ => {
                    let facade = compare_facade(*kind, permission, &operations, version).await;
                    let emulator = compare_emulator(*kind, permission, &operations, version).await;
                    facade.into_iter().chain(emulator).collect()
                }
            };
            found.extend(differences.into_iter().map(|difference| format!("{}: {difference}", label(*kind))));
        }
    }
    found
}

/// Returns the versions that a row applies to: those of its column of versions, otherwise that of the page.
fn versions(recording: &Recording, permission: &Permission) -> Vec<Option<ApiVersion>> {
    let api = |version| match version {
        Version::V1 => ApiVersion::V1,
        Version::Beta => ApiVersion::Beta,
    };
    match permission.versions.as_slice() {
        [] => vec![Some(recording.version.api_version().map_or(ApiVersion::V1, api))],
        names => names.iter().map(|name| Version::from_name(name).map(api)).collect(),
    }
}

fn label(kind: PermissionKind) -> &'static str {
    match kind {
        PermissionKind::DelegatedWork => "delegated",
        PermissionKind::DelegatedPersonal => "delegated, personal account",
        PermissionKind::Application => "application",
    }
}

/// The facade does not support personal accounts.
fn compare_personal_accounts(permission: &Permission) -> Vec<String> {
    match &permission.least_privileged {
        PermissionCell::NotAvailable | PermissionCell::NotSupported => Vec::new(),
        PermissionCell::Scopes(scopes) => {
            vec![format!("{} on the page, {} in the facade", listed(scopes), listed(&[]))]
        }
    }
}

async fn compare_facade(
    kind: PermissionKind,
    permission: &Permission,
    operations: &[String],
    version: ApiVersion,
) -> Vec<String> {
    let client = calls::client("token").version(version).http_client(FixedStatus(403)).build().unwrap();
    let mut found = Vec::new();
    let mut required = BTreeSet::new();
    for operation in operations {
        let error = calls::send(&client, operation).await.unwrap_err();
        let permissions = error.required_permissions().unwrap_or_else(|| panic!("{operation}: {error}"));
        let Some(scope) = scope(kind, permissions) else { continue };
        // A page does not state which of its permissions belongs to which operation, so the emulator decides.
        if !succeeds(caller(kind, operation).with_scopes([&scope]), std::slice::from_ref(operation), version).await {
            found.push(format!("{scope} in the facade, but the emulator rejects it for {operation}"));
        }
        required.insert(scope);
    }
    let required: Vec<_> = required.into_iter().collect();
    let (least, named) = (scopes(&permission.least_privileged), named(permission));
    // The page's least privileged permission is sufficient for one of its operations. Others can require a higher one.
    let one_is_least = required.is_empty() && least.is_empty() || required.iter().any(|scope| least.contains(scope));
    let all_are_named = permission.higher_privileged.is_none() || required.iter().all(|scope| named.contains(scope));
    if !one_is_least || !all_are_named {
        found.push(format!("{} on the page, {} in the facade", listed(&named), listed(&required)));
    }
    found
}

/// Returns the caller that requires the most permissions: an application, or a user who reads another user's presence
/// or sets their own.
fn caller(kind: PermissionKind, operation: &str) -> Caller {
    match kind {
        PermissionKind::Application => Caller::application(guid(APPLICATION)),
        _ if operation.starts_with("GET ") => Caller::user(guid(OTHER_USER)),
        _ => Caller::user(guid(ADA)),
    }
}

fn scope(kind: PermissionKind, permissions: Permissions) -> Option<String> {
    match kind {
        PermissionKind::Application => permissions.application().map(str::to_owned),
        _ => Some(permissions.delegated().to_owned()),
    }
}

/// Checks that each permission of the page is sufficient for one of its operations, and that none succeeds without one.
async fn compare_emulator(
    kind: PermissionKind,
    permission: &Permission,
    operations: &[String],
    version: ApiVersion,
) -> Vec<String> {
    let caller = match kind {
        PermissionKind::Application => Caller::application(guid(APPLICATION)),
        _ => Caller::user(guid(ADA)),
    };
    let mut found = Vec::new();
    for scope in named(permission) {
        if !succeeds(caller.clone().with_scopes([&scope]), operations, version).await {
            found.push(format!("{scope} on the page, but the emulator rejects it"));
        }
    }
    if succeeds(caller.clone().with_scopes([] as [&str; 0]), operations, version).await {
        found.push("the emulator accepts a token without permissions".to_owned());
    }
    if named(permission).is_empty() && succeeds(caller, operations, version).await {
        found.push(format!("{} on the page, but the emulator accepts it", listed(&[])));
    }
    found
}

/// Returns `true` if any of the operations succeeds for this caller in the emulator.
async fn succeeds(caller: Caller, operations: &[String], version: ApiVersion) -> bool {
    let emulator = Emulator::start().await.unwrap();
    let client = calls::client(&emulator.token(caller)).base_url(emulator.url()).version(version).build().unwrap();
    for operation in operations {
        match calls::send(&client, operation).await {
            Err(error) if error.is_forbidden() || error.is_unauthorized() => {}
            // Requests of an application to `/me` fail for a reason other than permissions.
            Err(error) if operation.contains(" /me/") && error.status().is_some_and(|status| status == 400) => {}
            _ => return true,
        }
    }
    false
}

fn scopes(cell: &PermissionCell) -> &[String] {
    match cell {
        PermissionCell::Scopes(scopes) => scopes,
        PermissionCell::NotAvailable | PermissionCell::NotSupported => &[],
    }
}

/// Returns all permissions of the row, the least privileged first.
fn named(permission: &Permission) -> Vec<String> {
    let higher = permission.higher_privileged.as_ref().map_or(&[] as &[String], scopes);
    scopes(&permission.least_privileged).iter().chain(higher).cloned().collect()
}

fn listed(scopes: &[String]) -> String {
    if scopes.is_empty() { "not supported".to_owned() } else { scopes.join(", ") }
}

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

#[tokio::test]
async fn different_permissions_are_reported() {
    let cell = |scopes: &[&str]| PermissionCell::Scopes(scopes.iter().copied().map(str::to_owned).collect());
    let (work, application) = (PermissionKind::DelegatedWork, PermissionKind::Application);
    let (read, read_all) = ("Presence.Read", "Presence.Read.All");
    let cases: [(_, _, _, &[&str]); 5] = [
        (work, cell(&[read]), Some(cell(&[read_all])), &[]),
        (
            work,
            cell(&[read_all]),
            Some(PermissionCell::NotAvailable),
            &["delegated: Presence.Read.All on the page, Presence.Read, Presence.Read.All in the facade"],
        ),
        (
            work,
            cell(&[read]),
            Some(cell(&["Presence.ReadWrite"])),
            &[
                "delegated: Presence.Read, Presence.ReadWrite on the page, Presence.Read, Presence.Read.All in the facade",
                "delegated: Presence.ReadWrite on the page, but the emulator rejects it",
            ],
        ),
        (
            application,
            PermissionCell::NotSupported,
            None,
            &[
                "application: not supported on the page, Presence.Read.All in the facade",
                "application: not supported on the page, but the emulator accepts it",
            ],
        ),
        (
            PermissionKind::DelegatedPersonal,
            cell(&[read]),
            None,
            &["delegated, personal account: Presence.Read on the page, not supported in the facade"],
        ),
    ];
    for (kind, least, higher, expected) in cases {
        let mut recording = crate::recordings::named("es v1.0.presence-get");
        let permission = recording.facts.permissions.get_mut(&kind).unwrap();
        (permission.least_privileged, permission.higher_privileged) = (least, higher);
        assert_eq!(compare(&recording).await, expected);
    }
}
