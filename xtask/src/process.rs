//! Running other programs so that a person can follow.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fmt};

/// Shows a command, runs it, and fails unless it succeeded.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    eprintln!("$ {}", Shown(command));
    let status = command.status().with_context(|| format!("`{}` could not be started", Shown(command)))?;
    if status.success() { Ok(()) } else { bail!("`{}` failed ({status})", Shown(command)) }
}

/// Runs a command in silence and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("`{}` could not be started", Shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed:\n{}", Shown(command), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Replaces xtask by the command, so that Ctrl-C reaches it and nothing else.
#[cfg(unix)]
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    eprintln!("$ {}", Shown(command));
    Err(command.exec()).with_context(|| format!("`{}` could not be started", Shown(command)))
}

/// Runs the command in xtask's place.
#[cfg(not(unix))]
pub(crate) fn become_command(command: &mut Command) -> Result<()> {
    run(command)
}

/// Finds a program on `PATH`.
pub(crate) fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// A command as one would type it.
struct Shown<'a>(&'a Command);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = std::path::Path::new(self.0.get_program());
        write!(f, "{}", program.file_name().unwrap_or(program.as_os_str()).to_string_lossy())?;
        for argument in self.0.get_args() {
            write!(f, " {}", argument.to_string_lossy())?;
        }
        Ok(())
    }
}
