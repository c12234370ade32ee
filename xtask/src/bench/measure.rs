//! Measures one run of a command.
//!
//! The operating system reports the largest peak memory of all children of a process, and a child starts with its
//! parent's peak. Each run therefore has a separate small parent, `cargo xtask bench measure`, which prints its
//! measurements as JSON.

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, kill};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use super::format::median;
use crate::output::print;

/// Run a command once and print its elapsed time, processor time and peak memory
#[derive(Args)]
pub(crate) struct Measure {
    /// Seconds after which the command is killed
    #[arg(long)]
    limit: u64,
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

/// The costs of one run.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) seconds: f64,
    pub(crate) processor_seconds: f64,
    pub(crate) megabytes: f64,
    /// `None` if it was killed.
    code: Option<i32>,
}

impl Measure {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let Some((program, arguments)) = self.command.split_first() else { bail!("the command is empty") };
        let limit = Duration::from_secs(self.limit);
        let start = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("failed to run {program}"))?;
        let id = Pid::from_raw(i32::try_from(child.id())?);
        // The thread ends with this process if the child is quicker.
        thread::spawn(move || {
            thread::sleep(limit);
            kill(id, Signal::SIGKILL)
        });
        let code = child.wait()?.code();
        let seconds = start.elapsed().as_secs_f64();
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        let processor = usage.user_time() + usage.system_time();
        let processor_seconds = processor.num_microseconds() as f64 / 1e6;
        // Apple counts bytes, all others kilobytes.
        let unit = if cfg!(target_vendor = "apple") { 1.0 } else { 1024.0 };
        let run = Run { seconds, processor_seconds, megabytes: usage.max_rss() as f64 * unit / 1e6, code };
        print(serde_json::to_string(&run)?)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The runs of one command.
pub(crate) struct Runs(Vec<Run>);

impl Runs {
    /// Runs `command` in `folder` at least once and at most `most` times, and starts no run after `limit`.
    pub(crate) fn of(command: &[String], folder: &Path, most: usize, limit: Duration) -> Result<Self> {
        let mut runs = Vec::new();
        let start = Instant::now();
        while runs.len() < most && (runs.is_empty() || start.elapsed() < limit) {
            let output = Command::new(std::env::current_exe()?)
                .args(["bench", "measure", "--limit", &limit.as_secs().to_string(), "--"])
                .args(command)
                .current_dir(folder)
                .output()
                .context("failed to run this program")?;
            let run: Run = serde_json::from_slice(&output.stdout)
                .with_context(|| String::from_utf8_lossy(&output.stderr).trim().to_owned())?;
            match run.code {
                Some(0 | 1) => runs.push(run),
                Some(code) => bail!("{} exited with {code} after {:.1} s", command.join(" "), run.seconds),
                None => {
                    bail!("{} was killed after {:.0} s and {:.0} MB", command.join(" "), run.seconds, run.megabytes)
                }
            }
        }
        Ok(Self(runs))
    }

    /// Returns the median processor time of a run.
    pub(crate) fn processor_seconds(&self) -> f64 {
        median(self.0.iter().map(|run| run.processor_seconds).collect())
    }

    /// Returns the median elapsed time of a run.
    pub(crate) fn seconds(&self) -> f64 {
        median(self.0.iter().map(|run| run.seconds).collect())
    }

    /// Returns the largest peak memory of a run, in megabytes.
    pub(crate) fn megabytes(&self) -> f64 {
        self.0.iter().map(|run| run.megabytes).fold(0.0, f64::max)
    }
}
