//! Facts beside the name of what stands still: what the teacher may book and run, how many see,
//! how long new rights last, and the choice to see only what is in use.

use super::board::{Board, Phase, Sheet, with};
use super::model::Grid;
use super::rows::Turned;
use super::used::Used;
use crate::text::{Locale, date, use_locale};
use crate::{plural, t};
use domain::exchange::StaffMay;
use domain::school::Scope;
use leptos::prelude::*;
use std::time::Duration;

/// What is in use is counted once the side that was turned to has been painted.
const COUNT_AFTER: Duration = Duration::from_millis(60);

/// The facts, in one line.
#[component]
pub fn Facts(
    /// Is the list shown, instead of the grid?
    as_list: Signal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let is_ready = Memo::new(move |_| board.phase.get() == Phase::Ready);
    // What is in use on the side turned to; `None` until it has been counted.
    let used = RwSignal::new(None::<Used>);
    Effect::new(move |_| {
        board.turned.track();
        used.set(None);
        if is_ready.get() {
            set_timeout(move || drop(used.try_set(with(|held| Used::of(&held.grid)))), COUNT_AFTER);
        }
    });
    let may = move || {
        board.turned.track();
        let may = is_ready.get().then(|| with(|held| held.grid.may()))??;
        may.map(|may| view! { <a href="/rights/staff">{books_and_runs(locale, may)}</a> ". " }.into_any())
    };
    let text = move || {
        board.turned.track();
        board.edited.track();
        board.sheet.track();
        with(|held| [about(&held.grid), seen(&held.grid), Some(lasting(&held.grid))])
            .map(|facts| facts.into_iter().flatten().collect::<Vec<_>>().join(" "))
    };
    let change = move || {
        is_ready.get().then(|| {
            view! {
                <button class="linklike" type="button" on:click=move |_| board.sheet.set(Some(Sheet::Dates { of_cells: false }))>
                    {t!(locale, grid.facts.change_dates)}
                </button>
            }.into_any()
        })
    };
    let only_used = move || {
        board.turned.track();
        let is_only = with(|held| held.grid.shows_used())?;
        let used = used.get();
        let (rows, columns) = used.as_ref().map(Used::extent).unwrap_or_default();
        // The list folds away by itself what is not in use.
        (is_only || !(used.as_ref().is_none_or(Used::is_idle) || as_list.get())).then(|| {
            let words = if is_only {
                t!(locale, grid.facts.show_all).to_owned()
            } else {
                t!(locale, grid.facts.only_used, rows = rows, columns = columns)
            };
            view! {
                <button class="linklike" type="button" on:click=move |_| show_used(board, !is_only)>{words}</button>
            }
        })
    };
    view! {
        <p class="subject__facts" aria-busy=move || used.read().is_none().to_string()>
            {move || may()} {move || text()} " " {move || change()} " " {move || only_used()}
        </p>
    }
}

fn show_used(board: Board, only: bool) {
    with(|held| held.grid.show_used(only));
    board.refresh();
    board.turned.update(|n| *n += 1);
}

fn books_and_runs(locale: Locale, may: StaffMay) -> &'static str {
    match (may.booking, may.running) {
        (true, true) => t!(locale, grid.facts.books_and_runs),
        (true, false) => t!(locale, grid.facts.books),
        (false, true) => t!(locale, grid.facts.runs),
        (false, false) => t!(locale, grid.facts.neither),
    }
}

/// The level of a class or a pupil.
fn about(grid: &Grid) -> Option<String> {
    let about = match grid.turned {
        Turned::Scope(Scope::Group(group)) => grid.names.level_of(&grid.scene, group),
        Turned::Pupil(pupil) => {
            grid.scene.level_of(pupil).map(|level| t!(grid.saying.locale, grid.level, level = level))
        }
        _ => None,
    };
    about.map(|about| format!("{about}."))
}

/// How many teachers see results here.
fn seen(grid: &Grid) -> Option<String> {
    let locale = grid.saying.locale;
    match (grid.turned, grid.seeing()) {
        (Turned::Teacher(_), _) => None,
        (_, 0) => Some(t!(locale, grid.facts.seen_by_none).to_owned()),
        (_, n) => Some(t!(locale, grid.facts.seen_by, teachers = plural!(locale, n, unit.teacher, unit.teachers))),
    }
}

/// From when to when new rights last.
fn lasting(grid: &Grid) -> String {
    let locale = grid.saying.locale;
    let from = grid.dates.from.unwrap_or_else(|| grid.scene.today());
    let until = grid.dates.until.unwrap_or_else(|| domain::SchoolYear::of(from).last_day());
    t!(locale, grid.facts.lasting, from = date(locale, from), until = date(locale, until))
}
