//! `conformance`: exit codes and output, with scripts in place of cargo and of the suite, which takes too long.

use crate::folder::{Folder, Outcome};

/// The checks of the suite, with the columns of the report that they belong to.
pub(crate) const CHECKS: [(&str, &str); 15] = [
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

/// Runs the command with scripts in place of cargo and of the suite. Cargo exits with `build_code`. The suite writes the
/// outcomes of `checks` with the new differences `new`, prints a line and exits with `suite_code`.
pub(crate) fn run(build_code: i32, checks: &[(&str, &str)], new: &str, suite_code: i32) -> Outcome {
    let folder = Folder::new(&[]);
    let page = format!("{{\"compared\": 1, \"known\": [], \"new\": [{new}], \"gone\": []}}");
    let outcomes: String = checks
        .iter()
        .map(|(check, column)| {
            let outcome = format!(
                "{{\"check\": \"{check}\", \"column\": \"{column}\", \"of\": {{\"es v1.0.presence-get\": {page}}}}}"
            );
            format!("echo '{outcome}' > \"$GRAPH_PRESENCE_CONFORMANCE_OUTCOMES/{check}.json\"\n")
        })
        .collect();
    let suite = folder.path().join("suite");
    folder.write_script("suite", &format!("{outcomes}echo 'output of the suite'\nexit {suite_code}"));
    folder.write_script("cargo", &format!("echo '{{\"executable\": \"{}\"}}'\nexit {build_code}", suite.display()));
    let cargo = folder.path().join("cargo");
    folder.build_with_env(&["conformance"], &[("CARGO", cargo.to_str().unwrap())])
}

#[test]
fn no_differences_exit_with_0_and_print_only_the_report() {
    let outcome = run(0, &CHECKS, "", 0);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(outcome.stdout.contains("es v1.0.presence-get") && outcome.stdout.contains(" 0 failed"), "{outcome}");
}

#[test]
fn new_difference_exits_with_1_and_is_reported() {
    let outcome = run(0, &CHECKS, "\"missing Busy\"", 101);
    assert_eq!(outcome.code, 1, "{outcome}");
    assert!(outcome.stdout.contains("- es v1.0.presence-get, pairs: missing Busy\n"), "{outcome}");
}

#[test]
fn other_failure_of_the_suite_exits_with_1_and_prints_its_output() {
    let outcome = run(0, &CHECKS, "", 101);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, "output of the suite\n"));
    assert!(outcome.stdout.contains(" 0 failed"), "{outcome}");
}

#[test]
fn check_without_an_outcome_exits_with_2() {
    for index in 0..CHECKS.len() {
        let mut checks = CHECKS.to_vec();
        let (missing, _) = checks.remove(index);
        let outcome = run(0, &checks, "", 101);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{missing}");
        let expected = format!(
            "output of the suite\nerror: no outcome of the check `{missing}`: see the output of the suite above\n"
        );
        assert_eq!(outcome.stderr, expected);
    }
}
