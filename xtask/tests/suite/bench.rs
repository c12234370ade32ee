//! `bench`: promises, verdicts and comparisons, with measurements that a script prints in place of cargo's benchmarks.

use std::fmt::Write;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::folder::Folder;

const PROMISES: &str = "
calls/get/instructions/ratio: {measured: 1.1, date: 2026-01-02, at_most: 1.16}
calls/requests_per_second: {measured: 1000, date: 2026-01-02, at_least: 950}
";
const KEPT: &str = r#"{"name": "calls/get/instructions/ratio", "value": 1.123, "unit": "ratio"}
{"name": "calls/get/instructions/ours", "value": 93092, "unit": "instructions"}
{"name": "calls/requests_per_second", "value": 951.5, "unit": "/s"}"#;

/// Replaces cargo and git with scripts: cargo prints `here`, or `there` in the worktree that git seems to create.
struct Bench(Folder);

impl Bench {
    fn new(promises: &str, here: &str, there: &str) -> Self {
        let folder = Folder::new(&[("promises.yaml", promises), ("here", here), ("there", there)]);
        let path = folder.path().display();
        let cargo = format!("#!/bin/sh\ncase \"$1\" in run) . {path}/there ;; *) . {path}/here ;; esac\n");
        let git = "#!/bin/sh\ncase \"$*\" in *unknown*) exit 1 ;; *rev-parse*) echo 0123abc ;; esac\n";
        for (name, script) in [("cargo", cargo.as_str()), ("git", git)] {
            folder.write(name, script);
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o755)).unwrap();
        }
        Self(folder)
    }

    /// Returns the output of the command and its exit code.
    fn run(&self, arguments: &[&str]) -> String {
        let path = self.0.path().display().to_string();
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["bench", "--promises", &format!("{path}/promises.yaml")])
            .args(arguments)
            .env("CARGO", format!("{path}/cargo"))
            .env("PATH", format!("{path}:{}", std::env::var("PATH").unwrap_or_default()))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&path, "DIR");
        let code = output.status.code().unwrap_or(-1);
        format!("{}{}exit {code}\n", text(&output.stdout), text(&output.stderr))
    }
}

/// Returns a script that prints these lines.
fn printing(lines: &str) -> String {
    format!("cat <<'END'\n{lines}\nEND\n")
}

#[test]
fn promises_are_compared_with_measurements() {
    let not_kept = KEPT.replace("1.123", "1.161").replace("951.5", "949");
    let skipped = r#"{"skipped": "calls/get", "reason": "valgrind is not installed"}
{"skipped": "calls/requests_per_second", "reason": "valgrind is not installed"}"#;
    let missing = KEPT.lines().skip(1).collect::<Vec<_>>().join("\n");
    let mut shown = String::new();
    for (name, here) in [
        ("kept", printing(KEPT)),
        ("not kept", printing(&not_kept)),
        ("skipped", printing(skipped)),
        ("a promise without a measurement", printing(&missing)),
        ("output that is not JSON", printing("101,700 instructions")),
        ("a benchmark that fails", "exit 101".to_owned()),
    ] {
        let _ = writeln!(shown, "{name}:\n{}", Bench::new(PROMISES, &here, "").run(&["calls"]));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn measurements_are_printed_as_json_without_a_verdict() {
    let not_kept = KEPT.replace("1.123", "1.5");
    insta::assert_snapshot!(Bench::new(PROMISES, &printing(&not_kept), "").run(&["calls", "--json"]));
}

#[test]
fn promises_that_break_a_rule_are_reported() {
    let mut shown = String::new();
    for (name, promises) in [
        ("too tight", "calls/a: {measured: 1.2, date: 2026-01-02, at_most: 1.25}"),
        ("too loose", "calls/a: {measured: 1.2, date: 2026-01-02, at_most: 1.3}"),
        ("too tight from below", "calls/a: {measured: 100, date: 2026-01-02, at_least: 96}"),
        ("both bounds", "calls/a: {measured: 100, date: 2026-01-02, at_most: 105, at_least: 95}"),
        ("no bound", "calls/a: {measured: 100, date: 2026-01-02}"),
        ("no date", "calls/a: {measured: 100, date: '', at_most: 105}"),
        ("unknown benchmark", "phone/a: {measured: 100, date: 2026-01-02, at_most: 105}"),
        ("unknown key", "calls/a: {measured: 100, date: 2026-01-02, most: 105}"),
        ("several", "calls/a: {measured: 1, date: x, at_most: 1}\ncalls/b: {measured: 1, date: x, at_least: 1}"),
    ] {
        let _ = writeln!(shown, "{name}:\n{}", Bench::new(promises, "exit 101", "").run(&["calls"]));
    }
    insta::assert_snapshot!(shown);
    let missing = Bench::new(PROMISES, "", "").run(&["calls", "--promises", "/missing.yaml"]);
    assert!(missing.contains("/missing.yaml: ") && missing.ends_with("exit 2\n"), "{missing}");
}

#[test]
fn two_revisions_are_compared() {
    let there = KEPT.replace("93092", "100000").replace("requests_per_second", "requests");
    let here = format!("{KEPT}\n{}", r#"{"skipped": "calls/wall", "reason": "not requested"}"#);
    let old = "echo \"error: unexpected argument '--json' found\" >&2; exit 2";
    let mut shown = String::new();
    for (name, there, revision) in [
        ("compared", printing(&there), "v1"),
        ("unknown revision", String::new(), "unknown"),
        ("a revision without --json", old.to_owned(), "v0"),
        ("a revision that fails", "echo 'error: out of disk' >&2; exit 2".to_owned(), "v1"),
    ] {
        let bench = Bench::new(PROMISES, &printing(&here), &there);
        let _ = writeln!(shown, "{name}:\n{}", bench.run(&["calls", "--compare", revision]));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn the_promises_of_the_repository_are_valid() {
    let repository = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/promises.yaml")).unwrap();
    let shown = Bench::new(&repository, &printing(r#"{"skipped": "calls", "reason": "a test"}"#), "").run(&["calls"]);
    assert!(shown.contains("SKIPPED: calls: a test") && shown.ends_with("exit 0\n"), "{shown}");
}
