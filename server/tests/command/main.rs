//! The binary itself, as operators and scripts use it: what it prints, how it exits, and that a
//! refusal leaves nothing behind.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod browser;
mod canary;
#[cfg(unix)]
mod endings;
mod material;
#[cfg(unix)]
mod outages;
mod people;
mod place;
#[cfg(unix)]
mod postgres;
mod readme;
mod rotation;
mod servers;

use domain::{SchoolYear, Zone};
use place::{Ended, Place, Serving, give_4a, roster};
use serde_json::{Value, json};
use service::Clock;
use service::env::SystemClock;
use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::process::Command;

#[test]
fn wrong_usage_is_one_sentence_and_2() {
    let place = Place::new();
    for (line, about) in [
        ("frob", "frob"),
        ("import", "FILE"),
        ("import x.zip", "--institution"),
        ("check --institution 1", "--teacher"),
        ("--database mysql://x tests", "database"),
        ("serve --listen everywhere", "listen"),
        ("serve --listen 0.0.0.0:0", "--public-url"),
        ("serve --day 2027-08-01", "--demo"),
        ("serve --demo --day tomorrow", "tomorrow"),
        ("--config missing.toml config check", "missing.toml"),
    ] {
        place.run(&line.split(' ').collect::<Vec<_>>()).refused(2, about);
    }
    place.command(&["tests"]).env("ADGANG_LISSTEN", "x").output().map(Ended::from).unwrap().refused(2, "lissten");
    assert_eq!(place.made(), [""; 0], "nothing is made");
}

#[test]
fn an_absent_database_is_refused_with_the_command_to_run() {
    let place = Place::new();
    let draft = place.file("draft.json", "{\"reason\":\"r\",\"edits\":[]}");
    let roster = roster();
    let roster = roster.to_str().unwrap();
    for line in [
        vec!["check", "--institution", "1", "--teacher", "t", "--pupil", "p", "--test", "x"],
        vec!["rights", "--institution", "1", "--teacher", "t"],
        vec!["who-sees", "--institution", "1", "--pupil", "p"],
        vec!["import", roster, "--institution", "1"],
        vec!["draft", "apply", &draft, "--institution", "1", "--as", "1001-1"],
        vec!["audit", "verify"],
        vec!["audit", "checkpoint"],
        vec!["backup", "copy.db"],
        vec!["admin", "institution", "create", "--authority", "1", "--code", "1", "--name", "x"],
        vec!["admin", "account", "create", "--institution", "1", "--role", "teacher", "--person", "x"],
    ] {
        place.run(&line).refused(1, "adgang migrate");
    }
    assert_eq!(place.made(), ["draft.json"], "nothing is made");
}

#[test]
fn what_is_not_a_database_of_ours_is_left_as_it_was() {
    let place = Place::new();
    let path = place.file("a.db", "this is a diary");
    for command in ["migrate", "doctor"] {
        let ended = place.run(&["--database", &format!("sqlite:{path}"), command]);
        assert_eq!(ended.code, 1, "{}{}", ended.out, ended.error);
    }
    assert_eq!(fs::read_to_string(path).unwrap(), "this is a diary");
}

#[test]
fn an_account_is_printed_once_with_all_its_parts() {
    let place = Place::with_school();
    let create = ["admin", "account", "create", "--institution", "280001", "--json", "--role"];
    let new = ["--given", "Ane", "--family", "Holm"];
    let principal = place.run(&[create.as_slice(), &["principal"], &new].concat()).done().json();
    assert_eq!(principal["username"], "1003-280001");
    assert_eq!(principal["matrix"].as_object().unwrap().len(), 100);
    assert_eq!(principal["matrix"]["J10"].as_str().unwrap().len(), 2);
    let teacher = place.run(&[create.as_slice(), &["teacher", "--person", "T-17"]].concat()).done().json();
    assert_eq!(teacher["matrix"], Value::Null);
    assert!(teacher["password"].as_str().unwrap().len() >= 15);
    place.run(&[create.as_slice(), &["teacher", "--person", "T-99"]].concat()).refused(2, "person");
    let elsewhere = ["admin", "account", "create", "--institution", "280002", "--role", "leader"];
    place.run(&[elsewhere.as_slice(), &new].concat()).refused(2, "institution `280002`");
}

