//! The maintainer's commands, run as they are run by hand, on small documents.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod api;
mod apply;
mod bad_input;
mod bench;
mod clouds;
mod conformance;
mod drift;
mod folder;
mod layers;
mod lint;
mod operations;
mod overlay;
mod regen;
mod trim;
