//! The README promises nothing that is not so: its table of settings, and every command line in it,
//! which the program's own parser reads and which is run where it can be.

use crate::browser::Browser;
use crate::people::leave;
use crate::place::{Ended, Place, Serving, give_4a, roster};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use serde_json::json;
use server::cli::Cli;
use server::settings;
use std::collections::BTreeSet;
use std::process::Command;
use store::testing::TestDb;

const README: &str = include_str!("../../../README.md");

/// The block of code that begins like this after a heading.
fn block(heading: &str, kind: &str) -> &'static str {
    let (_, after) = README.split_once(heading).unwrap();
    let (_, after) = after.split_once(&format!("```{kind}\n")).unwrap();
    after.split_once("```").unwrap().0
}

#[test]
fn the_readmes_table_of_settings_is_the_tables_own() {
    let (_, after) = README.split_once("a test compares them -->\n").unwrap();
    let (table, _) = after.split_once("<!-- end -->").unwrap();
    assert_eq!(table, settings::markdown(), "put this into the README:\n{}", settings::markdown());
}

#[test]
fn the_readmes_installation_works() {
    let place = Place::new();
    let block = block("## An installation of your own", "sh");
    let lines: Vec<&str> = block.lines().collect();
    let (serve, before) = lines.split_last().unwrap();
    assert_eq!((before.len(), *serve), (6, "adgang serve"), "{block}");
    let script = before.join("\n").replace("roster.zip", roster().to_str().unwrap());
    let script = script.replace("adgang ", &format!("{} ", env!("CARGO_BIN_EXE_adgang")));
    let mut shell = Command::new("sh");
    let ended: Ended = shell.args(["-e", "-c", &script]).current_dir(place.folder.path()).output().unwrap().into();
    assert_eq!(ended.code, 0, "{}", ended.error);
    let mut command = place.command(&serve.split(' ').skip(1).collect::<Vec<_>>());
    // The port of the default may be somebody else's on this machine.
    command.env("ADGANG_LISTEN", "127.0.0.1:0");
    assert_eq!(Browser::of(&Serving::of(command)).get("/readyz").status, 200);
}

/// The exported names are settings; what is made with them lies where they say.
#[tokio::test]
async fn the_readmes_environment_is_understood() {
    let (_, after) = README.split_once("## An installation of your own").unwrap();
    let (_, after) = after.split_once("For PostgreSQL").unwrap();
    let (_, after) = after.split_once("```sh\n").unwrap();
    let (exports, _) = after.split_once("```").unwrap();
    let program = env!("CARGO_BIN_EXE_adgang");
    let place = Place::new();
    let run = |script: &str, command: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-e", "-c", &format!("{script}\n{program} {command}")]).current_dir(place.folder.path());
        Ended::from(shell.output().unwrap())
    };
    let printed = run(exports, "config print --json").done().json();
    for line in exports.lines() {
        let (name, value) = line.strip_prefix("export ADGANG_").unwrap().split_once('=').unwrap();
        let key = name.to_lowercase();
        // What stands before an `@` may be a secret.
        let value = value.replace("//adgang@", "//…@");
        assert_eq!(printed[&key], json!({ "value": value, "source": "environment" }), "{line}");
    }
    let postgres = TestDb::postgres().await.unwrap();
    let url = postgres.as_ref().map_or("sqlite:other.db", |test| test.url.as_str());
    let here =
        exports.replace("postgres://adgang@db.example.org/adgang", url).replace("/var/lib/adgang/secrets", "keys");
    run(&here, "migrate").done();
    run(&here, "audit verify").done();
    assert!(place.folder.path().join("keys/audit-1.key").exists() && !place.folder.path().join("data").exists());
    if let Some(test) = postgres {
        test.finish().await.unwrap();
    }
}

#[test]
fn the_readmes_draft_is_understood() {
    let place = Place::with_school();
    let draft = block("A draft file holds", "json");
    let report = place.draft("preview", &serde_json::from_str(draft).unwrap()).done().json();
    assert!(!report["gains"].as_array().unwrap().is_empty(), "{report}");
}

/// Every line that may be typed by a line of the README's grammar: `[…]` may be left out, of `a | b` in
/// `(…)`, `[…]` or alone one is typed, and so of `a|b`.
struct Grammar<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
}

