//! `cargo xtask regen`: what is made from the specs folder, and is committed.

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

use crate::generated_file::{Staged, difference};
use crate::output::print;
use crate::spec::{SpecsFolder, apply, clouds, operations, yaml};
use crate::workspace::{shown, workspace_root};

const SPEC: &str = "specs/presence.openapi.yaml";
const CLOUDS: &str = "specs/clouds.yaml";
const COMMAND: &str = "cargo xtask regen";
/// The release that the workspace pins, as the receipt names it.
const GENERATOR: &str = "progenitor 0.15.1";

/// Write presence.openapi.yaml, and generate the raw client crate from it
///
/// Applies specs/presence.overlay.yaml to specs/presence.trimmed.yaml as `cargo xtask spec apply` does, and generates from
/// the result and from specs/clouds.yaml the files in crates/graph-presence-raw/src/generated: the client, its actions by
/// any path, the table of operations and the table of clouds. Nothing is written unless all of it can be made and written.
///
/// Exit codes: 0 done, 1 the check found something, 2 bad input or failure.
#[derive(Args)]
pub(crate) struct Regen {
    /// Write nothing: print what would change, and exit with 1 if anything would
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    folder: SpecsFolder,
    /// Write into this crate in place of crates/graph-presence-raw
    #[arg(long = "crate", value_name = "DIR", hide = true)]
    package: Option<PathBuf>,
}

/// A file as it must be, and what to say when it is not.
struct Output {
    path: PathBuf,
    content: String,
    origin: &'static str,
}

impl Regen {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let specs = self.folder.path();
        let package = self.package.unwrap_or_else(|| workspace_root().join("crates/graph-presence-raw"));
        let mut stale = false;
        let mut staged = Vec::new();
        let outputs = outputs(&specs, &package)?;
        for output in &outputs {
            let name = shown(&output.path);
            let Some(diff) = difference(&output.path, &output.content)? else {
                print(format_args!("{name} is up to date"))?;
                continue;
            };
            if self.check {
                stale = true;
                print(diff.trim_end_matches('\n'))?;
                eprintln!("{name} is not {}; run: {COMMAND}", output.origin);
            } else {
                staged.push((name, Staged::new(&output.path, &output.content)?));
            }
        }
        for (name, file) in staged {
            file.write()?;
            print(format_args!("{name} written"))?;
        }
        Ok(ExitCode::from(u8::from(stale)))
    }
}

/// All that is made, before any of it is written.
fn outputs(specs: &Path, package: &Path) -> Result<[Output; 5]> {
    let applied = apply::applied(specs)?;
    let clouds = clouds::read(specs, &applied.document)?;
    let operations = operations::read(specs, &applied.document, &clouds)?;
    let client = generate(&applied.text)?;
    for operation in &operations {
        let name = &operation.method_name;
        ensure!(
            actions::find(&client, name).is_some(),
            "the generated client has no method `{name}`; nothing is written"
        );
    }
    let actions = actions::source(&client, &operations)?;
    let claims = fs::read(specs.join(clouds::FILE)).with_context(|| format!("cannot read {}", clouds::FILE))?;
    let (document, claims) = ((SPEC, applied.text.as_bytes()), (CLOUDS, claims.as_slice()));
    let generated = |name: &str, receipt: String, code: String, origin: &'static str| Output {
        path: package.join("src/generated").join(name),
        content: format!("{receipt}{code}"),
        origin,
    };
    let of_document = "what specs/presence.openapi.yaml generates";
    let of_both = "what specs/presence.openapi.yaml and specs/clouds.yaml generate";
    Ok([
        generated("actions.rs", receipt(&[document], None), actions, of_document),
        generated("client.rs", receipt(&[document], Some(GENERATOR)), prettyplease::unparse(&client), of_document),
        generated("clouds.rs", receipt(&[claims], None), clouds::source(&clouds)?, "what specs/clouds.yaml says"),
        generated("operations.rs", receipt(&[document, claims], None), operations::source(&operations)?, of_both),
        Output {
            path: specs.join(apply::RESULT),
            content: applied.text,
            origin: "presence.trimmed.yaml with presence.overlay.yaml applied",
        },
    ])
}

/// Returns the source of the raw client, without a receipt.
fn generate(document: &str) -> Result<syn::File> {
    let spec: OpenAPI = yaml::parse(document).with_context(|| format!("{SPEC} is not an OpenAPI 3.0 document"))?;
    let tokens = unless_it_panics(|| Generator::new(&settings()).generate_tokens(&spec))?
        .with_context(|| format!("progenitor cannot generate from {SPEC}"))?;
    let mut file = syn::parse2(tokens).context("progenitor's output is not valid Rust")?;
    open_struct::read_in_one_pass(&mut file).context("progenitor's output has another form than expected")?;
    Ok(file)
}

/// What `generate` gives. The generator panics on what it does not know; what the lint does not know yet ends here.
fn unless_it_panics<T>(generate: impl FnOnce() -> T) -> Result<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(AssertUnwindSafe(generate));
    panic::set_hook(hook);
    outcome.map_err(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
        anyhow!("progenitor panicked: {}; nothing is written", text.unwrap_or("it did not say why"))
    })
}

/// The first lines of a generated file: how to make it again, by what, and from what.
fn receipt(inputs: &[(&str, &[u8])], generator: Option<&str>) -> String {
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
        // Short words, of which an answer has thousands: without an allocation each.
        .with_conversion(text("word"), "::smol_str::SmolStr", [TypeImpl::Display, TypeImpl::FromStr].into_iter());
    settings
}
