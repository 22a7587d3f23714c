//! The same rights as a list, row by row: for phones, screen readers and one hand.

use super::board::{Board, with};
use super::cursor::Place;
use super::detail_panel::sign;
use super::drafting::Target;
use super::look::{Glyph, Look};
use super::model::Grid;
use super::rows::Row;
use super::saying::sentence;
use crate::text::{Locale, use_locale};
use crate::{plural, t};
use domain::school::{GroupIx, Scope};
use domain::view::Drafted;
use leptos::prelude::*;

/// One entry: a test (or class) of a row, or a pupil who differs in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    target: Target,
    name: String,
    text: String,
    look: Look,
    is_pupil: bool,
}

/// One section of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    row: Row,
    name: String,
    sub: String,
    sum: String,
    added: usize,
    removed: usize,
    conflicts: usize,
    /// Is nothing said in it?
    is_bare: bool,
}

fn sections(grid: &Grid) -> Vec<Section> {
    let rows = grid.rows.iter().enumerate().filter(|(_, row)| !matches!(row, Row::Pupil(..) | Row::Fold(..)));
    rows.map(|(place, row)| {
        let looks: Vec<Look> =
            (0..grid.columns.len()).filter_map(|column| grid.look(Place::new(place, column))).collect();
        let count = |is: fn(&Look) -> bool| looks.iter().filter(|look| is(look)).count();
        let locale = grid.saying.locale;
        let yes = count(|look| matches!(look.glyph, Glyph::YesHere | Glyph::YesVia));
        let partly = count(|look| look.glyph == Glyph::Part);
        let withheld = count(|look| matches!(look.glyph, Glyph::WithheldHere | Glyph::WithheldVia));
        let sum: Vec<String> = [
            (yes, t!(locale, grid.count.yes)),
            (partly, t!(locale, grid.count.partly)),
            (withheld, t!(locale, grid.count.withheld)),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
        let label = grid.names.label(&grid.scene, *row, grid.turned);
        let pupils = row.scope().map(|scope| grid.scene.base().crowd().members(scope).len());
        let (added, removed, conflicts) = (
            count(|look| look.drafted == Some(Drafted::Added)),
            count(|look| look.drafted == Some(Drafted::Removed)),
            count(|look| look.conflict),
        );
        Section {
            row: *row,
            name: label.name,
            sub: pupils.map_or(label.sub, |n| plural!(locale, n, unit.pupil, unit.pupils)),
            is_bare: sum.is_empty() && added + removed + conflicts == 0,
            sum: if sum.is_empty() { t!(locale, grid.chooser.none).to_owned() } else { sum.join(", ") },
            added,
            removed,
            conflicts,
        }
    })
    .collect()
}

/// The entries of an opened row: what fits its level or says something, and pupils who differ.
fn items(grid: &Grid, row: Row, everything: bool) -> (Vec<Item>, usize) {
    let Some(place) = grid.rows.iter().position(|other| *other == row) else { return (Vec::new(), 0) };
    let mut items = Vec::new();
    let mut hidden = 0;
    for column in 0..grid.columns.len() {
        let Some(target) = grid.target(Place::new(place, column)) else { continue };
        let look = grid.look_at(target);
        if look.quiet && look.glyph == Glyph::No && look.drafted.is_none() && !everything {
            hidden += 1;
            continue;
        }
        let name = grid.columns.get(column).map_or("", |(column, _)| grid.names.column(*column).0).to_owned();
        items.push(Item { target, name, text: sentence(&grid.state(target, &look)), look, is_pupil: false });
        if let Row::Group(group) = row {
            items.extend(pupils(grid, target, group, everything));
        }
    }
    (items, hidden)
}

/// The pupils of a class about whom something is said in a test; or all of them.
fn pupils(grid: &Grid, class: Target, group: GroupIx, everything: bool) -> Vec<Item> {
    let members = grid.scene.members(group).iter();
    members
        .filter_map(|pupil| {
            let target = Target { scope: Scope::Pupil(*pupil), ..class };
            let said = grid.scene.cell(target.teacher, target.scope, target.test).here.is_some();
            (said || everything).then(|| {
                let look = grid.look_at(target);
                let text = sentence(&grid.state(target, &look));
                Item { target, name: grid.names.pupil(*pupil).to_owned(), text, look, is_pupil: true }
            })
        })
        .collect()
}

/// The list. Rows without rights fold away behind a button, as they are when one comes.
#[component]
pub fn ListView() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let open = RwSignal::new(None::<Row>);
    let with_all = RwSignal::new(false);
    let listed = Memo::new(move |_| {
        board.turned.track();
        board.summary.track();
        board.phase.track();
        with(|held| sections(&held.grid)).unwrap_or_default()
    });
    // Not by what the draft does meanwhile: no row leaves under the hand.
    let without = Memo::new(move |_| {
        board.turned.track();
        board.phase.track();
        let without: Vec<Row> = listed
            .with_untracked(|all| all.iter().filter(|section| section.is_bare).map(|section| section.row).collect());
        if without.len() == listed.with_untracked(Vec::len) { Vec::new() } else { without }
    });
    let rows = Memo::new(move |_| {
        let hides = |row: &Row| !with_all.get() && without.with(|without| without.contains(row));
        listed.with(|all| all.iter().map(|section| section.row).filter(|row| !hides(row)).collect::<Vec<_>>())
    });
    let more = move || {
        let n = without.with(Vec::len);
        (n > 0 && !with_all.get()).then(|| {
            view! {
                <p class="rl__more">
                    <button class="linklike" type="button" on:click=move |_| with_all.set(true)>
                        {plural!(locale, n, grid.list.without_one, grid.list.without)}
                    </button>
                </p>
            }
            .into_any()
        })
    };
    view! {
        <div class="rl">
            <For each=move || rows.get() key=|row| *row let:row>
                <ListSection row listed open/>
            </For>
            {move || more()}
        </div>
    }
}

