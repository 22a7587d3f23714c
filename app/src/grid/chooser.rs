//! The side: four turns, a search, and what can be chosen.

use super::board::{Board, Phase, with};
use super::choice::{Choice, Chosen, Pivot};
use super::model::Grid;
use super::page::href_of;
use super::rows::Turned;
use crate::address::Address;
use crate::text::use_locale;
use crate::ui::focus_id;
use crate::{plural, t};
use domain::school::{GroupKind, Scope, TeacherIx};
use leptos::html;
use leptos::prelude::*;

/// Most entries that are drawn; more are found by searching.
const SHOWN_MAX: usize = 150;

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    chosen: Chosen,
    name: String,
    /// What stands at the end: how many classes, the class, what the draft does.
    end: String,
    is_draft: bool,
}

/// What is shown first on a side.
#[must_use]
pub(super) fn first(grid: &Grid, pivot: Pivot) -> Option<Chosen> {
    let scene = &grid.scene;
    let turned = match pivot {
        Pivot::Teacher => Turned::Teacher(scene.teachers().first().copied()?),
        Pivot::Class => scene
            .groups(GroupKind::Class)
            .first()
            .map_or(Turned::Scope(Scope::School), |g| Turned::Scope(Scope::Group(*g))),
        Pivot::Pupil => Turned::Pupil(grid.names.pupil_index.find("").next()?),
        Pivot::Test => Turned::Test(grid.names.test_index.find("").next()?),
    };
    grid.chosen_of(turned)
}

/// The entries that match, and how many there are in all.
fn entries(grid: &Grid, pivot: Pivot, query: &str) -> (Vec<Entry>, usize, usize) {
    let names = &grid.names;
    match pivot {
        Pivot::Teacher => {
            let changed = grid.scene.changed_cells();
            let changed_of = |teacher| changed.iter().find(|(other, ..)| *other == teacher).copied();
            let all = names.teacher_index.find("").count();
            let found: Vec<TeacherIx> = names.teacher_index.find(query).collect();
            let entries = found.iter().take(SHOWN_MAX).filter_map(|teacher| {
                let (end, is_draft) = match changed_of(*teacher) {
                    Some((_, 0, 0)) | None => (beside(grid, *teacher), false),
                    Some((_, added, 0)) => (format!("+{added}"), true),
                    Some((_, 0, removed)) => (format!("\u{2212}{removed}"), true),
                    Some((_, added, removed)) => (format!("+{added} \u{2212}{removed}"), true),
                };
                entry(grid, Turned::Teacher(*teacher), end, is_draft)
            });
            (entries.collect(), found.len(), all)
        }
        Pivot::Class => {
            let whole = [Scope::School].into_iter().chain(grid.scene.levels().iter().copied().map(Scope::Level));
            let groups: Vec<_> = names.group_index.find(query).map(Scope::Group).collect();
            let all = names.group_index.find("").count();
            let found = groups.len();
            let whole: Vec<Scope> = if query.is_empty() { whole.collect() } else { Vec::new() };
            let entries = groups.into_iter().chain(whole).take(SHOWN_MAX).filter_map(|scope| {
                let pupils = grid.scene.base().crowd().size(scope);
                entry(grid, Turned::Scope(scope), plural!(grid.saying.locale, pupils, unit.pupil, unit.pupils), false)
            });
            (entries.collect(), found, all)
        }
        Pivot::Pupil => {
            let found: Vec<_> = names.pupil_index.find(query).collect();
            let all = names.pupil_index.find("").count();
            let entries = found
                .iter()
                .take(SHOWN_MAX)
                .filter_map(|pupil| entry(grid, Turned::Pupil(*pupil), String::new(), false));
            (entries.collect(), found.len(), all)
        }
        Pivot::Test => {
            let found: Vec<_> = names.test_index.find(query).collect();
            let all = names.test_index.find("").count();
            let entries = found.iter().filter_map(|test| entry(grid, Turned::Test(*test), String::new(), false));
            (entries.collect(), found.len(), all)
        }
    }
}

fn entry(grid: &Grid, turned: Turned, end: String, is_draft: bool) -> Option<Entry> {
    Some(Entry { chosen: grid.chosen_of(turned)?, name: grid.names.turned(turned), end, is_draft })
}

/// How many classes a teacher sees something of; or that they cannot sign in.
fn beside(grid: &Grid, teacher: TeacherIx) -> String {
    let locale = grid.saying.locale;
    let roster = &grid.scene.school().roster;
    if roster.teachers.get(usize::from(teacher.0)).is_some_and(|person| !person.can_sign_in) {
        return t!(locale, grid.cannot_sign_in).to_owned();
    }
    match grid.scene.classes_seen(teacher) {
        0 => t!(locale, grid.chooser.none).to_owned(),
        classes => plural!(locale, classes, unit.class, unit.classes),
    }
}

