//! Words in Danish, Swedish and English, and how dates are written in each.
//!
//! The texts stand in `locales/{da,sv,en}.json`; a missing key does not compile. Placeholders are
//! written `{name}` and filled by [`fill`], so that a text costs its bytes and nothing more.

use domain::{Date, Instant, Zone};
use leptos::prelude::*;
use std::fmt::Display;

pub use i18n::Locale;

#[expect(
    deprecated,
    missing_docs,
    reason = "made by leptos_i18n; its build-script successor pulls ICU's data compiler into every build"
)]
mod generated {
    // The macro does not tell cargo which files it read.
    const _: [&str; 3] =
        [include_str!("../locales/da.json"), include_str!("../locales/sv.json"), include_str!("../locales/en.json")];
    leptos_i18n::load_locales!();
}
pub use generated::i18n;

/// A text in a language: `t!(locale, history.title)`, or with placeholders filled:
/// `t!(locale, history.shown, shown = 5, all = 63)`.
#[macro_export]
macro_rules! t {
    ($locale:expr, $($key:ident).+) => {
        leptos_i18n::td_string!($locale, $($key).+)
    };
    ($locale:expr, $($key:ident).+, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::text::fill(leptos_i18n::td_string!($locale, $($key).+), &[$((stringify!($name), &$value)),+])
    };
}

/// A text that depends on a number, `n`: `plural!(locale, count, unit.pupil, unit.pupils)`.
#[macro_export]
macro_rules! plural {
    ($locale:expr, $n:expr, $($one:ident).+, $($other:ident).+) => {
        if $n == 1 { $crate::t!($locale, $($one).+, n = $n) } else { $crate::t!($locale, $($other).+, n = $n) }
    };
}

/// Replaces each `{name}` of a template by its value. Unknown names stay as they are.
#[must_use]
pub fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len() + 24);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(&value.to_string()),
            None => filled.extend(["{", name, "}"]),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The cookie that keeps the person's choice of language.
pub const LANGUAGE_COOKIE: &str = "language";

/// The language of this page; it stays the same as long as the page lives.
#[must_use]
pub fn use_locale() -> Locale {
    use_context::<Locale>().unwrap_or_default()
}

/// The locale of a code such as `sv`.
#[must_use]
pub fn locale_of(code: &str) -> Option<Locale> {
    match code {
        "da" => Some(Locale::da),
        "sv" => Some(Locale::sv),
        "en" => Some(Locale::en),
        _ => None,
    }
}

/// The code of a locale, as in `<html lang>`.
#[must_use]
pub const fn code_of(locale: Locale) -> &'static str {
    match locale {
        Locale::da => "da",
        Locale::sv => "sv",
        Locale::en => "en",
    }
}

/// The language of a request: the person's choice, else the first that the browser asks for and
/// we speak, else Danish.
#[must_use]
pub fn negotiate(cookie: Option<&str>, accept_language: Option<&str>) -> Locale {
    let chosen = cookie_value(cookie, LANGUAGE_COOKIE).and_then(locale_of);
    let asked = || {
        accept_language.into_iter().flat_map(|header| header.split(',')).find_map(|range| {
            let language = range.trim().split(['-', ';']).next()?;
            locale_of(&language.to_ascii_lowercase())
        })
    };
    chosen.or_else(asked).unwrap_or_default()
}

/// The value of a cookie in a request's `Cookie` header.
pub(crate) fn cookie_value<'h>(header: Option<&'h str>, name: &str) -> Option<&'h str> {
    header?.split(';').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The language of the request that is being answered.
#[cfg(feature = "ssr")]
pub(crate) fn locale_of_request() -> Locale {
    let Some(parts) = use_context::<http::request::Parts>() else { return Locale::default() };
    let header = |name| parts.headers.get(name).and_then(|value: &http::HeaderValue| value.to_str().ok());
    negotiate(header(http::header::COOKIE), header(http::header::ACCEPT_LANGUAGE))
}

/// The language the page was written in.
#[cfg(feature = "hydrate")]
pub(crate) fn locale_of_page() -> Locale {
    let element = document().document_element();
    element.and_then(|html| html.get_attribute("lang")).and_then(|code| locale_of(&code)).unwrap_or_default()
}

/// A day in figures, as the language writes it: 31.07.2027, 2027-07-31, 31/07/2027.
#[must_use]
pub fn date(locale: Locale, day: Date) -> String {
    match locale {
        Locale::da => day.dotted(),
        Locale::sv => day.to_string(),
        Locale::en => day.dotted().replace('.', "/"),
    }
}

/// A day with the month's name: 20. november 2026.
#[must_use]
pub fn long_date(locale: Locale, day: Date) -> String {
    let (year, month, number) = (day.0.year(), day.0.month(), day.0.day());
    let months = t!(locale, date.months);
    let name = usize::try_from(month - 1).ok().and_then(|ix| months.split(' ').nth(ix)).unwrap_or_default();
    t!(locale, date.long, day = number, month = name, year = year)
}

/// The time of day: 10.42 in Danish and Swedish, 10:42 in English.
#[must_use]
pub fn clock(locale: Locale, zone: Zone, at: Instant) -> String {
    let (hour, minute) = zone.clock_of(at);
    let mark = if locale == Locale::da { '.' } else { ':' };
    format!("{hour:02}{mark}{minute:02}")
}

/// Day and time of day, with "today" for today: "i dag kl. 10.42", "18.11.2026 kl. 14.15".
#[must_use]
pub fn moment(locale: Locale, zone: Zone, at: Instant, now: Instant) -> String {
    let (day, time) = (zone.date_of(at), clock(locale, zone, at));
    if day == zone.date_of(now) {
        t!(locale, date.today_at, time = time)
    } else {
        t!(locale, date.day_at, day = date(locale, day), time = time)
    }
}

/// A whole number with the language's separator of thousands.
#[must_use]
pub fn number(locale: Locale, n: u64) -> String {
    let separator = match locale {
        Locale::da => '.',
        Locale::sv => '\u{a0}',
        Locale::en => ',',
    };
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