#[component]
fn ListSection(row: Row, listed: Memo<Vec<Section>>, open: RwSignal<Option<Row>>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let everything = RwSignal::new(false);
    let section = Memo::new(move |_| listed.with(|all| all.iter().find(|section| section.row == row).cloned()));
    let is_open = Memo::new(move |_| open.get() == Some(row));
    let of = move |read: fn(&Section) -> String| section.with(|section| section.as_ref().map(read).unwrap_or_default());
    let count = move |read: fn(&Section) -> usize| section.with(|section| section.as_ref().map_or(0, read));
    let entries = Memo::new(move |_| {
        if !is_open.get() {
            return (Vec::new(), 0);
        }
        board.summary.track();
        board.turned.track();
        with(|held| items(&held.grid, row, everything.get())).unwrap_or_default()
    });
    // Keyed by what they are about, so that a button keeps the focus while its words change.
    let targets =
        Memo::new(move |_| entries.with(|(items, _)| items.iter().map(|item| item.target).collect::<Vec<_>>()));
    let more = move || {
        let hidden = entries.with(|(_, hidden)| *hidden);
        (is_open.get() && (hidden > 0 || everything.get() || matches!(row, Row::Group(_)))).then(|| {
            view! {
                <p class="rl__more">
                    <button class="linklike" type="button" on:click=move |_| everything.update(|all| *all = !*all)>
                        {move || if everything.get() { t!(locale, grid.list.less) } else { t!(locale, grid.list.everything) }}
                    </button>
                </p>
            }.into_any()
        })
    };
    view! {
        <section class="rl__class">
            <button
                class="rl__head"
                type="button"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| open.update(|open| *open = if *open == Some(row) { None } else { Some(row) })
            >
                <b>{move || of(|section| section.name.clone())}</b>
                <small>{move || of(|section| section.sub.clone())}</small>
                <span>
                    {move || of(|section| section.sum.clone())} " "
                    {move || (count(|s| s.added) > 0).then(|| view! { <span class="tag tag--add">"+"{count(|s| s.added)}</span> }.into_any())}
                    {move || (count(|s| s.removed) > 0).then(|| view! { <span class="tag tag--rem">"\u{2212}"{count(|s| s.removed)}</span> }.into_any())}
                    {move || (count(|s| s.conflicts) > 0).then(|| view! { <span class="tag tag--warn">"! "{count(|s| s.conflicts)}</span> }.into_any())}
                </span>
            </button>
            <For each=move || targets.get() key=|target| *target let:target>
                <ListItem target entries/>
            </For>
            {move || more()}
        </section>
    }
}

#[component]
fn ListItem(target: Target, entries: Memo<(Vec<Item>, usize)>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let found = move |(items, _): &(Vec<Item>, usize)| items.iter().find(|item| item.target == target).cloned();
    let Some(first) = entries.with_untracked(found) else { return ().into_any() };
    let (name, is_pupil) = (first.name.clone(), first.is_pupil);
    let item = Memo::new(move |_| entries.with(found).unwrap_or_else(|| first.clone()));
    let look = move || item.with(|item| item.look);
    let action = move || action(locale, is_pupil, look());
    let act = move |_| {
        let look = item.with_untracked(|item| item.look);
        let done = board.edit(|grid| {
            if follows(is_pupil, look) {
                grid.say(&[target], domain::Effect::Clear, super::drafting::Dates::default())
            } else {
                grid.toggle(target)
            }
        });
        if !done {
            // The line that says why stands above the grid, which is not shown.
            board.notice.set(Some(board.says.get_untracked().text.into()));
        }
        // A class that stays partly because of single pupils: "give the rest" means them too.
        if look.glyph == Glyph::Part {
            board.also();
        }
    };
    let label = {
        let name = name.clone();
        move || format!("{}: {name}", action())
    };
    let why = t!(locale, grid.list.why, name = name);
    view! {
        <div
            class="rl__item"
            class:rl__item--pupil=is_pupil
            class:rl__item--add=move || look().drafted == Some(Drafted::Added)
            class:rl__item--rem=move || look().drafted == Some(Drafted::Removed)
            class:rl__item--cf=move || look().conflict
        >
            <span class=move || sign(look().glyph) aria-hidden="true"></span>
            <span>
                {name}
                <small>
                    {move || item.with(|item| item.text.clone())} " "
                    <button class="linklike" type="button" aria-label=why on:click=move |_| board.detail.set(Some(target))>
                        {t!(locale, grid.says.why)}
                    </button>
                </small>
            </span>
            <button class="btn" type="button" aria-label=label on:click=act>{action}</button>
        </div>
    }
    .into_any()
}

/// Does the button of a pupil with words of their own clear them?
const fn follows(is_pupil: bool, look: Look) -> bool {
    is_pupil && matches!(look.glyph, Glyph::WithheldHere | Glyph::YesHere)
}

/// What an entry's button does.
fn action(locale: Locale, is_pupil: bool, look: Look) -> String {
    match look.glyph {
        _ if follows(is_pupil, look) => t!(locale, grid.list.follow).to_owned(),
        Glyph::YesHere | Glyph::YesVia => t!(locale, grid.list.take).to_owned(),
        Glyph::Part => t!(locale, grid.list.give_rest, n = look.of.saturating_sub(look.yes)),
        Glyph::WithheldHere | Glyph::WithheldVia | Glyph::No => t!(locale, grid.says.give).to_owned(),
    }
}
