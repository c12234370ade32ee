//! Generates the table of clouds as Rust code.

use std::fmt::Write;

use anyhow::{Context, Result};
use heck::ToShoutySnakeCase;

use super::claims::{Claim, Clouds};

/// Returns the source code of the table, without the header of the file: the constants that the module `clouds` of the
/// raw client uses.
pub(crate) fn source(clouds: &Clouds) -> Result<String> {
    let mut code = String::from("use crate::clouds::{Claim, Cloud, Differing, Row};\nimpl Cloud {");
    for (name, description) in &clouds.clouds {
        let constant = name.to_shouty_snake_case();
        write!(code, "#[doc = {:?}] pub const {constant}: Self = Self({name:?});", sentence(description))?;
    }
    code.push('}');
    for (name, operation) in &clouds.operations {
        let row = row(clouds, name, &operation.v1, &operation.beta);
        write!(code, "pub(crate) const {}: &Row = &{row};", name.to_shouty_snake_case())?;
    }
    code.push_str("pub(crate) const PROPERTIES: &[Row] = &[");
    for (name, property) in &clouds.properties {
        write!(code, "{},", row(clouds, name, &property.v1, &property.beta))?;
    }
    code.push_str("];");
    let file = syn::parse_file(&code).context("the table of clouds is not valid Rust")?;
    Ok(prettyplease::unparse(&file))
}

/// Returns the name of the constant for the row of the operation `id`.
pub(crate) fn constant(clouds: &Clouds, id: &str) -> Option<String> {
    let mut rows = clouds.operations.iter();
    let (name, _) = rows.find(|(_, operation)| operation.ids.iter().any(|row| row == id))?;
    Some(name.to_shouty_snake_case())
}

fn row(clouds: &Clouds, name: &str, v1: &Claim, beta: &Claim) -> String {
    format!("Row {{ name: {name:?}, v1: {}, beta: {} }}", claim(clouds, v1), claim(clouds, beta))
}

fn claim(clouds: &Clouds, claim: &Claim) -> String {
    let differing: String = claim
        .differing
        .iter()
        .map(|other| format!("Differing {{ {} }},", statement(clouds, &other.clouds, &other.source, &other.date)))
        .collect();
    let statement = statement(clouds, &claim.clouds, &claim.source, &claim.date);
    format!("Claim {{ {statement}, differing: &[{differing}] }}")
}

fn statement(clouds: &Clouds, names: &[String], source: &str, date: &str) -> String {
    let constants: String = names.iter().map(|name| format!("Cloud::{},", name.to_shouty_snake_case())).collect();
    let source = clouds.sources.get(source).map_or(source, String::as_str);
    format!("clouds: &[{constants}], source: {source:?}, date: {date:?}")
}

/// Capitalizes the first letter and appends a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
