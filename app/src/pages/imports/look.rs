//! What a file would do, or did: the difference in figures and names, what is odd, and the choice.

use super::State;
use super::findings::findings_table;
use crate::api::imports::ImportStep;
use crate::text::{Locale, number};
use crate::ui::ErrorNote;
use crate::{plural, t};
use domain::ImportId;
use domain::import::{Counts, Difference, Held, HeldKind, ImportOutcome, ImportPreview, NamedDifference};
use leptos::prelude::*;

/// How many names of a class are spelt out before they fold away.
const NAMED: usize = 4;

/// What the file would do.
pub(super) fn look(state: State, outcome: &ImportOutcome) -> AnyView {
    let locale = state.locale;
    let report = &outcome.report;
    let school = outcome.schools.first();
    let is_broken = !report.errors.is_empty();
    let is_held = report.held.is_some();
    let changes = [report.people, report.groups, report.memberships, report.teaching];
    let is_nothing = !is_broken && changes.iter().all(|counts| counts.is_none());
    let (title, lede) = if is_broken {
        (t!(locale, import.broken_title), t!(locale, import.broken))
    } else if is_held {
        (t!(locale, import.held_title), t!(locale, import.held))
    } else if is_nothing {
        (t!(locale, import.nothing_title), t!(locale, import.nothing))
    } else {
        (t!(locale, import.look_title), t!(locale, import.look))
    };
    let side = if is_broken {
        broken_side(state)
    } else if is_held {
        held_side(state, report.people, outcome.held_as)
    } else {
        apply_side(state, is_nothing)
    };
    view! {
        <p class="crumb"><button class="linklike" type="button" on:click=move |_| state.discard()>{t!(locale, import.another)}</button></p>
        <h1 tabindex="-1">{title}</h1>
        <p class="lede">{t!(locale, import.file_read, file = state.file_name())}" "{lede}</p>
        <div class="split">
            <div>
                {school.map(|school| held_notes(locale, school))}
                {school.and_then(|school| carried(locale, school))}
                {(!is_broken).then(|| school.map(|school| difference(locale, school)))}
                {findings_table(locale, &report.errors, true)}
                {findings_table(locale, &report.warnings, false)}
            </div>
            {side}
        </div>
    }
    .into_any()
}

fn broken_side(state: State) -> AnyView {
    let locale = state.locale;
    view! {
        <div class="split__side">
            <h2>{t!(locale, import.broken_side)}</h2>
            <p>{t!(locale, import.broken_help)}</p>
            <div class="actions"><button class="btn btn--primary" type="button" on:click=move |_| state.discard()>{t!(locale, import.another)}</button></div>
        </div>
    }
    .into_any()
}

fn held_side(state: State, people: Counts, id: Option<ImportId>) -> AnyView {
    let locale = state.locale;
    let Some(id) = id else {
        return view! { <p class="split__side">{t!(locale, import.held_elsewhere)}</p> }.into_any();
    };
    let missing = move || {
        state.reason_missing.get().then(|| {
            view! {
                <p class="error" id="reason-error" role="alert">
                    <span class="sr">{t!(locale, sign_in.error_prefix)}</span>
                    {t!(locale, import.reason_missing)}
                </p>
            }
        })
    };
    view! {
        <div class="split__side">
            <h2>{t!(locale, import.if_right)}</h2>
            <p>{plural!(locale, people.gone, import.will_sleep_one, import.will_sleep)}</p>
            {move || state.error.get().map(|error| view! { <ErrorNote error/> })}
            <div class="field" class:field--error=move || state.reason_missing.get()>
                <label for="reason">{t!(locale, import.reason)}</label>
                <p class="hint" id="reason-hint">{t!(locale, import.reason_hint)}</p>
                {missing}
                <textarea
                    class="input"
                    id="reason"
                    aria-describedby="reason-hint reason-error"
                    maxlength="500"
                    prop:value=move || state.reason.get()
                    on:input:target=move |event| state.reason.set(event.target().value())
                ></textarea>
            </div>
            <div class="actions">
                <button class="btn btn--primary" type="button" on:click=move |_| state.reject(id)>{t!(locale, import.discard)}</button>
                <button class="btn" type="button" on:click=move |_| state.accept(id)>{t!(locale, import.apply_held)}</button>
            </div>
            <p class="hint">{t!(locale, import.discard_hint)}</p>
        </div>
    }
    .into_any()
}

