//! The `graph-presence-emulator` program.

use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::Parser;
use graph_presence_emulator::{
    Builder, Caller, Clock, Cloud, Delivery, Emulator, Guid, InvalidInput, Quota, ScaledClock, SteppedClock,
    SystemClock,
};
use http::Request;

/// The application of the token that is printed at the start.
const APPLICATION: &str = "22553876-f5ab-4529-bffb-cfe50aa89f87";

/// Emulates the presence API of Microsoft Graph on this machine
///
/// Runs until it receives SIGINT or SIGTERM. Exit codes: 0 stopped by a signal, 2 failed to start.
#[derive(Debug, Parser)]
#[command(name = "graph-presence-emulator", version)]
struct Options {
    /// The port to listen on; 0 selects a free port
    #[arg(long, default_value_t = 8765)]
    port: u16,
    /// The IP address to listen on; every client that can reach it can control the emulator
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// The cloud to emulate: global, l4, l5 or china
    #[arg(long, default_value_t = Cloud::Global)]
    cloud: Cloud,
    /// The id of the default tenant
    #[arg(long, value_name = "ID")]
    tenant: Option<Guid>,
    /// The clock: real, scaled=60 (one hour per minute), stepped or stepped=2026-01-01T09:00:00Z
    #[arg(long, default_value = "real")]
    time: Time,
    /// The initial state: a snapshot as from GET /_emulator/snapshot, or users as for POST /_emulator/users
    #[arg(long, value_name = "FILE")]
    seed_file: Option<PathBuf>,
    /// The notification URLs to validate and notify: off, loopback (URLs on this machine) or anywhere
    #[arg(long, default_value = "loopback")]
    deliver: Delivery,
    /// Verify the certificates of notification URLs against the root certificates in this PEM file [default: no
    /// verification]
    #[cfg(feature = "https")]
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Disable throttling; the default quota is that of the service, 1,500 requests in 30 seconds
    #[arg(long)]
    no_throttling: bool,
    /// Accept bearer tokens of other issuers, such as those of the real service, without verifying them
    #[arg(long)]
    foreign_tokens: bool,
}

#[derive(Clone, Copy, Debug)]
enum Time {
    Real,
    Scaled(NonZeroU32),
    Stepped(Option<jiff::Timestamp>),
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=').map_or((text, None), |(kind, value)| (kind, Some(value))) {
            ("real", None) => Ok(Self::Real),
            ("scaled", Some(factor)) => factor
                .parse()
                .map(Self::Scaled)
                .map_err(|_| "expected a whole number of 1 or more after scaled=".to_owned()),
            ("stepped", None) => Ok(Self::Stepped(None)),
            ("stepped", Some(start)) => start
                .parse()
                .map(|start| Self::Stepped(Some(start)))
                .map_err(|_| "expected a timestamp such as 2026-01-01T09:00:00Z after stepped=".to_owned()),
            _ => Err("expected real, scaled=FACTOR, stepped or stepped=TIMESTAMP".to_owned()),
        }
    }
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(run(&options)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

async fn run(options: &Options) -> Result<(), String> {
    let shutdown = shutdown_signal().map_err(|error| format!("failed to listen for signals: {error}"))?;
    let address = SocketAddr::new(options.bind, options.port);
    let emulator =
        builder(options)?.start().await.map_err(|error| format!("failed to listen on {address}: {error}"))?;
    if let Some(file) = &options.seed_file {
        seed(&emulator, file).await.map_err(|error| format!("failed to load {}: {error}", file.display()))?;
    }
    let application = Guid::parse(APPLICATION).map_err(|error| error.to_string())?;
    let url = emulator.url();
    let banner = format!(
        "presence  {url}\ncontrol   {url}/_emulator\nboard     {url}/\ncloud     {}\ntenant    {}\ntoken     {}\nA user's token: \
         curl {url}/_emulator/tokens --data '{{\"user\": \"00000000-0000-0000-0000-000000000001\"}}'\n",
        options.cloud,
        emulator.tenant_id(),
        emulator.token(Caller::application(application)),
    );
    // The emulator runs even if nothing reads its output.
    let _ = std::io::stdout().write_all(banner.as_bytes());
    shutdown.await;
    emulator.shutdown().await;
    Ok(())
}

fn builder(options: &Options) -> Result<Builder, String> {
    let mut builder = Emulator::builder()
        .address(SocketAddr::new(options.bind, options.port))
        .cloud(options.cloud)
        .quota((!options.no_throttling).then(Quota::default))
        .foreign_tokens(options.foreign_tokens)
        .delivery(options.deliver);
    if let Some(tenant) = options.tenant {
        builder = builder.tenant(tenant);
    }
    #[cfg(feature = "https")]
    if let Some(file) = &options.trust {
        let failed = |error: &dyn std::fmt::Display| format!("failed to load {}: {error}", file.display());
        let roots = fs::read(file).map_err(|error| failed(&error))?;
        builder = builder.trust(&roots).map_err(|error| failed(&error))?;
    }
    let now = SystemClock.now();
    Ok(match options.time {
        Time::Real => builder,
        Time::Scaled(factor) => builder.clock(ScaledClock::new(now, factor)),
        Time::Stepped(start) => builder.clock(SteppedClock::new(start.unwrap_or(now))),
    })
}

/// Loads a snapshot, which has a version, or a list of users, which does not.
async fn seed(emulator: &Emulator, file: &Path) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if json.get("version").is_some() {
        return emulator.restore(&text).map_err(|error: InvalidInput| error.to_string());
    }
    let request = Request::post("/_emulator/users").body(text.into()).map_err(|error| error.to_string())?;
    let response = emulator.respond(request).await;
    if response.status().is_success() {
        return Ok(());
    }
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap_or_default();
    let message = body.pointer("/error/message").and_then(|message| message.as_str());
    Err(message.map_or_else(|| format!("unexpected status {}", response.status()), str::to_owned))
}

/// Registers handlers for SIGINT and SIGTERM. Returns a future that waits for the first signal.
#[cfg(unix)]
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn shutdown_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