#[test]
fn a_principal_of_two_schools_is_named_by_the_account_at_the_first() {
    let place = Place::with_school();
    for (authority, code) in [("751", "280002"), ("752", "290001")] {
        if authority == "752" {
            let made = ["admin", "authority", "create", "--code", authority, "--name", "Engby", "--country", "dk"];
            place.run(&made).done();
        }
        let made = ["admin", "institution", "create", "--authority", authority, "--code", code, "--name", "Engen"];
        place.run(&made).done();
    }
    let create = |school: &str, user_name: &str| {
        let account = ["admin", "account", "create", "--institution", school, "--role", "principal", "--json"];
        place.run(&[account.as_slice(), &["--same-as", user_name]].concat())
    };
    assert_eq!(create("280002", "1001-280001").done().json()["username"], "1001-280002");
    let person = |school: &str| {
        let out = place.folder.path().join(format!("{school}.json"));
        let user_name = format!("1001-{school}");
        let line = ["person", "file", &user_name, "--institution", school, "--out", out.to_str().unwrap(), "--json"];
        place.run(&line).done().json()["person"].clone()
    };
    assert_eq!(person("280001"), person("280002"));
    // Another authority's, another role's and nobody's account answer alike.
    for (school, user_name) in [("290001", "1001-280001"), ("280002", "1002-280001"), ("280002", "1009-280001")] {
        create(school, user_name).refused(2, "no such thing is known here");
    }
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
}

