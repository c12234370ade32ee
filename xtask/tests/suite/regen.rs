//! `regen`: the files generated from a small document, and those committed in the workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;

pub(crate) const DOTS: &str = include_str!("dots.yaml");
pub(crate) const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: A reason.\n  update: { title: Spots }\n";
const CLOUDS: &str = r"
clouds: { global: the global service }
sources: { page: a page }
operations:
  dots:
    ids: [dots.GetDot, dots.dot.paint]
    v1.0: { clouds: [global], source: page, date: 2026-08-20 }
    beta: { clouds: [global], source: page, date: 2026-08-20 }
properties: {}
";
const OUTPUTS: [&str; 5] = [
    "presence.openapi.yaml",
    "crate/src/generated/actions.rs",
    "crate/src/generated/client.rs",
    "crate/src/generated/clouds.rs",
    "crate/src/generated/operations.rs",
];

pub(crate) fn folder() -> Folder {
    let files = [("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", CLOUDS)];
    Folder::new(&files)
}

#[test]
fn all_files_are_written_with_their_headers() {
    let folder = folder();
    let mut output = folder.run(&["regen", "--crate", "crate"]).to_string();
    for name in OUTPUTS {
        let content = folder.read(name);
        let header: Vec<&str> = content.lines().take_while(|line| line.starts_with(['#', '/'])).collect();
        output.push_str(&format!("\n\n# {name}\n{}", header.join("\n")));
    }
    insta::assert_snapshot!(output);
    assert_eq!(folder.run(&["regen", "--check", "--crate", "crate"]).code, 0);
}

#[test]
fn check_reports_every_outdated_file_and_writes_none() {
    let folder = folder();
    folder.run(&["regen", "--crate", "crate"]);
    let before = OUTPUTS.map(|output| folder.find(output));
    folder.write("presence.overlay.yaml", OVERLAY.replace("Spots", "Blots"));
    folder.write("clouds.yaml", CLOUDS.replace("2026-08-20 }", "2026-09 }"));
    let outcome = folder.run(&["regen", "--check", "--crate", "crate"]);
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), before);
    assert_eq!(outcome.code, 1);
    insta::assert_snapshot!(outcome.stderr);
    assert!(outcome.stdout.contains("-  title: Spots\n+  title: Blots\n"), "{}", outcome.stdout);
}

#[test]
fn no_file_is_written_if_one_cannot_be_written() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("crate/src/generated/clouds.rs")).unwrap();
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), [const { None }; 5]);
    assert_eq!(folder.names(), ["clouds.yaml", "crate", "presence.overlay.yaml", "presence.trimmed.yaml"]);
}

#[test]
fn finding_leaves_all_files_unchanged() {
    let folder = folder();
    folder.run(&["regen", "--crate", "crate"]);
    let before = OUTPUTS.map(|output| folder.find(output));
    folder.write("clouds.yaml", CLOUDS.replace("dots.GetDot, ", ""));
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    assert_eq!(outcome.code, 2, "{outcome}");
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), before);
}

/// The generated files that are committed.
mod workspace {
    use super::{BTreeSet, Command, Path, fs};

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace")
    }

    fn raw(file: &str) -> String {
        fs::read_to_string(root().join("crates/graph-presence-raw/src").join(file)).expect("the file is committed")
    }

    /// Returns every text between `before` and the next quotation mark.
    fn quoted<'a>(code: &'a str, before: &str) -> BTreeSet<&'a str> {
        code.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn committed_files_are_up_to_date() {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["regen", "--check"]).output();
        let output = output.expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn table_of_operations_contains_every_generated_method() {
        let client = raw("generated/client.rs");
        let table = raw("generated/operations.rs");
        let methods = quoted(&client, "operation_id: \"");
        assert_eq!(methods.len(), 37);
        let missing: Vec<_> = methods.iter().filter(|method| !table.contains(&format!("\"{method}\" =>"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn request_bodies_share_types_and_all_items_are_documented() {
        let generated = raw("generated/client.rs");
        let lines: Vec<&str> = generated.lines().collect();
        let mut types = BTreeSet::new();
        for (index, line) in lines.iter().enumerate() {
            let item = line.trim_start();
            if let Some(name) = item.strip_prefix("pub struct ").or_else(|| item.strip_prefix("pub enum ")) {
                let name = name.trim_end_matches(" {");
                types.insert(name.split(['(', '<', ' ']).next().unwrap_or(name));
            }
            if ["pub struct ", "pub enum ", "pub async fn "].iter().any(|start| item.starts_with(start)) {
                let above = lines[..index].iter().rev().find(|line| !line.trim_start().starts_with("#["));
                let documented = above.is_some_and(|line| line.trim_start().starts_with("///") || line.ends_with("*/"));
                assert!(documented || item.contains("ClientState"), "line {}: {item}", index + 1);
            }
        }
        let bodies: Vec<_> = types.iter().filter(|name| name.ends_with("Body")).collect();
        assert!(bodies.iter().all(|name| **name == "MicrosoftGraphItemBody"), "{bodies:?}");
        assert_eq!(types.iter().filter(|name| name.ends_with("Request")).count(), 8);
    }
}