impl<'a> Grammar<'a> {
    fn lines(text: &'a str) -> Vec<Vec<&'a str>> {
        let mut words = Vec::new();
        for mut word in text.split(' ') {
            while word.starts_with(['[', '(']) {
                let (bracket, rest) = word.split_at(1);
                words.push(bracket);
                word = rest;
            }
            let bare = word.trim_end_matches([']', ')']);
            words.push(bare);
            let (_, mut closing) = word.split_at(bare.len());
            while !closing.is_empty() {
                let (bracket, rest) = closing.split_at(1);
                words.push(bracket);
                closing = rest;
            }
        }
        let mut grammar = Grammar { words: words.into_iter().peekable() };
        let lines = grammar.either();
        assert_eq!(grammar.words.next(), None, "{text}");
        lines
    }

    fn either(&mut self) -> Vec<Vec<&'a str>> {
        let mut lines = self.sequence();
        while self.words.next_if_eq(&"|").is_some() {
            lines.extend(self.sequence());
        }
        lines
    }

    fn sequence(&mut self) -> Vec<Vec<&'a str>> {
        let mut lines = vec![Vec::new()];
        while let Some(word) = self.words.next_if(|word| !["|", "]", ")"].contains(word)) {
            let ways = match word {
                "[" => [vec![Vec::new()], self.either()].concat(),
                "(" => self.either(),
                word => word.split('|').map(|word| vec![word]).collect(),
            };
            if ["[", "("].contains(&word) {
                let end = self.words.next();
                assert_eq!(end, Some(if word == "[" { "]" } else { ")" }));
            }
            lines = lines.iter().flat_map(|line| ways.iter().map(|way| [line.as_slice(), way].concat())).collect();
        }
        lines
    }
}

/// Every line of the README's command line, each without `adgang`.
fn lines() -> Vec<Vec<Vec<&'static str>>> {
    let block = block("## The command line", "text");
    block.lines().map(|line| Grammar::lines(line.strip_prefix("adgang ").unwrap())).collect()
}

/// Something to type for a word in capitals, by what stands before it and what is meant.
struct Samples<'a> {
    place: &'a Place,
    made: std::cell::Cell<usize>,
    /// Is what is typed run too?
    runs: bool,
}

impl Samples<'_> {
    fn path(&self, name: &str) -> String {
        self.made.set(self.made.get() + 1);
        self.place.folder.path().join(format!("{}-{name}", self.made.get())).display().to_string()
    }

    fn typed(&self, line: &[&str]) -> Vec<String> {
        let before = |at: usize| at.checked_sub(1).map_or("", |at| line[at]);
        let words = line.iter().enumerate().map(|(at, word)| match *word {
            word if !word.starts_with(|c: char| c.is_uppercase()) => word.to_owned(),
            _ => self.sample(line, before(at), word),
        });
        words.collect()
    }

    fn sample(&self, line: &[&str], before: &str, word: &str) -> String {
        let is_swedish = line.contains(&"se");
        let text = match (before, word) {
            ("--code", "CODE") => {
                self.made.set(self.made.get() + 1);
                return format!("9{:05}", self.made.get());
            }
            ("--authority", "CODE") => "751",
            ("--institution", "CODE") => "280001",
            ("--teacher", "ID") => "T-17",
            ("--pupil", "ID") | ("file", "ID") => "P-1",
            ("erase", "ID") => "P-3",
            ("--person", "ID") => "T-18",
            ("--uni-login", "ID") if line.contains(&"oversight") => "kommune1",
            ("--uni-login", "ID") => "test123a",
            ("withdraw" | "--material", "ID") => return self.material(),
            ("--test", "CODE") => "FNF-DAL-4",
            ("--subject", "SLUG") => {
                if is_swedish {
                    "svenska"
                } else {
                    "matematik"
                }
            }
            ("--school-form", "FORM") => {
                if is_swedish {
                    "grundskola"
                } else {
                    "folkeskole"
                }
            }
            ("--listen", "ADDR") => "127.0.0.1:0",
            ("--public-url", "URL") => "https://adgang.example.org",
            ("--day", "DAY") => "2027-08-01",
            ("--at", "TIME") => "2026-11-21T12:00:00+01:00",
            ("--as", "USERNAME") => "1002-280001",
            ("reissue" | "close" | "open" | "delete" | "file" | "erase", "USERNAME") => "1001-751",
            ("--same-as", "USERNAME") => "1001-280001",
            ("import", "FILE") => return roster().display().to_string(),
            ("--out", "FILE") => return self.path("file.html"),
            ("add", "FILE") => return self.place.file("material.txt", "Et, to, tre."),
            ("preview" | "apply", "FILE.json") => return self.place.file("draft.json", &give_4a().to_string()),
            ("backup", "PATH") => return self.path("copy.db"),
            ("restore", "PATH") => {
                let path = self.path("copy.db");
                if self.runs {
                    self.place.run(&["backup", &path]).done();
                }
                return path;
            }
            (_, "NAME" | "TITLE" | "REASON") => "Ø",
            _ => panic!("what is {word} after {before}?"),
        };
        text.to_owned()
    }

    /// A piece of material that is there, or something that looks like one.
    fn material(&self) -> String {
        let list = self.place.run(&["admin", "material", "list", "--json"]);
        let list = if list.code == 0 { list.json() } else { json!([]) };
        let there = list.as_array().unwrap().iter().find(|one| one["withdrawn"].is_null());
        there.map_or("01a20075-96c8-73c7-8928-278938a16032", |one| one["id"].as_str().unwrap()).to_owned()
    }
}

