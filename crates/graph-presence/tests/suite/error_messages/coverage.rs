//! Compares the listed constructor calls with those in the source files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::sites;

/// Fails if a constructor call is added to `src` without a line in [`sites`].
#[test]
fn every_constructor_call_is_covered() {
    let listed: BTreeMap<String, usize> =
        sites().into_iter().map(|(file, sites)| (file.to_owned(), sites.len())).collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let error_rs = fs::read_to_string(src.join("error.rs")).unwrap();
    let constructors = constructors(&error_rs);
    let mut called = BTreeMap::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for path in folder.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            if path.is_dir() {
                folders.push(path);
            } else if file.ends_with(".rs") && !file.ends_with("tests.rs") && file != "error.rs" {
                let calls = constructor_calls(&fs::read_to_string(&path).unwrap(), &constructors);
                called.extend((calls > 0).then_some((file, calls)));
            }
        }
    }
    assert_eq!(listed, called, "the numbers of listed and of actual constructor calls differ");
}

/// Returns the names of the functions in `error.rs` that create an error.
fn constructors(error_rs: &str) -> Vec<&str> {
    let signatures = error_rs.lines().filter_map(|line| line.trim().strip_prefix("pub(crate) fn "));
    let functions = signatures.filter_map(|signature| signature.split_once('('));
    let has_receiver =
        |parameters: &str| ["self", "mut self", "&self"].iter().any(|self_| parameters.starts_with(self_));
    functions.filter(|(_, parameters)| !has_receiver(parameters)).map(|(name, _)| name).collect()
}

fn constructor_calls(source: &str, constructors: &[&str]) -> usize {
    let is_identifier = |character: char| character.is_alphanumeric() || character == '_';
    let count = |line: &str| {
        let paths = line.match_indices("Error::").filter(|(start, _)| !line[..*start].ends_with(is_identifier));
        let names =
            paths.map(|(start, path)| line[start + path.len()..].split(|next: char| !is_identifier(next)).next());
        names.flatten().filter(|name| constructors.contains(name)).count() + line.matches(".decode_error(").count()
    };
    source.lines().filter(|line| !line.trim_start().starts_with("//")).map(count).sum()
}
