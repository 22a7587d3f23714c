//! How commands end that have an answer and yet did nothing: the answer whole on standard output,
//! and why in one sentence on standard error. And what ends before it begins.

use crate::place::{Ended, Place, Serving, give_4a, roster};
use serde_json::{Value, json};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

/// The school's roster with every line of a file changed or left out.
fn bent(place: &Place, name: &str, file: &str, line: impl Fn(&str) -> Option<String>) -> String {
    let folder = place.folder.path().join(name);
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(roster()).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        if entry.file_name().to_str() == Some(file) {
            text = text.lines().filter_map(&line).collect::<Vec<_>>().join("\n");
        }
        fs::write(folder.join(entry.file_name()), text).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

fn import(place: &Place, folder: &str, more: &[&str]) -> Ended {
    place.run(&[&["import", folder, "--institution", "280001"], more].concat())
}

#[test]
fn what_did_nothing_says_why_on_standard_error_beside_its_answer() {
    let place = Place::with_school();
    let smaller = bent(&place, "smaller", "users.csv", |line| (!line.starts_with("P-3")).then(|| line.to_owned()));
    let twice = bent(&place, "twice", "users.csv", |line| Some(line.replace("P-3", "P-2")));
    let school = place.draft("preview", &give_4a()).done().json()["revision"].clone();
    place.draft("apply", &give_4a()).done();
    let mut stale = give_4a();
    stale["edits"][0]["decision"] = json!("withhold");
    stale["revision"] = school;
    let stale = place.file("stale.json", &stale.to_string());
    let apply = ["draft", "apply", stale.as_str(), "--institution", "280001", "--as", "1002-280001"];
    for json in [&[][..], &["--json"]] {
        let ended = import(&place, &twice, json);
        ended.ended(2, "nothing was applied: the file has errors");
        assert!(ended.out.contains("users.csv"), "{}", ended.out);
        import(&place, &smaller, json).ended(1, "1 of 3 pupils are missing from the file");
        let ended = place.run(&[apply.as_slice(), json].concat());
        ended.ended(1, "someone decided about the same place");
        assert!(json.is_empty() || ended.json()["conflicts"].is_array());
        // A test's binary has no pages.
        if !server::web::assets::present() {
            let ended = place.run(&[&["doctor"], json].concat());
            ended.ended(1, "something is wrong with: site");
            assert!(!ended.out.is_empty());
        }
    }
    assert!(import(&place, &smaller, &["--dry-run"]).done().out.contains("would be held: 1 of 3 pupils"));
}

#[test]
fn serve_prints_one_object_and_nothing_else() {
    let place = Place::with_school();
    let object = served(place.command(&["serve", "--listen", "127.0.0.1:0", "--json"]));
    assert_eq!(object.as_object().unwrap().len(), 1, "{object}");
}

/// What a command that serves prints as a whole, until it is told to stop.
fn served(mut command: Command) -> Value {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let object: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
    let address = object["address"].as_str().unwrap();
    assert!(address.starts_with("http://localhost:") && !address.ends_with(":0"), "{address}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((child.wait().unwrap().code(), rest.as_str()), (Some(0), ""));
    object
}

#[test]
fn a_command_without_words_is_the_help_and_2() {
    let place = Place::new();
    for (line, about) in [(&[][..], "Usage: adgang"), (&["admin"], "Usage: adgang admin"), (&["audit"], "verify")] {
        let ended = place.run(line);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{line:?}");
        assert!(ended.error.contains(about) && !ended.error.contains("adgang: "), "{line:?}: {}", ended.error);
    }
    let asked = place.run(&["--help"]).done();
    assert!(asked.out.contains("Usage: adgang"));
}

#[test]
fn a_terminal_shows_a_bar_of_real_rows_and_nothing_is_left_of_it() {
    let place = Place::with_school();
    let command = place.command(&["import", roster().to_str().unwrap(), "--institution", "280001"]);
    let line: Vec<String> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(|word| format!("'{}'", word.to_str().unwrap()))
        .collect();
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &line.join(" "), "/dev/null"]).current_dir(place.folder.path()).stdin(Stdio::null());
    let Ok(ended) = terminal.output() else {
        eprintln!("there is no `script` to make a terminal with: skipped");
        return;
    };
    let shown = String::from_utf8(ended.stdout).unwrap();
    let full = format!("\r\u{1b}[2K[{}] 5 of 5 rows: reading users.csv", "#".repeat(30));
    assert!(shown.contains(&full), "{shown:?}");
    assert!(shown.contains("\r\u{1b}[2Kpeople"), "the bar is gone before the answer: {shown:?}");
    // Elsewhere than on a terminal there is none.
    import(&place, roster().to_str().unwrap(), &[]).done();
}

