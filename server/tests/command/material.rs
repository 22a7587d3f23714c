//! Material on the command line: added, listed, in the backup, taken back.

use crate::place::Place;
use serde_json::{Value, json};
use service::{Env, Installation, Settings};
use std::fs;

/// Adds a file to a place with a school; answers its id.
fn added(place: &Place, file: &str, more: &[&str]) -> String {
    let add = ["admin", "material", "add", file, "--subject", "matematik", "--json"];
    let answer = place.run(&[add.as_slice(), more].concat()).done().json();
    answer["id"].as_str().unwrap().to_owned()
}

#[test]
fn material_is_added_listed_and_taken_back() {
    let place = Place::with_school();
    let file = place.file("Prøve æ.txt", "Et, to, tre.");
    let id = added(&place, &file, &["--protected", "--school-form", "folkeskole", "--title", "Prøve 1"]);
    let list = place.run(&["admin", "material", "list", "--json"]).done().json();
    let [line] = list.as_array().unwrap().as_slice() else { panic!("{list}") };
    let part = |key: &str| line[key].clone();
    assert_eq!(part("id"), id.as_str());
    assert_eq!([part("title"), part("country"), part("subject")], ["Prøve 1", "dk", "matematik"]);
    assert_eq!([part("school_form"), part("file_name")], ["folkeskole", "Prøve æ.txt"]);
    assert_eq!([part("bytes"), part("protected"), part("withdrawn")], [json!(12), json!(true), Value::Null]);
    let text = place.run(&["admin", "material", "list"]).done().out;
    assert!(text.contains(&id) && text.contains("dk matematik, folkeskole, protected: Prøve 1"), "{text}");
    assert_eq!(place.run(&["admin", "material", "openings", "--json"]).done().json(), json!([]));
    place.run(&["admin", "material", "withdraw", &id]).done();
    place.run(&["admin", "material", "withdraw", &id]).refused(2, &format!("no material `{id}`"));
    let list = place.run(&["admin", "material", "list", "--json"]).done().json();
    assert!(list[0]["withdrawn"].is_i64(), "{list}");
    place.run(&["audit", "verify"]).done();
}

#[test]
fn what_cannot_be_added_is_refused_in_words() {
    let place = Place::with_school();
    let (file, empty) = (place.file("a.txt", "x"), place.file("b.txt", ""));
    let nowhere = place.folder.path().join("none.txt").display().to_string();
    let folder = place.folder.path().display().to_string();
    let add = |file: &str, more: &str| {
        let line = ["admin", "material", "add", file];
        place.run(&[line.as_slice(), &more.split(' ').collect::<Vec<_>>()].concat())
    };
    add(&nowhere, "--subject matematik").refused(2, "none.txt");
    add(&empty, "--subject matematik").refused(2, "is empty");
    add(&folder, "--subject matematik").refused(2, "is no file");
    add(&file, "--subject latin").refused(2, "no subject `latin`");
    add(&file, "--subject matematik --school-form lyceum").refused(2, "folkeskole, fri-grundskole");
    add(&file, "--subject matematik --school-form grundskola").refused(2, "schools in se have no subject");
    add(&file, "--subject matematik --country se").refused(2, "schools in se have no subject");
    add(&file, "--subject svenska").refused(2, "no authority of the country `se`");
    place.run(&["admin", "material", "withdraw", "x"]).refused(2, "`x` is no id");
    place.run(&["admin", "material", "openings", "--institution", "4711"]).refused(2, "institution `4711`");
    let large = place.file("c.txt", &"x".repeat(1_000_001));
    let mut command = place.command(&["admin", "material", "add", &large, "--subject", "matematik"]);
    let ended: crate::place::Ended = command.env("ADGANG_MATERIAL_MEGABYTES", "1").output().unwrap().into();
    ended.refused(2, "longer than 1 MB");
    assert_eq!(place.run(&["admin", "material", "list", "--json"]).done().json(), json!([]), "nothing is half done");
}

#[tokio::test]
async fn a_backup_holds_the_material() {
    let place = Place::with_school();
    // Longer than a chunk, so that the order of chunks is seen too.
    let bytes: String = (0..60_000).map(|n| format!("{n:05} ")).collect();
    let file = place.file("Lang.txt", &bytes);
    let id = added(&place, &file, &[]);
    place.run(&["backup", "copy.db"]).done();
    place.run(&["admin", "material", "withdraw", &id]).done();
    place.run(&["restore", "copy.db"]).done();
    let data = place.folder.path().join("data");
    let installation = Installation {
        database: format!("sqlite:{}", data.join("adgang.db").display()),
        secrets: data.join("adgang.secrets"),
        catalogue: None,
        settings: Settings::default(),
    };
    let service = installation.open(Env::system()).await.unwrap();
    let id = id.parse().unwrap();
    let about = service.material(None, id).await.unwrap();
    let mut opened = service.open_material(None, id, 0, about.bytes).await.unwrap();
    let mut found = Vec::new();
    while let Some(piece) = opened.next().await.unwrap() {
        found.extend(piece);
    }
    service.close().await;
    assert!(found == bytes.as_bytes() && fs::read(&file).unwrap() == found);
}
