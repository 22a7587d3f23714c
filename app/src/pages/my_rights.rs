//! `/my-rights`: a person's own rights, read-only; works with scripts off, prints on one sheet.

use super::PageTitle;
use super::access::ACCESS_ADDRESS;
use super::inbox::outcome;
use crate::api::my_rights::load_my_rights;
use crate::document::{AT_SCHOOL, for_capacity, loaded};
use crate::text::{Locale, date, long_date, moment, use_locale};
use crate::words::test_names;
use crate::{plural, t};
use domain::exchange::{Me, MyResultRight, MyRights};
use domain::{Capacity, Date};
use leptos::prelude::*;

/// How many pupils' names a line spells out before they fold away.
const NAMED: usize = 5;

/// A person's own rights.
#[component]
pub fn MyRightsPage() -> impl IntoView {
    for_capacity(&AT_SCHOOL, |me| {
        let locale = use_locale();
        view! {
            <PageTitle name=t!(locale, my.title)/>
            {loaded(load_my_rights, move |rights| page(locale, &me, &rights))}
        }
        .into_any()
    })
}

fn page(locale: Locale, me: &Me, rights: &MyRights) -> AnyView {
    let zone = me.institution.zone;
    let today = long_date(locale, zone.date_of(me.now));
    let printed = t!(locale, my.printed, when = moment(locale, zone, me.now, domain::Instant::DISTANT_PAST));
    view! {
      <main class="page page--narrow" id="content">
        <div class="headrow">
            <h1>{t!(locale, my.title)}</h1>
            <button class="btn btn--primary" type="button" data-prints="">
                {t!(locale, my.print)}
            </button>
        </div>
        <p class="lede">{t!(locale, my.lede, name = me.name, school = me.institution.name, date = today)}</p>
        {results(locale, me, rights)}
        {booking(locale, me, rights)}
        {rights.withheld.then(|| withheld(locale))}
        {access(locale, me, rights)}
        {administrators(locale, rights)}
        <section class="note note--plain"><p>{t!(locale, my.confidential)}</p></section>
        <p class="only-print">{printed}</p>
      </main>
    }
    .into_any()
}

/// The rows of one class: same pupils, same days, several tests.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row<'a> {
    first: &'a MyResultRight,
    tests: Vec<&'a str>,
}

/// Gathers the rights of each group by pupils and days, in the order they come.
fn groups(results: &[MyResultRight]) -> Vec<(&str, Vec<Row<'_>>)> {
    let mut groups: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    for right in results {
        let same = |row: &&mut Row<'_>| {
            let first = row.first;
            (&first.names, first.pupils, first.from, first.until)
                == (&right.names, right.pupils, right.from, right.until)
        };
        match groups.last_mut().filter(|(group, _)| *group == right.group) {
            Some((_, rows)) => match rows.iter_mut().find(same) {
                Some(row) => row.tests.push(&right.test),
                None => rows.push(Row { first: right, tests: vec![&right.test] }),
            },
            None => groups.push((&right.group, vec![Row { first: right, tests: vec![&right.test] }])),
        }
    }
    groups
}

