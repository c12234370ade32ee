//! Tests of the facade's public API against servers on loopback.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod actions;
#[cfg(feature = "azure")]
mod azure;
mod broken_connections;
mod clouds;
mod compile_errors;
mod emulator;
mod error_messages;
mod error_responses;
mod get_presences;
mod hold;
mod hold_failures;
mod hold_release;
mod hold_runtime;
mod hold_soak;
mod hold_visibility;
mod in_process;
#[cfg(feature = "schemars")]
mod json_schema;
mod operations;
mod presence;
mod properties;
mod quota;
mod recording_server;
mod redaction;
mod requests;
mod responses;
mod retries;
#[cfg(feature = "serde")]
mod serialization;
mod server;
mod subscription_validation;
mod subscriptions;
#[cfg(feature = "tracing")]
mod telemetry;
mod tenant;
mod tokens;
mod validation;
mod virtual_clock;
mod watch;
