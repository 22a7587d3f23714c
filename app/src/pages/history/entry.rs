//! One change set of the history, and the choice of what to take back of it.

use super::taking_back::TakingBack;
use crate::text::{Locale, date, moment, use_locale};
use crate::words::{named_scope, named_tests, test_names};
use crate::{plural, t};
use domain::exchange::{HistoryEntry, HistoryLine, NamedScope, NamedTests, Proposal};
use domain::text::fold;
use domain::{Date, Effect, Instant, Zone};
use leptos::prelude::*;

/// How many lines a change set spells out before they fold away.
const SPELT_OUT: usize = 3;
/// How many lines are offered for taking back one by one.
const OFFERED: usize = 300;

/// Lines of a change set that differ only in their test, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) positions: Vec<u16>,
    teacher: String,
    whose: NamedScope,
    tests: Vec<NamedTests>,
    effect: Effect,
    from: Date,
    until: Option<Date>,
    taken_back_by: Option<u32>,
}

/// Gathers lines, in the order they come.
pub(super) fn rows(lines: &[HistoryLine]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let same = rows.last_mut().filter(|row| {
            (&row.teacher, &row.whose, row.effect, row.from, row.until, row.taken_back_by)
                == (&line.teacher, &line.scope, line.effect, line.from, line.until, line.taken_back_by)
        });
        match same {
            Some(row) => {
                row.positions.push(line.position);
                row.tests.push(line.tests.clone());
            }
            None => rows.push(Row {
                positions: vec![line.position],
                teacher: line.teacher.clone(),
                whose: line.scope.clone(),
                tests: vec![line.tests.clone()],
                effect: line.effect,
                from: line.from,
                until: line.until,
                taken_back_by: line.taken_back_by,
            }),
        }
    }
    rows
}

/// All that a search in the history looks at, folded.
pub(super) fn searchable(locale: Locale, entry: &HistoryEntry) -> String {
    let mut text = format!("{} {} {}", entry.number, entry.author, entry.reason);
    for line in &entry.lines {
        text.push_str(&format!(
            " {} {} {}",
            line.teacher,
            named_scope(locale, &line.scope),
            named_tests(locale, &line.tests)
        ));
    }
    fold(&text)
}

/// What a change set did, in one line.
fn heading(locale: Locale, entry: &HistoryEntry) -> String {
    let operator = entry.by_operator.then(|| t!(locale, history.operator_as, author = entry.author));
    let author = operator.as_ref().unwrap_or(&entry.author);
    if let Some(earlier) = entry.takes_back {
        return match &entry.takes_back_positions {
            None => t!(locale, history.took_back, author = author, number = earlier),
            Some(part) => {
                let lines = plural!(locale, part.len(), history.line, history.lines);
                t!(locale, history.took_back_part, author = author, lines = lines, number = earlier)
            }
        };
    }
    let mut teachers: Vec<&str> = entry.lines.iter().map(|line| line.teacher.as_str()).collect();
    teachers.sort_unstable();
    teachers.dedup();
    let teachers = match teachers.as_slice() {
        [only] => (*only).to_owned(),
        several => plural!(locale, several.len(), unit.teacher, unit.teachers),
    };
    let is_all = |effect| entry.lines.iter().all(|line| line.effect == effect);
    if is_all(Effect::Give) {
        t!(locale, history.gave, author = author, teachers = teachers)
    } else if is_all(Effect::Withhold) {
        t!(locale, history.withheld, author = author, teachers = teachers)
    } else if is_all(Effect::Clear) {
        t!(locale, history.cleared, author = author, teachers = teachers)
    } else {
        t!(locale, history.changed, author = author, teachers = teachers)
    }
}

/// The tests of a row in words.
fn row_tests(locale: Locale, row: &Row) -> String {
    let names: Vec<String> = row.tests.iter().map(|tests| named_tests(locale, tests)).collect();
    test_names(locale, names.iter().map(String::as_str))
}