fn results(locale: Locale, me: &Me, rights: &MyRights) -> AnyView {
    if rights.results.is_empty() {
        let why = if me.is(Capacity::Teaching) { t!(locale, my.none) } else { t!(locale, my.none_not_teacher) };
        return view! { <section><h2>{t!(locale, my.none_title)}</h2><p>{why}</p></section> }.into_any();
    }
    let groups = groups(&rights.results);
    let classes = groups.iter().filter(|(group, _)| !group.is_empty()).count();
    let caption = t!(locale, my.caption, classes = plural!(locale, classes, unit.class, unit.classes));
    let with_from = rights.results.iter().any(|right| right.from.is_some());
    let rows = groups.iter().map(|(group, rows)| group_rows(locale, group, rows, with_from)).collect_view();
    view! {
        <section class="scroll-x" tabindex="0" role="region" aria-labelledby="my-results">
            <table class="tbl">
                <caption id="my-results">{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, my.class)}</th>
                        <th scope="col" class="r">{t!(locale, review.pupils)}</th>
                        <th scope="col">{t!(locale, review.test)}</th>
                        {with_from.then(|| view! { <th scope="col">{t!(locale, review.from)}</th> })}
                        <th scope="col">{t!(locale, review.until)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn group_rows(locale: Locale, group: &str, rows: &[Row<'_>], with_from: bool) -> AnyView {
    let name = if group.is_empty() { t!(locale, my.no_class).to_owned() } else { group.to_owned() };
    let mut head = Some(view! { <th scope="rowgroup" rowspan=rows.len()>{name}</th> });
    rows.iter()
        .map(|row| {
            let right = row.first;
            let day = |day: Option<Date>, none: &str| day.map_or_else(|| none.to_owned(), |day| date(locale, day));
            let is_whole = right.pupils == right.of;
            let pupils =
                if is_whole { right.pupils.to_string() } else { t!(locale, my.n_of, n = right.pupils, of = right.of) };
            view! {
                <tr>
                    {head.take()}
                    <td class="r">{pupils}</td>
                    <td>{test_names(locale, row.tests.iter().copied())}{names(locale, &right.names)}</td>
                    {with_from.then(|| view! { <td class="nw">{day(right.from, t!(locale, my.already))}</td> })}
                    <td class="nw">{day(right.until, t!(locale, review.no_end))}</td>
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

/// Whose results, where it is not the whole class.
fn names(locale: Locale, names: &[String]) -> Option<AnyView> {
    let all = names.join(", ");
    match names.len() {
        0 => None,
        n if n <= NAMED => Some(view! { <span class="sub">{t!(locale, words.only, names = all)}</span> }.into_any()),
        _ => Some(view! { <details class="sub"><summary>{t!(locale, my.whose)}</summary>{all}</details> }.into_any()),
    }
}

fn booking(locale: Locale, me: &Me, rights: &MyRights) -> AnyView {
    let booking = if rights.booking { t!(locale, my.booking_yes) } else { t!(locale, my.booking_no) };
    let running = if rights.running { t!(locale, my.running_yes) } else { t!(locale, my.running_no) };
    let exams = if me.is(Capacity::Leadership) { t!(locale, my.exams_yes) } else { t!(locale, my.exams_no) };
    view! {
        <section aria-labelledby="my-booking">
            <h2 id="my-booking">{t!(locale, my.booking_title)}</h2>
            <dl class="dl">
                <dt>{t!(locale, my.booking)}</dt><dd>{booking}</dd>
                <dt>{t!(locale, my.running)}</dt><dd>{running}</dd>
                <dt>{t!(locale, my.exams)}</dt><dd>{exams}</dd>
            </dl>
        </section>
    }
    .into_any()
}

fn withheld(locale: Locale) -> AnyView {
    view! {
        <section aria-labelledby="my-withheld">
            <h2 id="my-withheld">{t!(locale, my.withheld_title)}</h2>
            <p>{t!(locale, my.withheld)}</p>
        </section>
    }
    .into_any()
}

/// The way to ask for access, and what became of it last.
fn access(locale: Locale, me: &Me, rights: &MyRights) -> Option<AnyView> {
    if !rights.may_ask {
        return None;
    }
    let at = |at| moment(locale, me.institution.zone, at, me.now);
    let became = rights.asked.as_ref().map(|(asked, closed)| {
        let text = match closed {
            None => t!(locale, access.waits, when = at(*asked)),
            Some(closed) => outcome(locale, closed, &at(closed.at)),
        };
        view! { <p>{text}</p> }
    });
    let is_open = matches!(rights.asked, Some((_, None)));
    let link = if is_open { t!(locale, access.change) } else { t!(locale, access.link) };
    Some(
        view! {
            <section aria-labelledby="my-access">
                <h2 id="my-access">{t!(locale, access.section)}</h2>
                {became}
                <p class="actions"><a class="btn" href=ACCESS_ADDRESS>{link}</a></p>
            </section>
        }
        .into_any(),
    )
}

fn administrators(locale: Locale, rights: &MyRights) -> AnyView {
    let list = if rights.administrators.is_empty() {
        view! { <p>{t!(locale, my.no_administrators)}</p> }.into_any()
    } else {
        let names = rights.administrators.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view();
        view! { <p>{t!(locale, my.administrators)}</p><ul class="list">{names}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="my-administrators">
            <h2 id="my-administrators">{t!(locale, my.administrators_title)}</h2>
            {list}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(group: &str, test: &str, names: &[&str]) -> MyResultRight {
        MyResultRight {
            group: group.into(),
            test: test.into(),
            subject: String::new(),
            pupils: 3,
            of: 3,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            from: None,
            until: None,
        }
    }

    #[test]
    fn tests_of_the_same_pupils_share_a_row() {
        let results = [
            right("4.A", "Dansk 2", &[]),
            right("4.A", "Dansk 4", &[]),
            right("4.A", "Matematik 4", &["Aya"]),
            right("5.A", "Dansk 2", &[]),
        ];
        let groups = groups(&results);
        let read: Vec<(&str, Vec<Vec<&str>>)> =
            groups.iter().map(|(group, rows)| (*group, rows.iter().map(|row| row.tests.clone()).collect())).collect();
        assert_eq!(
            read,
            [("4.A", vec![vec!["Dansk 2", "Dansk 4"], vec!["Matematik 4"]]), ("5.A", vec![vec!["Dansk 2"]])]
        );
    }
}
