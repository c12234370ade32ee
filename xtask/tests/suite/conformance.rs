//! `conformance`: what the command makes of what cargo and the suite do. The suite itself is too long for a test.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::folder::Folder;

const COLUMNS: [&str; 6] = ["raw", "facade", "emulator", "spec", "facts", "locales"];

/// Runs the command with a cargo that builds with `built` and, for the suite, writes an outcome for each column, says
/// something and ends with `ended`.
fn outcome(built: i32, columns: &[&str], new: &str, ended: i32) -> (Option<i32>, String, String) {
    let folder = Folder::new(&[]);
    let verdict = format!("{{\"compared\": 1, \"known\": [], \"new\": [{new}], \"gone\": []}}");
    let outcomes: String = columns
        .iter()
        .map(|column| {
            let outcome = format!(
                "{{\"check\": \"{column}\", \"column\": \"{column}\", \"of\": {{\"es v1.0.presence-get\": {verdict}}}}}"
            );
            format!("echo '{outcome}' > \"$GRAPH_PRESENCE_CONFORMANCE_OUTCOMES/{column}.json\"\n")
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
    let (code, stdout, stderr) = outcome(0, &COLUMNS, "", 0);
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    assert!(stdout.contains("es v1.0.presence-get") && stdout.contains(" 0 failed"), "{stdout}");
}

#[test]
fn a_new_difference_ends_with_one_and_is_named() {
    let (code, stdout, stderr) = outcome(0, &COLUMNS, "\"lacks Busy\"", 101);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stdout.contains("- es v1.0.presence-get, facts: lacks Busy\n"), "{stdout}");
}

#[test]
fn a_suite_that_fails_otherwise_ends_with_one_and_what_it_says() {
    let (code, stdout, stderr) = outcome(0, &COLUMNS, "", 101);
    assert_eq!((code, stderr.as_str()), (Some(1), "it says\n"));
    assert!(stdout.contains(" 0 failed"), "{stdout}");
}

#[test]
fn a_column_without_an_outcome_ends_with_two() {
    let (code, stdout, stderr) = outcome(0, &COLUMNS[..5], "", 101);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    let expected = "it says\nerror: the suite has written no outcome for `locales`; see above\n";
    assert_eq!(stderr, expected);
}

#[test]
fn a_suite_that_cannot_be_built_ends_with_two() {
    let (code, stdout, stderr) = outcome(101, &[], "", 0);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(stderr, "error: cargo cannot build the suite\n");
}
