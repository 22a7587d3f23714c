//! The three languages have the same texts and the same placeholders.

use super::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Every text by its full key.
fn texts(json: &str) -> BTreeMap<String, String> {
    fn walk(prefix: &str, value: &Value, all: &mut BTreeMap<String, String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| walk(&format!("{prefix}.{key}"), value, all)),
            Value::String(text) => assert!(all.insert(prefix.into(), text.clone()).is_none()),
            other => panic!("{prefix} is {other}"),
        }
    }
    let mut all = BTreeMap::new();
    walk("", &serde_json::from_str(json).unwrap(), &mut all);
    all
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn the_three_languages_say_the_same_things() {
    let [da, sv, en] = [
        texts(include_str!("../../locales/da.json")),
        texts(include_str!("../../locales/sv.json")),
        texts(include_str!("../../locales/en.json")),
    ];
    assert!(da.len() > 50);
    for (key, danish) in &da {
        for (language, texts) in [("sv", &sv), ("en", &en)] {
            let text = texts.get(key).unwrap_or_else(|| panic!("{key} is missing in {language}"));
            assert!(!text.is_empty(), "{key} is empty in {language}");
            assert_eq!(placeholders(text), placeholders(danish), "{key} in {language}");
        }
    }
    assert_eq!((sv.len(), en.len()), (da.len(), da.len()), "no key but the Danish ones");
}

#[test]
fn placeholders_are_filled_once() {
    assert_eq!(fill("{a} og {b}", &[("a", &1), ("b", &"{a}")]), "1 og {a}");
    assert_eq!(fill("{c} {", &[("a", &1)]), "{c} {");
    assert_eq!(fill("ingen", &[]), "ingen");
}

#[test]
fn the_choice_comes_before_the_browsers_languages() {
    let table = [
        (None, None, Locale::da),
        (None, Some("sv-SE,sv;q=0.9,en;q=0.8"), Locale::sv),
        (None, Some("fi, EN-gb;q=0.5"), Locale::en),
        (None, Some("fi"), Locale::da),
        (Some("adgang=x; language=en"), Some("sv"), Locale::en),
        (Some("language=fi"), Some("sv"), Locale::sv),
        (Some("other-language=en"), None, Locale::da),
    ];
    for (cookie, accept, locale) in table {
        assert_eq!(negotiate(cookie, accept), locale, "{cookie:?} {accept:?}");
    }
}

#[test]
fn dates_read_as_each_language_writes_them() {
    let day: Date = "2026-11-20".parse().unwrap();
    let table = [
        (Locale::da, "20.11.2026", "20. november 2026", "i dag kl. 11.08", "19.11.2026 kl. 11.08", "1.214"),
        (Locale::sv, "2026-11-20", "20 november 2026", "i dag kl. 11:08", "2026-11-19 kl. 11:08", "1\u{a0}214"),
        (Locale::en, "20/11/2026", "20 November 2026", "today at 11:08", "19/11/2026 at 11:08", "1,214"),
    ];
    let zone = Zone::Copenhagen;
    let at = |day: Date| zone.start_of(day).plus_seconds(11 * 3600 + 8 * 60);
    for (locale, short, long, today, yesterday, thousand) in table {
        assert_eq!(date(locale, day), short);
        assert_eq!(long_date(locale, day), long);
        assert_eq!(moment(locale, zone, at(day), at(day)), today);
        assert_eq!(moment(locale, zone, at(day.previous()), at(day)), yesterday);
        assert_eq!(number(locale, 1214), thousand);
        assert_eq!(number(locale, 14), "14");
    }
}

#[test]
fn one_and_many_differ() {
    assert_eq!(plural!(Locale::da, 1, unit.pupil, unit.pupils), "1 elev");
    assert_eq!(plural!(Locale::sv, 0, unit.pupil, unit.pupils), "0 elever");
    assert_eq!(plural!(Locale::en, 2, unit.pupil, unit.pupils), "2 pupils");
}
