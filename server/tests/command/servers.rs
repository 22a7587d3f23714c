//! Two server processes on one database: what one of them does, the other's next request sees.

use crate::browser::{Browser, Page};
use crate::canary::sign_in_with_card;
use crate::place::{Place, Serving, id_of};
use app::wire::WireEncoding;
use domain::exchange::{ApplyOutcome, Review};
use leptos::server_fn::Decodes;
use serde::de::DeserializeOwned;
use serde_json::json;
use store::testing::{POSTGRES_VARIABLE, TestDb};

const OWN: &str = "brombaer-2-kano-pil";

/// What a server function answered.
#[track_caller]
fn answer<T: DeserializeOwned>(page: Page) -> T {
    assert_eq!(page.status, 200, "{}", page.body);
    WireEncoding::decode(page.bytes.into()).unwrap()
}

#[tokio::test]
async fn two_servers_on_one_postgresql_see_each_others_changes_on_the_next_request() {
    let Some(postgres) = TestDb::postgres().await.unwrap() else {
        eprintln!("{POSTGRES_VARIABLE} is not set: skipped");
        return;
    };
    let database = ["--database", postgres.url.as_str(), "--secrets", "keys"];
    let place = Place::with_school_on(&database);
    let serve = [["serve", "--listen", "127.0.0.1:0"].as_slice(), &database].concat();
    let [one, other] = [(); 2].map(|()| Serving::of(place.command(&serve)));
    assert_ne!(one.address, other.address);

    let create = ["admin", "account", "create", "--institution", "280001", "--role", "test-administrator", "--json"];
    let made = place.run(&[create.as_slice(), &["--given", "Bo", "--family", "Ravn"], &database].concat());
    let made = made.done().json();
    let mut administrator = Browser::of(&one);
    let word = |key: &str| made[key].as_str().unwrap();
    sign_in_with_card(&mut administrator, word("username"), word("password"), &made["matrix"]);
    administrator.post("/change-password", &format!("password={OWN}&repeated={OWN}")).leads_to("/");

    let mut here = Browser::of(&one);
    here.sign_in(&place, &database);
    let mut there = Browser::of(&other).with_cookie_of(&here);
    // Both have answered for this school by now, and may have kept what they read.
    for browser in [&mut here, &mut there] {
        let page = browser.get("/my-rights");
        assert!(page.status == 200 && !page.body.contains("4.A"), "{}", page.body);
    }

    let teacher = id_of(&place, "T-17", &database);
    let edit = json!({ "teachers": [teacher], "scope": "school", "tests": "all", "effect": "give" });
    let proposal = json!({ "edits": [edit] });
    let reviewed = administrator.call("rights/review", &json!({ "proposal": proposal, "based_on": 0 }));
    let Review { revision, digest, .. } = answer(reviewed);
    let apply = json!({ "proposal": proposal, "based_on": revision, "digest": digest, "reason": "as agreed" });
    assert!(matches!(answer(administrator.call("rights/apply", &apply)), ApplyOutcome::Applied(_)));
    assert!(there.get("/my-rights").body.contains("4.A"), "given at one, seen at the other");
    assert!(here.get("/my-rights").body.contains("4.A"));

    // And the other way round, by somebody who is at the other server now.
    let mut administrator = Browser::of(&other).with_cookie_of(&administrator);
    let back = json!({ "take_back": { "change_set": 1, "positions": null } });
    let Review { revision, digest, .. } =
        answer(administrator.call("rights/review", &json!({ "proposal": back, "based_on": revision })));
    let apply = json!({ "proposal": back, "based_on": revision, "digest": digest, "reason": "a mistake" });
    assert!(matches!(answer(administrator.call("rights/apply", &apply)), ApplyOutcome::Applied(_)));
    assert!(!here.get("/my-rights").body.contains("4.A"), "taken back at one, gone at the other");

    let csrf = there.get("/my-rights").csrf().to_owned();
    assert_eq!(there.send("POST", "/sign-out", &format!("csrf={csrf}")).status, 303);
    assert_eq!(here.get("/my-rights").status, 302, "signed out at one, signed out at the other");
    assert_eq!(administrator.get("/rights").status, 200, "and nobody else");
    drop((one, other));
    postgres.finish().await.unwrap();
}