/// What a row says, without its teacher: "given, until 31.07.2027".
fn row_says(locale: Locale, row: &Row) -> String {
    let effect = match row.effect {
        Effect::Give => t!(locale, history.given),
        Effect::Withhold => t!(locale, history.is_withheld),
        Effect::Clear => t!(locale, history.is_cleared),
    };
    let from = date(locale, row.from);
    match row.until {
        Some(until) => t!(locale, history.from_until, effect = effect, from = from, until = date(locale, until)),
        None => t!(locale, history.from_on, effect = effect, from = from),
    }
}

/// A row in a line; struck out where it alone was taken back.
fn row_line(locale: Locale, row: &Row, is_back: bool) -> AnyView {
    let text = t!(
        locale,
        history.row,
        teacher = row.teacher,
        whose = named_scope(locale, &row.whose),
        tests = row_tests(locale, row),
        says = row_says(locale, row)
    );
    match row.taken_back_by.filter(|_| !is_back) {
        Some(number) => {
            view! { <li><s>{text}</s>" "{t!(locale, history.line_taken_back, number = number)}</li> }.into_any()
        }
        None => view! { <li>{text}</li> }.into_any(),
    }
}

/// One change set.
pub(super) fn entry_view(
    locale: Locale,
    entry: &HistoryEntry,
    zone: Zone,
    now: Instant,
    administers: bool,
    taking_back: TakingBack,
) -> AnyView {
    let rows = rows(&entry.lines);
    let is_open = RwSignal::new(false);
    let number = entry.number;
    let is_back = entry.taken_back_by.is_some();
    let own = entry.own_right.then(|| view! { " "<span class="tag tag--warn">{t!(locale, history.own)}</span> });
    let why = (!entry.reason.is_empty()).then(|| {
        view! { <p class="why">{t!(locale, history.quoted, reason = entry.reason)}</p> }
    });
    let taken =
        entry.taken_back_by.map(|by| view! { <p class="why">{t!(locale, history.taken_back_by, number = by)}</p> });
    let spelt: Vec<AnyView> = rows.iter().map(|row| row_line(locale, row, is_back)).collect();
    let lines = if spelt.len() > SPELT_OUT {
        view! {
            <details>
                <summary class="linklike">{plural!(locale, spelt.len(), history.show_line, history.show_lines)}</summary>
                <ul class="list">{spelt}</ul>
            </details>
        }
        .into_any()
    } else {
        view! { <ul class="set__lines">{spelt}</ul> }.into_any()
    };
    let can_part = administers && !is_back && entry.takes_back.is_none();
    let button = administers.then(|| match entry.taken_back_by {
        Some(by) => act_button(t!(locale, history.restore), number, move || taking_back.review(whole(by))),
        None if entry.takes_back.is_some() => {
            act_button(t!(locale, history.restore_earlier), number, move || taking_back.review(whole(number)))
        }
        None => open_button(locale, number, is_open),
    });
    let part = can_part.then(|| {
        let rows = StoredValue::new(rows);
        move || is_open.get().then(|| view! { <Part number rows=rows.get_value() taking_back/> })
    });
    view! {
        <article class="set" class:set--back=is_back aria-labelledby=format!("set-{number}")>
            <p class="set__when">
                {moment(locale, zone, entry.recorded, now)}<small>{t!(locale, history.number, number = number)}</small>
            </p>
            <div><h2 id=format!("set-{number}")>{heading(locale, entry)}{own}</h2>{lines}{why}{taken}</div>
            <div>{button}</div>
            {part}
        </article>
    }
    .into_any()
}

const fn whole(change_set: u32) -> Proposal {
    Proposal::TakeBack { change_set, positions: None }
}

fn act_button(text: &'static str, number: u32, act: impl Fn() + 'static) -> AnyView {
    view! {
        <button class="btn btn--small" type="button" aria-describedby=format!("set-{number}") on:click=move |_| act()>{text}</button>
    }
    .into_any()
}