#[test]
fn the_readmes_command_line_is_the_programs() {
    let place = Place::new();
    let samples = Samples { place: &place, made: 0.into(), runs: false };
    let mut known = BTreeSet::new();
    let mut count = 0;
    for line in lines().iter().flatten() {
        let typed = samples.typed(line);
        let read = Cli::try_parse_from(["adgang".to_owned()].into_iter().chain(typed));
        read.unwrap_or_else(|error| panic!("adgang {}: {error}", line.join(" ")));
        let words = line.iter().take_while(|word| !word.starts_with('-') && word.starts_with(char::is_lowercase));
        known.insert(words.copied().collect::<Vec<_>>().join(" "));
        count += 1;
    }
    assert!(count > 100, "{count}");
    let mut commands = BTreeSet::new();
    leaves(&Cli::command(), "", &mut commands);
    assert_eq!(known, commands, "every command stands in the README");
}

/// The names of the commands that do something.
fn leaves(command: &clap::Command, before: &str, found: &mut BTreeSet<String>) {
    for child in command.get_subcommands() {
        let name = format!("{before} {}", child.get_name()).trim().to_owned();
        if child.has_subcommands() {
            leaves(child, &name, found);
        } else {
            found.insert(name);
        }
    }
}

/// Commands in running text may leave out what must be named; what they name is there.
#[test]
fn commands_in_the_readmes_text_are_the_programs() {
    let mut count = 0;
    let code = README.split("```").step_by(2).flat_map(|text| text.split('`').skip(1).step_by(2));
    for text in code.filter(|text| text.starts_with("adgang ")) {
        let text = text.split(" >> ").next().unwrap();
        let words = text.split_whitespace();
        match Cli::try_parse_from(words) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::MissingRequiredArgument, "{text}: {error}"),
        }
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

/// Each line with nothing that may be left out, and with all of it.
#[test]
fn the_readmes_command_line_works() {
    let place = Place::with_school();
    let samples = Samples { place: &place, made: 0.into(), runs: true };
    let mut left = false;
    for ways in lines() {
        let mut commands: Vec<Vec<&[&str]>> = Vec::new();
        for way in &ways {
            let name = |way: &[&'static str]| way.iter().take_while(|word| !word.starts_with('-')).count();
            match commands.iter_mut().find(|of| of[0][..name(of[0])] == way[..name(way)]) {
                Some(of) => of.push(way),
                None => commands.push(vec![way]),
            }
        }
        for ways in commands {
            let (first, last) = (ways[0], ways[ways.len() - 1]);
            let both = if first == last { vec![first] } else { vec![first, last] };
            for line in both {
                if line[0] == "serve" {
                    continue;
                }
                if line.contains(&"erase") && !std::mem::replace(&mut left, true) {
                    leave(&place, "P-3");
                }
                let typed = samples.typed(line);
                let ended = place.run(&typed.iter().map(String::as_str).collect::<Vec<_>>());
                if line[0] == "doctor" && !server::web::assets::present() {
                    ended.ended(1, "something is wrong with: site");
                } else {
                    assert_eq!(
                        (ended.code, ended.error.as_str()),
                        (0, ""),
                        "adgang {}: {}",
                        typed.join(" "),
                        ended.out
                    );
                }
            }
        }
    }
    let serving = Serving::of(place.command(&["serve", "--listen", "127.0.0.1:0"]));
    assert_eq!(Browser::of(&serving).get("/readyz").status, 200);
}
