//! `spec apply`: the files that it reads and writes.

use crate::folder::Folder;

const DOTS: &str = include_str!("dots.yaml");
const OVERLAY: &str = "overlay: 1.0.0\ninfo: { title: T, version: '1' }\nactions:\n- target: $.info\n  description: Why.\n  update: { title: Spots }\n";
const RESULT: &str = "presence.openapi.yaml";

fn folder() -> Folder {
    Folder::new(&[("presence.trimmed.yaml", DOTS), ("presence.overlay.yaml", OVERLAY)])
}

#[test]
fn a_second_run_changes_nothing() {
    let folder = folder();
    assert_eq!(folder.run(&["spec", "apply"]).to_string(), "SPECS/presence.openapi.yaml written\nexit 0");
    let written = folder.read(RESULT);
    assert_eq!(folder.run(&["spec", "apply"]).to_string(), "SPECS/presence.openapi.yaml is up to date\nexit 0");
    assert_eq!(folder.run(&["spec", "apply", "--check"]).code, 0);
    assert_eq!(folder.read(RESULT), written);
}

#[test]
fn check_shows_what_would_change_and_writes_nothing() {
    let folder = folder();
    folder.run(&["spec", "apply"]);
    let edited = folder.read(RESULT).replace("Spots", "Blots");
    folder.write(RESULT, &edited);
    let outcome = folder.run(&["spec", "apply", "--check"]);
    assert_eq!(folder.read(RESULT), edited);
    insta::assert_snapshot!(outcome);
}

#[test]
fn files_that_are_missing_or_no_documents() {
    let cases = [
        ("no trimmed document", "presence.trimmed.yaml", None),
        ("no overlay", "presence.overlay.yaml", None),
        ("a trimmed document that is cut", "presence.trimmed.yaml", Some("openapi: 3.0.4\ninfo: { title: Do")),
        ("a trimmed document of text", "presence.trimmed.yaml", Some("Dots.")),
        ("a tab for a space", "presence.trimmed.yaml", Some("openapi: 3.0.4\ninfo:\n\ttitle: Dots")),
    ];
    let mut told = String::new();
    for (case, name, content) in cases {
        let folder = folder();
        match content {
            Some(content) => folder.write(name, content),
            None => std::fs::remove_file(folder.path().join(name)).expect("it was there"),
        }
        let outcome = folder.run(&["spec", "apply"]);
        assert_eq!(outcome.code, 2, "{case}");
        assert_eq!(folder.find(RESULT), None, "{case}");
        told.push_str(&format!("# {case}\n{outcome}\n\n"));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn a_document_that_expands_to_gigabytes_is_refused() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    let folder = folder();
    folder.write("presence.overlay.yaml", &bomb);
    let outcome = folder.run(&["spec", "apply"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.starts_with("error: SPECS/presence.overlay.yaml:6:"), "{outcome}");
}

#[test]
fn a_target_that_cannot_be_written() {
    let folder = folder();
    std::fs::create_dir(folder.path().join(RESULT)).expect("a folder in the way");
    let outcome = folder.run(&["spec", "apply"]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stderr.contains("cannot read SPECS/presence.openapi.yaml"), "{outcome}");
}