fn apply_side(state: State, is_nothing: bool) -> AnyView {
    let locale = state.locale;
    let apply = (!is_nothing).then(|| {
        view! {
            <button class="btn btn--primary" type="button" on:click=move |_| state.start(ImportStep::Apply)>{t!(locale, review.apply)}</button>
        }
    });
    view! {
        <div class="split__side">
            <h2>{t!(locale, review.apply)}</h2>
            <p>{if is_nothing { t!(locale, import.nothing) } else { t!(locale, import.apply_hint) }}</p>
            <div class="actions">
                {apply}
                <button class="btn" type="button" on:click=move |_| state.discard()>{t!(locale, import.discard)}</button>
            </div>
        </div>
    }
    .into_any()
}

/// What the file did.
pub(super) fn done(state: State, outcome: &ImportOutcome) -> AnyView {
    let locale = state.locale;
    let counts = outcome.report.people;
    let words = t!(locale, import.done, added = counts.added, changed = counts.changed, gone = counts.gone);
    view! {
        <h1 tabindex="-1">{t!(locale, import.done_title)}</h1>
        <p class="note note--done" role="status">{t!(locale, import.file_read, file = state.file_name())}" "{words}</p>
        {outcome.schools.first().map(|school| difference(locale, school))}
        {findings_table(locale, &outcome.report.warnings, false)}
        <p class="actions"><button class="btn" type="button" on:click=move |_| state.discard()>{t!(locale, import.another)}</button></p>
    }
    .into_any()
}

fn kind_name(locale: Locale, kind: HeldKind) -> &'static str {
    match kind {
        HeldKind::Pupils => t!(locale, import.pupils),
        HeldKind::Staff => t!(locale, import.staff),
        HeldKind::Groups => t!(locale, import.groups),
        HeldKind::Memberships => t!(locale, import.memberships),
        HeldKind::Teaching => t!(locale, import.teaching),
    }
}

/// Why the file is held, reason by reason.
fn held_notes(locale: Locale, school: &ImportPreview) -> Option<AnyView> {
    if school.held.is_empty() {
        return None;
    }
    let reasons = held_reasons(locale, &school.held);
    let is_of_year = |held: &Held| matches!(held, Held::NewSchoolYear { .. });
    let why =
        if school.held.iter().any(is_of_year) { t!(locale, import.held_why_year) } else { t!(locale, import.held_why) };
    Some(
        view! {
            <section class="note note--warn" aria-labelledby="held">
                <h2 id="held">{why}</h2>
                <ul class="list">{reasons}</ul>
                <p>{t!(locale, import.held_help)}</p>
            </section>
        }
        .into_any(),
    )
}

/// Which classes go on in a new school year.
fn carried(locale: Locale, school: &ImportPreview) -> Option<AnyView> {
    if !school.held.iter().any(|held| matches!(held, Held::NewSchoolYear { .. })) {
        return None;
    }
    if school.carried.is_empty() {
        return Some(view! { <p>{t!(locale, import.carried_none)}</p> }.into_any());
    }
    let rows = school.carried.iter().map(|class| {
        let same = t!(locale, import.carried_of, same = class.same, of = class.of);
        let (from, to) = (class.from.clone(), class.to.clone());
        view! { <tr><th scope="row">{from}</th><td>{to}</td><td class="r">{same}</td></tr> }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section class="scroll-x" tabindex="0" role="region" aria-labelledby="carried">
                <table class="tbl">
                    <caption id="carried">{t!(locale, import.carried)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(locale, import.carried_from)}</th>
                            <th scope="col">{t!(locale, import.carried_to)}</th>
                            <th scope="col" class="r">{t!(locale, import.carried_same)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
            <p class="hint">{t!(locale, import.carried_hint)}</p>
        }
        .into_any(),
    )
}

/// Why a file is held, one list item a reason.
pub(super) fn held_reasons(locale: Locale, held: &[Held]) -> impl IntoView + use<> {
    let words = |held: &Held| match held {
        Held::ManyGone { kind, gone, of } => t!(
            locale,
            import.many_gone,
            kind = kind_name(locale, *kind),
            gone = number(locale, *gone),
            of = number(locale, *of),
            percent = percent(locale, *gone, *of)
        ),
        Held::NewSchoolYear { from, to } => t!(locale, import.new_year, from = from, to = to),
        Held::EmptyFile { file } => t!(locale, import.empty_file, file = file),
    };
    held.iter().map(words).map(|text| view! { <li>{text}</li> }).collect_view()
}

/// A share with one decimal: "20,1 %".
fn percent(locale: Locale, part: u64, of: u64) -> String {
    let tenths = (part * 1000 + of / 2).checked_div(of).unwrap_or(0);
    let mark = if locale == Locale::en { '.' } else { ',' };
    format!("{}{mark}{}\u{a0}%", tenths / 10, tenths % 10)
}

/// The difference in figures, and in names.
fn difference(locale: Locale, school: &ImportPreview) -> AnyView {
    let recorded = |kinds: &[HeldKind]| {
        school.recorded.iter().filter(|(kind, _)| kinds.contains(kind)).map(|(_, count)| *count).sum::<u64>()
    };
    let report = &school.report;
    let rows = [
        (t!(locale, import.people), recorded(&[HeldKind::Pupils, HeldKind::Staff]), report.people),
        (t!(locale, import.groups), recorded(&[HeldKind::Groups]), report.groups),
        (t!(locale, import.memberships), recorded(&[HeldKind::Memberships]), report.memberships),
        (t!(locale, import.teaching), recorded(&[HeldKind::Teaching]), report.teaching),
    ]
    .into_iter()
    .map(|(name, recorded, counts)| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="r">{number(locale, recorded)}</td>
                <td class="r">{number(locale, counts.added)}</td>
                <td class="r">{number(locale, counts.changed)}</td>
                <td class="r">{number(locale, counts.gone)}</td>
                <td class="r">{percent(locale, counts.gone, recorded)}</td>
            </tr>
        }
    })
    .collect_view();
    view! {
        <section class="scroll-x" tabindex="0" role="region" aria-labelledby="difference">
            <table class="tbl">
                <caption id="difference">{t!(locale, import.difference)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, import.kind)}</th>
                        <th scope="col" class="r">{t!(locale, import.now)}</th>
                        <th scope="col" class="r">{t!(locale, import.added)}</th>
                        <th scope="col" class="r">{t!(locale, import.changed)}</th>
                        <th scope="col" class="r">{t!(locale, import.gone)}</th>
                        <th scope="col" class="r">{t!(locale, import.share)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {names_tables(locale, &school.differences)}
    }
    .into_any()
}

