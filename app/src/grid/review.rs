//! The step before applying: the draft in words, a reason, and the one button that applies.

use super::board::{Board, Phase, with};
use super::choice::Choice;
use super::keeping;
use crate::address::Address;
use crate::api::rights::{apply_proposal, review_proposal};
use crate::error::AppError;
use crate::review::{ReviewPanel, Reviewed, Settled};
use crate::text::use_locale;
use crate::ui::{ErrorNote, focus_heading, focus_id};
use crate::{plural, t};
use domain::School;
use domain::exchange::{ApplyOutcome, Conflict, Proposal, Review};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// How far the review has come.
#[derive(Clone, Debug)]
enum Step {
    Loading,
    Empty,
    Failed(AppError),
    Shown { school: Arc<School>, proposal: Proposal, based_on: i64, review: Review, is_stale: bool },
}

/// The page, as long as the draft is on its way and afterwards.
#[must_use]
pub fn page((): ()) -> AnyView {
    view! { <GridReview/> }.into_any()
}

/// The page `/rights/review`.
#[component]
pub fn GridReview() -> impl IntoView {
    let locale = use_locale();
    let board = Board::new(locale);
    let step = RwSignal::new(Step::Loading);
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<AppError>);
    let applying = RwSignal::new(false);
    // One comes from a side of the grid, and goes back to it.
    let address = Address::of_page();
    let choice = StoredValue::new(untrack(|| Choice::read(|key| address.get(key))));
    let back = Callback::new(move |()| {
        let _ = window().location().set_href(&choice.with_value(Choice::href));
    });
    Effect::new(move |_| keeping::start(board));
    Effect::new(move |_| match board.phase.get() {
        Phase::Ready => spawn_local(ask(board, step)),
        Phase::Failed(failure) => step.set(Step::Failed(failure)),
        Phase::Loading => {}
    });
    let on_apply = Callback::new(move |()| {
        let Step::Shown { school, proposal, based_on, review, .. } = step.get_untracked() else { return };
        applying.set(true);
        spawn_local(async move {
            let outcome = apply_proposal(proposal.clone(), based_on, review.digest, reason.get_untracked()).await;
            applying.set(false);
            match outcome {
                Ok(ApplyOutcome::Applied(applied)) => {
                    keeping::say_applied(applied.change_set);
                    back.run(());
                }
                Ok(ApplyOutcome::Stale(review)) => {
                    keeping::take_news(board).await;
                    let school = with(|held| Arc::clone(held.grid.scene.school())).unwrap_or(school);
                    with(|held| held.grid.set_conflicts(&review));
                    step.set(Step::Shown { school, proposal, based_on, review, is_stale: true });
                }
                Err(failure) => error.set(Some(failure)),
            }
        });
    });
    let on_discard = Callback::new(move |()| {
        with(|held| held.grid.replace(Vec::new()));
        spawn_local(async move {
            keeping::keep_now(board).await;
            back.run(());
        });
    });
    let on_settle = Callback::new(move |Settled { conflict, mine }| {
        let Step::Shown { proposal: Proposal::Edits(edits), .. } = step.get_untracked() else { return };
        let Some(edit) = usize::try_from(conflict.edit).ok().and_then(|number| edits.get(number)) else { return };
        // Saying less can be laid wherever saying more could.
        let _ = with(|held| held.grid.settle_conflict(edit, &conflict, mine));
        spawn_local(async move {
            keeping::keep_now(board).await;
            ask(board, step).await;
            let left = step.with_untracked(
                |step| matches!(step, Step::Shown { proposal, review, .. } if settled_conflicts(proposal, review).len() < review.conflicts.len()),
            );
            if left { focus_id("conflicts") } else { focus_heading() }
        });
    });
    view! {
        <main class="page" id="content">
            {move || match step.get() {
                Step::Loading => view! { <p class="hint" role="status">{t!(locale, app.loading)}</p> }.into_any(),
                Step::Failed(error) => view! { <ErrorNote error/> }.into_any(),
                Step::Empty => view! {
                    <h1>{t!(locale, grid.review.title)}</h1>
                    <p class="lede">{t!(locale, grid.bar.empty)}</p>
                    <p><button class="btn" type="button" on:click=move |_| back.run(())>{t!(locale, grid.review.back)}</button></p>
                }.into_any(),
                Step::Shown { school, proposal, review, is_stale, .. } => {
                    let n = with(|held| held.grid.summary().cells).unwrap_or_default();
                    let settled = settled_conflicts(&proposal, &review);
                    let title = plural!(locale, n, grid.review.title_one, grid.review.title_n);
                    let apply_label = plural!(locale, n, grid.review.apply_one, grid.review.apply_n);
                    view! {
                        <ReviewPanel
                            reviewed=Reviewed { school, proposal, review, is_stale }
                            title
                            apply_label
                            reason
                            settled
                            on_apply
                            on_back=back
                            back_label=t!(locale, grid.review.back).to_owned()
                            on_discard
                            on_settle
                            error
                            applying
                        />
                    }.into_any()
                }
            }}
        </main>
    }
}

/// The conflicts in which the draft stands already.
fn settled_conflicts(proposal: &Proposal, review: &Review) -> Vec<Conflict> {
    let Proposal::Edits(edits) = proposal else { return Vec::new() };
    let is_settled = |conflict: &Conflict| {
        let edit = usize::try_from(conflict.edit).ok().and_then(|number| edits.get(number));
        edit.is_some_and(|edit| with(|held| held.grid.is_settled(edit, conflict)).unwrap_or_default())
    };
    review.conflicts.iter().copied().filter(is_settled).collect()
}

/// How often a review is asked for again because the school changed in between.
const TRIES: usize = 3;

/// Asks the server what the draft would do, on the school that the page names people by.
async fn ask(board: Board, step: RwSignal<Step>) {
    for _ in 0..TRIES {
        let asked = with(|held| (Arc::clone(held.grid.scene.school()), held.grid.kept_draft()));
        let Some((school, draft)) = asked else { return };
        if draft.edits.is_empty() {
            step.set(Step::Empty);
            return;
        }
        let (proposal, based_on) = (Proposal::Edits(draft.edits), draft.based_on);
        match review_proposal(proposal.clone(), based_on).await {
            Ok(review) if review.revision == school.revision => {
                with(|held| held.grid.set_conflicts(&review));
                step.set(Step::Shown { school, proposal, based_on, review, is_stale: false });
                return;
            }
            Ok(_) => keeping::take_news(board).await,
            Err(failure) => {
                step.set(Step::Failed(failure));
                return;
            }
        }
    }
    step.set(Step::Failed(domain::exchange::RefusalCode::Busy.into()));
}
