//! Persons and retention at the command line: a file is written and told of, an erasure survives a
//! restore, and what is forgotten is counted first.

use crate::place::{Place, id_of, roster};
use serde_json::json;
use std::fs;
use std::path::Path;

const FAMILY: &str = "Hammoud";

/// Imports the school's roster without one pupil, who has left by that.
pub(crate) fn leave(place: &Place, pupil: &str) {
    let folder = place.folder.path().join("without");
    fs::create_dir(&folder).unwrap();
    for file in fs::read_dir(roster()).unwrap() {
        let file = file.unwrap();
        let text = fs::read_to_string(file.path()).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.split(',').any(|field| field == pupil)).collect();
        fs::write(folder.join(file.file_name()), kept.join("\n") + "\n").unwrap();
    }
    let folder = folder.to_str().unwrap();
    place.run(&["import", folder, "--institution", "280001", "--accept-large-change"]).done();
}

/// Does a file hold these words anywhere, in whatever place?
fn holds(path: &Path, words: &str) -> bool {
    fs::read(path).unwrap().windows(words.len()).any(|bytes| bytes == words.as_bytes())
}

fn erase(place: &Place, person: &str) -> crate::place::Ended {
    place.run(&["person", "erase", person, "--institution", "280001", "--reason", "har bedt om det", "--json"])
}

#[test]
fn a_file_is_written_for_its_owner_alone_and_the_log_tells_of_it() {
    let place = Place::with_school();
    let path = |name: &str| place.folder.path().join(name).to_str().unwrap().to_owned();
    let file = |person: &str, out: &str, more: &[&str]| {
        place.run(&[&["person", "file", person, "--institution", "280001", "--out", &path(out)], more].concat())
    };
    file("P-1", "aya.html", &["--language", "en"]).done();
    let page = fs::read_to_string(path("aya.html")).unwrap();
    for words in ["Aya Hammoud", "P-1", "4.A", "What is recorded about you", "Deciding which tests fit"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(!page.contains("Lindegaard") && !page.contains("Krog"), "nobody else is named");
    file("P-1", "aya.json", &[]).done();
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(path("aya.json")).unwrap()).unwrap();
    assert_eq!(json["name"], "Aya Hammoud");
    assert_eq!(json["sections"][0]["records"][0]["text"], "Navn: Aya Hammoud", "in the school's language");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path("aya.json")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    file("P-1", "aya.html", &[]).refused(1, "is not overwritten");
    file("P-1", "aya.pdf", &[]).refused(2, ".html or .json");
    file("P-9", "x.html", &[]).refused(2, "no such");
    file("01a20075-96c8-73c7-8928-278938a16032", "x.html", &[]).refused(2, "no such");
    assert!(!Path::new(&path("x.html")).exists() && !Path::new(&path("aya.pdf")).exists());
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
}

#[test]
fn an_erasure_is_applied_again_after_a_restore() {
    let place = Place::with_school();
    let database = place.folder.path().join("data/adgang.db");
    erase(&place, "P-1").refused(1, "still somebody");
    leave(&place, "P-1");
    let id = id_of(&place, "P-1", &[]);
    let backup = place.folder.path().join("backup.db");
    let backup_path = backup.to_str().unwrap();
    place.run(&["backup", backup_path]).done();
    assert!(holds(&backup, FAMILY), "the backup knows the name");
    assert_eq!(erase(&place, &id).done().json()["erased"], true);
    let out = place.folder.path().join("erased.json");
    place.run(&["person", "file", &id, "--institution", "280001", "--out", out.to_str().unwrap()]).done();
    assert!(!holds(&out, FAMILY));
    let list = fs::read_to_string(place.folder.path().join("data/adgang.secrets/erasures.jsonl")).unwrap();
    assert!(list.contains(&id) && !list.contains(FAMILY), "{list}");
    place.run(&["restore", backup_path]).done();
    assert!(!holds(&database, FAMILY), "not in any byte of it after the backup is back");
    let out = place.folder.path().join("after.json");
    place.run(&["person", "file", &id, "--institution", "280001", "--out", out.to_str().unwrap()]).done();
    let after: serde_json::Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(after["name"], "Slettet person");
    let groups = after["sections"].to_string();
    assert!(groups.contains("4.A") && !groups.contains("P-1"), "what was recorded stays: {groups}");
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
    // On a new machine with a copy of the keys' folder, too.
    let fresh = ["--database", "sqlite:new.db", "--secrets", "data/adgang.secrets"];
    place.run(&[["restore", backup_path].as_slice(), &fresh].concat()).done();
    assert!(!holds(&place.folder.path().join("new.db"), FAMILY));
}

#[test]
fn the_erasures_of_the_database_that_is_replaced_are_kept_although_the_list_lost_them() {
    let place = Place::with_school();
    leave(&place, "P-1");
    let backup = place.folder.path().join("backup.db");
    place.run(&["backup", backup.to_str().unwrap()]).done();
    erase(&place, "P-1").done();
    fs::remove_file(place.folder.path().join("data/adgang.secrets/erasures.jsonl")).unwrap();
    place.run(&["restore", backup.to_str().unwrap()]).done();
    assert!(!holds(&place.folder.path().join("data/adgang.db"), FAMILY));
}

