//! The page "Administration of rights": choices at the side, the line, the grid, the change bar.

use super::board::{Board, Phase, Sheet, place_of, with};
use super::choice::{Choice, Chosen, Shape};
use super::chooser::Chooser;
use super::cursor::{Chord, Place};
use super::detail_panel::DetailPanel;
use super::facts::Facts;
use super::keeping;
use super::list::ListView;
use super::paint::{HEAD_ROWS, Stage};
use super::parts::{ChangeBar, Find, Legend, Line};
use super::rows::{Row, Turned};
use super::sheets::Sheets;
use super::who_sees::Leaders;
use crate::address::Address;
use crate::live::use_me;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{ErrorNote, focus_id};
use domain::Capacity;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Windows narrower than this get the list unless the grid is asked for.
const NARROW: &str = "(max-width: 40rem)";

/// The page, as long as the school is on its way and afterwards.
#[must_use]
pub fn page((): ()) -> AnyView {
    view! { <GridPage/> }.into_any()
}

/// The whole page.
#[component]
pub fn GridPage() -> impl IntoView {
    let locale = use_locale();
    let board = Board::new(locale);
    provide_context(board);
    let address = Address::of_page();
    provide_context(address);
    let choice = Memo::new(move |_| Choice::read(|key| address.get(key)));
    provide_context(choice);
    let is_narrow = RwSignal::new(false);
    let as_list = Signal::derive(move || match choice.get().shape {
        Shape::List => true,
        Shape::Grid => false,
        Shape::Auto => is_narrow.get(),
    });
    // Browser only, once the page is alive.
    Effect::new(move |_| {
        let narrow = window().match_media(NARROW).ok().flatten().is_some_and(|query| query.matches());
        is_narrow.set(narrow);
        keeping::start(board);
    });
    Effect::new(move |_| {
        if board.phase.get() != Phase::Ready {
            return;
        }
        let choice = choice.get();
        let found = with(|held| choice.chosen.as_ref().and_then(|chosen| held.grid.find(chosen))).flatten();
        match found {
            Some(turned) => {
                with(|held| held.grid.ask_rows(choice.rows));
                board.turn(turned);
            }
            None => {
                let first = with(|held| super::chooser::first(&held.grid, choice.pivot)).flatten();
                if let Some(first) = first {
                    address.go(&choice.with(first).href(), true);
                }
            }
        }
    });
    view! {
        <main class="rightspage" id="content">
            <div class="bench" class:bench--detail=move || board.detail.get().is_some()>
                <Chooser/>
                <div class="bench__main">
                    <Subject as_list/>
                    {move || match board.phase.get() {
                        Phase::Failed(error) => view! { <ErrorNote error/> }.into_any(),
                        Phase::Loading => view! { <p class="hint" role="status">{t!(locale, app.loading)}</p> }.into_any(),
                        Phase::Ready => ().into_any(),
                    }}
                    <Notice/>
                    {move || missing(board).map(|missing| nothing_yet(locale, missing))}
                    <div class="bench__shapes" hidden=move || as_list.get() || missing(board).is_some()>
                        <Find/>
                        <Line/>
                        <Table as_list/>
                        <Legend/>
                        <Leaders/>
                    </div>
                    {move || (as_list.get() && missing(board).is_none()).then(|| view! { <ListView/> }.into_any())}
                </div>
                <DetailPanel/>
            </div>
            <ChangeBar/>
            <Sheets/>
        </main>
    }
}

/// What a school lacks before there is anything to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    Teachers,
    Pupils,
    Tests,
}

fn missing(board: Board) -> Option<Missing> {
    board.turned.track();
    if board.phase.get() != Phase::Ready {
        return None;
    }
    with(|held| {
        let roster = &held.grid.scene.school().roster;
        let lacks = [
            (roster.teachers.is_empty(), Missing::Teachers),
            (roster.pupils.is_empty(), Missing::Pupils),
            (roster.tests.is_empty(), Missing::Tests),
        ];
        lacks.into_iter().find(|(lacks, _)| *lacks).map(|(_, missing)| missing)
    })
    .flatten()
}

