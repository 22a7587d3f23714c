//! A person's file as a page to print and as JSON. Both stand alone: the page carries its own style, and
//! is read without this program.

use crate::mail::kind_name;
use crate::t;
use crate::text::{Locale, clock, code_of, date, locale_of};
use crate::ui::{UNI_LOGIN, account_role};
use crate::words::people::{account_deed, letter_holds, tried_with, try_outcome, user_type, wished};
use domain::exchange::person::{About, FileFact, FileRecord, FileSection, FileSource, PersonFile};
use domain::staff_right::StaffRight;
use domain::{Instant, Zone};
use leptos::prelude::*;
use serde_json::json;

/// The page's style: black on white, one column, no row cut in two.
const STYLE: &str = include_str!("person_file.css");

/// The language of the place that the file is about: its people's, whoever makes it.
#[must_use]
pub fn locale_of_place(file: &PersonFile) -> Locale {
    let code = match file.zone {
        Zone::Copenhagen => "da",
        Zone::Stockholm => "sv",
    };
    locale_of(code).unwrap_or_default()
}

/// What a file is called, without its ending: nothing of whom it is about.
#[must_use]
pub fn file_name(locale: Locale) -> &'static str {
    t!(locale, file.file_name)
}

/// The file as a page to print.
#[must_use]
pub fn html(locale: Locale, file: &PersonFile) -> String {
    let title = t!(locale, file.title);
    let made = moment(locale, file.zone, file.made);
    let alias = file.is_alias.then(|| view! { <p class="note">{t!(locale, file.alias)}</p> });
    let sections = file.sections.iter().map(|section| section_view(locale, file.zone, section)).collect_view();
    let page = || {
        view! {
            <html lang=code_of(locale)>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title>{title}</title>
                    <style inner_html=STYLE></style>
                </head>
                <body>
                    <main>
                        <h1>{title}</h1>
                        <p class="who">{file.name.clone()}</p>
                        {alias}
                        <p>{t!(locale, file.lede, place = file.institution, code = file.institution_code, made = made)}</p>
                        <p>{t!(locale, file.others)}</p>
                        {sections}
                    </main>
                </body>
            </html>
        }
    };
    // Without the marks that a page's live part would look for.
    format!("<!DOCTYPE html>{}\n", Owner::new().with(|| page().to_html()).replace("<!>", ""))
}