#[tokio::test]
async fn an_older_and_a_newer_schema_are_refused_with_the_command_to_run() {
    let roster = roster();
    let lines = [
        vec!["audit", "verify"],
        vec!["tests"],
        vec!["import", roster.to_str().unwrap(), "--institution", "1"],
        vec!["rights", "--institution", "1", "--teacher", "t"],
        vec!["retention", "run"],
    ];
    store::testing::on_both_of_schema(1, async |test| {
        let place = Place::new();
        let database = ["--database", test.url.as_str(), "--secrets", "keys"];
        let run = |line: &[&str]| place.run(&[line, &database].concat());
        for line in &lines {
            run(line).refused(1, "adgang migrate");
        }
        run(&["migrate"]).done();
        assert_eq!(run(&["audit", "verify", "--json"]).done().json()["findings"], json!([]));
    })
    .await
    .unwrap();
    store::testing::on_both(async |test| {
        test.tamper("INSERT INTO adgang_schema (version, name) VALUES (99, 'later')").await.unwrap();
        let place = Place::new();
        let database = ["--database", test.url.as_str(), "--secrets", "keys"];
        let also = [vec!["migrate"], vec!["serve", "--listen", "127.0.0.1:0"]];
        for line in lines.iter().chain(&also) {
            place.run(&[line.as_slice(), &database].concat()).refused(1, "newer");
        }
        assert_eq!(place.made(), [""; 0], "no keys are made for it");
    })
    .await
    .unwrap();
}

#[test]
fn every_setting_is_printed_with_where_it_comes_from_and_no_password() {
    let place = Place::new();
    let file = place.file("adgang.toml", "stop_seconds = 3\nlisten = \"127.0.0.1:4000\"\n");
    let mut command = place.command(&["config", "print", "--config", &file, "--database", "sqlite:x.db", "--json"]);
    command.env("ADGANG_LISTEN", "127.0.0.1:5000").env("ADGANG_SMTP_PASSWORD", "hemmelig");
    let ended = Ended::from(command.output().unwrap()).done();
    assert!(!ended.out.contains("hemmelig"), "{}", ended.out);
    let printed = ended.json();
    assert_eq!(printed["database"], json!({ "value": "sqlite:x.db", "source": "command line" }));
    assert_eq!(printed["listen"], json!({ "value": "127.0.0.1:5000", "source": "environment" }));
    assert_eq!(printed["stop_seconds"], json!({ "value": "3", "source": "configuration file" }));
    assert_eq!(printed["log"], json!({ "value": "info", "source": "default" }));
    let keys: Vec<&str> = server::settings::TABLE.iter().map(|row| row.key).collect();
    assert_eq!(printed.as_object().unwrap().len(), keys.len());
    assert!(keys.iter().all(|key| printed[key].is_object()), "{printed}");
    // What is printed for people is a configuration file again.
    let text = place.run(&["config", "print", "--config", &file]).done().out;
    let again = place.file("again.toml", &text);
    place.run(&["config", "check", "--config", &again]).done();
}

#[test]
fn a_moment_is_a_time_or_a_day_and_nothing_else() {
    let place = Place::with_school();
    place.draft("apply", &give_4a()).done();
    let seen = |more: &[&str]| {
        place.run(&[&["who-sees", "--institution", "280001", "--pupil", "P-1", "--json"], more].concat())
    };
    let by_17 = json!([{ "teacher": "T-17", "tests": ["FNF-DAL-4"] }]);
    let object = seen(&["--test", "FNF-DAL-4"]).done().json();
    assert_eq!(object, json!({ "pupil": "P-1", "teachers": by_17, "leaders": object["leaders"] }));
    assert_eq!(seen(&["--test", "FNF-MAT-4"]).done().json()["teachers"], json!([]), "another test");
    seen(&["--test", "NO-SUCH"]).refused(2, "`NO-SUCH`");
    let later = ["2999-01-01", "2999-01-01T12:00:00+01:00", "2999-01-01T12:00:00Z"];
    let before = ["2020-01-01", "2020-01-01T12:00:00+01:00", "2020-01-01T12:00:00.5Z"];
    for at in before.iter().chain(&later) {
        assert_eq!(seen(&["--at", at]).done().json()["teachers"], json!([]), "{at}");
    }
    let rights =
        |at: &str| place.run(&["rights", "--institution", "280001", "--teacher", "T-17", "--json", "--at", at]);
    let check = |at: &str| {
        let line = ["check", "--institution", "280001", "--teacher", "T-17", "--pupil", "P-1", "--test", "FNF-DAL-4"];
        place.run(&[line.as_slice(), &["--json", "--at", at]].concat())
    };
    assert_eq!(rights(before[1]).done().json()["rights"], json!([]));
    assert_eq!(check(before[0]).done().json()["allowed"], false);
    for nonsense in ["yesterday", "2026-13-01", "2026-11-21T12:00", "21.11.2026", "1763722800", ""] {
        for ended in [seen(&["--at", nonsense]), rights(nonsense), check(nonsense)] {
            ended.refused(2, "neither RFC 3339");
        }
    }
}

