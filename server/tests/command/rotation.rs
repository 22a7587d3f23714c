//! Newer keys: what was made with the older ones stays good, and all of them are wanted from then on.

use crate::browser::Browser;
use crate::place::{Place, Serving, give_4a};
use serde_json::json;
use std::fs;

#[test]
fn a_rotation_adds_a_key_of_each_use_and_every_key_is_wanted_from_then_on() {
    let place = Place::with_school();
    let checkpoint = place.file("checkpoint", &place.run(&["audit", "checkpoint"]).done().out);
    let rotated = place.run(&["secrets", "rotate", "--json"]).done().json();
    assert_eq!(rotated, json!({ "keys": { "pepper": 2, "audit": 2, "session": 2 }, "sessions_ended": 0 }));
    place.draft("apply", &give_4a()).done();
    place.run(&["audit", "verify", "--checkpoints", &checkpoint]).done();

    let keys = place.folder.path().join("data/adgang.secrets");
    for key in ["pepper-1", "pepper-2", "audit-1", "audit-2", "session-1", "session-2"] {
        let (file, aside) = (keys.join(format!("{key}.key")), place.folder.path().join("aside"));
        fs::rename(&file, &aside).unwrap();
        place.run(&["audit", "verify"]).refused(1, key);
        place.run(&["serve", "--listen", "127.0.0.1:0"]).refused(1, key);
        place.run(&["secrets", "rotate"]).refused(1, key);
        fs::rename(&aside, &file).unwrap();
    }
    assert_eq!(fs::read_dir(&keys).unwrap().count(), 6, "a refused rotation adds nothing");
    place.run(&["audit", "verify"]).done();
}

#[test]
fn the_keys_of_another_database_are_not_rotated() {
    let place = Place::with_school();
    place.run(&["--database", "sqlite:other.db", "migrate"]).done();
    place.run(&["secrets", "rotate", "--secrets", "other.secrets"]).refused(1, "another database");
    place.run(&["secrets", "rotate", "--secrets", "nowhere"]).refused(1, "holds no keys");
    assert_eq!(fs::read_dir(place.folder.path().join("other.secrets")).unwrap().count(), 3);
    assert!(!place.folder.path().join("nowhere").exists());
}

#[test]
fn who_is_signed_in_stays_so_and_older_passwords_stay_good() {
    let place = Place::with_school();
    let serving = Serving::start(&place);
    let mut browser = Browser::of(&serving);
    let user_name = browser.sign_in(&place, &[]);
    let text = place.run(&["secrets", "rotate"]).done().out;
    for said in ["pepper-2", "audit-2", "session-2", "no session ends", "Start every server"] {
        assert!(text.contains(said), "{text}");
    }
    assert_eq!(browser.get("/my-rights").status, 200, "a running server goes on");
    drop(serving);
    let serving = Serving::start(&place);
    let mut after = Browser::of(&serving).with_cookie_of(&browser);
    assert_eq!(after.get("/my-rights").status, 200);
    for _ in 0..2 {
        after.sign_in_again(&user_name).leads_to("/");
    }
    place.run(&["audit", "verify"]).done();
}
