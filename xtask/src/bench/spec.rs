//! `cargo xtask bench spec`: compares the spec pipeline on the complete document with two tools from npm.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value;
use xtask_outline::{Outline, Source};

use super::measure::Runs;
use super::npm_tools;
use super::results::Results;
use crate::spec::{Keep, Slice};
use crate::workspace::workspace_root;

/// The time after which further runs of a command are not started, even if more runs are requested.
const OURS: Duration = Duration::from_secs(30);
const TOOLS: Duration = Duration::from_secs(180);

/// Measure trim and regen on the complete document, compared with two tools from npm
#[derive(Args)]
pub(crate) struct SpecBench {
    /// Microsoft's complete document: YAML or JSON, plain or gzip
    file: PathBuf,
    /// The number of runs of each command
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// Leave out the tools from npm
    #[arg(long)]
    alone: bool,
}

impl SpecBench {
    pub(crate) fn of(file: &Path) -> Self {
        Self { file: file.to_owned(), runs: 9, alone: false }
    }

    pub(crate) fn measure(&self) -> Result<Results> {
        let specs = workspace_root().join("specs");
        let folder = tempfile::tempdir().context("failed to create a temporary folder")?;
        let operations = prepare(&self.file, &specs, folder.path())?;
        let mut results = Results::default();
        let mut ours = |name: &str, arguments: &[&str]| -> Result<Runs> {
            let program = std::env::current_exe()?.display().to_string();
            let command: Vec<String> =
                std::iter::once(program).chain(arguments.iter().map(|word| (*word).to_owned())).collect();
            let runs = Runs::of(&command, folder.path(), self.runs, OURS)?;
            results.add(format!("spec/{name}/seconds"), runs.seconds(), "s");
            results.add(format!("spec/{name}/peak"), runs.megabytes(), "MB");
            Ok(runs)
        };
        let file = self.file.canonicalize()?.display().to_string();
        ours("trim_file", &["spec", "trim", &file, "--specs", "specs"])?;
        let yaml = ours("trim_yaml", &["spec", "trim", "upstream.yaml", "--specs", "specs"])?;
        ours("trim_json", &["spec", "trim", "upstream.json", "--specs", "specs"])?;
        ours("regen_check", &["regen", "--check"])?;
        if let Err(reason) = self.measure_tools(folder.path(), &operations, &yaml, &mut results) {
            results.skip("spec/tools", format!("{reason:#}"));
        }
        Ok(results)
    }

    /// Adds the ratio of each tool's time for the same task to ours. If a tool fails, the others are still measured.
    fn measure_tools(&self, folder: &Path, operations: &[String], yaml: &Runs, results: &mut Results) -> Result<()> {
        ensure!(!self.alone, "not requested");
        if let Some(reason) = npm_tools::missing() {
            bail!(reason);
        }
        for tool in npm_tools::install(folder, "upstream.yaml", operations)? {
            let name = format!("spec/tools/{}", tool.name);
            match Runs::of(&tool.command, folder, 3, TOOLS) {
                Ok(runs) => {
                    let written = fs::read_to_string(folder.join(tool.output)).unwrap_or_default();
                    results.add(format!("{name}/seconds"), runs.seconds(), "s");
                    results.add(format!("{name}/peak"), runs.megabytes(), "MB");
                    results.add(
                        format!("{name}/operations"),
                        written.matches("operationId:").count() as f64,
                        "operations",
                    );
                    results.add(format!("{name}/ratio"), runs.seconds() / yaml.seconds(), "ratio");
                }
                Err(error) => results.skip(&name, format!("{error:#}")),
            }
        }
        Ok(())
    }
}

/// Writes the document as YAML and as JSON and a copy of the specs into `folder`, and returns the ids of the kept operations.
fn prepare(file: &Path, specs: &Path, folder: &Path) -> Result<Vec<String>> {
    let source = Source::read(file)?;
    let copy = folder.join("specs");
    fs::create_dir(&copy)?;
    for entry in fs::read_dir(specs).context("failed to read the specs folder")? {
        let entry = entry?;
        let target = copy.join(entry.file_name());
        fs::copy(entry.path(), target).with_context(|| format!("failed to copy {}", entry.path().display()))?;
    }
    let whole = Outline::of(&source)?.whole()?;
    fs::write(folder.join("upstream.yaml"), &source.text)?;
    fs::write(folder.join("upstream.json"), serde_json::to_vec(&whole)?)?;
    let slice = Slice::cut(&source, &Keep::read(&copy)?)?;
    let items = slice.document.get("paths").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(serde_json::Map::values);
    let ids = operations.filter_map(|operation| operation.get("operationId")?.as_str());
    Ok(ids.map(str::to_owned).collect())
}
