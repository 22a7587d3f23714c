//! The draft on its way to the server, the buffer for a lost line, and news from colleagues.

use super::board::{Board, Phase, open, with};
use super::model::Grid;
use crate::api::rights::{keep_draft, load_grid, look_for_conflicts, present_revision};
use crate::error::AppError;
use crate::live::use_me;
use crate::review::applied_words;
use crate::text::Locale;
use crate::wire::{from_text, to_text};
use crate::{plural, t};
use domain::Instant;
use domain::draft::Edit;
use domain::exchange::{GridLoad, KeptDraft, Proposal, RefusalCode};
use domain::text::Alphabet;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// How long edits are gathered before they are sent.
const PAUSE: Duration = Duration::from_millis(700);
/// How often one asks for news while the page is open.
const NEWS_EVERY: Duration = Duration::from_secs(60);

/// The change set that was just applied, in the tab's own storage until the next grid has said so.
const APPLIED: &str = "adgang.applied";

/// Is the draft kept?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// The server has it, since then.
    Kept(Option<Instant>),
    /// On its way.
    Pending,
    /// The line is lost; this browser keeps it meanwhile.
    Buffered,
    /// The server refused it.
    Refused(AppError),
}

/// What this page is about, for the buffer's and the openings' names: ids only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whose {
    key: String,
    alphabet: Alphabet,
    locale: Locale,
}

thread_local! {
    static TIMER: RefCell<Option<TimeoutHandle>> = const { RefCell::new(None) };
    static WHOSE: RefCell<Option<Whose>> = const { RefCell::new(None) };
    /// Number of the latest save, so that an earlier answer does not call a later draft kept.
    static LATEST: Cell<u32> = const { Cell::new(0) };
}

/// Something the person should know, until dismissed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is.
    pub text: String,
    /// The change set that it is about and that can be taken back.
    pub take_back: Option<u32>,
}

impl From<String> for Notice {
    fn from(text: String) -> Self {
        Self { text, take_back: None }
    }
}

/// The buffered draft of a lost line.
#[derive(Debug, Serialize, Deserialize)]
struct Buffered {
    based_on: i64,
    edits: Vec<Edit>,
}

/// Loads the school and opens the grid, then listens for news.
pub(super) fn start(board: Board) {
    let Ok(me) = use_me() else { return };
    let whose = Whose {
        key: format!("{}.{}", me.institution.id, me.person),
        alphabet: Alphabet::of_country(&me.institution.country),
        locale: board.locale,
    };
    WHOSE.with(|known| known.replace(Some(whose)));
    spawn_local(async move {
        match load_grid().await {
            Ok(load) => opened(board, load),
            Err(error) => drop(board.phase.try_set(Phase::Failed(error))),
        }
    });
    let timer = set_interval_with_handle(move || news(board), NEWS_EVERY);
    let focused = window_event_listener(leptos::ev::focus, move |_| news(board));
    let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
        if matches!(board.keeping.try_get_untracked(), Some(Keeping::Pending | Keeping::Refused(_))) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        focused.remove();
        leaving.remove();
    });
}

/// The draft has become this change set: the grid that opens next says so.
pub(super) fn say_applied(change_set: u32) {
    if let Some(storage) = tab() {
        let _ = storage.set_item(APPLIED, &change_set.to_string());
    }
}

fn take_applied() -> Option<u32> {
    let storage = tab()?;
    let applied = storage.get_item(APPLIED).ok()??;
    let _ = storage.remove_item(APPLIED);
    applied.parse().ok()
}

fn tab() -> Option<web_sys::Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}

/// What was just applied, in words, with when the server recorded it.
fn applied(locale: Locale, load: &GridLoad) -> Option<Notice> {
    let number = take_applied()?;
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    let recorded = load.school.record.change_sets.get(place)?.recorded;
    Some(Notice { text: applied_words(locale, &load.school, number, recorded), take_back: Some(number) })
}

/// Opens the grid on a load, with the buffer of a lost line if there is one.
fn opened(board: Board, mut load: GridLoad) {
    let Some(Whose { alphabet, locale, .. }) = WHOSE.with(|whose| whose.borrow().clone()) else { return };
    let kept = load.draft.kept;
    if let Some(notice) = applied(locale, &load) {
        let _ = board.notice.try_set(Some(notice));
    }
    let buffered = read_buffer();
    let was_buffered = buffered.is_some();
    if let Some(Buffered { based_on, edits }) = buffered {
        load.draft = KeptDraft { based_on, edits, kept };
    }
    let (mut grid, left_out) = Grid::of(load, alphabet, locale);
    let remembered = storage().and_then(|s| s.get_item(&key("open")).ok().flatten());
    if let Some(remembered) = remembered.and_then(|text| from_text::<Vec<_>>(&text)) {
        grid.reopen(&remembered);
    }
    let behind = grid.is_behind();
    open(grid);
    let _ = board.keeping.try_set(Keeping::Kept(kept));
    if left_out > 0 {
        board.notice.set(Some(plural!(locale, left_out, grid.notice.left_out_one, grid.notice.left_out).into()));
    }
    board.phase.set(Phase::Ready);
    board.tell();
    if was_buffered || left_out > 0 {
        soon(board);
    }
    if behind {
        ask_conflicts(board);
    }
}

