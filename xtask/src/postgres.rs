//! A PostgreSQL of its own for one test run, gone with it.

use crate::process::{output, run, which};
use crate::system;
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A running server; stopped and deleted when dropped.
#[derive(Debug)]
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Makes an empty cluster under the system's folder for temporary files and starts it on a free port.
    ///
    /// It is quick rather than safe: nothing of it outlives the run.
    pub(crate) fn start() -> Result<Self> {
        let programs = system::postgres()?;
        let folder = env::temp_dir().join(format!("adgang-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if system::is_root()? {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            run(Command::new("chown").arg("postgres").arg(&folder))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { programs, folder, port };
        let data = server.folder.join("data");
        output(
            server
                .program("initdb")?
                .args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync"])
                .arg(&data),
        )?;
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off \
             -c synchronous_commit=off -c full_page_writes=off -c max_connections=300"
        );
        let log = server.folder.join("log");
        // Its output goes to the log, or `pg_ctl` would hold our pipe open as long as the server lives.
        run(server
            .program("pg_ctl")?
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(&log)
            .args(["-w", "-s", "-o", &settings, "start"]))
        .with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        Ok(server)
    }

    /// Where tests connect as a superuser who may create databases.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// An empty database besides the one of [`Postgres::url`], and where tests connect to it.
    pub(crate) fn besides(&self, name: &str) -> Result<String> {
        let port = self.port.to_string();
        run(self.program("createdb")?.args(["-h", "127.0.0.1", "-p", &port, "-U", "postgres", name]))?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }

    /// One of PostgreSQL's programs, run as somebody who is not root.
    fn program(&self, name: &str) -> Result<Command> {
        let path = self.programs.join(name);
        let mut command = if system::is_root()? { as_postgres(&path)? } else { Command::new(&path) };
        command.current_dir(&self.folder);
        Ok(command)
    }
}

fn as_postgres(program: &Path) -> Result<Command> {
    let Some(runuser) = which("runuser") else {
        bail!("`runuser` is missing; run the tests as another user than root")
    };
    let mut command = Command::new(runuser);
    command.args(["-u", "postgres", "--"]).arg(program);
    Ok(command)
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stopped = self.program("pg_ctl").and_then(|mut stop| {
            run(stop.arg("-D").arg(self.folder.join("data")).args(["-s", "-m", "immediate", "stop"]))
        });
        if let Err(error) = stopped.and_then(|()| Ok(fs::remove_dir_all(&self.folder)?)) {
            eprintln!("{} is left behind: {error:#}", self.folder.display());
        }
    }
}
