//! `spec apply`: input and output files.

use crate::folder::Folder;

const DOTS: &str = include_str!("dots.yaml");
const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: A reason.\n  update: { title: Spots }\n";
const RESULT: &str = "presence.openapi.yaml";

fn folder() -> Folder {
    Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY)])
}

#[test]
fn second_run_changes_nothing() {
    let folder = folder();
    assert_eq!(folder.run(&["spec", "apply"]).to_string(), "DIR/presence.openapi.yaml written\nexit 0");
    let written = folder.read(RESULT);
    assert_eq!(folder.run(&["spec", "apply"]).to_string(), "DIR/presence.openapi.yaml is up to date\nexit 0");
    assert_eq!(folder.run(&["spec", "apply", "--check"]).code, 0);
    assert_eq!(folder.read(RESULT), written);
}

#[test]
fn check_prints_the_diff_and_writes_nothing() {
    let folder = folder();
    folder.run(&["spec", "apply"]);
    let edited = folder.read(RESULT).replace("Spots", "Blots");
    folder.write(RESULT, &edited);
    let outcome = folder.run(&["spec", "apply", "--check"]);
    assert_eq!(folder.read(RESULT), edited);
    insta::assert_snapshot!(outcome);
}

#[test]
fn exponential_alias_expansion_is_rejected() {
    let mut aliases = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let previous = vec![format!("*a{}", level - 1); 10].join(", ");
        aliases.push_str(&format!("a{level}: &a{level} [{previous}]\n"));
    }
    let folder = folder();
    folder.write("presence.overlay.yaml", &aliases);
    let outcome = folder.run(&["spec", "apply"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.starts_with("error: DIR/presence.overlay.yaml:6:"), "{outcome}");
}

#[test]
fn unwritable_output_is_an_error() {
    let folder = folder();
    std::fs::create_dir(folder.path().join(RESULT)).expect("create the folder");
    let outcome = folder.run(&["spec", "apply"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("failed to read DIR/presence.openapi.yaml"), "{outcome}");
}
