//! Tests of the commands. Each test runs the executable on small inputs.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod api;
mod apply;
mod bench;
mod clouds;
mod conformance;
mod drift;
mod error_messages;
mod folder;
mod layers;
mod lint;
mod operations;
mod overlay;
mod regen;
mod trim;
