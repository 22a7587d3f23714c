//! `cargo xtask check`: what CI asks before any test.

mod architecture;
mod style;
mod tidy;

use crate::process::run;
use crate::site;
use crate::workspace::Workspace;
use anyhow::Result;

/// The crates that are built for the server, as cargo's arguments. `app` is built with `ssr` here and
/// never together with `frontend`, because cargo would then turn on `ssr` and `hydrate` at once.
pub(crate) const NATIVE: [&str; 16] = [
    "--package",
    "domain",
    "--package",
    "store",
    "--package",
    "service",
    "--package",
    "letter",
    "--package",
    "broker",
    "--package",
    "app",
    "--package",
    "server",
    "--features",
    "app/ssr,domain/testing",
];
/// The crates that are built for the browser, as cargo's arguments.
const WASM: [&str; 10] = [
    "--target",
    "wasm32-unknown-unknown",
    "--package",
    "domain",
    "--package",
    "app",
    "--package",
    "frontend",
    "--features",
    "app/hydrate",
];

/// Runs every check; the first that fails ends it with what to do.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    site::ensure_wasm_target()?;
    run(workspace.cargo().args(["fmt", "--all", "--check"]))?;
    tidy::check(workspace)?;
    style::check(workspace)?;
    architecture::check(workspace)?;
    let deny = ["--", "--deny", "warnings"];
    run(workspace.cargo().args(["clippy", "--all-targets"]).args(NATIVE).args(deny))?;
    run(workspace.cargo().args(["clippy", "--all-targets", "--package", "xtask"]).args(deny))?;
    run(workspace.cargo().arg("clippy").args(WASM).args(deny))?;
    run(workspace
        .cargo()
        .env("RUSTDOCFLAGS", "--deny warnings")
        .args(["doc", "--no-deps", "--document-private-items"])
        .args(NATIVE))
}