/// The side.
#[component]
pub fn Chooser() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let choice = expect_context::<Memo<Choice>>();
    let query = RwSignal::new(String::new());
    let pivot = Memo::new(move |_| choice.get().pivot);
    Effect::new(move |before: Option<Pivot>| {
        let pivot = pivot.get();
        if before.is_some_and(|before| before != pivot) {
            query.set(String::new());
        }
        pivot
    });
    let listed = Memo::new(move |_| {
        board.turned.track();
        board.edited.track();
        let (pivot, query) = (pivot.get(), query.get());
        if board.phase.get() != Phase::Ready {
            return (Vec::new(), 0, 0);
        }
        with(|held| entries(&held.grid, pivot, &query)).unwrap_or_default()
    });
    let current = Memo::new(move |_| {
        board.turned.track();
        with(|held| held.grid.chosen()).flatten()
    });
    let address = expect_context::<Address>();
    let which = NodeRef::<html::Details>::new();
    Effect::new(move |before: Option<Option<Chosen>>| {
        let (before, now) = (before.flatten(), current.get());
        if let Some(which) = which.get()
            && now.is_some()
            && now != before
            && is_one_column()
        {
            let was_used = before.is_some() && which.open();
            which.set_open(false);
            if was_used {
                focus_id("subject");
            }
        }
        now
    });
    let change = move || match pivot.get() {
        Pivot::Teacher => t!(locale, grid.chooser.change_teacher),
        Pivot::Class => t!(locale, grid.chooser.change_class),
        Pivot::Pupil => t!(locale, grid.chooser.change_pupil),
        Pivot::Test => t!(locale, grid.chooser.change_test),
    };
    let word = move |pivot: Pivot| match pivot {
        Pivot::Teacher => t!(locale, grid.pivot.teacher),
        Pivot::Class => t!(locale, grid.pivot.class),
        Pivot::Pupil => t!(locale, grid.pivot.pupil),
        Pivot::Test => t!(locale, grid.pivot.test),
    };
    let search = move || match pivot.get() {
        Pivot::Teacher => t!(locale, grid.chooser.search_teacher),
        Pivot::Class => t!(locale, grid.chooser.search_class),
        Pivot::Pupil => t!(locale, grid.chooser.search_pupil),
        Pivot::Test => t!(locale, grid.chooser.search_test),
    };
    let count = move || {
        let (_, found, all) = listed.get();
        if found == all {
            match pivot.get() {
                Pivot::Teacher => plural!(locale, all, unit.teacher, unit.teachers),
                Pivot::Class => plural!(locale, all, unit.class, unit.classes),
                Pivot::Pupil => plural!(locale, all, unit.pupil, unit.pupils),
                Pivot::Test => plural!(locale, all, unit.test, unit.tests),
            }
        } else {
            t!(locale, grid.chooser.found, found = found, all = all)
        }
    };
    let turns = Pivot::ALL
        .into_iter()
        .map(|side| {
            let href = move || Choice { pivot: side, chosen: None, ..choice.get() }.href();
            view! { <a href=href aria-current=move || (pivot.get() == side).then_some("page")>{word(side)}</a> }
        })
        .collect_view();
    view! {
        <aside class="chooser" aria-label=move || t!(locale, grid.chooser.label)>
            <nav class="turns" aria-label=t!(locale, grid.pivot.label)>{turns}</nav>
            // Beside the grid it is always open; above it, closed once something is chosen.
            <details class="chooser__which" open=true node_ref=which>
                <summary class="btn btn--small">{move || change()}</summary>
                <div class="chooser__find field">
                    <label for="choose">{move || search()}</label>
                    <input
                        class="input"
                        id="choose"
                        type="search"
                        autocomplete="off"
                        prop:value=move || query.get()
                        on:input:target=move |event| query.set(event.target().value())
                        on:keydown=move |event| {
                            // The first that was found is the one meant.
                            if event.key() == "Enter"
                                && let Some(first) = listed.with_untracked(|(found, ..)| found.first().cloned())
                            {
                                address.go(&href_of(&choice.get_untracked(), first.chosen), false);
                            }
                        }
                    />
                </div>
                <p class="chooser__count" role="status">{move || count()}</p>
                <ul class="chooser__list">
                    <For each=move || listed.get().0 key=Clone::clone let:entry>
                        {
                            let Entry { chosen, name, end, is_draft } = entry;
                            let mark = chosen.clone();
                            let href = move || href_of(&choice.get(), chosen.clone());
                            let is_current = Memo::new(move |_| current.get().as_ref() == Some(&mark));
                            view! {
                                <li>
                                    <a href=href aria-current=move || is_current.get().then_some("true")>
                                        {name}
                                        <span class="n" class:n--draft=is_draft>
                                            {end}
                                            {is_draft.then(|| view! { <span class="sr">" "{t!(locale, grid.chooser.in_draft)}</span> }.into_any())}
                                        </span>
                                    </a>
                                </li>
                            }
                        }
                    </For>
                    {move || {
                        let (shown, found, _) = listed.get();
                        let more = found.saturating_sub(shown.len());
                        (more > 0).then(|| view! { <li class="chooser__more">{t!(locale, grid.chooser.more, n = more)}</li> }.into_any())
                    }}
                </ul>
            </details>
        </aside>
    }
}

/// Does the chooser stand above the grid, rather than beside it?
fn is_one_column() -> bool {
    window().match_media("(max-width: 60rem)").ok().flatten().is_some_and(|query| query.matches())
}
