//! `cargo xtask regen`: generates the committed code and documents from the specs folder.

mod actions;
mod open_struct;

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use schemars::schema::{InstanceType, SchemaObject};
use sha2::{Digest, Sha256};

use crate::generated_file::{Staged, diff};
use crate::output::print;
use crate::spec::{SpecsFolder, apply, clouds, operations};
use crate::workspace::{display_path, workspace_root};

const SPEC: &str = "specs/presence.openapi.yaml";
const CLOUDS: &str = "specs/clouds.yaml";
const COMMAND: &str = "cargo xtask regen";
/// The generator and its pinned version, as named in the header of the generated file.
const GENERATOR: &str = "progenitor 0.15.1";

/// Generate presence.openapi.yaml and the raw client from the specs
///
/// Applies specs/presence.overlay.yaml to specs/presence.trimmed.yaml as `cargo xtask spec apply` does. From the result
/// and from specs/clouds.yaml, generates the files in crates/graph-presence-raw/src/generated: the client, its methods
/// that accept any path to a user, the table of operations and the table of clouds. If a file cannot be generated or
/// written, writes none.
///
/// Exit codes: 0 success, 1 the check found a problem, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Regen {
    /// Print the differences instead of writing, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    folder: SpecsFolder,
    /// Write to this crate instead of crates/graph-presence-raw
    #[arg(long = "crate", value_name = "DIR", hide = true)]
    package: Option<PathBuf>,
}

/// A generated file: its path, its content, and its inputs as named in messages.
struct Output {
    path: PathBuf,
    content: String,
    inputs: &'static str,
}

impl Regen {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let specs = self.folder.path();
        let package = self.package.unwrap_or_else(|| workspace_root().join("crates/graph-presence-raw"));
        let mut stale = false;
        let mut staged = Vec::new();
        let outputs = outputs(&specs, &package)?;
        for output in &outputs {
            let name = display_path(&output.path);
            let Some(diff) = diff(&output.path, &output.content)? else {
                print(format_args!("{name} is up to date"))?;
                continue;
            };
            if self.check {
                stale = true;
                print(diff.trim_end_matches('\n'))?;
                eprintln!("{name} is out of date with {}: run `{COMMAND}`", output.inputs);
            } else {
                staged.push((name, Staged::new(&output.path, &output.content)?));
            }
        }
        for (name, file) in staged {
            file.commit()?;
            print(format_args!("{name} written"))?;
        }
        Ok(ExitCode::from(u8::from(stale)))
    }
}

/// Generates all files without writing them.
fn outputs(specs: &Path, package: &Path) -> Result<[Output; 5]> {
    let applied = apply::apply(specs)?;
    let clouds = clouds::read(specs, &applied.document)?;
    let operations = operations::read(specs, &applied.document, &clouds)?;
    let client = generate(&applied.text)?;
    for operation in &operations {
        let name = &operation.method_name;
        ensure!(
            actions::find(&client, name).is_some(),
            "generated client lacks the method `{name}` of an operation: check how progenitor names it; no file \
             was written"
        );
    }
    let actions = actions::source(&client, &operations)?;
    let claims = fs::read(specs.join(clouds::FILE)).with_context(|| format!("failed to read {}", clouds::FILE))?;
    let (document, claims) = ((SPEC, applied.text.as_bytes()), (CLOUDS, claims.as_slice()));
    let generated = |name: &str, header: String, code: String, inputs: &'static str| Output {
        path: package.join("src/generated").join(name),
        content: format!("{header}{code}"),
        inputs,
    };
    Ok([
        generated("actions.rs", header(&[document], None), actions, SPEC),
        generated("client.rs", header(&[document], Some(GENERATOR)), prettyplease::unparse(&client), SPEC),
        generated("clouds.rs", header(&[claims], None), clouds::source(&clouds)?, CLOUDS),
        generated(
            "operations.rs",
            header(&[document, claims], None),
            operations::source(&operations)?,
            "specs/presence.openapi.yaml and specs/clouds.yaml",
        ),
        Output {
            path: specs.join(apply::RESULT),
            content: applied.text,
            inputs: "presence.trimmed.yaml and presence.overlay.yaml",
        },
    ])
}

/// Returns the source of the raw client, without the header.
fn generate(document: &str) -> Result<syn::File> {
    let spec: OpenAPI =
        xtask_outline::yaml::parse(document).with_context(|| format!("invalid OpenAPI 3.0 document {SPEC}"))?;
    let tokens = catch_panic(|| Generator::new(&settings()).generate_tokens(&spec))?
        .with_context(|| format!("progenitor failed to generate code from {SPEC}"))?;
    let mut file = syn::parse2(tokens).context("progenitor's output is not valid Rust")?;
    open_struct::deserialize_in_one_pass(&mut file)
        .context("unsupported output of progenitor: adapt xtask/src/regen/open_struct.rs")?;
    Ok(file)
}

/// Calls `generate` and turns a panic into an error. The generator panics on input that it does not support; the lint
/// reports most of these cases earlier, with their location.
fn catch_panic<T>(generate: impl FnOnce() -> T) -> Result<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(generate));
    panic::set_hook(hook);
    outcome.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        anyhow!("progenitor panicked: {}; no file was written", text.unwrap_or("unknown reason"))
    })
}

/// Returns the first lines of a generated file: how to regenerate it, the generator, and the inputs with their hashes.
fn header(inputs: &[(&str, &[u8])], generator: Option<&str>) -> String {
    let names: Vec<_> = inputs.iter().map(|(name, _)| *name).collect();
    let digests = inputs.iter().map(|(name, content)| {
        let hex: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("// Input: {name}, sha256 {hex}\n")
    });
    let generator = generator.map(|name| format!("// Generator: {name}\n")).unwrap_or_default();
    format!(
        "// Generated by `{COMMAND}`: do not edit, change {} and run it again.\n{generator}{}\n",
        names.join(" or "),
        digests.collect::<String>()
    )
}

fn settings() -> GenerationSettings {
    let text = |format: &str| SchemaObject {
        instance_type: Some(InstanceType::String.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    };
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_inner_type("crate::hooks::Inner".parse().unwrap_or_default())
        .with_hooks(HooksMode::Expected)
        .with_conversion(text("date-time"), "::jiff::Timestamp", [TypeImpl::Display, TypeImpl::FromStr].into_iter())
        // A response contains thousands of these short strings: `SmolStr` stores them inline instead of allocating
        // each.
        .with_conversion(text("word"), "::smol_str::SmolStr", [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    settings
}