/// Why there is nothing to give yet, and who can mend it.
fn nothing_yet(locale: Locale, missing: Missing) -> AnyView {
    let (what, comes) = match missing {
        Missing::Teachers => (t!(locale, grid.empty.no_teachers), true),
        Missing::Pupils => (t!(locale, grid.empty.no_pupils), true),
        Missing::Tests => (t!(locale, grid.empty.no_tests), false),
    };
    let imports = use_me().is_ok_and(|me| me.is(Capacity::UserAdministration));
    let how = comes.then(|| {
        if imports {
            view! {
                <p>{t!(locale, grid.empty.import)}</p>
                <p class="actions"><a class="btn btn--primary" href="/imports">{t!(locale, grid.empty.to_import)}</a></p>
            }
            .into_any()
        } else {
            view! { <p>{t!(locale, grid.empty.ask)}</p> }.into_any()
        }
    });
    view! { <section class="note"><h3>{t!(locale, grid.empty.title)}</h3><p>{what}</p>{how}</section> }.into_any()
}

/// What stands still, in words, with what can be done about it as a whole.
#[component]
fn Subject(as_list: Signal<bool>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let choice = expect_context::<Memo<Choice>>();
    let name = move || {
        board.turned.track();
        let name = with(|held| held.grid.names.turned(held.grid.turned));
        name.unwrap_or_else(|| t!(locale, nav.rights).to_owned())
    };
    let is_teacher = move || {
        board.turned.track();
        with(|held| matches!(held.grid.turned, Turned::Teacher(_))).unwrap_or(false)
    };
    let other_shape = move || {
        let shape = if as_list.get() { Shape::Grid } else { Shape::List };
        let chosen = choice.get();
        let chosen =
            Choice { chosen: chosen.chosen.clone().or_else(|| with(|held| held.grid.chosen()).flatten()), ..chosen };
        chosen.shaped(shape).href()
    };
    view! {
        <div class="subject">
            <div><h1 class="subject__over">{t!(locale, grid.title)}</h1><h2 id="subject" tabindex="-1">{move || name()}</h2></div>
            <Facts as_list/>
            <div class="actions">
                {move || is_teacher().then(|| view! {
                    <button class="btn btn--small" type="button" on:click=move |_| board.sheet.set(Some(Sheet::Copy))>
                        {t!(locale, grid.copy.open)}
                    </button>
                    <a class="btn btn--small" href=other_shape>
                        {move || if as_list.get() { t!(locale, grid.as_grid) } else { t!(locale, grid.as_list) }}
                    </a>
                }.into_any())}
            </div>
        </div>
    }
}

/// Something the person should know, until dismissed.
#[component]
fn Notice() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let dismiss = move |_| {
        board.notice.set(None);
        focus_id("subject");
    };
    view! {
        <div role="status">
            {move || board.notice.get().map(|notice| {
                let is_done = notice.take_back.is_some();
                let take_back = notice.take_back.map(|number| view! {
                    <a class="btn btn--small" href=format!("/history?take_back={number}")>{t!(locale, history.take_back)}</a>
                }.into_any());
                view! {
                    <div class="note note--line" class:note--done=is_done>
                        <p>{notice.text}</p>
                        <p class="actions">
                            {take_back}
                            <button class="btn btn--small" type="button" on:click=dismiss>{t!(locale, grid.notice.ok)}</button>
                        </p>
                    </div>
                }
            })}
        </div>
    }
}

