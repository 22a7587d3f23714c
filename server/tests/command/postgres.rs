//! A PostgreSQL of its own, to be stopped and started again.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A server on a port of its own; stopped when dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    /// Makes an empty cluster and starts it; `None` where PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs()?;
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, folder, port };
        let data = server.data();
        let made = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", "-D"];
        server.run("initdb", &[made.as_slice(), &[data.as_str()]].concat());
        server.go_on();
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it, anew or again.
    pub(crate) fn go_on(&self) {
        let settings =
            format!("-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c fsync=off", self.port);
        let log = self.folder.path().join("log").display().to_string();
        self.run("pg_ctl", &["-D", &self.data(), "-l", &log, "-w", "-s", "-o", &settings, "start"]);
    }

    /// Stops it at once, whoever is connected.
    pub(crate) fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-s", "-m", "fast", "stop"]);
    }

    /// All that it keeps, as text.
    pub(crate) fn dump(&self) -> String {
        let mut command = Command::new(self.programs.join("pg_dump"));
        let output = command.args(["--inserts", "--dbname", &self.url()]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = match is_root() {
            true => {
                let mut runuser = Command::new("runuser");
                runuser.args(["-u", "postgres", "--"]).arg(program);
                runuser
            }
            false => Command::new(program),
        };
        let command = command.args(arguments).current_dir(self.folder.path());
        assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{command:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if Path::new(&self.data()).join("postmaster.pid").exists() {
            self.run("pg_ctl", &["-D", &self.data(), "-s", "-m", "immediate", "stop"]);
        }
    }
}

/// The newest installed version's programs: Debian's place for them, else what is on `PATH`.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = debian.map(|version| version.path().join("bin")).filter(|bin| bin.join("pg_ctl").is_file()).max();
    debian.or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("pg_ctl").is_file() && folder.join("initdb").is_file())
    })
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}
