//! Dialogs over the page: dates, copying from a colleague, throwing the draft away.

use super::board::{Board, Sheet, with};
use super::detail_panel::read_day;
use super::drafting::Dates;
use super::rows::Turned;
use crate::t;
use crate::text::use_locale;
use domain::school::TeacherIx;
use leptos::html;
use leptos::prelude::*;

/// The dialog that is open, if one is.
#[component]
pub fn Sheets() -> impl IntoView {
    let board = expect_context::<Board>();
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        match board.sheet.get() {
            Some(_) if !dialog.open() => {
                let _ = dialog.show_modal();
            }
            None if dialog.open() => dialog.close(),
            _ => {}
        }
    });
    view! {
        <dialog class="sheet" aria-labelledby="sheet-title" node_ref=dialog on:close=move |_| board.sheet.set(None)>
            {move || match board.sheet.get() {
                Some(Sheet::Dates { of_cells }) => view! { <DatesSheet of_cells/> }.into_any(),
                Some(Sheet::Copy) => view! { <CopySheet/> }.into_any(),
                Some(Sheet::Discard) => view! { <DiscardSheet/> }.into_any(),
                None => ().into_any(),
            }}
        </dialog>
    }
}

/// First and last day: of what is newly given from now on, or of the selected cells.
#[component]
fn DatesSheet(of_cells: bool) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let from = NodeRef::<html::Input>::new();
    let until = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<&'static str>);
    let dates = with(|held| held.grid.dates).unwrap_or_default();
    let day = |day: Option<domain::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let days = read_day(from).and_then(|from| Ok(Dates { from, until: read_day(until)? }));
        let Ok(dates) = days else {
            problem.set(Some(t!(locale, grid.dates.unreadable)));
            return;
        };
        let today = with(|held| held.grid.scene.today());
        if dates.from.zip(today).is_some_and(|(from, today)| from < today) {
            problem.set(Some(t!(locale, refused.date_in_past)));
            return;
        }
        if dates.from.or(today).zip(dates.until).is_some_and(|(from, until)| until < from) {
            problem.set(Some(t!(locale, grid.fault.until_before_from)));
            return;
        }
        if of_cells {
            board.say(domain::Effect::Give, Some(dates));
        } else {
            with(|held| held.grid.dates = dates);
        }
        board.sheet.set(None);
        board.focus();
    };
    let title = if of_cells { t!(locale, grid.dates.of_cells) } else { t!(locale, grid.dates.of_new) };
    let lede = if of_cells { t!(locale, grid.dates.of_cells_lede) } else { t!(locale, grid.dates.of_new_lede) };
    view! {
        <form on:submit=submit>
            <h2 id="sheet-title">{title}</h2>
            <p>{lede}</p>
            <div class="dates">
                <div class="field">
                    <label for="sheet-from">{t!(locale, grid.dates.from)}</label>
                    <input class="input" id="sheet-from" type="date" node_ref=from value=day(dates.from)/>
                </div>
                <div class="field">
                    <label for="sheet-until">{t!(locale, grid.dates.until)}</label>
                    <input class="input" id="sheet-until" type="date" node_ref=until value=day(dates.until)/>
                </div>
            </div>
            <p class="hint">{t!(locale, grid.dates.hint)}</p>
            {move || problem.get().map(|problem| view! { <p class="error" role="alert">{problem}</p> }.into_any())}
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, grid.dates.use_them)}</button>
                <button class="btn" type="button" on:click=move |_| board.sheet.set(None)>{t!(locale, grid.cancel)}</button>
            </div>
        </form>
    }
}

/// A colleague's rights, as a draft for the teacher shown.
#[component]
fn CopySheet() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let whom = NodeRef::<html::Select>::new();
    let withholds = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<String>);
    let to = with(|held| match held.grid.turned {
        Turned::Teacher(teacher) => Some(teacher),
        _ => None,
    })
    .flatten();
    let colleagues: Vec<(u16, String)> = with(|held| {
        let teachers = held.grid.scene.teachers().iter().copied().filter(|teacher| Some(*teacher) != to);
        teachers.map(|teacher| (teacher.0, held.grid.names.teacher(teacher).to_owned())).collect()
    })
    .unwrap_or_default();
    let name = to.and_then(|to| with(|held| held.grid.names.teacher(to).to_owned())).unwrap_or_default();
    let options = colleagues
        .into_iter()
        .map(|(ix, name)| view! { <option value=ix.to_string()>{name}</option> }.into_any())
        .collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let colleague = whom.get_untracked().and_then(|field| field.value().parse().ok()).map(TeacherIx);
        let (Some(colleague), Some(to)) = (colleague, to) else { return };
        let withholds_too = withholds.get_untracked().is_some_and(|field| field.checked());
        let mut copied = 0;
        let done = board.edit(|grid| {
            copied = grid.copy(colleague, to, withholds_too)?;
            Ok(())
        });
        if done && copied > 0 {
            board.sheet.set(None);
            board.focus();
        } else {
            problem.set(Some(t!(locale, grid.copy.nothing).to_owned()));
        }
    };
    view! {
        <form on:submit=submit>
            <h2 id="sheet-title">{t!(locale, grid.copy.title, name = name)}</h2>
            <p>{t!(locale, grid.copy.lede)}</p>
            <div class="field">
                <label for="copy-from">{t!(locale, grid.copy.from)}</label>
                <select class="input" id="copy-from" node_ref=whom>{options}</select>
            </div>
            <label class="choice"><input type="checkbox" node_ref=withholds/>{t!(locale, grid.copy.withholds)}</label>
            {move || problem.get().map(|problem| view! { <p class="error" role="alert">{problem}</p> }.into_any())}
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, grid.copy.put)}</button>
                <button class="btn" type="button" on:click=move |_| board.sheet.set(None)>{t!(locale, grid.cancel)}</button>
            </div>
        </form>
    }
}

/// Throwing the draft away; it can be taken back as long as the page is open.
#[component]
fn DiscardSheet() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let discard = move |_| {
        board.edit(|grid| grid.replace(Vec::new()));
        board.sheet.set(None);
        board.focus();
    };
    view! {
        <h2 id="sheet-title">{t!(locale, grid.discard.title)}</h2>
        <p>{t!(locale, grid.discard.lede)}</p>
        <div class="actions">
            <button class="btn btn--primary" type="button" on:click=discard>{t!(locale, grid.discard.yes)}</button>
            <button class="btn" type="button" on:click=move |_| board.sheet.set(None)>{t!(locale, grid.cancel)}</button>
        </div>
    }
}