#[test]
fn findings_and_tests_have_these_keys_and_no_others() {
    let place = Place::with_school();
    let twice = bent(&place, "twice", "users.csv", |line| Some(line.replace("P-3", "P-2")));
    let report = import(&place, &twice, &["--json"]).json();
    let message = report["errors"][0]["message"].clone();
    assert!(message.as_str().unwrap().len() > 10);
    let error = json!({
        "file": "users.csv", "line": 4, "position": null, "column": "sourcedId", "code": "id-duplicate",
        "message": message, "count": 1
    });
    assert_eq!(report["errors"][0], error, "{report}");
    let lost = bent(&place, "lost", "enrollments.csv", |line| Some(line.replace("C-4B", "C-4X")));
    let report = import(&place, &lost, &["--dry-run", "--json"]).json();
    let message = report["warnings"][0]["message"].clone();
    let warning = json!({
        "file": "enrollments.csv", "line": 4, "position": null, "column": "classSourcedId", "code": "reference-missing",
        "message": message, "count": 1
    });
    assert_eq!(report["warnings"][0], warning, "{report}");
    let counts = |added, gone| json!({ "added": added, "changed": 0, "gone": gone });
    let mut parts = report.as_object().unwrap().clone();
    parts.remove("warnings");
    assert_eq!(
        Value::Object(parts),
        json!({
            "applied": false, "held": report["held"], "people": counts(0, 0), "groups": counts(0, 0),
            "memberships": counts(0, 1), "teaching": counts(0, 0), "errors": []
        })
    );

    let tests = place.run(&["tests", "--json"]).done().json();
    let test = |code: &str| tests.as_array().unwrap().iter().find(|test| test["code"] == code).unwrap().clone();
    let reading = json!({ "code": "FNF-DAL-4", "kind": "national", "subject": "dansk-laesning", "level": "4", "mandatory": true });
    assert_eq!(test("FNF-DAL-4"), reading);
    let keys = |test: &Value| test.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>().join(" ");
    for test in tests.as_array().unwrap() {
        assert_eq!(keys(test), "code kind level mandatory subject", "{test}");
    }
}

/// What `cargo xtask serve` starts: the demo, which is there and can be signed in to.
#[test]
fn the_demo_is_filled_and_ready() {
    let place = Place::new();
    let serving = Serving::of(place.command(&["serve", "--demo", "--listen", "127.0.0.1:0"]));
    let mut browser = crate::browser::Browser::of(&serving);
    assert_eq!(browser.get("/readyz").status, 200);
    assert!(browser.get("/sign-in").body.contains("1001-999014"));
    assert!(place.folder.path().join("data/adgang.secrets/demo-accounts.txt").exists());
    drop(serving);
    // The second time it is there already.
    let object = served(place.command(&["serve", "--demo", "--listen", "127.0.0.1:0", "--json"]));
    let credentials = Path::new("data/adgang.secrets/demo-accounts.txt").display().to_string();
    let people = object["people"].clone();
    assert_eq!(object, json!({ "address": object["address"], "people": people, "credentials": credentials }));
    let karen = json!({
        "username": "1001-999014", "role": "test-administrator", "name": "Karen Østergård",
        "institution": people[0]["institution"]
    });
    assert_eq!(people[0], karen);
}

#[tokio::test]
async fn a_demo_that_was_filled_in_part_says_what_to_delete_and_is_filled_anew_after_that() {
    let place = Place::with_school();
    let data = place.folder.path().join("data");
    let db = store::Db::open(&format!("sqlite:{}", data.join("adgang.db").display())).await.unwrap();
    store::write!(db, async |tx| { store::installation::keep(tx, "demo", "").await }).unwrap();
    db.close().await;
    let demo = ["serve", "--demo", "--listen", "127.0.0.1:0"];
    let ended = place.run(&demo);
    ended.refused(1, "was filled only in part");
    let said = ended.error.replace('`', "");
    let path = |name: &str| Path::new("data").join(name).display().to_string();
    for name in ["adgang.db", "adgang.secrets"] {
        assert!(said.contains(&path(name)), "{said}");
    }
    fs::remove_file(data.join("adgang.db")).unwrap();
    fs::remove_dir_all(data.join("adgang.secrets")).unwrap();
    drop(Serving::of(place.command(&demo)));
}
