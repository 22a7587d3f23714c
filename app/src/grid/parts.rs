//! What stands around the grid: the line above it, find, the signs' meaning, the change bar.

use super::board::{Board, Says, Sheet, with};
use super::choice::Choice;
use super::find::next_hit;
use super::keeping::{self, Keeping};
use crate::text::{clock, use_locale};
use crate::ui::sentence;
use crate::{plural, t};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The one line that names the cell or sums up the selection, and carries what can be done.
#[component]
pub fn Line() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let says = board.says;
    let do_it = move |effect| {
        board.say(effect, None);
        board.focus();
    };
    view! {
        <div class="says" class:says--peek=move || says.with(|says| says.is_peek)>
            <p class="says__text">
                <b>{move || says.with(|says| says.place.clone())}</b>
                " "
                <span>{move || says.with(|says| says.text.clone())}</span>
            </p>
            <span class="actions">
                {move || says.with(|says: &Says| says.also).map(|(n, gave)| view! {
                    <button class="btn btn--small" type="button" on:click=move |_| { board.also(); board.focus(); }>
                        {if gave { t!(locale, grid.says.give_also, n = n) } else { t!(locale, grid.says.take_also, n = n) }}
                    </button>
                }.into_any())}
                {move || says.with(|says: &Says| says.conflict).map(|target| view! {
                    <button class="btn btn--small" type="button" on:click=move |_| { board.settle(target, true); board.focus(); }>
                        {t!(locale, review.keep_mine)}
                    </button>
                    <button class="btn btn--small" type="button" on:click=move |_| { board.settle(target, false); board.focus(); }>
                        {t!(locale, review.keep_theirs)}
                    </button>
                }.into_any())}
                <button class="btn btn--small" type="button" on:click=move |_| do_it(domain::Effect::Give)>{t!(locale, grid.says.give)}</button>
                <button class="btn btn--small" type="button" on:click=move |_| do_it(domain::Effect::Withhold)>
                    {t!(locale, grid.says.withhold)}
                </button>
                <button class="btn btn--small" type="button" on:click=move |_| do_it(domain::Effect::Clear)>{t!(locale, grid.says.clear)}</button>
                <button
                    class="btn btn--text btn--small"
                    type="button"
                    on:click=move |_| board.sheet.set(Some(Sheet::Dates { of_cells: true }))
                >
                    {t!(locale, grid.says.dates)}
                </button>
                <button class="btn btn--text btn--small" type="button" on:click=move |_| board.open_cell()>
                    {t!(locale, grid.says.why)}
                </button>
            </span>
        </div>
    }
}

/// Find within the grid, over all rows and all names.
#[component]
pub fn Find() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let input = NodeRef::<html::Input>::new();
    let hit = RwSignal::new(None::<usize>);
    let is_open = Memo::new(move |_| board.find.with(Option::is_some));
    Effect::new(move |_| {
        if is_open.get()
            && let Some(input) = input.get()
        {
            let _ = input.focus();
        }
    });
    let hits = move || {
        let query = board.find.get().unwrap_or_default();
        if query.trim().is_empty() { 0 } else { with(|held| held.grid.hits(&query).len()).unwrap_or(0) }
    };
    let go = move |back: bool| {
        let Some(query) = board.find.get_untracked().filter(|query| !query.trim().is_empty()) else { return };
        let count = with(|held| held.grid.hits(&query).len()).unwrap_or(0);
        let next = next_hit(count, hit.get_untracked(), back);
        hit.set(next);
        if let Some(row) = next.and_then(|next| with(|held| held.grid.show_hit(&query, next)).flatten()) {
            board.go_to(row, false);
        }
    };
    let close = move || {
        board.find.set(None);
        board.focus();
    };
    view! {
        <div class="find" role="search" hidden=move || !is_open.get()>
            <label for="find">{t!(locale, grid.find.label)}</label>
            <input
                class="input"
                id="find"
                type="search"
                autocomplete="off"
                node_ref=input
                prop:value=move || board.find.get().unwrap_or_default()
                on:input:target=move |event| {
                    hit.set(None);
                    board.find.set(Some(event.target().value()));
                    go(false);
                }
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" => go(event.shift_key()),
                    "Escape" => close(),
                    _ => {}
                }
            />
            <span role="status">
                {move || match (hits(), hit.get()) {
                    (0, _) => String::new(),
                    (all, None) => t!(locale, grid.find.all, all = all),
                    (all, Some(at)) => t!(locale, grid.find.at, at = at + 1, all = all),
                }}
            </span>
            <button class="btn btn--small" type="button" on:click=move |_| go(true)>{t!(locale, grid.find.previous)}</button>
            <button class="btn btn--small" type="button" on:click=move |_| go(false)>{t!(locale, grid.find.next)}</button>
            <button class="btn btn--text btn--small" type="button" on:click=move |_| close()>{t!(locale, grid.close)}</button>
        </div>
    }
}

