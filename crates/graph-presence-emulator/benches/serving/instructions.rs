//! Instructions per request: the count of `valgrind --tool=callgrind` for an emulator that responds to N requests,
//! minus the count for a single request, divided by N - 1. Unlike requests per second, the counts do not depend on the
//! load of the machine.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::emulator::{Emulator, PROGRAM, user};
use crate::load::many_ids;
use crate::report::{Outcome, measurement, skipped};

#[derive(Clone, Copy)]
pub(crate) enum Case {
    Get,
    Read650,
}

impl Case {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Read650 => "read_650",
        }
    }

    fn requests(self) -> u32 {
        match self {
            Self::Get => 501,
            Self::Read650 => 51,
        }
    }
}

pub(crate) async fn measure() -> Outcome<()> {
    let is_installed = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok();
    let folder = tempfile::tempdir()?;
    for case in [Case::Get, Case::Read650] {
        let name = format!("emulator/{}/instructions", case.name());
        if !is_installed {
            skipped(&name, "valgrind is not installed");
            continue;
        }
        let many = count(folder.path(), case, case.requests()).await?;
        let one = count(folder.path(), case, 1).await?;
        measurement(&name, ((many - one) / f64::from(case.requests() - 1)).round(), "instructions");
    }
    Ok(())
}

async fn count(folder: &Path, case: Case, requests: u32) -> Outcome<f64> {
    let counts = folder.join("callgrind.out");
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", counts.display()));
    let emulator = Emulator::start_with(command.arg(PROGRAM)).await?;
    emulator.sign_in_users(650).await?;
    send(&emulator, case, requests).await?;
    emulator.stop()?;
    let text = fs::read_to_string(&counts)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals:"));
    Ok(total.ok_or("callgrind wrote no total")?.trim().parse()?)
}

/// Sends the requests one after the other on one connection.
pub(crate) async fn send(emulator: &Emulator, case: Case, requests: u32) -> Outcome<()> {
    let http = reqwest::Client::new();
    let root = format!("{}/v1.0", emulator.url);
    for _ in 0..requests {
        let request = match case {
            Case::Get => http.get(format!("{root}/users/{}/presence", user(0))),
            Case::Read650 => http
                .post(format!("{root}/communications/getPresencesByUserId"))
                .header("Content-Type", "application/json")
                .body(many_ids()),
        };
        request.bearer_auth(&emulator.token).send().await?.error_for_status()?.bytes().await?;
    }
    Ok(())
}
