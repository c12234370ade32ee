//! `cargo xtask record`: recordings from documentation pages.
#[derive(clap::Args)]
pub(crate) struct Record {}
impl Record {
    pub(crate) fn run(self) -> anyhow::Result<std::process::ExitCode> {
        anyhow::bail!("stub")
    }
}
