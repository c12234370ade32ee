//! Runs the built `presence` command and checks its output and exit codes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Output, Stdio};

fn presence(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_presence"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}

/// Replaces the port, which differs on each run.
fn without_port(text: &str) -> String {
    let Some((before, after)) = text.split_once("http://127.0.0.1:") else { return text.to_owned() };
    format!("{before}http://127.0.0.1:{{port}}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

#[test]
fn demo_output() {
    let Output { status, stdout, stderr } = presence(&["demo"]).output().unwrap();
    assert_eq!((status.code(), text(&stderr).as_str()), (Some(0), ""));
    insta::assert_snapshot!(without_port(&text(&stdout)));
}

#[test]
fn readme_contains_the_demo_output() {
    let stdout = presence(&["demo"]).output().unwrap().stdout;
    let readme = include_str!("../../../../README.md");
    let readme = without_port(readme);
    let block = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(block.trim_end(), without_port(&text(&stdout)).trim_end());
}

#[test]
fn broken_pipe_is_not_an_error() {
    let mut child = presence(&["demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn unknown_command_is_rejected() {
    let Output { status, stdout, stderr } = presence(&["demos"]).output().unwrap();
    assert_eq!((status.code(), text(&stdout).as_str()), (Some(2), ""));
    insta::assert_snapshot!(text(&stderr));
}

#[test]
fn help_lists_every_command() {
    let Output { status, stdout, .. } = presence(&["--help"]).output().unwrap();
    assert_eq!(status.code(), Some(0));
    insta::assert_snapshot!(text(&stdout));
}