/// The file as JSON: what is recorded as data, and every word of the page beside it.
#[must_use]
pub fn json(locale: Locale, file: &PersonFile) -> String {
    let instant = |at: Option<Instant>| at.map(|at| rfc3339(file.zone, at));
    let record = |record: &FileRecord| {
        json!({
            "from": instant(record.from),
            "until": instant(record.until),
            "text": fact(locale, file.zone, &record.what),
            "data": record.what,
        })
    };
    let section = |section: &FileSection| {
        json!({
            "about": section.about,
            "title": title(locale, section.about),
            "source": source(locale, section.about.source()),
            "purpose": purpose(locale, section.about),
            "kept": kept(locale, section.keep_days),
            "keep_days": section.keep_days,
            "records": section.records.iter().map(record).collect::<Vec<_>>(),
        })
    };
    let whole = json!({
        "institution": { "name": file.institution, "code": file.institution_code },
        "made": rfc3339(file.zone, file.made),
        "person": file.person,
        "name": file.name,
        "is_alias": file.is_alias,
        "sections": file.sections.iter().map(section).collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
}

/// An instant as RFC 3339 to the minute, without a zone's name: the day and time at the place.
fn rfc3339(zone: Zone, at: Instant) -> String {
    let (hour, minute) = zone.clock_of(at);
    format!("{}T{hour:02}:{minute:02}", zone.date_of(at))
}

fn moment(locale: Locale, zone: Zone, at: Instant) -> String {
    t!(locale, date.day_at, day = date(locale, zone.date_of(at)), time = clock(locale, zone, at))
}

fn section_view(locale: Locale, zone: Zone, section: &FileSection) -> AnyView {
    let rows = section
        .records
        .iter()
        .map(|record| {
            view! { <tr><td>{when(locale, zone, record)}</td><td>{fact(locale, zone, &record.what)}</td></tr> }
        })
        .collect_view();
    view! {
        <section>
            <h2>{title(locale, section.about)}</h2>
            <dl>
                <dt>{t!(locale, file.source)}</dt><dd>{source(locale, section.about.source())}</dd>
                <dt>{t!(locale, file.purpose)}</dt><dd>{purpose(locale, section.about)}</dd>
                <dt>{t!(locale, file.kept)}</dt><dd>{kept(locale, section.keep_days)}</dd>
            </dl>
            <table>
                <thead><tr><th scope="col">{t!(locale, file.when)}</th><th scope="col">{t!(locale, file.what)}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// When it was, or from when until when.
fn when(locale: Locale, zone: Zone, record: &FileRecord) -> String {
    match (record.from, record.until) {
        (None, None) => String::new(),
        (Some(from), None) => moment(locale, zone, from),
        (None, Some(until)) => t!(locale, file.until, until = moment(locale, zone, until)),
        (Some(from), Some(until)) => {
            t!(locale, file.from_until, from = moment(locale, zone, from), until = moment(locale, zone, until))
        }
    }
}

fn kept(locale: Locale, days: Option<u32>) -> String {
    match days {
        Some(days) => t!(locale, file.kept_days, days = days),
        None => t!(locale, file.kept_always).to_owned(),
    }
}

fn title(locale: Locale, about: About) -> &'static str {
    match about {
        About::Identity => t!(locale, file.about.identity),
        About::Affiliations => t!(locale, file.about.affiliations),
        About::Teaching => t!(locale, file.about.teaching),
        About::Exemptions => t!(locale, file.about.exemptions),
        About::StaffRights => t!(locale, file.about.staff_rights),
        About::Decisions => t!(locale, file.about.decisions),
        About::Accounts => t!(locale, file.about.accounts),
        About::Deeds => t!(locale, file.about.deeds),
        About::Letters => t!(locale, file.about.letters),
        About::Passkeys => t!(locale, file.about.passkeys),
        About::Requests => t!(locale, file.about.requests),
        About::Notices => t!(locale, file.about.notices),
        About::Openings => t!(locale, file.about.openings),
        About::SignIns => t!(locale, file.about.sign_ins),
        About::Sessions => t!(locale, file.about.sessions),
        About::Authored => t!(locale, file.about.authored),
        About::Drafts => t!(locale, file.about.drafts),
    }
}

fn purpose(locale: Locale, about: About) -> &'static str {
    match about {
        About::Identity => t!(locale, file.why.identity),
        About::Affiliations => t!(locale, file.why.affiliations),
        About::Teaching => t!(locale, file.why.teaching),
        About::Exemptions => t!(locale, file.why.exemptions),
        About::StaffRights => t!(locale, file.why.staff_rights),
        About::Decisions => t!(locale, file.why.decisions),
        About::Accounts => t!(locale, file.why.accounts),
        About::Deeds => t!(locale, file.why.deeds),
        About::Letters => t!(locale, file.why.letters),
        About::Passkeys => t!(locale, file.why.passkeys),
        About::Requests => t!(locale, file.why.requests),
        About::Notices => t!(locale, file.why.notices),
        About::Openings => t!(locale, file.why.openings),
        About::SignIns => t!(locale, file.why.sign_ins),
        About::Sessions => t!(locale, file.why.sessions),
        About::Authored => t!(locale, file.why.authored),
        About::Drafts => t!(locale, file.why.drafts),
    }
}

fn source(locale: Locale, source: FileSource) -> &'static str {
    match source {
        FileSource::RosterOrAccount => t!(locale, file.from.roster),
        FileSource::School => t!(locale, file.from.school),
        FileSource::Keepers => t!(locale, file.from.keepers),
        FileSource::Person => t!(locale, file.from.person),
    }
}

/// What is recorded, in words.
fn fact(locale: Locale, zone: Zone, fact: &FileFact) -> String {
    match fact {
        FileFact::Name { name } => t!(locale, file.fact.name, name = name),
        FileFact::Protected => t!(locale, file.fact.protected).to_owned(),
        FileFact::RosterId { id } => t!(locale, file.fact.roster_id, id = id),
        FileFact::UniLogin { id } => t!(locale, file.fact.uni_login, id = id),
        FileFact::NumberMark => t!(locale, file.fact.number_mark).to_owned(),
        FileFact::BrokerTie => t!(locale, file.fact.broker_tie).to_owned(),
        FileFact::Flag { flag } => t!(locale, file.fact.flag, flag = flag.code()),
        FileFact::BrokerTry { let_in } => {
            let became = if *let_in { t!(locale, file.fact.let_in) } else { t!(locale, file.fact.not_let_in) };
            format!("{UNI_LOGIN}: {became}")
        }
        FileFact::Affiliation { user_type: of, by_file } => {
            let by = if *by_file { t!(locale, file.fact.by_file) } else { t!(locale, file.fact.by_account) };
            format!("{} ({by})", user_type(locale, *of))
        }
        FileFact::Group { name } => t!(locale, file.fact.group, name = name),
        FileFact::Level { level } => t!(locale, file.fact.level, level = level),
        FileFact::Teaches { name } => t!(locale, file.fact.teaches, name = name),
        FileFact::Exemption { test, school_year, note } => {
            let year = format!("{school_year}/{:02}", (school_year + 1) % 100);
            let text = t!(locale, file.fact.exemption, test = test, year = year);
            if note.is_empty() { text } else { format!("{text}: {note}") }
        }
        FileFact::StaffRight { right, granted } => {
            let right = match right {
                StaffRight::Booking => t!(locale, file.fact.booking),
                StaffRight::Running => t!(locale, file.fact.running),
            };
            let done = if *granted { t!(locale, file.fact.given) } else { t!(locale, file.fact.removed) };
            format!("{right}: {done}")
        }
        FileFact::Decision { as_teacher, effect, scope, tests } => {
            decision(locale, *as_teacher, effect, scope, tests.as_deref())
        }
        FileFact::Account { user_name, role, email, subjects } => {
            let mut text = format!("{user_name}, {}", account_role(locale, *role));
            for more in email.iter().chain(subjects) {
                text.push_str(", ");
                text.push_str(more);
            }
            text
        }
        FileFact::Deed { user_name, what } => format!("{user_name}: {}", account_deed(locale, *what)),
        FileFact::Letter { what, printed } => {
            let printed = match printed {
                Some(at) => t!(locale, file.fact.printed, when = moment(locale, zone, *at)),
                None => t!(locale, file.fact.not_printed).to_owned(),
            };
            format!("{}, {printed}", letter_holds(locale, *what))
        }
        FileFact::Passkey { name, used: Some(at) } => {
            t!(locale, file.fact.passkey_used, name = name, when = moment(locale, zone, *at))
        }
        FileFact::Passkey { name, used: None } => t!(locale, file.fact.passkey, name = name),
        FileFact::Request { wish, words: None } => wished(locale, *wish).to_owned(),
        FileFact::Request { wish, words: Some(words) } => format!("{}: {words}", wished(locale, *wish)),
        FileFact::Notice { kind } => t!(locale, file.fact.notice, what = kind_name(locale, *kind)),
        FileFact::UnsentMail { kind } => t!(locale, file.fact.unsent, what = kind_name(locale, *kind)),
        FileFact::NoMails { kinds } => {
            let kinds: Vec<_> = kinds.iter().map(|kind| kind_name(locale, *kind)).collect();
            t!(locale, file.fact.no_mails, what = kinds.join(", "))
        }
        FileFact::Opening { title, subject } => t!(locale, file.fact.opening, title = title, subject = subject),
        FileFact::SignIn { factor, outcome, network } => {
            let (with, became) = (tried_with(locale, *factor), try_outcome(locale, *outcome));
            format!("{with}: {became} ({network})")
        }
        FileFact::Session { two_factors } => {
            if *two_factors {
                t!(locale, own.two_factors).to_owned()
            } else {
                t!(locale, own.one_factor).to_owned()
            }
        }
        FileFact::Authored { change_sets, staff_rights, exemptions, imports } => t!(
            locale,
            file.fact.authored,
            sets = change_sets,
            rights = staff_rights,
            exemptions = exemptions,
            imports = imports
        ),
        FileFact::Draft => t!(locale, file.fact.draft).to_owned(),
    }
}

fn decision(locale: Locale, as_teacher: bool, effect: &str, scope: &str, tests: Option<&str>) -> String {
    let effect = match effect {
        "give" => t!(locale, file.fact.give),
        "withhold" => t!(locale, file.fact.withhold),
        _ => t!(locale, file.fact.clear),
    };
    let scope = match scope {
        "school" => t!(locale, file.fact.scope_school),
        "level" => t!(locale, file.fact.scope_level),
        "group" => t!(locale, file.fact.scope_group),
        _ => t!(locale, file.fact.scope_pupil),
    };
    let tests = tests.unwrap_or(t!(locale, file.fact.all_tests));
    if as_teacher {
        t!(locale, file.fact.as_teacher, effect = effect, scope = scope, tests = tests)
    } else {
        t!(locale, file.fact.as_pupil, effect = effect, tests = tests)
    }
}
