//! `conformance`: what the command makes of what cargo and the suite do. The suite itself is too long for a test.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::folder::Folder;

/// Checks, and the columns that show them.
const CHECKS: [(&str, &str); 15] = [
    ("raw", "raw"),
    ("facade", "facade"),
    ("emulator", "emulator"),
    ("spec", "spec"),
    ("schema", "spec"),
    ("permissions", "facts"),
    ("clouds", "facts"),
    ("paths", "facts"),
    ("pairs", "facts"),
    ("parameters", "facts"),
    ("values", "facts"),
    ("states", "facts"),
    ("subscriptions", "facts"),
    ("limits", "facts"),
    ("locales", "locales"),
];

/// Runs the command with a cargo that builds with `built` and, for the suite, writes an outcome of each check, says
/// something and ends with `ended`.
fn outcome(built: i32, checks: &[(&str, &str)], new: &str, ended: i32) -> (Option<i32>, String, String) {
    let folder = Folder::new(&[]);
    let verdict = format!("{{\"compared\": 1, \"known\": [], \"new\": [{new}], \"gone\": []}}");
    let outcomes: String = checks
        .iter()
        .map(|(check, column)| {
            let outcome = format!(
                "{{\"check\": \"{check}\", \"column\": \"{column}\", \"of\": {{\"es v1.0.presence-get\": {verdict}}}}}"
            );
            format!("echo '{outcome}' > \"$GRAPH_PRESENCE_CONFORMANCE_OUTCOMES/{check}.json\"\n")
        })
        .collect();
    let script =
        format!("#!/bin/sh\ncase \"$*\" in *--no-run*) exit {built};; esac\n{outcomes}echo 'it says'\nexit {ended}\n");
    folder.write("cargo", script);
    let cargo = folder.path().join("cargo");
    fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("conformance")
        .env("CARGO", cargo)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn agreement_ends_with_zero_and_only_the_report() {
    let (code, stdout, stderr) = outcome(0, &CHECKS, "", 0);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("es v1.0.presence-get") && stdout.contains(" 0 failed"), "{stdout}");
}

#[test]
fn a_new_difference_ends_with_one_and_is_named() {
    let (code, stdout, stderr) = outcome(0, &CHECKS, "\"lacks Busy\"", 101);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains("- es v1.0.presence-get, pairs: lacks Busy\n"), "{stdout}");
}

#[test]
fn a_suite_that_fails_otherwise_ends_with_one_and_what_it_says() {
    let (code, stdout, stderr) = outcome(0, &CHECKS, "", 101);
    assert_eq!((code, stderr.as_str()), (Some(1), "it says\n"));
    assert!(stdout.contains(" 0 failed"), "{stdout}");
}

#[test]
fn a_check_without_an_outcome_ends_with_two() {
    for left_out in 0..CHECKS.len() {
        let mut checks = CHECKS.to_vec();
        let (check, _) = checks.remove(left_out);
        let (code, stdout, stderr) = outcome(0, &checks, "", 101);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{check}");
        let expected = format!("it says\nerror: the suite has written no outcome of its check `{check}`; see above\n");
        assert_eq!(stderr, expected);
    }
}

#[test]
fn a_suite_that_cannot_be_built_ends_with_two() {
    let (code, stdout, stderr) = outcome(101, &[], "", 0);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "error: cargo cannot build the suite\n");
}