/// Sends the draft after a short pause in which more may come.
pub(super) fn soon(board: Board) {
    if board.keeping.get_untracked() != Keeping::Pending {
        board.keeping.set(Keeping::Pending);
    }
    let next = set_timeout_with_handle(
        move || {
            let _ = board.edited.try_update(|n| *n += 1);
            spawn_local(keep_now(board));
        },
        PAUSE,
    );
    TIMER.with(|timer| {
        if let Some(earlier) = timer.replace(next.ok()) {
            earlier.clear();
        }
    });
}

/// Sends the draft. Nothing is left to be sent later: a save that came after the draft was applied would
/// bring it back.
pub(super) async fn keep_now(board: Board) {
    TIMER.with(|timer| {
        if let Some(waiting) = timer.take() {
            waiting.clear();
        }
    });
    let Some(draft) = with(|held| held.grid.kept_draft()) else { return };
    let number = LATEST.get().wrapping_add(1);
    LATEST.set(number);
    let answer = keep_draft(draft.clone()).await;
    if LATEST.get() != number {
        return;
    }
    match answer {
        Ok(kept) => {
            forget_buffer();
            with(|held| held.grid.set_kept(kept.kept));
            let _ = board.keeping.try_set(Keeping::Kept(kept.kept));
        }
        Err(AppError::Offline) => {
            write_buffer(&draft);
            let _ = board.keeping.try_set(Keeping::Buffered);
        }
        Err(error) => {
            if error.code() == Some(RefusalCode::NotSignedIn) {
                write_buffer(&draft);
            }
            let _ = board.keeping.try_set(Keeping::Refused(error));
        }
    }
}

/// Asks whether colleagues have changed something, and takes it over.
pub(super) fn news(board: Board) {
    let is_ready = board.phase.try_get_untracked() == Some(Phase::Ready);
    if !is_ready || board.keeping.try_get_untracked() == Some(Keeping::Pending) {
        return;
    }
    spawn_local(async move {
        if board.keeping.try_get_untracked() == Some(Keeping::Buffered) {
            keep_now(board).await;
        }
        take_news(board).await;
    });
}

/// Takes over the present state of the school, if it is a newer one.
pub(super) async fn take_news(board: Board) {
    let known = || with(|held| held.grid.scene.school().revision);
    let is_newer = |revision| known().is_some_and(|known| revision > known);
    if !present_revision().await.is_ok_and(is_newer) {
        return;
    }
    let Ok(load) = load_grid().await else { return };
    let is_open = board.phase.try_get_untracked().is_some();
    if is_open && is_newer(load.school.revision) {
        merge(board, load);
    }
}

fn merge(board: Board, load: GridLoad) {
    let Some(Whose { alphabet, locale, .. }) = WHOSE.with(|whose| whose.borrow().clone()) else { return };
    let author = load.school.record.change_sets.last().map(|set| set.author_name.clone()).unwrap_or_default();
    let merged = with(|held| {
        let merged = held.grid.merge(load, alphabet);
        (merged, held.grid.is_behind())
    });
    let Some(((news, left_out), behind)) = merged else { return };
    board.refresh();
    board.turned.update(|n| *n += 1);
    if news > 0 {
        board.notice.set(Some(t!(locale, grid.notice.merged, author = author).into()));
    }
    if left_out > 0 {
        soon(board);
    }
    if behind {
        ask_conflicts(board);
    }
}

/// Asks the server where the draft meets decisions made after it was begun.
pub(super) fn ask_conflicts(board: Board) {
    let Some(draft) = with(|held| held.grid.kept_draft()) else { return };
    spawn_local(async move {
        let Ok(review) = look_for_conflicts(Proposal::Edits(draft.edits), draft.based_on).await else { return };
        with(|held| held.grid.set_conflicts(&review));
        if board.phase.try_get_untracked().is_some() {
            board.refresh();
        }
    });
}

/// Remembers which classes are open, for the next visit.
pub(super) fn remember_open(grid: &Grid) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key("open"), &to_text(&grid.open_groups()));
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn key(what: &str) -> String {
    let whose = WHOSE.with(|whose| whose.borrow().as_ref().map(|whose| whose.key.clone()));
    format!("adgang.{what}.{}", whose.unwrap_or_default())
}

fn write_buffer(draft: &KeptDraft) {
    let buffered = Buffered { based_on: draft.based_on, edits: draft.edits.clone() };
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key("draft"), &to_text(&buffered));
    }
}

fn read_buffer() -> Option<Buffered> {
    let text = storage()?.get_item(&key("draft")).ok()??;
    from_text(&text)
}

fn forget_buffer() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key("draft"));
    }
}
