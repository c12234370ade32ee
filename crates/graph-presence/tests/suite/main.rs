//! What the facade promises, checked through its public interface against real servers on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod actions;
mod answers;
#[cfg(feature = "azure")]
mod azure;
mod broken_connections;
mod calls;
mod clouds;
mod emulator;
mod faults;
mod forbidden;
mod hold;
mod hold_faults;
mod hold_soak;
mod in_process;
mod many;
mod presence;
mod properties;
mod quota;
mod requests;
mod retries;
mod rules;
#[cfg(feature = "schemars")]
mod schema;
mod secrecy;
#[cfg(feature = "serde")]
mod serialised;
mod server;
mod subscription_rules;
mod subscriptions;
#[cfg(feature = "tracing")]
mod telemetry;
mod tenant;
mod time;
mod tokens;
mod watch;
mod wire;