#[test]
fn an_authority_gets_its_first_account_and_a_way_back_in() {
    let place = Place::with_school();
    let create = ["admin", "account", "create", "--authority", "751", "--json", "--role"];
    let new = ["--given", "Ulla", "--family", "Kær"];
    let made = place.run(&[create.as_slice(), &["authority"], &new].concat()).done().json();
    assert_eq!(made["username"], "1001-751");
    assert_eq!(made["matrix"].as_object().unwrap().len(), 100);
    let anew = place.run(&["admin", "account", "reissue", "1001-751", "--json"]).done().json();
    assert_eq!(anew["username"], "1001-751");
    assert_ne!(anew["password"], made["password"]);
    assert_ne!(anew["matrix"], made["matrix"]);
    for role in ["principal", "teacher"] {
        place.run(&[create.as_slice(), &[role], &new].concat()).refused(2, "malformed");
    }
    let at_school = ["admin", "account", "create", "--institution", "280001", "--role", "authority"];
    place.run(&[at_school.as_slice(), &new].concat()).refused(2, "malformed");
    let elsewhere = ["admin", "account", "create", "--authority", "752", "--role", "authority"];
    place.run(&[elsewhere.as_slice(), &new].concat()).refused(2, "authority `752`");
    // Nothing goes round the rules: a school's accounts are the school's to issue anew.
    place.run(&["admin", "account", "reissue", "1002-280001"]).refused(1, "may not");
    place.run(&["admin", "account", "reissue", "1999-751"]).refused(2, "no such");
    for (what, sentence) in [("close", "may not"), ("open", "only the principal")] {
        let done = place.run(&["admin", "account", what, "1001-751", "--json"]).done().json();
        assert_eq!((&done["username"], &done["open"]), (&json!("1001-751"), &json!(what == "open")));
        place.run(&["admin", "account", what, "1002-280001"]).refused(1, sentence);
        place.run(&["admin", "account", what, "1999-751"]).refused(2, "no such");
    }
    assert_eq!(place.run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
}

#[test]
fn a_draft_is_previewed_applied_asked_about_and_taken_back() {
    let place = Place::with_school();
    let check = |pupil: &str| {
        let line = [
            "check",
            "--institution",
            "280001",
            "--teacher",
            "T-17",
            "--pupil",
            pupil,
            "--test",
            "FNF-DAL-4",
            "--json",
        ];
        place.run(&line).done().json()
    };
    assert_eq!(check("P-1")["allowed"], false);
    let preview = place.draft("preview", &give_4a()).done().json();
    assert_eq!(preview["gains"].as_array().unwrap().len(), 2, "{preview}");
    assert_eq!(preview["gains"][0]["teacher"], "T-17");
    assert_eq!(preview.get("change_set"), None);
    assert_eq!(check("P-1")["allowed"], false, "a preview changes nothing");
    let applied = place.draft("apply", &give_4a()).done().json();
    assert_eq!(check("P-1")["allowed"], true);
    assert!(check("P-1")["reasons"][0]["decision"].is_object());
    assert_eq!(check("P-3")["allowed"], false, "she is in 4.B");
    assert_eq!(check("P-3")["reasons"][0]["who_can_help"], json!(["Ane Holm", "Ane Holm"]));
    let rights = place.run(&["rights", "--institution", "280001", "--teacher", "T-17", "--json"]).done().json();
    let expected = json!([{ "pupil": "P-1", "tests": ["FNF-DAL-4"] }, { "pupil": "P-2", "tests": ["FNF-DAL-4"] }]);
    assert_eq!(rights, json!({ "teacher": "T-17", "rights": expected }));
    let seen = place.run(&["who-sees", "--institution", "280001", "--pupil", "P-1", "--json"]).done().json();
    assert_eq!(seen["teachers"], json!([{ "teacher": "T-17", "tests": ["FNF-DAL-4"] }]));
    let before = ["rights", "--institution", "280001", "--teacher", "T-17", "--json", "--at", "2026-08-01"];
    assert_eq!(place.run(&before).done().json()["rights"], json!([]), "nothing was decided by then");
    let back = json!({ "reason": "a mistake", "take_back": applied["change_set"] });
    assert_eq!(place.draft("apply", &back).done().json()["losses"].as_array().unwrap().len(), 2);
    assert_eq!(check("P-1")["allowed"], false);
    assert_eq!(place.draft("apply", &back).code, 1, "it has been taken back already");
}

#[test]
fn the_tests_listed_are_those_that_a_draft_may_name() {
    let codes = |ended: Ended| {
        let listed = ended.done().json();
        let code = |test: &Value| test["code"].as_str().unwrap().to_owned();
        listed.as_array().unwrap().iter().map(code).collect::<Vec<_>>()
    };
    let nowhere = Place::new();
    assert_eq!(codes(nowhere.run(&["tests", "--json"])).len(), 26 + 18, "both countries' of this school year");
    assert_eq!(codes(nowhere.run(&["tests", "--all", "--json"])).len(), 50 + 18);
    assert_eq!(nowhere.made(), [""; 0]);

    let place = Place::with_school();
    let listed = codes(place.run(&["tests", "--json"]));
    assert_eq!(listed.len(), 26, "{listed:?}");
    assert!(listed.is_sorted());
    let national = place.run(&["tests", "--json"]).done().json();
    let national: Vec<&Value> = national.as_array().unwrap().iter().filter(|test| test["kind"] == "national").collect();
    let mut everything = give_4a();
    *everything.pointer_mut("/edits/0/tests").unwrap() = json!({ "all": true });
    let preview = place.draft("preview", &everything).done().json();
    assert_eq!(preview["gains"][0]["tests"].as_array().unwrap().len(), national.len(), "all covers what is listed");
    for code in &listed {
        let line = ["check", "--institution", "280001", "--teacher", "T-17", "--pupil", "P-1", "--test", code.as_str()];
        place.run(&line).done();
    }
    let former = ["check", "--institution", "280001", "--teacher", "T-17", "--pupil", "P-1", "--test", "DNT-DAL-2"];
    place.run(&former).refused(2, "`DNT-DAL-2`");

    place.run(&["admin", "authority", "create", "--code", "0180", "--name", "Björkby", "--country", "se"]).done();
    let school =
        ["admin", "institution", "create", "--authority", "0180", "--code", "31279295", "--name", "Björkskolan"];
    place.run(&school).done();
    assert_eq!(codes(place.run(&["tests", "--json"])).len(), 26 + 18);
    let swedish = codes(place.run(&["tests", "--institution", "31279295", "--json"]));
    assert!(swedish.len() == 18 && swedish.iter().all(|code| code.starts_with("NP-")), "{swedish:?}");
    place.run(&["tests", "--institution", "1"]).refused(2, "institution `1`");
}

#[test]
fn bad_drafts_are_refused_and_change_nothing() {
    let place = Place::with_school();
    let bent = |path: &str, value: Value| {
        let mut draft = give_4a();
        *draft.pointer_mut(path).unwrap() = value;
        draft
    };
    for draft in [
        bent("/edits/0/teachers/0", json!("T-99")),
        bent("/edits/0/scope", json!({ "group": "C-9Z" })),
        bent("/edits/0/tests", json!({ "test": "NO-SUCH" })),
        bent("/edits/0/decision", json!("maybe")),
        bent("/edits", json!([{}])),
        json!({ "reason": "both", "edits": [], "take_back": 1 }),
        json!({ "reason": "none", "take_back": 99 }),
    ] {
        place.draft("apply", &draft).refused(2, "");
    }
    let file = place.file("draft.json", "{ not json");
    let line = ["draft", "apply", &file, "--institution", "280001", "--as", "1002-280001"];
    place.run(&line).refused(2, "draft.json");
    fs::write(&file, give_4a().to_string()).unwrap();
    place
        .run(&["draft", "apply", &file, "--institution", "280001", "--as", "1099-280001"])
        .refused(2, "account `1099-280001`");
    let rights = place.run(&["rights", "--institution", "280001", "--teacher", "T-17", "--json"]).done().json();
    assert_eq!(rights["rights"], json!([]));
}

#[test]
fn a_stale_draft_that_touches_a_later_decision_is_a_conflict() {
    let place = Place::with_school();
    let revision = place.draft("preview", &give_4a()).done().json()["revision"].clone();
    place.draft("apply", &give_4a()).done();
    let mut stale = give_4a();
    stale["edits"][0]["decision"] = json!("withhold");
    stale["revision"] = revision;
    let ended = place.draft("apply", &stale);
    ended.ended(1, "someone decided about the same place");
    assert_eq!(ended.json()["conflicts"].as_array().unwrap().len(), 1);
    assert_eq!(ended.json().get("change_set"), None);
}

#[test]
fn an_import_reports_is_held_and_is_refused() {
    let place = Place::with_school();
    let import = |folder: &Path, more: &[&str]| {
        place.run(&[&["import", folder.to_str().unwrap(), "--institution", "280001", "--json"], more].concat())
    };
    let again = import(&roster(), &[]).done().json();
    assert_eq!(again["people"], json!({ "added": 0, "changed": 0, "gone": 0 }));
    let smaller = place.folder.path().join("smaller");
    fs::create_dir(&smaller).unwrap();
    for entry in fs::read_dir(roster()).unwrap() {
        let entry = entry.unwrap();
        let text = fs::read_to_string(entry.path()).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains("P-3")).collect();
        fs::write(smaller.join(entry.file_name()), kept.join("\n")).unwrap();
    }
    let look = import(&smaller, &["--dry-run"]).done().json();
    assert_eq!((&look["applied"], &look["people"]["gone"]), (&json!(false), &json!(1)));
    let held = import(&smaller, &[]);
    assert_eq!((held.code, &held.json()["applied"]), (1, &json!(false)));
    assert!(held.json()["held"].is_string(), "{}", held.out);
    assert_eq!(import(&smaller, &["--accept-large-change"]).done().json()["applied"], true);
    let broken = place.file("broken.zip", "PK\u{3}\u{4} and nothing more");
    let ended = import(Path::new(&broken), &[]);
    assert_eq!((ended.code, ended.json()["errors"].as_array().unwrap().len()), (2, 1));
    place.run(&["import", "missing.zip", "--institution", "280001"]).refused(2, "missing.zip");
    place.run(&["import", roster().to_str().unwrap(), "--institution", "1"]).refused(2, "institution `1`");
}

