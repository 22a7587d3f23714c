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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;
    use std::path::Path;

    /// What the server's own tests start on a free port, and sign in to (`server/tests/command/endings.rs`).
    #[test]
    fn it_starts_the_demo_unless_told_otherwise() {
        let workspace = Workspace { root: PathBuf::from("/w"), target: PathBuf::from("/w/target") };
        let typed = |no_demo, rest: &[&str]| {
            let arguments = ServerArguments { no_demo, rest: rest.iter().map(OsString::from).collect() };
            let command = arguments.command(&workspace, PathBuf::from("adgang"));
            assert_eq!(command.get_current_dir(), Some(Path::new("/w")));
            command.get_args().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(typed(false, &[]), ["serve", "--demo"]);
        assert_eq!(typed(false, &["--listen", "127.0.0.1:0"]), ["serve", "--demo", "--listen", "127.0.0.1:0"]);
        assert_eq!(typed(true, &[]), ["serve"]);
    }
}
