//! The browser's part: script, wasm and style, small and compressed, under `target/site`.

use crate::process::{output, run};
use crate::snip::snip;
use crate::stylesheet;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const WASM: &str = "wasm32-unknown-unknown";

/// For whom the site is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Build {
    /// For people: small, and compressed beforehand.
    Release,
    /// For the one who works on it: quick to build.
    Dev,
}

impl Build {
    const fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm-release",
            Self::Dev => "wasm-dev",
        }
    }
}

/// Builds the site and returns what its heaviest page loads of it, brotli-compressed, in bytes (0 for [`Build::Dev`]).
///
/// A file whose bytes stay the same is left alone, so that the server that embeds it is not built again.
pub(crate) fn build(workspace: &Workspace, build: Build) -> Result<usize> {
    ensure_wasm_target()?;
    run(workspace.cargo().args(["build", "--package", "frontend", "--target", WASM, "--profile", build.profile()]))?;
    let pkg = workspace.site().join("pkg");
    fs::create_dir_all(&pkg)?;
    let mut names = vec!["adgang.css".to_owned()];
    let style = write(
        &pkg,
        "adgang.css",
        stylesheet::slim(&stylesheet::bundle(&workspace.root.join("style"))?).as_bytes(),
        build,
    )?;
    let mut heaviest = 0;
    for bundle in bundles(workspace)? {
        let mut loaded = style;
        for (name, bytes) in bind(workspace, build, &bundle)? {
            loaded += write(&pkg, &name, &bytes, build)?;
            names.push(name);
        }
        if build == Build::Release {
            eprintln!("{loaded:>10} bytes brotli for the page of {bundle}");
        }
        heaviest = heaviest.max(loaded);
    }
    remove_strangers(&pkg, &names)?;
    Ok(if build == Build::Release { heaviest } else { 0 })
}

/// The bundles: the binaries of `frontend`, in order of their names.
fn bundles(workspace: &Workspace) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.root.join("frontend/src/bin"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Writes a file of the site, for [`Build::Release`] also compressed; returns its brotli size, or 0.
fn write(pkg: &Path, name: &str, bytes: &[u8], build: Build) -> Result<usize> {
    let path = pkg.join(name);
    let size = match build {
        Build::Dev => {
            remove(&[compressed(&path, "br"), compressed(&path, "gz")])?;
            0
        }
        Build::Release => compress(&path, bytes)?,
    };
    write_if_changed(&path, bytes)?;
    Ok(size)
}

/// The target is named in `rust-toolchain.toml`, which does not install it where rustup was told not to.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let Ok(installed) = output(Command::new("rustup").args(["target", "list", "--installed"])) else {
        return Ok(()); // A toolchain without rustup: cargo will say what is missing.
    };
    if installed.lines().any(|target| target == WASM) {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", WASM]))
}

/// Script and wasm of a bundle: name and bytes of each.
fn bind(workspace: &Workspace, build: Build, bundle: &str) -> Result<[(String, Vec<u8>); 2]> {
    let wasm = workspace.target.join(WASM).join(build.profile()).join(format!("{bundle}.wasm"));
    let mut bound = Bindgen::new()
        .input_path(&wasm)
        .out_name(&format!("adgang-{bundle}"))
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(build == Build::Release)
        .remove_producers_section(true)
        .debug(build == Build::Dev)
        .generate_output()
        .with_context(|| format!("wasm-bindgen cannot read {}", wasm.display()))?;
    let inline = bound.snippets().iter().filter(|(_, scripts)| !scripts.is_empty()).map(|(name, _)| name);
    let scripts: Vec<&str> = inline.chain(bound.local_modules().keys()).map(String::as_str).collect();
    if !scripts.is_empty() {
        bail!("crates bring JavaScript of their own, which the server would not serve: {}", scripts.join(", "));
    }
    if build == Build::Release {
        snip(bound.wasm_mut())?;
    }
    Ok([
        (format!("adgang-{bundle}.js"), bound.js().as_bytes().to_vec()),
        (format!("adgang-{bundle}_bg.wasm"), bound.wasm_mut().emit_wasm()),
    ])
}

/// Writes the brotli and gzip forms beside `path`, unless they are there already; returns the size of the first.
fn compress(path: &Path, bytes: &[u8]) -> Result<usize> {
    let (brotli_path, gzip_path) = (compressed(path, "br"), compressed(path, "gz"));
    if !(same(path, bytes) && brotli_path.exists() && gzip_path.exists()) {
        let mut small = Vec::new();
        let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut &bytes[..], &mut small, &best)?;
        write_if_changed(&brotli_path, &small)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes)?;
        write_if_changed(&gzip_path, &gzip.finish()?)?;
    }
    let size = usize::try_from(fs::metadata(&brotli_path)?.len())?;
    eprintln!("{:>10} bytes, {size:>7} brotli  {}", bytes.len(), path.display());
    Ok(size)
}

fn compressed(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn same(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|present| present == bytes)
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if !same(path, bytes) {
        fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn remove(paths: &[PathBuf]) -> Result<()> {
    for path in paths.iter().filter(|path| path.exists()) {
        fs::remove_file(path)?;
    }
    Ok(())
}

/// Removes what an earlier build left and this one did not make.
fn remove_strangers(pkg: &Path, names: &[String]) -> Result<()> {
    for entry in fs::read_dir(pkg)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let plain = name.trim_end_matches(".br").trim_end_matches(".gz");
        if !names.iter().any(|known| known == plain) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