#[test]
fn an_erasure_needs_a_person_of_the_place_and_is_done_once() {
    let place = Place::with_school();
    leave(&place, "P-1");
    place.run(&["admin", "institution", "create", "--authority", "751", "--code", "280002", "--name", "Engen"]).done();
    let id = id_of(&place, "P-1", &[]);
    let there = |person: &str| place.run(&["person", "erase", person, "--institution", "280002", "--reason", "x"]);
    there(&id).refused(2, "no such");
    there("01a20075-96c8-73c7-8928-278938a16032").refused(2, "no such");
    place.run(&["person", "erase", &id, "--institution", "280001", "--reason", " "]).refused(2, "malformed");
    erase(&place, &id).done();
    assert!(erase(&place, &id).done().out.contains("true"));
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
}

#[test]
fn what_is_due_is_counted_then_forgotten_then_gone() {
    let place = Place::with_school();
    let run = |more: &[&str]| place.run(&[&["retention", "run", "--json"], more].concat()).done().json();
    let looked = run(&["--dry-run"]);
    assert_eq!((&looked["dry_run"], &looked["kinds"]["keep_people_days"]["days"]), (&json!(true), &json!(1826)));
    let counts = |of: &serde_json::Value| {
        of["kinds"].as_object().unwrap().values().map(|kind| kind["count"].as_u64().unwrap()).sum::<u64>()
    };
    assert_eq!(counts(&looked), 0, "{looked}");
    assert_eq!(counts(&run(&[])), 0);
    let text = place.run(&["retention", "run", "--dry-run"]).done().out;
    assert!(text.contains("Attempts to sign in, kept for 180 days") && text.contains("a look only"), "{text}");
    let config = place.file("adgang.toml", "keep_people_days = 0\n");
    place.run(&["--config", &config, "retention", "run"]).refused(2, "keep_people_days");
}

#[test]
fn a_person_of_an_authority_has_a_file_and_is_erased_like_any_other() {
    let place = Place::with_school();
    for (given, family) in [("Ulla", "Hammoud"), ("Otto", "Sloth")] {
        let account = ["admin", "account", "create", "--authority", "751", "--role", "authority"];
        place.run(&[account.as_slice(), &["--given", given, "--family", family]].concat()).done();
    }
    let made = ["admin", "authority", "create", "--code", "752", "--name", "Engby", "--country", "dk"];
    place.run(&made).done();
    let path = |name: &str| place.folder.path().join(name).to_str().unwrap().to_owned();
    let file =
        |of: [&str; 3], out: &str| place.run(&["person", "file", of[0], of[1], of[2], "--out", &path(out), "--json"]);
    let made = file(["1001-751", "--authority", "751"], "ulla.json").done().json();
    let id = made["person"].as_str().unwrap();
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(path("ulla.json")).unwrap()).unwrap();
    assert_eq!((&json["name"], &json["institution"]["code"]), (&json!("Ulla Hammoud"), &json!("751")));
    let whole = json.to_string();
    assert!(whole.contains("1001-751") && !whole.contains("Sloth"), "theirs, and nobody else's: {whole}");
    file([id, "--authority", "751"], "ulla.html").done();
    assert!(holds(Path::new(&path("ulla.html")), "Ulla Hammoud"));
    // Nobody is known at a place where they are not: a school of the authority, another authority.
    for of in [
        [id, "--authority", "752"],
        ["1001-751", "--authority", "752"],
        [id, "--institution", "280001"],
        ["1001-751", "--institution", "280001"],
        ["1009-751", "--authority", "751"],
        ["01a20075-96c8-73c7-8928-278938a16032", "--authority", "751"],
        ["P-1", "--authority", "751"],
        ["1001-280001", "--authority", "751"],
    ] {
        file(of, "none.json").refused(2, "no such thing is known here");
        place.run(&["person", "erase", of[0], of[1], of[2], "--reason", "x"]).refused(2, "no such");
    }
    assert!(!Path::new(&path("none.json")).exists());
    let erase = || place.run(&["person", "erase", "1001-751", "--authority", "751", "--reason", "fratrådt", "--json"]);
    erase().refused(1, "still holds an account");
    place.run(&["admin", "account", "delete", "1001-751"]).done();
    place.run(&["admin", "account", "delete", "1002-280001"]).refused(1, "only the principal");
    place.run(&["admin", "account", "delete", "1001-751"]).refused(2, "no such");
    assert_eq!(erase().done().json()["erased"], true);
    file(["1001-751", "--authority", "751"], "after.json").done();
    assert!(!holds(Path::new(&path("after.json")), FAMILY));
    let json: serde_json::Value = serde_json::from_str(&fs::read_to_string(path("after.json")).unwrap()).unwrap();
    assert_eq!(json["name"], "Slettet person");
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
}