fn open_button(locale: Locale, number: u32, is_open: RwSignal<bool>) -> AnyView {
    view! {
        <button
            class="btn btn--small"
            type="button"
            aria-describedby=format!("set-{number}")
            aria-expanded=move || is_open.get().to_string()
            on:click=move |_| is_open.update(|open| *open = !*open)
        >
            {move || if is_open.get() { t!(locale, history.close) } else { t!(locale, history.take_back) }}
        </button>
    }
    .into_any()
}

/// Which lines to take back: all are chosen at first.
#[component]
fn Part(number: u32, rows: Vec<Row>, taking_back: TakingBack) -> impl IntoView {
    let locale = use_locale();
    let open: Vec<Row> = rows.into_iter().filter(|row| row.taken_back_by.is_none()).collect();
    let count = open.len();
    let chosen = RwSignal::new(vec![true; count]);
    let nothing = RwSignal::new(false);
    let more = count.saturating_sub(OFFERED);
    let choices = (0..)
        .zip(open.iter().take(OFFERED))
        .map(|(ix, row): (usize, &Row)| choice(locale, ix, row, chosen))
        .collect_view();
    let chosen_count = move || chosen.with(|chosen| chosen.iter().filter(|chosen| **chosen).count());
    let review = move |_| {
        let chosen = chosen.get_untracked();
        let is_all = chosen.iter().all(|chosen| *chosen);
        let positions: Vec<u16> = open
            .iter()
            .zip(&chosen)
            .filter(|(_, chosen)| **chosen)
            .flat_map(|(row, _)| row.positions.clone())
            .collect();
        nothing.set(positions.is_empty());
        if !positions.is_empty() {
            let positions = if is_all { None } else { Some(positions) };
            taking_back.review(Proposal::TakeBack { change_set: number, positions });
        }
    };
    let more = (more > 0).then(|| view! { <p class="hint">{t!(locale, history.more_lines, n = more)}</p> });
    view! {
        <div class="set__part">
            <fieldset>
                <legend class="sr">{t!(locale, history.choose)}</legend>
                <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, history.lines_of, number = number)>
                    <table class="tbl">
                        <thead>
                            <tr>
                                <th scope="col">{t!(locale, history.take_back)}</th>
                                <th scope="col">{t!(locale, review.teacher)}</th>
                                <th scope="col">{t!(locale, review.pupils)}</th>
                                <th scope="col">{t!(locale, review.test)}</th>
                                <th scope="col">{t!(locale, history.says)}</th>
                            </tr>
                        </thead>
                        <tbody>{choices}</tbody>
                    </table>
                </div>
            </fieldset>
            {more}
            {move || nothing.get().then(|| view! { <p class="error" role="alert">{t!(locale, history.choose_one)}</p> })}
            <div class="actions">
                <button class="btn btn--primary" type="button" on:click=review>
                    {move || plural!(locale, chosen_count(), history.review_one, history.review_n)}
                </button>
                <button class="btn btn--text" type="button" on:click=move |_| chosen.set(vec![true; count])>
                    {t!(locale, history.choose_all)}
                </button>
                <button class="btn btn--text" type="button" on:click=move |_| chosen.set(vec![false; count])>
                    {t!(locale, history.choose_none)}
                </button>
            </div>
        </div>
    }
}

