//! The table as Rust.

use std::fmt::Write;

use anyhow::{Context, Result};
use heck::ToShoutySnakeCase;

use super::super::lint::method_name;
use super::{Claim, Clouds};

/// The constants that the raw client's module `clouds` looks things up in.
pub(super) fn source(clouds: &Clouds) -> Result<String> {
    let mut code = String::from("use super::{Claim, Cloud, Differing, Row};\nimpl Cloud {");
    for (name, what) in &clouds.clouds {
        let constant = name.to_shouty_snake_case();
        write!(code, "#[doc = {:?}] pub const {constant}: Self = Self({name:?});", sentence(what))?;
    }
    code.push('}');
    code.push_str("pub(super) const OPERATIONS: &[Row] = &[");
    for (name, operation) in &clouds.operations {
        let mut methods: Vec<String> = operation.ids.iter().map(|id| method_name(id)).collect();
        methods.sort();
        let v1 = claim(clouds, &operation.v1);
        let beta = claim(clouds, &operation.beta);
        write!(code, "Row {{ name: {name:?}, methods: &{methods:?}, v1: {v1}, beta: {beta} }},")?;
    }
    code.push_str("];");
    code.push_str("pub(super) const PROPERTIES: &[Row] = &[");
    for (name, property) in &clouds.properties {
        let v1 = claim(clouds, &property.v1);
        let beta = claim(clouds, &property.beta);
        write!(code, "Row {{ name: {name:?}, methods: &[], v1: {v1}, beta: {beta} }},")?;
    }
    code.push_str("];");
    let file = syn::parse_file(&code).context("the table of clouds is no Rust")?;
    Ok(prettyplease::unparse(&file))
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

/// A name as documentation begins and ends.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
