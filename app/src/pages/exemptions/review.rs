//! What the leader's draft would exempt and withdraw; nothing applies unseen.

use super::Bench;
use super::draft::Draft;
use crate::api::exemptions::set_exemptions;
use crate::apply_column::ApplyColumn;
use crate::error::AppError;
use crate::ui::focus_heading;
use crate::{plural, t};
use domain::SchoolYear;
use domain::exchange::ExemptionChange;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The review of a draft of exemptions.
pub(super) fn review_exemptions(bench: Bench) -> AnyView {
    let locale = bench.locale;
    let changes = bench.draft.with_untracked(|draft| draft.changes().to_vec());
    let count = changes.len();
    let rows = changes.iter().map(|change| line(bench, change)).collect_view();
    let error = RwSignal::new(None::<AppError>);
    let applying = RwSignal::new(false);
    let back = move || {
        bench.is_reviewing.set(false);
        focus_heading();
    };
    let apply = Callback::new(move |()| {
        applying.set(true);
        error.set(None);
        let changes = changes.clone();
        spawn_local(async move {
            let outcome = set_exemptions(changes).await;
            applying.set(false);
            match outcome {
                Ok(entries) => {
                    bench.entries.set(entries);
                    bench.draft.set(Draft::default());
                    bench.message.set(Some(plural!(locale, count, exempt.applied_one, exempt.applied)));
                    back();
                }
                Err(met) => error.set(Some(met)),
            }
        });
    });
    let n = move || plural!(locale, count, unit.change, unit.changes);
    view! {
        <main class="page" id="content">
            <p class="crumb"><button class="linklike" type="button" on:click=move |_| back()>{t!(locale, exempt.back)}</button></p>
            <h1 tabindex="-1">{t!(locale, review.title, changes = n())}</h1>
            <p class="lede">{t!(locale, review.not_yet)}" "{t!(locale, exempt.seen_at_once)}</p>
            <div class="split">
                <div>
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
                    about=view! { <p>{t!(locale, exempt.no_health)}</p> }.into_any()
                    error
                    applying
                    apply_label=t!(locale, review.apply_n, changes = n())
                    on_apply=apply
                />
            </div>
        </main>
    }
    .into_any()
}

fn line(bench: Bench, change: &ExemptionChange) -> AnyView {
    let locale = bench.locale;
    let (pupil, class, test) = bench.classes.with_value(|classes| {
        let class = classes.iter().find(|class| class.pupils.iter().any(|pupil| pupil.id == change.pupil));
        let pupil = class.and_then(|class| class.pupils.iter().find(|pupil| pupil.id == change.pupil));
        let test = classes.iter().flat_map(|class| &class.tests).find(|test| test.code == change.test);
        (
            pupil.map(domain::Person::full_name).unwrap_or_default(),
            class.map(|class| class.name.clone()).unwrap_or_default(),
            test.map_or_else(|| change.test.clone(), |test| test.name.clone()),
        )
    });
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