fn choice(locale: Locale, ix: usize, row: &Row, chosen: RwSignal<Vec<bool>>) -> AnyView {
    let whose = named_scope(locale, &row.whose);
    let label = t!(locale, history.take_back_line, teacher = row.teacher, whose = whose);
    view! {
        <tr>
            <td>
                <input
                    type="checkbox"
                    aria-label=label
                    prop:checked=move || chosen.with(|chosen| chosen.get(ix).copied().unwrap_or(false))
                    on:change:target=move |event| {
                        let checked = event.target().checked();
                        chosen.update(|chosen| if let Some(slot) = chosen.get_mut(ix) { *slot = checked });
                    }
                />
            </td>
            <th scope="row">{row.teacher.clone()}</th>
            <td>{whose}</td>
            <td>{row_tests(locale, row)}</td>
            <td>{row_says(locale, row)}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(position: u16, teacher: &str, test: &str, effect: Effect) -> HistoryLine {
        HistoryLine {
            position,
            teacher: teacher.into(),
            scope: NamedScope::Group("4.A".into()),
            tests: NamedTests::Test(test.into()),
            effect,
            from: "2026-11-20".parse().unwrap(),
            until: None,
            taken_back_by: None,
        }
    }

    fn entry(lines: Vec<HistoryLine>) -> HistoryEntry {
        HistoryEntry {
            number: 62,
            recorded: Instant(0),
            author: "Karen Østergård".into(),
            by_operator: false,
            own_right: false,
            reason: "Vikarer".into(),
            takes_back: None,
            takes_back_positions: None,
            taken_back_by: None,
            lines,
        }
    }

    #[test]
    fn lines_that_differ_in_their_test_are_one_row() {
        use Effect::{Give, Withhold};
        let lines = [
            line(0, "Mette", "Dansk 2", Give),
            line(1, "Mette", "Dansk 4", Give),
            line(2, "Mette", "Dansk 6", Withhold),
        ];
        let rows = rows(&lines);
        assert_eq!(rows.iter().map(|row| row.positions.clone()).collect::<Vec<_>>(), [vec![0, 1], vec![2]]);
        assert_eq!(row_tests(Locale::da, &rows[0]), "Dansk 2 og 4");
    }

    #[test]
    fn a_heading_says_what_was_done() {
        use Effect::{Clear, Give, Withhold};
        let say = |lines: Vec<HistoryLine>| heading(Locale::da, &entry(lines));
        assert_eq!(say(vec![line(0, "Mette", "D", Give)]), "Karen Østergård gav Mette adgang");
        assert_eq!(say(vec![line(0, "A", "D", Give), line(1, "B", "D", Give)]), "Karen Østergård gav 2 lærere adgang");
        assert_eq!(say(vec![line(0, "Mette", "D", Withhold)]), "Karen Østergård tilbageholdt adgang for Mette");
        assert_eq!(say(vec![line(0, "Mette", "D", Clear)]), "Karen Østergård ryddede adgang for Mette");
        assert_eq!(
            say(vec![line(0, "A", "D", Give), line(1, "A", "D", Clear)]),
            "Karen Østergård ændrede adgang for A"
        );
        let operators = HistoryEntry { by_operator: true, ..entry(vec![line(0, "Mette", "D", Give)]) };
        assert_eq!(heading(Locale::da, &operators), "Driften, som Karen Østergård, gav Mette adgang");
        assert_eq!(heading(Locale::sv, &operators), "Driften, som Karen Østergård, gav Mette tillgång");
        assert_eq!(heading(Locale::en, &operators), "Operator, as Karen Østergård, gave Mette access");
        let back = HistoryEntry { takes_back: Some(61), takes_back_positions: Some(vec![2]), ..entry(vec![]) };
        assert_eq!(heading(Locale::da, &back), "Karen Østergård tog 1 linje af nr. 61 tilbage");
    }

    #[test]
    fn search_reaches_every_name_and_word() {
        let entry = entry(vec![line(0, "Åse Brandt", "Matematik 4", Effect::Give)]);
        for sought in ["åse", "aase", "4.a", "matematik", "vikar", "østergård", "62"] {
            assert!(domain::text::matches(&searchable(Locale::da, &entry), &fold(sought)), "{sought}");
        }
        assert!(!domain::text::matches(&searchable(Locale::da, &entry), &fold("mette")));
    }
}
