//! The opened cell, beside the grid.

use super::board::{Board, with};
use super::detail::{Detail, detail};
use super::drafting::{Dates, Target, Wish, wish};
use super::look::Glyph;
use crate::t;
use crate::text::use_locale;
use domain::school::Scope;
use domain::{Date, Effect};
use leptos::html;
use leptos::prelude::*;

/// The class of a look's sign outside the grid.
#[must_use]
pub(super) const fn sign(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::YesHere => "g g--yh",
        Glyph::YesVia => "g g--yv",
        Glyph::Part => "g g--pt",
        Glyph::WithheldHere => "g g--nh",
        Glyph::WithheldVia => "g g--nv",
        Glyph::No => "g g--no",
    }
}

/// The panel; empty while no cell is open.
#[component]
pub fn DetailPanel() -> impl IntoView {
    let board = expect_context::<Board>();
    move || {
        board.summary.track();
        let target = board.detail.get()?;
        let shown = with(|held| detail(&held.grid, target))?;
        Some(view! { <Panel target shown/> })
    }
}

#[component]
fn Panel(target: Target, shown: Detail) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let close = NodeRef::<html::Button>::new();
    let shut = move || {
        board.detail.set(None);
        board.focus();
    };
    let Detail { title, subtitle, look, verdict, why, facts, chain, log, here } = shown;
    let facts = facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view();
    let chain = chain
        .into_iter()
        .map(|link| view! { <li class:won=link.won><span>{link.scope}</span><span>{link.text}</span></li> })
        .collect_view();
    let has_log = !log.is_empty();
    let log =
        log.into_iter().map(|(day, text)| view! { <li><time>{day}</time><span>{text}</span></li> }).collect_view();
    view! {
        <aside
            class="detail"
            aria-labelledby="detail-title"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    shut();
                }
            }
        >
            <div class="detail__head">
                <div><h2 id="detail-title">{title}</h2><p>{subtitle}</p></div>
                <button class="btn btn--small" type="button" node_ref=close on:click=move |_| shut()>
                    {t!(locale, grid.close)} " " <kbd>"Esc"</kbd>
                </button>
            </div>
            <div class="verdict"><span class=sign(look.glyph) aria-hidden="true"></span><p>{verdict}</p></div>
            {why.map(|why| view! { <p>{why}</p> })}
            <dl class="dl">{facts}</dl>
            <section aria-labelledby="detail-chain">
                <h3 id="detail-chain">{t!(locale, grid.detail.chain)}</h3>
                <ol class="chain">{chain}</ol>
            </section>
            <Change target here/>
            {has_log.then(|| view! {
                <section aria-labelledby="detail-log">
                    <h3 id="detail-log">{t!(locale, grid.detail.log)}</h3>
                    <ol class="log">{log}</ol>
                </section>
            })}
        </aside>
    }
}

/// What the row itself should say, and from when to when.
#[component]
fn Change(target: Target, here: Option<Effect>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let chosen = RwSignal::new(here);
    let problem = RwSignal::new(None::<&'static str>);
    let from = NodeRef::<html::Input>::new();
    let until = NodeRef::<html::Input>::new();
    let for_pupil = matches!(target.scope, Scope::Pupil(_));
    let words = move |effect: Option<Effect>| match (effect, for_pupil) {
        (Some(Effect::Give), true) => t!(locale, grid.detail.give_pupil),
        (Some(Effect::Give), false) => t!(locale, grid.detail.give_row),
        (Some(Effect::Withhold), true) => t!(locale, grid.detail.withhold_pupil),
        (Some(Effect::Withhold), false) => t!(locale, grid.detail.withhold_row),
        (_, true) => t!(locale, grid.detail.follow),
        (_, false) => t!(locale, grid.detail.say_nothing),
    };
    let choices = [Some(Effect::Give), Some(Effect::Withhold), None]
        .into_iter()
        .map(|effect| {
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name="say"
                        prop:checked=move || chosen.get() == effect
                        on:change=move |_| chosen.set(effect)
                    />
                    {words(effect)}
                </label>
            }
        })
        .collect_view();
    let put = move |_| {
        let days = read_day(from).and_then(|from| Ok(Dates { from, until: read_day(until)? }));
        let Ok(dates) = days else {
            problem.set(Some(t!(locale, grid.dates.unreadable)));
            return;
        };
        problem.set(None);
        let effect = chosen.get_untracked().unwrap_or(Effect::Clear);
        board.edit(|grid| {
            let edits = grid.kept_draft().edits;
            let (edits, _) = wish(&mut grid.scene, &edits, &[target], Wish::Say(effect), dates)?;
            grid.replace(edits)
        });
    };
    view! {
        <section aria-labelledby="detail-change">
            <h3 id="detail-change">{t!(locale, grid.detail.change)}</h3>
            <fieldset><legend class="sr">{t!(locale, grid.detail.answer)}</legend>{choices}</fieldset>
            <div class="dates">
                <div class="field"><label for="detail-from">{t!(locale, grid.dates.from)}</label><input class="input" id="detail-from" type="date" node_ref=from/></div>
                <div class="field"><label for="detail-until">{t!(locale, grid.dates.until)}</label><input class="input" id="detail-until" type="date" node_ref=until/></div>
            </div>
            <p class="hint">{t!(locale, grid.dates.hint)}</p>
            {move || problem.get().map(|problem| view! { <p class="error" role="alert">{problem}</p> })}
            <div class="actions">
                <button class="btn" type="button" on:click=put>{t!(locale, grid.detail.put)}</button>
            </div>
        </section>
    }
}

/// A day from a field; nothing typed is no day.
pub(super) fn read_day(field: NodeRef<html::Input>) -> Result<Option<Date>, domain::calendar::NoSuchDate> {
    let value = field.get_untracked().map(|field| field.value()).unwrap_or_default();
    if value.is_empty() { Ok(None) } else { value.parse().map(Some) }
}