/// Who and what is gone, new and changed, in this order; people and groups only.
fn names_tables(locale: Locale, differences: &[NamedDifference]) -> AnyView {
    let tables = [Difference::Gone, Difference::Added, Difference::Changed].into_iter().flat_map(|difference| {
        [HeldKind::Pupils, HeldKind::Staff, HeldKind::Groups].into_iter().map(move |kind| (difference, kind))
    });
    tables
        .filter_map(|(difference, kind)| {
            let of: Vec<&NamedDifference> =
                differences.iter().filter(|named| (named.difference, named.kind) == (difference, kind)).collect();
            (!of.is_empty()).then(|| names_table(locale, difference, kind, &of))
        })
        .collect_view()
        .into_any()
}

fn names_table(locale: Locale, difference: Difference, kind: HeldKind, named: &[&NamedDifference]) -> AnyView {
    let word = match difference {
        Difference::Added => t!(locale, import.added),
        Difference::Changed => t!(locale, import.changed),
        Difference::Gone => t!(locale, import.gone),
    };
    let caption = t!(locale, import.names_caption, difference = word, n = named.len(), kind = kind_name(locale, kind));
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for one in named {
        match groups.iter_mut().find(|(group, _)| *group == one.group) {
            Some((_, names)) => names.push(one.name.clone()),
            None => groups.push((&one.group, vec![one.name.clone()])),
        }
    }
    let rows = groups
        .into_iter()
        .map(|(group, names)| {
            let group = if group.is_empty() { "–".to_owned() } else { group.to_owned() };
            view! {
                <tr><th scope="row">{group}</th><td class="r">{names.len()}</td><td>{folded(locale, &names)}</td></tr>
            }
        })
        .collect_view();
    let label = caption.clone();
    view! {
        <section class="scroll-x" tabindex="0" role="region" aria-label=label>
            <table class="tbl">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, my.class)}</th>
                        <th scope="col" class="r">{t!(locale, import.count)}</th>
                        <th scope="col">{t!(locale, import.names)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The first names, the others folded away.
fn folded(locale: Locale, names: &[String]) -> AnyView {
    match names.split_at_checked(NAMED) {
        Some((first, rest)) if rest.len() > 1 => view! {
            {first.join(", ")}" "
            <details class="inline">
                <summary class="linklike">{t!(locale, import.and_more, n = rest.len())}</summary>
                {rest.join(", ")}
            </details>
        }
        .into_any(),
        _ => names.join(", ").into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_one_decimal() {
        assert_eq!(percent(Locale::da, 91, 452), "20,1\u{a0}%");
        assert_eq!(percent(Locale::en, 1, 3), "33.3\u{a0}%");
        assert_eq!(percent(Locale::sv, 0, 0), "0,0\u{a0}%");
        assert_eq!(percent(Locale::sv, 5, 5), "100,0\u{a0}%");
    }
}
