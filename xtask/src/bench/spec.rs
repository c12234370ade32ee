//! `cargo xtask bench spec`: the spec pipeline on the whole document, against what it promises and against others.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde_json::Value;
use xtask_outline::{Outline, Source};

use super::measure::Runs;
use super::rivals::{self, Rival};
use crate::output::print;
use crate::spec::{Keep, Slice};
use crate::workspace::workspace_root;

/// What we promise, on a machine of today.
const TRIM_YAML: Promise = Promise { seconds: 0.8, megabytes: 300.0 };
const TRIM_JSON: Promise = Promise { seconds: 0.1, megabytes: 80.0 };
const REGEN: Promise = Promise { seconds: 2.0, megabytes: f64::INFINITY };

/// What one command may take altogether, however many runs were asked for.
const OURS: Duration = Duration::from_secs(30);
const THEIRS: Duration = Duration::from_secs(180);

/// Measure trim and regen on the whole document, and what others need for the same
///
/// Exit codes: 0 as promised, 1 slower or larger than promised, 2 cannot tell.
#[derive(Args)]
pub(crate) struct SpecBench {
    /// Microsoft's whole document: YAML or JSON, plain or gzip
    file: PathBuf,
    /// How often each command of ours runs
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// Leave out what is installed from npm
    #[arg(long)]
    alone: bool,
}

struct Promise {
    seconds: f64,
    megabytes: f64,
}

impl SpecBench {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let specs = workspace_root().join("specs");
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let operations = prepare(&self.file, &specs, folder.path())?;
        let mut report = Report::new();

        let given = self.file.canonicalize()?.display().to_string();
        let trim = |file: &str| ours(&["spec", "trim", file, "--specs", "specs"]);
        let measured = |command: &[String]| Runs::of(command, folder.path(), self.runs, OURS);
        report.ours("trim, file as given", &measured(&trim(&given)?)?, &TRIM_YAML);
        let yaml = measured(&trim("upstream.yaml")?)?;
        report.ours("trim, YAML", &yaml, &TRIM_YAML);
        report.ours("trim, JSON", &measured(&trim("upstream.json")?)?, &TRIM_JSON);
        report.ours("regen --check", &measured(&ours(&["regen", "--check"])?)?, &REGEN);

        if self.alone {
            report.skipped("others", "not asked for");
        } else if let Some(why) = rivals::missing() {
            report.skipped("others", why);
        } else {
            match rivals::install(folder.path(), "upstream.yaml", &operations) {
                Err(error) => report.skipped("others", &format!("{error:#}")),
                Ok(rivals) => {
                    for rival in rivals {
                        match Runs::of(&rival.command, folder.path(), 3, THEIRS) {
                            Ok(runs) => {
                                let written = fs::read_to_string(folder.path().join(rival.output)).unwrap_or_default();
                                let kept = written.matches("operationId:").count();
                                report.theirs(&rival, &runs, &yaml, kept);
                            }
                            Err(error) => report.skipped(rival.name, &format!("{error:#}")),
                        }
                    }
                }
            }
        }
        print(report.table)?;
        Ok(if report.kept { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Writes the document as YAML and as JSON and a copy of the specs into `folder`; gives the ids of what is kept.
fn prepare(file: &Path, specs: &Path, folder: &Path) -> Result<Vec<String>> {
    let source = Source::read(file)?;
    let copy = folder.join("specs");
    fs::create_dir(&copy)?;
    for entry in fs::read_dir(specs).context("cannot read the specs folder")? {
        let entry = entry?;
        let target = copy.join(entry.file_name());
        fs::copy(entry.path(), target).with_context(|| format!("cannot copy {}", entry.path().display()))?;
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

/// A command of this very program.
fn ours(arguments: &[&str]) -> Result<Vec<String>> {
    let program = std::env::current_exe()?.display().to_string();
    Ok(std::iter::once(program).chain(arguments.iter().map(|word| (*word).to_owned())).collect())
}

struct Report {
    table: Table,
    /// Whether all promises were kept.
    kept: bool,
}

impl Report {
    fn new() -> Self {
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY);
        table.set_header(["command", "runs", "median", "peak", "promised", ""]);
        Self { table, kept: true }
    }

    fn ours(&mut self, name: &str, runs: &Runs, promise: &Promise) {
        let megabytes =
            if promise.megabytes.is_finite() { format!(", {:.0} MB", promise.megabytes) } else { String::new() };
        let kept = runs.seconds() <= promise.seconds && runs.megabytes() <= promise.megabytes;
        self.row(name, runs, format!("{:.1} s{megabytes}", promise.seconds), kept, String::new());
    }

    fn theirs(&mut self, rival: &Rival, runs: &Runs, yaml: &Runs, kept: usize) {
        let ratio = runs.seconds() / yaml.seconds();
        let memory = runs.megabytes() / yaml.megabytes();
        let promise = format!("{:.0} times our time", rival.factor);
        let remark = format!("{ratio:.1} times our time, {memory:.1} times our memory, {kept} operations kept");
        self.row(rival.name, runs, promise, ratio >= rival.factor, remark);
    }

    fn row(&mut self, name: &str, runs: &Runs, promise: String, kept: bool, remark: String) {
        self.kept &= kept;
        let remark = match (kept, remark.is_empty()) {
            (true, _) => remark,
            (false, true) => "NOT KEPT".to_owned(),
            (false, false) => format!("NOT KEPT: {remark}"),
        };
        self.table.add_row([
            name.to_owned(),
            runs.count().to_string(),
            format!("{:.3} s", runs.seconds()),
            format!("{:.0} MB", runs.megabytes()),
            promise,
            remark,
        ]);
    }

    fn skipped(&mut self, name: &str, why: &str) {
        self.table.add_row([name, "0", "", "", "", &format!("skipped: {why}")]);
    }
}
