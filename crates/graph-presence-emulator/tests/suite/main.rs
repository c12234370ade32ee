//! Tests of the emulator through its public interfaces: the library, HTTP and the command line.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod actions;
#[cfg(feature = "cli")]
mod binary;
mod board;
mod bodies;
mod browser;
mod clocks;
mod clouds;
mod concurrency;
mod control;
mod delivery;
mod endpoint;
#[cfg(all(feature = "cli", feature = "https", target_os = "linux"))]
mod error_messages;
mod error_responses;
mod explanations;
mod faults;
mod freshness;
mod guard;
mod identity;
mod lifecycle;
mod locations;
mod malformed_input;
#[cfg(all(feature = "cli", unix))]
mod many_connections;
mod model;
mod permissions;
mod preferences;
mod quota;
mod reading;
#[cfg(feature = "rich")]
mod resource_data;
mod sequence;
mod sessions;
mod status_message;
mod subscription_requests;
mod subscriptions;
mod tenant;
mod webdriver;