#[test]
fn a_document_of_unilogin_is_told_by_its_content_and_a_new_year_wants_a_yes_of_its_own() {
    let place = Place::with_school();
    let school = ["admin", "institution", "create", "--authority", "751", "--code", "28000a", "--name", "Bøgeskolen"];
    place.run(&school).done();
    let this_year = SchoolYear::of(Zone::Copenhagen.date_of(SystemClock.now())).0;
    let import = |name: &str, year: i16, class: &str, more: &[&str]| {
        let level = class.chars().next().unwrap();
        let people: String = (0..4)
            .map(|nth| {
                format!(
                    "<InstitutionPerson><LocalPersonId>p{nth}</LocalPersonId><Person><FirstName>Aya</FirstName>\
                     <FamilyName>Ens</FamilyName></Person><Student><Role>Elev</Role><Level>{level}</Level>\
                     <MainGroupId>{year}-{class}</MainGroupId></Student></InstitutionPerson>"
                )
            })
            .collect();
        let text = format!(
            "<UNILoginImport sourceDateTime=\"{year}-08-10T06:00:00Z\" source=\"Elevsystemet\" \
             schoolYear=\"{year}-{}\"><Institution><InstitutionNumber>28000A</InstitutionNumber><Group>\
             <GroupId>{year}-{class}</GroupId><GroupName>{class}</GroupName><GroupType>Hovedgruppe</GroupType></Group>\
             {people}</Institution></UNILoginImport>",
            year + 1
        );
        let file = place.file(name, &text);
        place.run(&[&["import", &file, "--institution", "28000a"], more].concat())
    };
    // Whatever the file is called.
    assert!(import("roster.zip", this_year, "2.A", &[]).done().out.contains("4 added"));
    import("roster.csv", this_year, "2.A", &[]).ended(2, "the file has errors");
    let held = import("new.xml", this_year + 1, "3.A", &["--accept-large-change"]);
    held.ended(1, "repeat with --accept-new-school-year");
    assert!(held.out.contains("class 2.A goes on as 3.A: 4 of 4 pupils"), "{}", held.out);
    import("new.xml", this_year + 1, "3.A", &["--accept-new-school-year"]).done();
    let other = place.file("other.xml", "<html/>");
    let ended = place.run(&["import", &other, "--institution", "28000a", "--json"]);
    assert_eq!((ended.code, &ended.json()["errors"][0]["code"]), (2, &json!("root-unknown")));
}

