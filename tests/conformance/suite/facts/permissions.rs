//! The permissions tables against what the facade says that its calls need, and against what the emulator accepts.

use std::collections::BTreeSet;

use graph_presence::{ApiVersion, Permissions};
use graph_presence_conformance::{Grant, Permission, PermissionKind, Recording, Version};
use graph_presence_emulator::{Caller, Emulator, Guid};

use super::calls::{self, ADA, APPLICATION, Always};
use crate::differences::Check;

const SOMEBODY_ELSE: &str = "0e7c8a5c-4f0c-4f27-9d5e-2b1c3f1c9a77";

#[tokio::test]
async fn a_call_needs_the_permissions_of_its_page() {
    super::hold(Check::Permissions, compare).await;
}

async fn compare(recording: &Recording) -> Vec<String> {
    let operations = calls::of(recording);
    if operations.is_empty() {
        return vec!["the page has permissions for no operation of the spec".to_owned()];
    }
    let mut found = Vec::new();
    for (kind, permission) in &recording.facts.permissions {
        for version in versions(recording, permission) {
            let Some(version) = version else {
                found.push(format!("{}: the page has a version that is none", label(*kind)));
                continue;
            };
            let held = match kind {
                PermissionKind::DelegatedPersonal => against_personal_accounts(permission),
                _ => {
                    let facade = against_facade(*kind, permission, &operations, version).await;
                    let emulator = against_emulator(*kind, permission, &operations, version).await;
                    facade.into_iter().chain(emulator).collect()
                }
            };
            found.extend(held.into_iter().map(|difference| format!("{}: {difference}", label(*kind))));
        }
    }
    found
}

/// The versions that a row is for: those of its own column, or else that of the page.
fn versions(recording: &Recording, permission: &Permission) -> Vec<Option<ApiVersion>> {
    let api = |version| match version {
        Version::V1 => ApiVersion::V1,
        Version::Beta => ApiVersion::Beta,
    };
    match permission.versions.as_slice() {
        [] => vec![Some(recording.version.version().map_or(ApiVersion::V1, api))],
        names => names.iter().map(|name| Version::named(name).map(api)).collect(),
    }
}

fn label(kind: PermissionKind) -> &'static str {
    match kind {
        PermissionKind::DelegatedWork => "delegated",
        PermissionKind::DelegatedPersonal => "delegated, personal account",
        PermissionKind::Application => "application",
    }
}

/// The facade's errors say that personal accounts have no presence.
fn against_personal_accounts(permission: &Permission) -> Vec<String> {
    match &permission.least {
        Grant::NotAvailable | Grant::NotSupported => Vec::new(),
        Grant::Scopes(scopes) => vec![format!("{} on the page, {} in the facade", listed(scopes), listed(&[]))],
    }
}

async fn against_facade(
    kind: PermissionKind,
    permission: &Permission,
    operations: &[String],
    version: ApiVersion,
) -> Vec<String> {
    let client = calls::client("token").version(version).http_client(Always(403)).build().unwrap();
    let mut found = Vec::new();
    let mut needed = BTreeSet::new();
    for operation in operations {
        let refused = calls::make(&client, operation).await.unwrap_err();
        let permissions = refused.required_permissions().unwrap_or_else(|| panic!("{operation}: {refused}"));
        let Some(scope) = scope(kind, permissions) else { continue };
        // Which of its permissions a page means for which of its operations, the emulator has to know.
        if !accepted(caller(kind, operation).with_scopes([&scope]), std::slice::from_ref(operation), version).await {
            found.push(format!("{scope} in the facade, and the emulator refuses it for {operation}"));
        }
        needed.insert(scope);
    }
    let needed: Vec<_> = needed.into_iter().collect();
    let (least, named) = (scopes(&permission.least), named(permission));
    // The least of a page is that of its least demanding operation; the others need what is higher.
    let one_is_least = needed.is_empty() && least.is_empty() || needed.iter().any(|scope| least.contains(scope));
    let all_are_named = permission.higher.is_none() || needed.iter().all(|scope| named.contains(scope));
    if !one_is_least || !all_are_named {
        found.push(format!("{} on the page, {} in the facade", listed(&named), listed(&needed)));
    }
    found
}

