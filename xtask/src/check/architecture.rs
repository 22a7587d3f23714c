//! The architecture's invariants that cargo can tell: who may depend on whom.

use crate::process::output;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;
use std::fs;

/// Each crate and those of ours that it may use: `domain <- store <- service <- app <- {frontend, server}`,
/// and `letter` and `broker`, which know none of them, beside `service`.
const ARROWS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("service", &["domain", "store"]),
    ("letter", &[]),
    ("broker", &[]),
    ("app", &["domain", "letter", "service"]),
    ("frontend", &["app"]),
    ("server", &["app", "broker", "domain", "service"]),
    ("xtask", &[]),
];

/// What must never reach the browser.
const NATIVE_ONLY: [&str; 12] = [
    "store",
    "service",
    "letter",
    "broker",
    "openidconnect",
    "sqlx",
    "sqlx-core",
    "tokio",
    "argon2",
    "axum",
    "leptos_axum",
    "rand",
];

/// What `domain`, which is pure, must not depend on.
const IMPURE: [&str; 5] = ["tokio", "rand", "getrandom", "futures", "sqlx"];

/// Checks them all.
pub(super) fn check(workspace: &Workspace) -> Result<()> {
    arrows(workspace)?;
    browser(workspace)?;
    pure(workspace)?;
    dependencies_have_reasons(workspace)
}

fn arrows(workspace: &Workspace) -> Result<()> {
    let metadata = cargo_metadata::MetadataCommand::new().current_dir(&workspace.root).no_deps().exec()?;
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for package in &metadata.packages {
        let allowed = ARROWS.iter().find(|(name, _)| *name == package.name.as_str());
        let (name, allowed) = allowed.with_context(|| format!("xtask does not know the crate `{}`", package.name))?;
        for dependency in package.dependencies.iter().filter(|it| it.kind == cargo_metadata::DependencyKind::Normal) {
            let forbidden = ours.contains(dependency.name.as_str()) && !allowed.contains(&dependency.name.as_str());
            ensure!(!forbidden, "`{name}` must not depend on `{}`: the arrows run the other way", dependency.name);
        }
    }
    Ok(())
}

fn browser(workspace: &Workspace) -> Result<()> {
    let graph = tree(workspace, &["--package", "frontend", "--target", "wasm32-unknown-unknown"])?;
    for (name, features) in &graph {
        ensure!(!NATIVE_ONLY.contains(&name.as_str()), "`{name}` must not reach the browser");
        let server_side = features.split(',').any(|feature| feature == "ssr");
        // With `ssr` on, tachys drops every event handler.
        ensure!(!server_side, "`{name}` has the feature `ssr` in the browser's graph");
    }
    Ok(())
}

fn pure(workspace: &Workspace) -> Result<()> {
    for (name, _) in tree(workspace, &["--package", "domain"])? {
        ensure!(!IMPURE.contains(&name.as_str()), "`domain` must not depend on `{name}`: it is pure");
    }
    Ok(())
}

/// Name and features of everything that is linked in.
fn tree(workspace: &Workspace, selection: &[&str]) -> Result<Vec<(String, String)>> {
    let mut command = workspace.cargo();
    command.args(["tree", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}|{f}"]);
    let printed = output(command.args(selection))?;
    let lines = printed.lines().filter_map(|line| line.split_once('|'));
    let graph: Vec<_> = lines
        .filter_map(|(package, features)| Some((package.split(' ').next()?.to_owned(), features.to_owned())))
        .collect();
    if graph.is_empty() {
        bail!("cargo tree {} printed nothing", selection.join(" "));
    }
    Ok(graph)
}

fn dependencies_have_reasons(workspace: &Workspace) -> Result<()> {
    let text = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
    let table =
        text.split("[workspace.dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap_or_default();
    for line in table.lines().filter(|line| line.contains('=') && !line.starts_with('#')) {
        let reason = line.split_once(" # ").is_some_and(|(_, reason)| !reason.trim().is_empty());
        ensure!(reason || line.contains("{ path = "), "Cargo.toml: say in a comment what this is for: {line}");
    }
    for (name, _) in ARROWS {
        let path = workspace.root.join(name).join("Cargo.toml");
        if let Some(line) = fs::read_to_string(&path)?.lines().find(|line| line.contains("version = \"")) {
            bail!("{}: versions stand in the workspace's Cargo.toml: {line}", path.display());
        }
    }
    Ok(())
}