#[test]
fn a_backup_comes_back_and_the_audit_log_tells_of_the_rollback() {
    let place = Place::with_school();
    place.run(&["backup", "copy.db"]).done();
    place.run(&["backup", "copy.db"]).refused(1, "not overwritten");
    place.draft("apply", &give_4a()).done();
    let checkpoint = place.run(&["audit", "checkpoint"]).done().out;
    let checkpoints = place.file("checkpoints", &checkpoint);
    assert_eq!(
        place.run(&["audit", "verify", "--checkpoints", &checkpoints, "--json"]).done().json()["findings"],
        json!([])
    );
    place.run(&["restore", "copy.db"]).done();
    place.run(&["audit", "verify"]).done();
    let ended = place.run(&["audit", "verify", "--checkpoints", &checkpoints]);
    // The checkpoint knows an entry that the backup does not.
    ended.ended(1, "the audit log has 1 finding");
    let forged = place.file("forged", &checkpoint.replace("\"key\":1", "\"key\":2"));
    place.run(&["audit", "verify", "--checkpoints", &forged]).refused(2, "forged");
    let rights = place.run(&["rights", "--institution", "280001", "--teacher", "T-17", "--json"]).done().json();
    assert_eq!(rights["rights"], json!([]), "the decision came after the backup");
}

#[test]
fn keys_and_database_belong_together() {
    let place = Place::with_school();
    place.run(&["doctor", "--secrets", "elsewhere", "--json"]).json();
    place.run(&["audit", "verify", "--secrets", "elsewhere"]).refused(1, "holds no keys");
    Place::new().run(&["migrate"]).done();
    place.run(&["--database", "sqlite:other.db", "migrate"]).done();
    place.run(&["audit", "verify", "--secrets", "other.secrets"]).refused(1, "another database");
    place.run(&["serve", "--listen", "127.0.0.1:0", "--secrets", "other.secrets"]).refused(1, "another database");
}

#[test]
#[cfg(unix)]
fn nobody_else_may_read_what_is_made() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_school();
    place.run(&["backup", "copy.db"]).done();
    for name in ["data/adgang.db", "copy.db", "data/adgang.secrets"] {
        let mode = fs::metadata(place.folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}: {mode:o}");
    }
}

#[test]
fn a_taken_address_and_a_database_in_use_are_told_in_a_sentence() {
    let place = Place::with_school();
    let serving = Serving::start(&place);
    let port = serving.address.rsplit(':').next().unwrap();
    place.run(&["serve", "--listen", &format!("127.0.0.1:{port}")]).refused(1, "taken");
    place.run(&["backup", "copy.db"]).done();
    place.run(&["restore", "copy.db"]).refused(1, "in use");
}

#[test]
fn the_demo_fills_no_database_of_somebody_elses() {
    let place = Place::with_school();
    let ended = place.run(&["serve", "--demo", "--listen", "127.0.0.1:0"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    assert!(ended.error.contains("--demo works only"), "{}", ended.error);
    place.run(&["serve", "--demo", "--public-url", "https://adgang.example.org"]).refused(1, "this machine alone");
}

#[test]
#[cfg(unix)]
fn a_server_that_is_told_to_stop_stops_and_says_it_is_done() {
    let place = Place::with_school();
    let mut serving = Serving::start(&place);
    let told = Command::new("kill").arg(serving.child.id().to_string()).status().unwrap();
    assert!(told.success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(!place.folder.path().join("data/adgang.db-wal").exists(), "the log is folded into the file");
}
