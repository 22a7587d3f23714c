//! `cargo xtask dev`: the demo, built again whenever a source file changes.

use crate::serve::{ServerArguments, build_server};
use crate::site::{self, Build};
use crate::workspace::Workspace;
use anyhow::Result;
use notify::{RecursiveMode, Watcher};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Folders whose files make a new build.
const WATCHED: [&str; 11] =
    ["domain", "store", "service", "letter", "broker", "app", "frontend", "server", "style", "migrations", "catalogue"];
/// An editor writes several files at once; the build waits until it has been quiet for so long.
const QUIET: Duration = Duration::from_millis(200);

/// Builds, serves, and starts over at each change, until Ctrl-C.
pub(crate) fn dev(workspace: &Workspace, arguments: &ServerArguments) -> Result<()> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = sender.send(());
        }
    })?;
    for folder in WATCHED {
        watcher.watch(&workspace.root.join(folder), RecursiveMode::Recursive)?;
    }
    loop {
        let server = start(workspace, arguments);
        if let Err(error) = &server {
            eprintln!("{error:#}\nWaiting for a change.");
        }
        wait(&changes)?;
        if let Ok(mut server) = server {
            server.kill()?;
            server.wait()?;
        }
    }
}

fn start(workspace: &Workspace, arguments: &ServerArguments) -> Result<Child> {
    site::build(workspace, Build::Dev)?;
    let binary = build_server(workspace, Build::Dev)?;
    Ok(arguments.command(workspace, binary).spawn()?)
}

/// Waits for a change and then for quiet.
fn wait(changes: &Receiver<()>) -> Result<()> {
    changes.recv()?;
    while changes.recv_timeout(QUIET).is_ok() {}
    Ok(())
}
