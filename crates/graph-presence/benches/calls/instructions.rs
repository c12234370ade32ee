//! Instructions per call: the count of `valgrind --tool=callgrind` for a client process that makes N calls, minus the
//! count for a process that makes a single call, divided by N - 1. Unlike seconds, the counts do not depend on the load
//! of the machine.
//!
//! The seeds of hash maps and the sizes in which responses arrive remain random; they change the counts by less than
//! 1 %.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::case::{Case, Implementation};
use crate::report::{Outcome, measurement, skipped};
use crate::server::Server;

/// Longer than the client under valgrind takes from sending a request to waiting for the response: a response that arrives
/// earlier saves it the wait, and a thousand instructions.
const SERVER_DELAY: Duration = Duration::from_millis(5);

pub(crate) fn measure(is_measured: bool) -> Outcome<()> {
    let server = Server::start_with_delay(SERVER_DELAY)?;
    if !is_measured {
        for (case, implementation) in Case::ALL.into_iter().flat_map(|case| Implementation::ALL.map(|it| (case, it))) {
            run(&mut Command::new(std::env::current_exe()?), case, implementation, &server.url, 1)?;
        }
        return Ok(());
    }
    let is_installed = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok();
    for case in Case::ALL {
        let name = format!("calls/{}/instructions", case.name());
        if !is_installed {
            skipped(&name, "valgrind is not installed");
            continue;
        }
        let [ours, hand_written] = per_call(case, &server.url)?;
        measurement(&format!("{name}/ours"), ours.round(), "instructions");
        measurement(&format!("{name}/hand_written"), hand_written.round(), "instructions");
        measurement(&format!("{name}/ratio"), ours / hand_written, "ratio");
    }
    Ok(())
}

/// Counts both implementations at the same time: they do not affect each other's counts.
fn per_call(case: Case, url: &str) -> Outcome<[f64; 2]> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let difference = |implementation| -> Result<f64, String> {
        let [many, few] = case.counted_calls();
        let run = |calls| count(folder, case, implementation, url, calls).map_err(|error| error.to_string());
        Ok((run(many)? - run(few)?) / f64::from(many - few))
    };
    let [ours, hand_written] = thread::scope(|scope| {
        Implementation::ALL
            .map(|implementation| scope.spawn(move || difference(implementation)))
            .map(std::thread::ScopedJoinHandle::join)
    });
    let panicked = "a thread panicked";
    Ok([ours.map_err(|_| panicked)??, hand_written.map_err(|_| panicked)??])
}

fn count(folder: &Path, case: Case, implementation: Implementation, url: &str, calls: u32) -> Outcome<f64> {
    let counts = folder.join(implementation.name());
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", counts.display()));
    command.arg(std::env::current_exe()?);
    run(&mut command, case, implementation, url, calls)?;
    let text = fs::read_to_string(&counts)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals:"));
    Ok(total.ok_or("callgrind wrote no total")?.trim().parse()?)
}

/// Runs the client without the caller's environment, of which libraries read proxies and log levels.
fn run(command: &mut Command, case: Case, implementation: Implementation, url: &str, calls: u32) -> Outcome<()> {
    let arguments = ["client", case.name(), implementation.name(), url, &calls.to_string()];
    let command = command.args(arguments).env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(
            format!("the client ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)).into()
        );
    }
    Ok(())
}
