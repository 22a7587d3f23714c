//! A folder to run the binary in, and a server that runs in it.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// A folder of its own to run the binary in.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Ended {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|_| panic!("one object, not {:?} and {:?}", self.out, self.error))
    }

    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.error);
        assert_eq!(self.error, "");
        self
    }

    /// Exactly one sentence on standard error, and nothing on standard output.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, about: &str) {
        assert_eq!(self.out, "", "{}", self.error);
        self.ended(code, about);
    }

    /// Exactly one sentence on standard error, whatever the answer before it.
    #[track_caller]
    pub(crate) fn ended(&self, code: i32, about: &str) {
        assert_eq!(self.code, code, "{}{}", self.out, self.error);
        assert_eq!(self.error.trim_end().lines().count(), 1, "{}", self.error);
        assert!(self.error.starts_with("adgang: ") && self.error.contains(about), "{about}: {}", self.error);
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// With a school, its roster, and accounts `1001` (principal) and `1002` (test administrator).
    pub(crate) fn with_school() -> Self {
        Self::with_school_on(&[])
    }

    /// The same, on the database that these arguments name.
    pub(crate) fn with_school_on(database: &[&str]) -> Self {
        let place = Self::new();
        let run = |arguments: &[&str]| place.run(&[arguments, database].concat()).done();
        run(&["admin", "authority", "create", "--code", "751", "--name", "Søndermark", "--country", "dk"]);
        let school =
            ["admin", "institution", "create", "--authority", "751", "--code", "280001", "--name", "Bakkeskolen"];
        run(&school);
        for role in ["principal", "test-administrator"] {
            let account =
                ["admin", "account", "create", "--institution", "280001", "--given", "Ane", "--family", "Holm"];
            run(&[account.as_slice(), &["--role", role]].concat());
        }
        run(&["import", roster().to_str().unwrap(), "--institution", "280001"]);
        place
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adgang"));
        command.args(arguments).current_dir(self.folder.path());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("ADGANG_") {
                command.env_remove(name);
            }
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        self.command(arguments).output().unwrap().into()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn draft(&self, verb: &str, draft: &Value) -> Ended {
        let file = self.file("draft.json", &draft.to_string());
        self.run(&["draft", verb, &file, "--institution", "280001", "--as", "1002-280001", "--json"])
    }

    pub(crate) fn made(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// Our id of somebody, as a file of theirs tells it; on the database that these arguments name.
pub(crate) fn id_of(place: &Place, person: &str, database: &[&str]) -> String {
    let out = place.folder.path().join("id.json");
    let line = ["person", "file", person, "--institution", "280001", "--out", out.to_str().unwrap(), "--json"];
    place.run(&[line.as_slice(), database].concat()).done().json()["person"].as_str().unwrap().to_owned()
}

pub(crate) fn roster() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roster")
}

pub(crate) fn give_4a() -> Value {
    json!({ "reason": "takes over", "edits": [{
        "teachers": ["T-17"], "scope": { "group": "C-4A" }, "tests": { "test": "FNF-DAL-4" }, "decision": "give"
    }]})
}

/// A running server; killed when dropped.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) address: String,
}

impl Serving {
    pub(crate) fn start(place: &Place) -> Self {
        Self::of(place.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// Starts a command that serves, and reads from it where.
    pub(crate) fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.starts_with("http://localhost:"), "{line}");
        Self { child, address }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