/// Who needs most: a person who reads somebody else's presence, and who can set their own only.
fn caller(kind: PermissionKind, operation: &str) -> Caller {
    match kind {
        PermissionKind::Application => Caller::application(guid(APPLICATION)),
        _ if operation.starts_with("GET ") => Caller::user(guid(SOMEBODY_ELSE)),
        _ => Caller::user(guid(ADA)),
    }
}

fn scope(kind: PermissionKind, permissions: Permissions) -> Option<String> {
    match kind {
        PermissionKind::Application => permissions.application().map(str::to_owned),
        _ => Some(permissions.delegated().to_owned()),
    }
}

/// Each permission of the page opens one of its operations by itself, and none opens any.
async fn against_emulator(
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
        if !accepted(caller.clone().with_scopes([&scope]), operations, version).await {
            found.push(format!("{scope} on the page, and the emulator refuses it"));
        }
    }
    if accepted(caller.clone().with_scopes([] as [&str; 0]), operations, version).await {
        found.push("the emulator accepts a token without permissions".to_owned());
    }
    if named(permission).is_empty() && accepted(caller, operations, version).await {
        found.push(format!("{} on the page, and the emulator accepts it", listed(&[])));
    }
    found
}

/// Whether the emulator lets this caller do any of it.
async fn accepted(caller: Caller, operations: &[String], version: ApiVersion) -> bool {
    let emulator = Emulator::start().await.unwrap();
    let client = calls::client(&emulator.token(caller)).base_url(emulator.url()).version(version).build().unwrap();
    for operation in operations {
        match calls::make(&client, operation).await {
            Err(error) if error.is_forbidden() || error.is_unauthorized() => {}
            // An application has no presence of its own: that is no question of permissions.
            Err(error) if operation.contains(" /me/") && error.status().is_some_and(|status| status == 400) => {}
            _ => return true,
        }
    }
    false
}

fn scopes(grant: &Grant) -> &[String] {
    match grant {
        Grant::Scopes(scopes) => scopes,
        Grant::NotAvailable | Grant::NotSupported => &[],
    }
}

/// All that the page names, the least first.
fn named(permission: &Permission) -> Vec<String> {
    let higher = permission.higher.as_ref().map_or(&[] as &[String], scopes);
    scopes(&permission.least).iter().chain(higher).cloned().collect()
}

fn listed(scopes: &[String]) -> String {
    if scopes.is_empty() { "no such token".to_owned() } else { scopes.join(", ") }
}

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

#[tokio::test]
async fn another_permission_is_told() {
    let grant = |scopes: &[&str]| Grant::Scopes(scopes.iter().copied().map(str::to_owned).collect());
    let (work, application) = (PermissionKind::DelegatedWork, PermissionKind::Application);
    let (read, read_all) = ("Presence.Read", "Presence.Read.All");
    let cases: [(_, _, _, &[&str]); 5] = [
        (work, grant(&[read]), Some(grant(&[read_all])), &[]),
        (
            work,
            grant(&[read_all]),
            Some(Grant::NotAvailable),
            &["delegated: Presence.Read.All on the page, Presence.Read, Presence.Read.All in the facade"],
        ),
        (
            work,
            grant(&[read]),
            Some(grant(&["Presence.ReadWrite"])),
            &[
                "delegated: Presence.Read, Presence.ReadWrite on the page, Presence.Read, Presence.Read.All in the facade",
                "delegated: Presence.ReadWrite on the page, and the emulator refuses it",
            ],
        ),
        (
            application,
            Grant::NotSupported,
            None,
            &[
                "application: no such token on the page, Presence.Read.All in the facade",
                "application: no such token on the page, and the emulator accepts it",
            ],
        ),
        (
            PermissionKind::DelegatedPersonal,
            grant(&[read]),
            None,
            &["delegated, personal account: Presence.Read on the page, no such token in the facade"],
        ),
    ];
    for (kind, least, higher, expected) in cases {
        let mut recording = crate::recordings::named("es v1.0.presence-get");
        let permission = recording.facts.permissions.get_mut(&kind).unwrap();
        (permission.least, permission.higher) = (least, higher);
        assert_eq!(compare(&recording).await, expected);
    }
}
