//! Compares the tables of the guide and of the README with the generated table of operations.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use graph_presence_raw::clouds::{self, Cloud, Version};
use graph_presence_raw::operation::{Action, Binding, Operation};

const PERMISSIONS: &str = "crates/graph-presence/src/guide/permissions.md";
const CLOUDS: &str = "crates/graph-presence/src/guide/clouds.md";
const RAW_CALLS: &str = "crates/graph-presence/src/guide/raw_calls.md";
const README: &str = "README.md";

/// Returns the cells of a file's first table whose header starts with `first`, without backticks.
fn table(file: &str, first: &str) -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = fs::read_to_string(root.join(file)).unwrap();
    let header = format!("| {first} |");
    let rows: Vec<_> = text
        .lines()
        .skip_while(|line| !line.starts_with(&header))
        .take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect())
        .collect();
    assert!(!rows.is_empty(), "{file}: table not found: {header}");
    rows
}

/// Returns the entries of a comma-separated cell.
fn entries(cell: &str) -> BTreeSet<&str> {
    cell.split(", ").filter(|entry| *entry != "none").collect()
}

#[test]
fn permissions_table_matches_the_operations() {
    let rows = table(PERMISSIONS, "action");
    for operation in Operation::ALL {
        let action = operation.action().as_str();
        let of_me = format!("{action} of /me");
        let find = |name: &str| rows.iter().find(|row| entries(&row[0]).contains(name));
        let me = find(&of_me).filter(|_| operation.binding() == Some(Binding::Me));
        let row = me.or_else(|| find(action)).unwrap_or_else(|| panic!("no row for {action}"));
        let permissions = operation.permissions();
        let expected = [permissions.delegated, permissions.application.unwrap_or("not supported")];
        assert_eq!(row[2..], expected, "{operation:?}");
    }
    let named = rows.iter().flat_map(|row| entries(&row[0])).map(|name| name.trim_end_matches(" of /me"));
    for name in named {
        assert!(Action::ALL.iter().any(|action| action.as_str() == name), "unknown action: {name}");
    }
}

#[test]
fn clouds_table_matches_the_operations_and_properties() {
    let all = [
        ("Global", Cloud::GLOBAL),
        ("UsGovernmentL4", Cloud::US_GOV_L4),
        ("UsGovernmentL5", Cloud::US_GOV_L5),
        ("China", Cloud::CHINA),
    ];
    let rows = table(CLOUDS, "cloud");
    assert_eq!(rows.iter().map(|row| row[0].as_str()).collect::<Vec<_>>(), all.map(|(name, _)| name));
    for (row, (name, cloud)) in rows.iter().zip(all) {
        for operation in Operation::ALL {
            let column = if operation.action().as_str().ends_with("Location") { 1 } else { 2 };
            let offered = operation.clouds().claim(Version::V1).supports(cloud);
            assert_eq!(row[column], if offered { "yes" } else { "no" }, "{name}: {operation:?}");
        }
        let absent = clouds::properties().iter().filter(|row| !row.claim(Version::V1).supports(cloud));
        let absent: BTreeSet<_> = absent.filter_map(|row| row.name.strip_prefix("presence.")).collect();
        assert_eq!(entries(&row[3]), absent, "{name}");
    }
}

#[test]
fn readme_lists_every_action() {
    let rows = table(README, "call");
    let named: BTreeSet<_> = rows.iter().flat_map(|row| entries(&row[1])).collect();
    assert_eq!(named, Action::ALL.iter().map(|action| action.as_str()).collect());
}

#[test]
fn raw_calls_table_lists_every_operation() {
    let rows = table(RAW_CALLS, "HTTP");
    let mut listed = BTreeSet::new();
    for row in &rows {
        let (methods, path) = row[0].rsplit_once(' ').unwrap();
        let bindings = ["/me/presence/", "/users/{id}/presence/", "/communications/presences/{id}/"];
        let paths = match path.strip_prefix("…/presence/") {
            Some(action) => bindings.iter().map(|binding| format!("{binding}{action}")).collect(),
            None => vec![path.to_owned()],
        };
        for method in entries(methods) {
            listed.extend(paths.iter().map(|path| format!("{method} {path}")));
        }
    }
    let operations = Operation::ALL.iter().map(|operation| {
        let ids = ["{user-id}", "{presence-id}", "{subscription-id}"];
        let path = ids.iter().fold(operation.path().to_owned(), |path, id| path.replace(id, "{id}"));
        format!("{} {path}", operation.method())
    });
    assert_eq!(listed, operations.collect());
}
