//! `cargo xtask serve`: from a fresh clone to a running demo.

use crate::process::{become_command, run};
use crate::site;
use crate::workspace::Workspace;
use anyhow::Result;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// How to build and what to tell the server.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Build quickly instead of small and fast.
    #[arg(long)]
    dev: bool,
    #[command(flatten)]
    server: ServerArguments,
}

/// What the server is started with.
#[derive(Debug, clap::Args)]
pub(crate) struct ServerArguments {
    /// Start on the database as it is, without the demo schools.
    #[arg(long)]
    no_demo: bool,
    /// Further arguments of `adgang serve`, after `--`.
    #[arg(last = true)]
    rest: Vec<OsString>,
}

impl ServerArguments {
    /// The server's command line.
    pub(crate) fn command(&self, workspace: &Workspace, binary: PathBuf) -> Command {
        let mut command = Command::new(binary);
        command.current_dir(&workspace.root).arg("serve");
        if !self.no_demo {
            command.arg("--demo");
        }
        command.args(&self.rest);
        command
    }
}

/// Builds client and server and becomes the server.
pub(crate) fn serve(workspace: &Workspace, arguments: &Arguments) -> Result<()> {
    let build = if arguments.dev { site::Build::Dev } else { site::Build::Release };
    site::build(workspace, build)?;
    let binary = build_server(workspace, build)?;
    become_command(&mut arguments.server.command(workspace, binary))
}

/// Builds the release binary, with the site in it.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    site::build(workspace, site::Build::Release)?;
    let binary = build_server(workspace, site::Build::Release)?;
    eprintln!("{}", binary.display());
    Ok(())
}

/// Builds the server and returns where its binary is. The site must be built first: the release binary embeds it.
pub(crate) fn build_server(workspace: &Workspace, build: site::Build) -> Result<PathBuf> {
    let mut command = workspace.cargo();
    command.args(["build", "--package", "server"]);
    let profile = match build {
        site::Build::Release => {
            command.arg("--release");
            "release"
        }
        site::Build::Dev => "debug",
    };
    run(&mut command)?;
    Ok(workspace.target.join(profile).join("adgang"))
}
