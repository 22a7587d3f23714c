//! The same rights as a list, row by row: for phones, screen readers and one hand.

use super::board::{Board, with};
use super::cursor::Place;
use super::detail_panel::sign;
use super::drafting::Target;
use super::look::{Glyph, Look};
use super::model::Grid;
use super::rows::Row;
use super::saying::sentence;
use crate::text::use_locale;
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
        Section {
            row: *row,
            name: label.name,
            sub: pupils.map_or(label.sub, |n| plural!(locale, n, unit.pupil, unit.pupils)),
            sum: if sum.is_empty() { t!(locale, grid.chooser.none).to_owned() } else { sum.join(", ") },
            added: count(|look| look.drafted == Some(Drafted::Added)),
            removed: count(|look| look.drafted == Some(Drafted::Removed)),
            conflicts: count(|look| look.conflict),
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

/// The list.
#[component]
pub fn ListView() -> impl IntoView {
    let board = expect_context::<Board>();
    let open = RwSignal::new(None::<Row>);
    let listed = Memo::new(move |_| {
        board.turned.track();
        board.summary.track();
        board.phase.track();
        with(|held| sections(&held.grid)).unwrap_or_default()
    });
    let rows = Memo::new(move |_| listed.with(|all| all.iter().map(|section| section.row).collect::<Vec<_>>()));
    view! {
        <div class="rl">
            <For each=move || rows.get() key=|row| *row let:row>
                <ListSection row listed open/>
            </For>
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
    let entries = move || {
        if !is_open.get() {
            return None;
        }
        board.summary.track();
        board.turned.track();
        let (items, hidden) = with(|held| items(&held.grid, row, everything.get()))?;
        let items = items.into_iter().map(|item| view! { <ListItem item/> }).collect_view();
        let more = (hidden > 0 || matches!(row, Row::Group(_))).then(|| {
            view! {
                <p class="rl__more">
                    <button class="linklike" type="button" on:click=move |_| everything.update(|all| *all = !*all)>
                        {move || if everything.get() { t!(locale, grid.list.less) } else { t!(locale, grid.list.everything) }}
                    </button>
                </p>
            }
        });
        Some(view! { {items} {more} })
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
                <span><small>{move || of(|section| section.sub.clone())}</small></span>
                <span>
                    {move || of(|section| section.sum.clone())} " "
                    {move || (count(|s| s.added) > 0).then(|| view! { <span class="tag tag--add">"+"{count(|s| s.added)}</span> })}
                    {move || (count(|s| s.removed) > 0).then(|| view! { <span class="tag tag--rem">"\u{2212}"{count(|s| s.removed)}</span> })}
                    {move || (count(|s| s.conflicts) > 0).then(|| view! { <span class="tag tag--warn">"! "{count(|s| s.conflicts)}</span> })}
                </span>
            </button>
            {entries}
        </section>
    }
}

#[component]
fn ListItem(item: Item) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let Item { target, name, text, look, is_pupil } = item;
    let is_yes = matches!(look.glyph, Glyph::YesHere | Glyph::YesVia);
    let action = match (is_yes, is_pupil, look.glyph) {
        (_, true, Glyph::WithheldHere | Glyph::YesHere) => t!(locale, grid.list.follow).to_owned(),
        (true, _, _) => t!(locale, grid.list.take).to_owned(),
        (false, _, Glyph::Part) => t!(locale, grid.list.give_rest, n = look.of.saturating_sub(look.yes)),
        (false, _, _) => t!(locale, grid.says.give).to_owned(),
    };
    let follows = is_pupil && matches!(look.glyph, Glyph::WithheldHere | Glyph::YesHere);
    let act = move |_| {
        board.edit(|grid| {
            if follows {
                grid.say(&[target], domain::Effect::Clear, super::drafting::Dates::default())
            } else {
                grid.toggle(target)
            }
        });
        // A class that stays partly because of single pupils: "give the rest" means them too.
        if look.glyph == Glyph::Part {
            board.also();
        }
    };
    let label = format!("{action}: {name}");
    view! {
        <div
            class="rl__item"
            class:rl__item--pupil=is_pupil
            class:rl__item--add=look.drafted == Some(Drafted::Added)
            class:rl__item--rem=look.drafted == Some(Drafted::Removed)
            class:rl__item--cf=look.conflict
        >
            <span class=sign(look.glyph) aria-hidden="true"></span>
            <span>{name}<small>{text}</small></span>
            <button class="btn" type="button" aria-label=label on:click=act>{action}</button>
        </div>
    }
}
