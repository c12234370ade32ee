//! `regen`: the generated crate, of a small document and of the workspace's own.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;

const DOTS: &str = include_str!("dots.yaml");
const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: Why.\n  update: { title: Spots }\n";
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

fn folder() -> Folder {
    let files = [("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY), ("clouds.yaml", CLOUDS)];
    Folder::new(&files)
}

#[test]
fn all_files_are_written_with_their_receipts() {
    let folder = folder();
    let mut told = folder.run(&["regen", "--crate", "crate"]).to_string();
    for output in OUTPUTS {
        let content = folder.read(output);
        let head: Vec<&str> = content.lines().take_while(|line| line.starts_with(['#', '/'])).collect();
        told.push_str(&format!("\n\n# {output}\n{}", head.join("\n")));
    }
    insta::assert_snapshot!(told);
    assert_eq!(folder.run(&["regen", "--check", "--crate", "crate"]).code, 0);
}

#[test]
fn check_names_every_file_that_is_stale_and_writes_none() {
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
fn a_panic_of_the_generator_is_reported_as_an_error() {
    let folder = folder();
    folder.write(
        "presence.trimmed.yaml",
        DOTS.replace("{ description: Its colour., type: string }", "{ description: Its colour., enum: [1, red] }"),
    );
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), [const { None }; 5]);
    insta::assert_snapshot!(outcome, @r#"
    error: progenitor panicked: multiple implied types for an un-typed enum {Number, String} [Number(1), String("red")]; nothing is written
    exit 2
    "#);
}

#[test]
fn nothing_is_written_when_one_file_cannot_be() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("crate/src/generated/clouds.rs")).unwrap();
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    assert_eq!(outcome.code, 2);
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), [const { None }; 5]);
    assert_eq!(folder.names(), ["clouds.yaml", "crate", "presence.overlay.yaml", "presence.trimmed.yaml"]);
}

#[test]
fn a_finding_leaves_the_old_files_whole() {
    let folder = folder();
    folder.run(&["regen", "--crate", "crate"]);
    let before = OUTPUTS.map(|output| folder.find(output));
    folder.write("clouds.yaml", CLOUDS.replace("dots.GetDot, ", ""));
    let outcome = folder.run(&["regen", "--crate", "crate"]);
    assert_eq!(outcome.code, 2, "{outcome}");
    assert_eq!(OUTPUTS.map(|output| folder.find(output)), before);
}

/// What is committed, and what it says of itself.
mod workspace {
    use super::{BTreeSet, Command, Path, fs};

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace")
    }

    fn raw(file: &str) -> String {
        fs::read_to_string(root().join("crates/graph-presence-raw/src").join(file)).expect("it is committed")
    }

    /// Every text between `before` and the next quotation mark.
    fn quoted<'a>(code: &'a str, before: &str) -> BTreeSet<&'a str> {
        code.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn is_what_regen_makes() {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["regen", "--check"]).output();
        let output = output.expect("the command runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    #[test]
    fn has_every_generated_method_in_the_table_of_operations() {
        let client = raw("generated/client.rs");
        let table = raw("generated/operations.rs");
        let methods = quoted(&client, "operation_id: \"");
        assert_eq!(methods.len(), 37);
        let missing: Vec<_> = methods.iter().filter(|method| !table.contains(&format!("\"{method}\" =>"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn has_one_type_for_each_body_and_documentation_on_everything() {
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
