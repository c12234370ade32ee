//! The message of an error: what failed, why, and what to do.

use std::fmt;

use http::StatusCode;

use super::{Error, Kind, StopReason};
use crate::operation::{Binding, Operation, Permissions};

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(formatter, "{}: ", operation.name())?;
        }
        match &self.0.kind {
            Kind::Invalid(message) => formatter.write_str(message)?,
            Kind::Builder => formatter.write_str("failed to set up TLS")?,
            Kind::Token => formatter.write_str("failed to get an access token from the token source")?,
            Kind::Connection => formatter.write_str("connection failed")?,
            Kind::Status => self.describe_status(formatter)?,
            Kind::Decode => self.describe_decode(formatter)?,
        }
        self.describe_attempts(formatter)
    }
}

impl Error {
    /// Writes the status, the error code, and what to do about them.
    fn describe_status(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("request failed")?;
        let Some(response) = &self.0.response else { return Ok(()) };
        formatter.write_str(" with ")?;
        write_status(formatter, response.status)?;
        if let Some(code) = &response.code {
            write!(formatter, " (code {code})")?;
        }
        let mut separator = ": ";
        if let Some(permissions) = self.required_permissions() {
            write!(formatter, "{separator}requires ")?;
            write_permissions(formatter, &permissions)?;
            separator = "; ";
        }
        if self.0.operation.and_then(Operation::binding) != Some(Binding::Me) {
            return Ok(());
        }
        if let StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN = response.status {
            write!(formatter, "{separator}/me requires a delegated token: an application uses Client::user")?;
        }
        if response.status == StatusCode::BAD_REQUEST {
            formatter.write_str("; personal Microsoft accounts do not have presence")?;
        }
        Ok(())
    }

    fn describe_decode(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("failed to decode the response body")?;
        let Some(status) = self.status() else { return Ok(()) };
        formatter.write_str(" (")?;
        write_status(formatter, status)?;
        formatter.write_str(")")
    }

    fn describe_attempts(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((attempts, reason)) = self.0.attempts else { return Ok(()) };
        let after = if attempts == 1 { "after 1 attempt".to_owned() } else { format!("after {attempts} attempts") };
        match reason {
            StopReason::Permanent | StopReason::Attempts if attempts < 2 => Ok(()),
            StopReason::Permanent | StopReason::Attempts => write!(formatter, "; gave up {after}"),
            StopReason::Deadline => write!(formatter, "; retry deadline exceeded {after}"),
            StopReason::Budget => write!(formatter, "; retry budget exhausted {after}"),
        }
    }
}

fn write_status(formatter: &mut fmt::Formatter<'_>, status: StatusCode) -> fmt::Result {
    match status.canonical_reason() {
        Some(reason) => write!(formatter, "{} {reason}", status.as_u16()),
        None => write!(formatter, "{}", status.as_u16()),
    }
}

fn write_permissions(formatter: &mut fmt::Formatter<'_>, permissions: &Permissions) -> fmt::Result {
    let delegated = permissions.delegated();
    match permissions.application() {
        Some(application) if application == delegated => write!(formatter, "the {application} permission"),
        Some(application) => {
            write!(formatter, "the {delegated} permission (delegated) or {application} (application)")
        }
        None => write!(formatter, "the {delegated} permission (delegated only)"),
    }
}
