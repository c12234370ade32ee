//! The built `presence` command: what it prints, and with which exit code it ends.

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

/// The port is another one each time.
fn without_port(text: &str) -> String {
    let Some((before, after)) = text.split_once("http://127.0.0.1:") else { return text.to_owned() };
    format!("{before}http://127.0.0.1:{{port}}{}", after.trim_start_matches(|digit: char| digit.is_ascii_digit()))
}

#[test]
fn the_demo_tells_a_whole_story() {
    let Output { status, stdout, stderr } = presence(&["demo"]).output().unwrap();
    assert_eq!((status.code(), text(&stderr).as_str()), (Some(0), ""));
    insta::assert_snapshot!(without_port(&text(&stdout)));
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let stdout = presence(&["demo"]).output().unwrap().stdout;
    let readme = include_str!("../../../../README.md");
    let shown = without_port(readme);
    let block = shown.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(block.trim_end(), without_port(&text(&stdout)).trim_end());
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = presence(&["demo"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}

#[test]
fn a_command_that_does_not_exist_is_bad_input() {
    let Output { status, stdout, stderr } = presence(&["demos"]).output().unwrap();
    assert_eq!((status.code(), text(&stdout).as_str()), (Some(2), ""));
    insta::assert_snapshot!(text(&stderr));
}

#[test]
fn help_names_every_command() {
    let Output { status, stdout, .. } = presence(&["--help"]).output().unwrap();
    assert_eq!(status.code(), Some(0));
    insta::assert_snapshot!(text(&stdout));
}
