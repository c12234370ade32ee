//! Misuse that does not compile, and the compiler's errors.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// Returns the library that this test was linked with: the latest that is not newer than the test.
fn find_library(folder: &Path, test: SystemTime) -> PathBuf {
    let built = |path: &Path| path.metadata().and_then(|file| file.modified()).unwrap();
    let libraries = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("libgraph_presence-") && name.ends_with(".rlib") && built(path) <= test
    });
    libraries.max_by_key(|path| built(path)).expect("the crate is built before its tests")
}

/// Compiles a file of `tests/ui`, and returns a line for each error: location, code, message.
fn compile(case: &Path) -> String {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().unwrap();
    let library = find_library(folder, test.metadata().unwrap().modified().unwrap());
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler)
        .args(["--edition=2024", "--crate-type=bin", "--emit=metadata", "--error-format=short"])
        .args(["--out-dir", env!("CARGO_TARGET_TMPDIR"), "--extern"])
        .arg(format!("graph_presence={}", library.display()))
        .arg("-L")
        .arg(format!("dependency={}", folder.display()))
        .arg(case.file_name().unwrap())
        .current_dir(case.parent().unwrap())
        .output()
        .unwrap();
    assert!(!output.status.success(), "{} compiles without errors", case.display());
    let stderr = String::from_utf8(output.stderr).unwrap();
    stderr
        .lines()
        .filter(|line| line.contains(".rs:") && line.contains(" error"))
        // The compiler prints the short path only if no other crate of the build has an item of this name.
        .map(|line| format!("{}\n", line.replace("std::future::Future", "Future")))
        .collect()
}

#[test]
fn misuse_is_rejected_by_the_compiler() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut cases: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    let errors: Vec<_> = cases.iter().map(|case| compile(case)).collect();
    insta::assert_snapshot!(errors.join("\n"));
}