/// What the signs mean, and the keys.
#[component]
pub fn Legend() -> impl IntoView {
    let locale = use_locale();
    view! {
        <ul class="legend" aria-label=t!(locale, grid.legend.label)>
            <li><span class="g g--yh"></span>{t!(locale, grid.legend.yes_here)}</li>
            <li><span class="g g--yv"></span>{t!(locale, grid.legend.yes_via)}</li>
            <li><span class="g g--pt"></span>{t!(locale, grid.legend.partly)}</li>
            <li><span class="g g--nh"></span>{t!(locale, grid.legend.withheld)}</li>
            <li><span class="g g--no"></span>{t!(locale, grid.legend.no)}</li>
            <li><span class="swatch swatch--ex">{t!(locale, grid.exempt_short)}</span>{t!(locale, grid.legend.exempt)}</li>
            <li><span class="swatch swatch--nf"></span>{t!(locale, grid.legend.above)}</li>
            <li><span class="swatch swatch--add">"+"</span>{t!(locale, grid.legend.added)}</li>
            <li><span class="swatch swatch--rem">"\u{2212}"</span>{t!(locale, grid.legend.removed)}</li>
            <li><span class="swatch swatch--cf">"!"</span>{t!(locale, grid.legend.conflict)}</li>
        </ul>
        <details class="keys"><summary>{t!(locale, keys.title)}</summary><p>{t!(locale, keys.grid)}</p></details>
    }
}

/// The change bar: what the draft holds, whether it is kept, and the one way forward.
#[component]
pub fn ChangeBar() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let summary = board.summary;
    let what = move || {
        summary.with(|summary| {
            if summary.edits == 0 {
                return String::new();
            }
            let names = |some: &[domain::TeacherIx]| match some {
                [only] => with(|held| held.grid.names.teacher(*only).to_owned()).unwrap_or_default(),
                many => plural!(locale, many.len(), unit.teacher, unit.teachers),
            };
            let mut parts = Vec::new();
            if let ([gaining], [losing]) = (summary.gaining.as_slice(), summary.losing.as_slice())
                && gaining == losing
            {
                return format!("{}.", t!(locale, grid.bar.both, who = names(&summary.gaining)));
            }
            if !summary.gaining.is_empty() {
                parts.push(t!(locale, grid.bar.gain, who = names(&summary.gaining)));
            }
            if !summary.losing.is_empty() {
                parts.push(t!(locale, grid.bar.lose, who = names(&summary.losing)));
            }
            if parts.is_empty() {
                parts.push(t!(locale, grid.bar.nothing_today).to_owned());
            }
            format!("{}.", parts.join(", "))
        })
    };
    let kept = move || match board.keeping.get() {
        Keeping::Kept(Some(at)) => {
            let zone = with(|held| held.grid.zone());
            zone.map(|zone| t!(locale, grid.bar.kept, time = clock(locale, zone, at))).unwrap_or_default()
        }
        Keeping::Kept(None) => t!(locale, grid.bar.not_yet).to_owned(),
        Keeping::Pending => t!(locale, grid.bar.keeping).to_owned(),
        Keeping::Buffered => t!(locale, grid.bar.buffered).to_owned(),
        Keeping::Refused(error) => sentence(locale, &error).to_owned(),
    };
    let choice = expect_context::<Memo<Choice>>();
    let review = move |_| {
        if summary.with_untracked(|summary| summary.edits) == 0 {
            board.says.update(|says| t!(locale, grid.bar.empty).clone_into(&mut says.text));
            return;
        }
        let href = choice.get_untracked().review_href();
        spawn_local(async move {
            keeping::keep_now(board).await;
            // A draft that is not kept stays in sight; the bar says why.
            if matches!(board.keeping.get_untracked(), Keeping::Kept(_)) {
                let _ = window().location().set_href(&href);
            }
        });
    };
    let has_draft = move || summary.with(|summary| summary.edits > 0);
    view! {
        <section
            class="bar bar--sticky"
            aria-label=t!(locale, grid.bar.label)
            data-saved=move || matches!(board.keeping.get(), Keeping::Kept(_)).to_string()
        >
            <p class="bar__what" role="status">
                {move || {
                    if has_draft() {
                        let n = summary.with(|summary| summary.cells);
                        view! { <b>{plural!(locale, n, grid.bar.cell, grid.bar.cells)}": "</b>{move || what()} }.into_any()
                    } else {
                        view! { {t!(locale, grid.bar.empty)} }.into_any()
                    }
                }}
                {move || {
                    let n = summary.with(|summary| summary.conflicts);
                    (n > 0).then(|| view! { " " <b>{plural!(locale, n, grid.bar.conflict, grid.bar.conflicts)}</b> }.into_any())
                }}
                <small>{move || {
                    // An emptied draft, too, has to reach the server.
                    let is_kept = matches!(board.keeping.get(), Keeping::Kept(_));
                    if has_draft() || !is_kept { kept() } else { t!(locale, grid.bar.nothing_applies).to_owned() }
                }}</small>
            </p>
            <div class="actions">
                {move || summary.with(|summary| summary.can_undo).then(|| view! {
                    <button class="btn btn--text" type="button" on:click=move |_| { board.step(true); board.focus(); }>
                        {t!(locale, grid.bar.undo)} " " <kbd>"Ctrl+Z"</kbd>
                    </button>
                }.into_any())}
                {move || has_draft().then(|| view! {
                    <button class="btn btn--text" type="button" on:click=move |_| board.sheet.set(Some(Sheet::Discard))>
                        {t!(locale, grid.bar.discard)}
                    </button>
                }.into_any())}
                <button class="btn btn--primary" type="button" on:click=review>{t!(locale, grid.bar.review)}</button>
            </div>
        </section>
    }
}
