//! The ground gives way: no room on the disk, no database. Each is a clear sentence, changes
//! nothing, and passes by itself.

use crate::browser::Browser;
use crate::place::{Ended, Place, Serving, give_4a};
use crate::postgres::Postgres;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const FULL: &str = "disk is full";
const AWAY: &str = "cannot reach its database";

/// The command, in a shell that lets it meet the end of the disk as an error, not as a signal.
///
/// `room` is the length in bytes (a multiple of 512) beyond which no file may be written.
fn with_room(command: &Command, room: Option<u32>) -> Command {
    let limit = room.map_or_else(|| "unlimited".to_owned(), |bytes| (bytes / 512).to_string());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -S -f {limit}; exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

/// A roster of one school with 300 pupils in two classes.
fn larger_roster(folder: &Path) {
    fs::create_dir(folder).unwrap();
    for entry in fs::read_dir(crate::place::roster()).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        let (name, heading) = (entry.file_name().into_string().unwrap(), text.lines().next().unwrap().to_owned());
        let pattern = text.lines().find(|line| line.contains("P-1")).map(str::to_owned);
        for pupil in 100..400 {
            if let Some(pattern) = pattern.as_ref().filter(|_| name != "manifest.csv") {
                let row = pattern.replace("P-1", &format!("P-{pupil}"));
                // An enrolment has an id of its own in its first column.
                let (first, rest) = row.split_once(',').unwrap();
                let id = if name == "enrollments.csv" { format!("{first}-{pupil}") } else { first.to_owned() };
                text = format!("{}\n{id},{rest}\n", text.trim_end());
            }
        }
        assert!(text.starts_with(&heading));
        fs::write(folder.join(name), text).unwrap();
    }
}

/// A draft whose record fills more pages than there will be room for.
fn long_draft() -> Value {
    let mut draft = give_4a();
    let edit = draft["edits"][0].clone();
    let until = |days: u32| format!("2027-{:02}-{:02}", 1 + days / 28, 1 + days % 28);
    let edits = (0..168).map(|days| {
        let mut edit = edit.clone();
        edit["until"] = until(days).into();
        edit
    });
    draft["edits"] = edits.collect();
    draft
}

#[test]
fn on_a_full_disk_a_command_says_so_changes_nothing_and_works_once_there_is_room() {
    let place = Place::with_school();
    larger_roster(&place.folder.path().join("larger"));
    let draft = place.file("draft.json", &long_draft().to_string());
    let apply = ["draft", "apply", &draft, "--institution", "280001", "--as", "1002-280001", "--json"];
    let import = ["import", "larger", "--institution", "280001", "--json"];
    let backup = ["backup", "copy.db", "--json"];
    let rights = ["rights", "--institution", "280001", "--teacher", "T-17", "--json"];
    let before = place.run(&rights).done().out;
    for command in [apply.as_slice(), &import, &backup] {
        // Room for the index of SQLite's log and a few pages of the log itself.
        let ended: Ended = with_room(&place.command(command), Some(32 * 1024)).output().unwrap().into();
        ended.refused(1, "the database's disk takes no more");
        place.run(&["audit", "verify"]).done();
        let found = place.run(&["doctor", "--json"]).json();
        // A test's binary may carry no pages.
        let mut checks = found["checks"].as_array().unwrap().iter().filter(|check| check["name"] != "site");
        assert!(checks.all(|check| check["sound"] == true), "{found}");
    }
    assert_eq!(place.run(&rights).done().out, before);
    assert!(!place.folder.path().join("copy.db").exists(), "nothing unfinished is left");
    for command in [apply.as_slice(), &import, &backup] {
        place.run(command).done();
    }
    assert_ne!(place.run(&rights).done().out, before);
    place.run(&["audit", "verify"]).done();
}

#[test]
fn on_a_full_disk_a_sign_in_gets_a_page_that_says_so_and_works_once_there_is_room() {
    let place = Place::with_school();
    let mut command = with_room(&place.command(&["serve", "--listen", "127.0.0.1:0"]), None);
    // Its log would meet the end of the disk too, wherever the test's own goes.
    command.stderr(Stdio::null());
    let serving = Serving::of(command);
    let mut browser = Browser::of(&serving);
    let user_name = browser.sign_in(&place, &[]);
    let room = |limit: &str| {
        let pid = serving.child.id().to_string();
        let limited = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={limit}:")]).status();
        assert!(limited.unwrap().success());
    };
    room("1");
    assert_eq!(browser.get("/my-rights").status, 200, "what is only read goes on");
    for _ in 0..12 {
        browser.sign_in_again(&user_name).is_outage(FULL);
    }
    assert_eq!(browser.get("/livez").status, 200);
    room("unlimited");
    browser.sign_in_again(&user_name).leads_to("/");
    assert_eq!(browser.get("/my-rights").status, 200, "attempts that could not be counted do not count");
    place.run(&["audit", "verify"]).done();
}

/// What a server without its database answers, whoever asks.
#[track_caller]
fn is_away(browser: &mut Browser) {
    for path in ["/my-rights", "/sign-in", "/rights", "/nowhere"] {
        browser.get(path).is_outage(AWAY);
    }
    let api = browser.get("/api/session");
    assert_eq!((api.status, api.body.contains("unavailable")), (503, true), "{}", api.body);
    assert_eq!(browser.get("/readyz").status, 503);
    assert_eq!(browser.get("/livez").status, 200);
}

#[test]
fn a_file_that_is_gone_is_told_and_found_again() {
    let place = Place::with_school();
    let serving = Serving::start(&place);
    let mut browser = Browser::of(&serving);
    let user_name = browser.sign_in(&place, &[]);
    let (data, aside) = (place.folder.path().join("data"), place.folder.path().join("aside"));
    fs::rename(&data, &aside).unwrap();
    is_away(&mut browser);
    // Another database in its place is not taken for ours.
    fs::create_dir(&data).unwrap();
    fs::copy(aside.join("adgang.db"), data.join("adgang.db")).unwrap();
    is_away(&mut browser);
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&aside, &data).unwrap();
    assert_eq!(browser.get("/readyz").status, 200);
    assert_eq!(browser.get("/my-rights").status, 200, "still signed in");
    browser.sign_in_again(&user_name).leads_to("/");
    place.run(&["audit", "verify"]).done();
}

#[test]
fn a_postgresql_that_stops_is_told_and_found_again() {
    let Some(postgres) = Postgres::start() else {
        eprintln!("no PostgreSQL is installed: skipped");
        return;
    };
    let url = postgres.url();
    let database = ["--database", url.as_str(), "--secrets", "keys"];
    let place = Place::with_school_on(&database);
    let serving = Serving::of(place.command(&[&["serve", "--listen", "127.0.0.1:0"], database.as_slice()].concat()));
    let mut browser = Browser::of(&serving);
    let user_name = browser.sign_in(&place, &database);
    postgres.stop();
    is_away(&mut browser);
    place.run(&[&["audit", "verify"], database.as_slice()].concat()).refused(1, "does not answer");
    postgres.go_on();
    let is_ready = (0..150).any(|_| {
        std::thread::sleep(Duration::from_millis(200));
        browser.get("/readyz").status == 200
    });
    assert!(is_ready, "it finds the database again");
    assert_eq!(browser.get("/my-rights").status, 200, "still signed in");
    browser.sign_in_again(&user_name).leads_to("/");
    place.run(&[&["audit", "verify"], database.as_slice()].concat()).done();
}
