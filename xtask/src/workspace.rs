//! Where things lie, and how cargo is called.

use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// The project's folder and cargo's target folder.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds the workspace that this `cargo xtask` belongs to.
    pub(crate) fn find() -> Result<Self> {
        let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().context("cargo metadata failed")?;
        Ok(Self { root: metadata.workspace_root.into(), target: metadata.target_directory.into() })
    }

    /// The folder of the finished site: script, wasm, style. `server/src/web/assets.rs` names it too.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// A cargo command in the workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        // `cargo run` tells us about xtask; build scripts that read the same names would start anew each time.
        for (name, _) in env::vars_os() {
            let known = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| known.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command
    }
}