/// The table: an empty frame from the server, filled by the painter.
#[component]
fn Table(as_list: Signal<bool>) -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    let frame = NodeRef::<html::Div>::new();
    let table = NodeRef::<html::Table>::new();
    let head = NodeRef::<html::Thead>::new();
    let body = NodeRef::<html::Tbody>::new();
    let over_row = NodeRef::<html::Div>::new();
    let over_column = NodeRef::<html::Div>::new();
    let over_range = NodeRef::<html::Div>::new();
    let raised = StoredValue::new(false);
    Effect::new(move |_| watch_print(table));
    Effect::new(move |_| {
        if board.phase.get() != Phase::Ready || as_list.get() || raised.get_value() {
            return;
        }
        let stage = (|| {
            Some(Stage {
                frame: frame.get()?.unchecked_into(),
                table: table.get()?.unchecked_into(),
                head: head.get()?.unchecked_into(),
                body: body.get()?.unchecked_into(),
                over_row: over_row.get()?.unchecked_into(),
                over_column: over_column.get()?.unchecked_into(),
                over_range: over_range.get()?.unchecked_into(),
            })
        })();
        if let Some(stage) = stage {
            raised.set_value(true);
            board.raise(stage);
        }
    });
    let label = move || {
        board.turned.track();
        let name = with(|held| held.grid.names.turned(held.grid.turned)).unwrap_or_default();
        t!(locale, grid.table_label, name = name)
    };
    let on_click = move |event: leptos::ev::MouseEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        clicked(board, &target, event.shift_key());
    };
    let on_down = move |event: leptos::ev::MouseEvent| {
        let place = element(&event).and_then(|element| place_of(&element));
        if let Some(place) = place.filter(|_| event.button() == 0) {
            board.press(place);
            if event.shift_key() {
                // The focus stays where the selection began, until the click extends it.
                event.prevent_default();
            }
        }
    };
    let pointer = StoredValue::new((0, 0));
    let on_over = move |event: leptos::ev::MouseEvent| {
        let at = (event.client_x(), event.client_y());
        if pointer.get_value() == at {
            return; // Rows scroll by under a pointer at rest.
        }
        pointer.set_value(at);
        let place = element(&event).and_then(|element| place_of(&element));
        board.over(place, event.buttons() & 1 == 1);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let chord =
            Chord { control: event.ctrl_key() || event.meta_key(), shift: event.shift_key(), alt: event.alt_key() };
        let on_button = event.target().and_then(|t| t.dyn_into::<web_sys::HtmlButtonElement>().ok()).is_some();
        if !(on_button && matches!(event.key().as_str(), " " | "Enter")) && board.key(&event.key(), chord) {
            event.prevent_default();
        }
    };
    let on_focus = move |event: leptos::ev::FocusEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(target) = target else { return };
        match place_of(&target) {
            Some(place) => {
                board.focused(place);
                show_on_page(&target);
            }
            // Tab reached the table because the active cell is out of sight. Not at once: the focus
            // that this gives would call the very same listener within itself.
            None if target.class_list().contains("rights")
                && !came_from_inside(&event, &target)
                && target.matches(":focus-visible").unwrap_or(false) =>
            {
                request_animation_frame(move || board.focus());
            }
            None => {}
        }
    };
    view! {
        <div class="frame" node_ref=frame on:scroll=move |_| { with(super::board::scrolled); }>
            <table
                class="rights"
                role="grid"
                aria-multiselectable="true"
                aria-label=label
                aria-busy=move || (board.phase.get() != Phase::Ready).to_string()
                node_ref=table
                on:click=on_click
                on:mousedown=on_down
                on:mouseover=on_over
                on:mouseleave=move |_| board.over(None, false)
                on:dblclick=move |event| {
                    if element(&event).and_then(|element| place_of(&element)).is_some() {
                        board.open_cell();
                    }
                }
                on:keydown=on_key
                on:focusin=on_focus
            >
                <thead role="rowgroup" node_ref=head></thead>
                <tbody role="rowgroup" node_ref=body></tbody>
            </table>
            <div class="over over--column" node_ref=over_column></div>
            <div class="over over--row" node_ref=over_row></div>
            <div class="over over--range" node_ref=over_range></div>
        </div>
    }
}

