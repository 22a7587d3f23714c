//! The opened cell, beside the grid.

use super::board::{Board, with};
use super::cursor::Place;
use super::detail::{Detail, detail};
use super::drafting::{Dates, Target, Wish, wish};
use super::look::Glyph;
use crate::t;
use crate::text::use_locale;
use crate::ui::focus_id;
use domain::school::Scope;
use domain::{Date, Effect as Says};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

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

/// The panel; empty while no cell is open. It takes the focus as it opens and gives it back.
#[component]
pub fn DetailPanel() -> impl IntoView {
    let board = expect_context::<Board>();
    let target = Memo::new(move |_| board.detail.get());
    let opener = StoredValue::new_local(None::<HtmlElement>);
    Effect::new(move |was_open: Option<bool>| {
        let is_open = target.get().is_some();
        match (was_open.unwrap_or(false), is_open) {
            (false, true) => {
                opener.set_value(active_element());
                focus_id("detail-title");
            }
            (true, false) => give_back(board, opener.get_value()),
            _ => {}
        }
        is_open
    });
    // While it is open it shows the cell that one goes to.
    Effect::new(move |was_at: Option<Option<Place>>| {
        board.says.track();
        let (at, active) = with(|held| (held.grid.cursor.at, held.grid.target(held.grid.cursor.at)))?;
        let has_moved = was_at.flatten().is_some_and(|was_at| was_at != at);
        if has_moved && active.is_some() && board.detail.with_untracked(Option::is_some) {
            board.detail.set(active);
        }
        Some(at)
    });
    move || target.get().map(|target| view! { <Panel target/> }.into_any())
}

fn active_element() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Gives the focus back to where the panel was opened from, unless the person has gone elsewhere.
fn give_back(board: Board, opener: Option<HtmlElement>) {
    let has_left = active_element()
        .is_some_and(|active| active.tag_name() != "BODY" && active.closest(".detail").ok().flatten().is_none());
    if has_left {
        return;
    }
    request_animation_frame(move || {
        let outside = opener.filter(|opener| {
            opener.is_connected() && opener.tag_name() != "BODY" && opener.closest(".rights").ok().flatten().is_none()
        });
        match outside {
            Some(opener) => drop(opener.focus()),
            None => board.focus(),
        }
    });
}

#[component]
fn Panel(target: Target) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let shut = move || board.detail.set(None);
    let shown = Memo::new(move |_| {
        board.summary.track();
        board.turned.track();
        with(|held| detail(&held.grid, target))
    });
    let of = move |read: fn(Detail) -> String| shown.get().map(read).unwrap_or_default();
    let settled = move || {
        let Detail { look, verdict, why, facts, chain, .. } = shown.get()?;
        let facts =
            facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any()).collect_view();
        let chain = chain
            .into_iter()
            .map(|link| {
                view! { <li class:won=link.won><span>{link.scope}</span><span>{link.text}</span></li> }.into_any()
            })
            .collect_view();
        Some(
            view! {
                <div class="verdict"><span class=sign(look.glyph) aria-hidden="true"></span><p>{verdict}</p></div>
                {why.map(|why| view! { <p>{why}</p> }.into_any())}
                <dl class="dl">{facts}</dl>
                <section aria-labelledby="detail-chain">
                    <h3 id="detail-chain">{t!(locale, grid.detail.chain)}</h3>
                    <ol class="chain">{chain}</ol>
                </section>
            }
            .into_any(),
        )
    };
    let history = move || {
        let log = shown.get()?.log;
        (!log.is_empty()).then(|| {
            let log = log
                .into_iter()
                .map(|(day, text)| view! { <li><time>{day}</time><span>{text}</span></li> }.into_any())
                .collect_view();
            view! {
                <section aria-labelledby="detail-log">
                    <h3 id="detail-log">{t!(locale, grid.detail.log)}</h3>
                    <ol class="log">{log}</ol>
                </section>
            }
        })
    };
    let here = Signal::derive(move || shown.get().and_then(|shown| shown.here));
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
                <div>
                    <h2 id="detail-title" tabindex="-1">{move || of(|shown| shown.title)}</h2>
                    <p>{move || of(|shown| shown.subtitle)}</p>
                </div>
                <button class="btn btn--small" type="button" on:click=move |_| shut()>
                    {t!(locale, grid.close)} " " <kbd>"Esc"</kbd>
                </button>
            </div>
            <div class="detail__settled">{move || settled()}</div>
            <Change target here/>
            {move || history()}
        </aside>
    }
}

/// What the row itself should say, and from when to when.
#[component]
fn Change(target: Target, here: Signal<Option<Says>>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let chosen = RwSignal::new(here.get_untracked());
    Effect::new(move |_| chosen.set(here.get()));
    let problem = RwSignal::new(None::<&'static str>);
    let from = NodeRef::<html::Input>::new();
    let until = NodeRef::<html::Input>::new();
    let for_pupil = matches!(target.scope, Scope::Pupil(_));
    let words = move |effect: Option<Says>| match (effect, for_pupil) {
        (Some(Says::Give), true) => t!(locale, grid.detail.give_pupil),
        (Some(Says::Give), false) => t!(locale, grid.detail.give_row),
        (Some(Says::Withhold), true) => t!(locale, grid.detail.withhold_pupil),
        (Some(Says::Withhold), false) => t!(locale, grid.detail.withhold_row),
        (_, true) => t!(locale, grid.detail.follow),
        (_, false) => t!(locale, grid.detail.say_nothing),
    };
    let choices = [Some(Says::Give), Some(Says::Withhold), None]
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
            .into_any()
        })
        .collect_view();
    let put = move |_| {
        let days = read_day(from).and_then(|from| Ok(Dates { from, until: read_day(until)? }));
        let Ok(dates) = days else {
            problem.set(Some(t!(locale, grid.dates.unreadable)));
            return;
        };
        problem.set(None);
        let effect = chosen.get_untracked().unwrap_or(Says::Clear);
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
            {move || problem.get().map(|problem| view! { <p class="error" role="alert">{problem}</p> }.into_any())}
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
