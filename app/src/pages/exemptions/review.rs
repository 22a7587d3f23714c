//! What the leader's draft would exempt and withdraw; nothing applies unseen.

use super::Bench;
use super::draft::{Draft, Place};
use crate::api::exemptions::set_exemptions;
use crate::apply_column::ApplyColumn;
use crate::error::AppError;
use crate::review::{conflicts_note, keep_buttons};
use crate::text::moment;
use crate::ui::{focus_heading, focus_id};
use crate::{plural, t};
use domain::exchange::{ExemptionChange, ExemptionConflict};
use domain::{PersonId, SchoolYear};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The review of a draft of exemptions.
pub(super) fn review_exemptions(bench: Bench) -> AnyView {
    let locale = bench.locale;
    let count = Memo::new(move |_| bench.draft.with(|draft| draft.changes().len()));
    let rows =
        move || bench.draft.with(|draft| draft.changes().iter().map(|change| line(bench, change)).collect_view());
    let conflicts = RwSignal::new(Vec::<ExemptionConflict>::new());
    let error = RwSignal::new(None::<AppError>);
    let applying = RwSignal::new(false);
    let unsettled = RwSignal::new(false);
    let back = move || {
        bench.is_reviewing.set(false);
        focus_heading();
    };
    let apply = Callback::new(move |()| {
        let is_open = !conflicts.read_untracked().is_empty();
        unsettled.set(is_open);
        if is_open {
            return;
        }
        applying.set(true);
        error.set(None);
        let changes =
            bench.draft.with_untracked(|draft| bench.entries.with_untracked(|entries| draft.changes_on(entries)));
        spawn_local(async move {
            let outcome = set_exemptions(changes).await;
            applying.set(false);
            match outcome {
                Ok(outcome) => {
                    bench.entries.set(outcome.entries);
                    if outcome.conflicts.is_empty() {
                        let done = count.get_untracked();
                        bench.draft.set(Draft::default());
                        bench.message.set(Some(plural!(locale, done, exempt.applied_one, exempt.applied)));
                        back();
                    } else {
                        // What is wished stays, beside what the colleague did.
                        conflicts.set(outcome.conflicts);
                        focus_id("conflicts");
                    }
                }
                Err(met) => error.set(Some(met)),
            }
        });
    });
    let settle = Callback::new(move |(conflict, mine): (ExemptionConflict, bool)| {
        if !mine {
            let place = Place { pupil: conflict.pupil, test: conflict.test.clone(), year: conflict.school_year };
            let (exempt, note) = (conflict.exempt, conflict.note.clone());
            bench
                .draft
                .update(|draft| bench.entries.with_untracked(|entries| draft.wish(entries, &place, exempt, note)));
        }
        conflicts.update(|open| open.retain(|other| *other != conflict));
        if count.get_untracked() == 0 {
            back();
        } else if conflicts.read_untracked().is_empty() {
            focus_heading();
        } else {
            focus_id("conflicts");
        }
    });
    let open = move || (!conflicts.read().is_empty()).then(|| conflict_note(bench, conflicts.get(), settle));
    let missing = move || {
        let n = conflicts.read().len();
        (unsettled.get() && n > 0).then(|| view! { <p class="error" role="alert">{plural!(locale, n, review.settle_first, review.settle_first_n)}</p> })
    };
    let n = move || plural!(locale, count.get(), unit.change, unit.changes);
    view! {
        <main class="page" id="content">
            <p class="crumb"><button class="linklike" type="button" on:click=move |_| back()>{t!(locale, exempt.back)}</button></p>
            <h1 tabindex="-1">{move || t!(locale, review.title, changes = n())}</h1>
            <p class="lede">{t!(locale, review.not_yet)}" "{t!(locale, exempt.seen_at_once)}</p>
            <div class="split">
                <div>
                    {open}
                    <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, nav.exemptions)>
                        <table class="tbl tbl--diff">
                            <thead>
                                <tr>
                                    <td><span class="sr">{t!(locale, review.change)}</span></td>
                                    <th scope="col">{t!(locale, exempt.pupil)}</th>
                                    <th scope="col">{t!(locale, review.test)}</th>
                                    <th scope="col">{t!(locale, review.change)}</th>
                                    <th scope="col">{t!(locale, exempt.note)}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                </div>
                <ApplyColumn
                    about=view! { <p>{t!(locale, exempt.no_health)}</p>{missing} }.into_any()
                    error
                    applying
                    apply_label=t!(locale, review.apply).to_owned()
                    on_apply=apply
                />
            </div>
        </main>
    }
    .into_any()
}

/// What somebody else did to the same exemptions meanwhile, and which of the two stays.
fn conflict_note(bench: Bench, open: Vec<ExemptionConflict>, settle: Callback<(ExemptionConflict, bool)>) -> AnyView {
    let locale = bench.locale;
    let n = open.len();
    let items = open
        .into_iter()
        .map(|conflict| {
            let (pupil, class, test) = names(bench, conflict.pupil, &conflict.test);
            let place = format!("{}:", t!(locale, exempt.cell, pupil = pupil, class = class, test = test));
            let when = moment(locale, bench.zone, conflict.at, bench.now);
            let theirs = if !conflict.exempt {
                t!(locale, exempt.they_withdrew, author = conflict.author, when = when)
            } else if conflict.note.is_empty() {
                t!(locale, exempt.they_exempted, author = conflict.author, when = when)
            } else {
                t!(locale, exempt.they_noted, author = conflict.author, when = when, note = conflict.note)
            };
            view! {
                <p>{place}" "{theirs}</p>
                {keep_buttons(locale, move |is_mine| settle.run((conflict.clone(), is_mine)))}
            }
        })
        .collect_view();
    conflicts_note(locale, n, items.into_any())
}

/// The names of a pupil, of their class and of a test.
fn names(bench: Bench, pupil: PersonId, test: &str) -> (String, String, String) {
    bench.classes.with_value(|classes| {
        let class = classes.iter().find(|class| class.pupils.iter().any(|one| one.id == pupil));
        let pupil = class.and_then(|class| class.pupils.iter().find(|one| one.id == pupil));
        let found = classes.iter().flat_map(|class| &class.tests).find(|one| one.code == test);
        (
            pupil.map(domain::Person::full_name).unwrap_or_default(),
            class.map(|class| class.name.clone()).unwrap_or_default(),
            found.map_or_else(|| test.to_owned(), |test| test.name.clone()),
        )
    })
}

fn line(bench: Bench, change: &ExemptionChange) -> AnyView {
    let locale = bench.locale;
    let (pupil, class, test) = names(bench, change.pupil, &change.test);
    let year = SchoolYear(change.school_year).to_string();
    let (class_name, sign, words) = if change.exempt {
        ("gain", "+", t!(locale, exempt.will_exempt, year = year))
    } else {
        ("loss", "\u{2212}", t!(locale, exempt.will_withdraw, year = year))
    };
    view! {
        <tr class=class_name>
            <td aria-hidden="true">{sign}</td>
            <th scope="row">{pupil}<span class="sub">{class}</span></th>
            <td>{test}</td>
            <td>{words}</td>
            <td>{change.note.clone()}</td>
        </tr>
    }
    .into_any()
}
