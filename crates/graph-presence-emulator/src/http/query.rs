//! The query string of requests to the control interface.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::{Guid, InvalidInput};

/// The query parameters, by name.
#[derive(Debug)]
pub(super) struct Options(HashMap<String, String>);

impl Options {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, InvalidInput> {
        self.text(name).map_or(Ok(default), |text| {
            text.parse().map_err(|_| InvalidInput::value(name, text, "a non-negative integer"))
        })
    }

    pub(super) fn guid(&self, name: &str) -> Result<Option<Guid>, InvalidInput> {
        self.text(name).map(|text| guid(name, text)).transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Options {
    type Rejection = InvalidInput;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let Query(options) =
            Query::try_from_uri(&parts.uri).map_err(|_| InvalidInput::new("invalid query: expected UTF-8"))?;
        Ok(Self(options))
    }
}

/// Parses a GUID in the path or the query.
pub(super) fn guid(name: &str, text: &str) -> Result<Guid, InvalidInput> {
    Guid::parse(text).map_err(|_| InvalidInput::value(name, text, "a GUID"))
}