/// Did the focus come from an element within?
fn came_from_inside(event: &leptos::ev::FocusEvent, within: &web_sys::Element) -> bool {
    let from = event.related_target().and_then(|from| from.dyn_into::<web_sys::Node>().ok());
    from.is_some_and(|from| within.contains(Some(&from)))
}

fn element(event: &leptos::ev::MouseEvent) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// A click inside the table: on a cell, a heading, an opener or the corner.
fn clicked(board: Board, target: &web_sys::Element, shift: bool) {
    if let Some(place) = place_of(target) {
        board.click(place, shift);
        return;
    }
    if target.id() == "all" {
        board.edit(super::model::Grid::toggle_everything);
        return;
    }
    match target.get_attribute("data-rows").as_deref() {
        Some("open") => return board.fold_all(),
        Some("classes") => return board.classes_only(),
        _ => {}
    }
    if let Some(columns) = target.closest("[data-columns]").ok().flatten().and_then(|e| e.get_attribute("data-columns"))
    {
        let mut ends = columns.split(' ').filter_map(|end| end.parse::<usize>().ok());
        if let (Some(from), Some(to)) = (ends.next(), ends.next()) {
            board.toggle_columns(from, to);
        }
        return;
    }
    let row = target.closest("tbody tr").ok().flatten().and_then(|row| row.get_attribute("aria-rowindex"));
    let Some(row) = row.and_then(|row| row.parse::<usize>().ok()).and_then(|row| row.checked_sub(HEAD_ROWS + 1)) else {
        return;
    };
    let content = with(|held| held.grid.rows.get(row).copied()).flatten();
    let opens = target.class_list().contains("rh__open") || matches!(content, Some(Row::Fold(..)));
    match content {
        Some(content) if opens => {
            board.fold(content);
            with(|held| held.grid.cursor.at = Place::new(row, held.grid.cursor.at.column));
        }
        Some(_) => board.toggle_row(row),
        None => {}
    }
}

/// Draws all rows for print, as small as fits the paper, and afterwards those in sight again.
fn watch_print(table: NodeRef<html::Table>) {
    let print = |name: &'static str, all: bool| {
        window_event_listener(leptos::ev::Custom::<web_sys::Event>::new(name), move |_| {
            with(|held| super::board::show_all(held, all));
            let columns = with(|held| held.grid.columns.len()).unwrap_or_default();
            if let Some(table) = table.get_untracked() {
                let style = web_sys::HtmlElement::style(&table);
                let _ = style.set_property("--print", &format!("{}%", paper_scale(columns)));
            }
        })
    };
    let (before, after) = (print("beforeprint", true), print("afterprint", false));
    on_cleanup(move || {
        before.remove();
        after.remove();
    });
}

/// How much smaller the table is printed, in per cent, so that so many columns fit a landscape A4.
fn paper_scale(columns: usize) -> usize {
    // In CSS pixels: the paper between its margins, the first column, and another.
    let (paper, first, other) = (1_030, 200, 50);
    usize::min(100, 100 * paper / (first + other * columns))
}

/// Where the page itself scrolls, brings what has the focus from behind the change bar.
fn show_on_page(element: &web_sys::Element) {
    const SCROLLS: &str = "(max-width: 60rem), (max-height: 34rem)";
    if window().match_media(SCROLLS).ok().flatten().is_some_and(|query| query.matches()) {
        let _ = scroll_to_nearest(element);
    }
}

/// `element.scrollIntoView({ block: "nearest" })`; web-sys would want three more features of its own for it.
fn scroll_to_nearest(element: &web_sys::Element) -> Result<(), wasm_bindgen::JsValue> {
    let options = js_sys::Object::new();
    js_sys::Reflect::set(&options, &"block".into(), &"nearest".into())?;
    let scroll: js_sys::Function = js_sys::Reflect::get(element, &"scrollIntoView".into())?.dyn_into()?;
    scroll.call1(element, &options).map(drop)
}

/// The address of something that can stand still, in the present shape.
pub(super) fn href_of(choice: &Choice, chosen: Chosen) -> String {
    choice.with(chosen).href()
}
