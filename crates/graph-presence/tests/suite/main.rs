//! What the facade promises, checked through its public interface against real servers on loopback.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod answers;
mod faults;
mod requests;
mod rules;
mod secrecy;
mod server;
