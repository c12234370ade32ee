//! The conformance suite: tests of the recorder with damaged pages, and checks of the recordings against the library.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod call;
mod check;
mod differences;
mod emulator;
mod example_server;
mod facts;
mod guide;
mod locales;
mod openapi;
mod outcome;
mod presences;
mod recorder;
mod recordings;
mod replay;
mod schema;
mod snapshots;
mod spec;
