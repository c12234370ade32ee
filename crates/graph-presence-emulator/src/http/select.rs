//! `$select`: the properties in a response.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::Cloud;
use crate::service::Service;

use super::graph_error::GraphError;

/// A property of the presence resource, in the order of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Id,
    Availability,
    Activity,
    OutOfOfficeSettings,
    StatusMessage,
    SequenceNumber,
    WorkLocation,
}

impl Property {
    /// All properties. The length is derived from the last variant, so that a missing variant is a compile error.
    const ALL: [Self; Self::WorkLocation as usize + 1] = [
        Self::Id,
        Self::Availability,
        Self::Activity,
        Self::OutOfOfficeSettings,
        Self::StatusMessage,
        Self::SequenceNumber,
        Self::WorkLocation,
    ];

    /// Returns the properties that a presence has in the cloud.
    fn of(cloud: Cloud) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |property| {
            cloud.has_all_properties()
                || !matches!(property, Self::OutOfOfficeSettings | Self::SequenceNumber | Self::WorkLocation)
        })
    }

    fn name(self) -> &'static str {
        self.key().trim_matches([',', '"', ':'])
    }

    /// Returns the JSON before the value, with the comma after a previous property.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Id => ",\"id\":",
            Self::Availability => ",\"availability\":",
            Self::Activity => ",\"activity\":",
            Self::OutOfOfficeSettings => ",\"outOfOfficeSettings\":",
            Self::StatusMessage => ",\"statusMessage\":",
            Self::SequenceNumber => ",\"sequenceNumber\":",
            Self::WorkLocation => ",\"workLocation\":",
        }
    }
}

/// The selection: all properties, or those in `$select`.
#[derive(Debug)]
pub(super) struct Select {
    cloud: Cloud,
    selected: Option<Vec<Property>>,
}

impl Select {
    pub(super) fn all(cloud: Cloud) -> Self {
        Self { cloud, selected: None }
    }

    fn parse(list: &str, cloud: Cloud) -> Result<Self, GraphError> {
        if matches!(list.trim(), "" | "*") {
            return Ok(Self::all(cloud));
        }
        let mut properties = Vec::new();
        for name in list.split(',').map(str::trim) {
            let property = Property::of(cloud).find(|property| property.name() == name).ok_or_else(|| {
                GraphError::bad_request(format!(
                    "Could not find a property named '{name}' on type 'microsoft.graph.presence'."
                ))
            })?;
            if !properties.contains(&property) {
                properties.push(property);
            }
        }
        Ok(Self { cloud, selected: Some(properties) })
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = Property> {
        Property::of(self.cloud)
            .filter(|property| self.selected.as_ref().is_none_or(|selected| selected.contains(property)))
    }

    /// Returns the selection in a context URL, such as `(availability,activity)`, in the order of the request.
    pub(super) fn context(&self) -> String {
        self.selected.as_ref().map_or_else(String::new, |selected| {
            let names: Vec<_> = selected.iter().map(|property| property.name()).collect();
            format!("({})", names.join(","))
        })
    }
}

impl FromRequestParts<Arc<Service>> for Select {
    type Rejection = GraphError;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let Query(options) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| GraphError::bad_request("The query of the request cannot be read."))?;
        let mut lists = options.iter().filter(|(name, _)| name == "$select");
        match (lists.next(), lists.next()) {
            (None, _) => Ok(Self::all(service.cloud)),
            (Some((_, list)), None) => Self::parse(list, service.cloud),
            (Some(_), Some(_)) => Err(GraphError::bad_request(
                "Query option '$select' was specified more than once, but it must be specified at most once.",
            )),
        }
    }
}
