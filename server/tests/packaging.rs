//! The systemd unit and the container file start the program that there is, with settings it knows,
//! and it works where they put it.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use clap::Parser;
use server::cli::Cli;
use server::settings::TABLE;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

const UNIT: &str = include_str!("../../packaging/adgang.service");
const CONTAINER: &str = include_str!("../../packaging/Containerfile");
/// Where both put the program.
const INSTALLED: &str = "/usr/local/bin/adgang";

/// The values of a key of the unit.
fn unit(key: &str) -> Vec<&'static str> {
    UNIT.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('=')).collect()
}

/// What follows an instruction of the container file's last stage, which is the one that runs.
fn container(instruction: &str) -> Vec<&'static str> {
    let (_, last) = CONTAINER.rsplit_once("\nFROM ").unwrap();
    last.lines().filter_map(|line| line.strip_prefix(instruction)?.strip_prefix(' ')).collect()
}

#[track_caller]
fn is_understood(words: &[&str]) {
    let (program, _) = words.split_first().unwrap();
    assert_eq!(*program, INSTALLED);
    Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{words:?}: {error}"));
}

/// The words of a list such as `["serve"]`.
fn list(json: &'static str) -> Vec<&'static str> {
    json.trim_matches(['[', ']']).split(',').map(|word| word.trim().trim_matches('"')).collect()
}

#[test]
fn the_commands_are_the_programs() {
    let [before, start] = [unit("ExecStartPre"), unit("ExecStart")].map(|lines| lines.concat());
    for line in [&before, &start] {
        is_understood(&line.split(' ').collect::<Vec<_>>());
    }
    assert!(start.ends_with(" serve") && before.ends_with(" config check"));
    let words = [container("ENTRYPOINT"), container("CMD")].map(|lines| list(lines.first().unwrap())).concat();
    is_understood(&words);
}

#[test]
fn the_settings_are_known() {
    let known: Vec<String> = TABLE.iter().map(|row| row.variable()).collect();
    let in_unit = unit("Environment").into_iter();
    let in_container = container("ENV").into_iter().flat_map(|line| line.split(' '));
    let by_hand = CONTAINER.lines().filter_map(|line| line.strip_prefix("#     --env ")?.split(' ').next());
    let mut count = 0;
    for setting in in_unit.chain(in_container).chain(by_hand) {
        let (name, _) = setting.split_once('=').unwrap();
        assert!(known.iter().any(|known| known == name), "{name}");
        count += 1;
    }
    assert_eq!(count, 4);
}

#[test]
fn the_places_agree() {
    let state = format!("/var/lib/{}", unit("StateDirectory").concat());
    assert_eq!(unit("WorkingDirectory"), [state.as_str()]);
    assert_eq!([container("WORKDIR"), container("VOLUME")].concat(), [state.as_str(); 2]);
    let settings = format!("/etc/{}/", unit("ConfigurationDirectory").concat());
    assert!(unit("ExecStart").concat().contains(&settings));
    assert_eq!(container("COPY"), [format!("--from=build /src/target/release/adgang {INSTALLED}")]);
    let port = container("EXPOSE").concat();
    assert!(container("ENV").concat().contains(&format!("ADGANG_LISTEN=0.0.0.0:{port} ")));
    assert!(CONTAINER.contains(&format!("--publish 127.0.0.1:{port}:{port}")));
}

#[test]
fn systemd_understands_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adgang.service");
    fs::write(&path, UNIT.replace(INSTALLED, env!("CARGO_BIN_EXE_adgang"))).unwrap();
    let Ok(checked) = Command::new("systemd-analyze").arg("verify").arg("--man=no").arg(&path).output() else {
        eprintln!("there is no systemd-analyze: skipped");
        return;
    };
    let said = String::from_utf8_lossy(&checked.stderr);
    // Other units of this machine are none of ours.
    let ours: Vec<&str> = said.lines().filter(|line| line.contains("adgang")).collect();
    assert!(ours.is_empty(), "{ours:?}");
}

/// Runs what the unit runs: its commands, its mask and limits, in a state folder of its own, as
/// somebody without any capability, with nothing of our surroundings.
#[test]
fn the_units_commands_work_in_its_layout() {
    let folder = tempfile::tempdir().unwrap();
    let (state, settings) = (folder.path().join("state"), folder.path().join("adgang.toml"));
    fs::create_dir(&state).unwrap();
    fs::write(&settings, "listen = \"127.0.0.1:0\"\n").unwrap();
    let script = |line: &str| {
        let line = line.replace(INSTALLED, env!("CARGO_BIN_EXE_adgang"));
        let line = line.replace("/etc/adgang/adgang.toml", settings.to_str().unwrap());
        format!(
            "umask {}; ulimit -c {}; ulimit -n 1024; exec {line}",
            unit("UMask").concat(),
            unit("LimitCORE").concat()
        )
    };
    let shell = |line: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &script(line)]).current_dir(&state).env_clear().env("PATH", "/usr/bin:/bin");
        command.envs(unit("Environment").into_iter().map(|setting| setting.split_once('=').unwrap()));
        command
    };
    let checked = shell(&unit("ExecStartPre").concat()).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let mut serving = shell(&unit("ExecStart").concat()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let ready = ask(line.trim().rsplit(':').next().unwrap());
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(ready.starts_with("HTTP/1.1 200 "), "{line}{ready}");
    for made in ["data/adgang.db", "data/adgang.secrets/audit-1.key"] {
        private(&state.join(made));
    }
}

/// What `/readyz` answers on a port.
fn ask(port: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
    stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
}
