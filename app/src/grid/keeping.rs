//! The draft on its way to the server, the buffer for a lost line, and news from colleagues.

use super::board::{Board, Phase, open, with};
use super::model::{Elsewhere, Grid, Merged, Unsent};
use crate::api::rights::{keep_draft, load_grid, look_for_conflicts, present_news};
use crate::error::AppError;
use crate::live::use_me;
use crate::review::applied_words;
use crate::text::Locale;
use crate::ui::ask_before_leaving;
use crate::wire::{from_text, to_text};
use crate::{plural, t};
use domain::Instant;
use domain::exchange::{DraftOutcome, GridLoad, KeptDraft, News, Proposal, RefusalCode};
use domain::text::Alphabet;
use futures::channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::time::Duration;

/// How long edits are gathered before they are sent.
const PAUSE: Duration = Duration::from_millis(700);
/// How often a draft is sent that changes elsewhere all the while.
const TRIES: usize = 3;
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
    /// The end of the call about the draft that was begun last. One at a time: a second one would be made
    /// on a draft that the first has just replaced.
    static LAST: RefCell<Option<oneshot::Receiver<()>>> = const { RefCell::new(None) };
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
    ask_before_leaving(move || {
        matches!(board.keeping.try_get_untracked(), Some(Keeping::Pending | Keeping::Refused(_)))
    });
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
        focused.remove();
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
fn opened(board: Board, load: GridLoad) {
    let Some(Whose { alphabet, locale, .. }) = WHOSE.with(|whose| whose.borrow().clone()) else { return };
    if let Some(notice) = applied(locale, &load) {
        let _ = board.notice.try_set(Some(notice));
    }
    let kept = load.draft.kept;
    let (mut grid, mut left_out) = Grid::of(load, alphabet, locale);
    if let Some(unsent) = read_buffer() {
        let (more, elsewhere) = grid.resume(unsent);
        left_out += more;
        say_elsewhere(board, elsewhere);
    }
    let remembered = storage().and_then(|s| s.get_item(&key("open")).ok().flatten());
    if let Some(remembered) = remembered.and_then(|text| from_text::<Vec<_>>(&text)) {
        grid.reopen(&remembered);
    }
    let (behind, unsent) = (grid.is_behind(), grid.is_unsent());
    open(grid);
    let _ = board.keeping.try_set(Keeping::Kept(kept));
    if left_out > 0 {
        board.notice.set(Some(plural!(locale, left_out, grid.notice.left_out_one, grid.notice.left_out).into()));
    }
    board.phase.set(Phase::Ready);
    board.tell();
    if unsent {
        soon(board);
    } else {
        forget_buffer();
    }
    if behind {
        ask_conflicts(board);
    }
}

/// Says what became of the draft in another tab, on another machine, or in the inbox.
fn say_elsewhere(board: Board, elsewhere: Option<Elsewhere>) {
    let text = match elsewhere {
        Some(Elsewhere::Changed) => t!(board.locale, grid.notice.draft_changed),
        Some(Elsewhere::Ended) => t!(board.locale, grid.notice.draft_ended),
        None => return,
    };
    let _ = board.notice.try_set(Some(text.to_owned().into()));
}

/// Waits until no other call about the draft is under way. The turn lasts as long as the answer is held.
async fn turn() -> oneshot::Sender<()> {
    let (mine, ended) = oneshot::channel();
    let before = LAST.with(|last| last.replace(Some(ended)));
    if let Some(before) = before {
        // It ends by being dropped, which is an error here and just what was waited for.
        let _ = before.await;
    }
    mine
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
    let turn = turn().await;
    for _ in 0..TRIES {
        let sent = with(|held| (held.grid.is_unsent(), held.grid.kept_draft()));
        let Some((is_unsent, draft)) = sent else { break };
        if !is_unsent {
            forget_buffer();
            let _ = board.keeping.try_set(Keeping::Kept(draft.kept));
            break;
        }
        match send(board, draft).await {
            // Only what was made meanwhile is left, and is on its way already.
            Ok(true) => break,
            Ok(false) => {}
            Err(error) => {
                not_kept(board, error);
                break;
            }
        }
    }
    drop(turn);
}

/// Sends a draft. Was it kept? If it changed elsewhere, that is taken over, to be sent once more.
async fn send(board: Board, draft: KeptDraft) -> Result<bool, AppError> {
    match keep_draft(draft).await? {
        DraftOutcome::Kept(kept) => {
            let at = kept.kept;
            let is_unsent = with(|held| {
                held.grid.set_kept(kept);
                held.grid.is_unsent()
            });
            if is_unsent != Some(true) {
                forget_buffer();
                let _ = board.keeping.try_set(Keeping::Kept(at));
            }
            Ok(true)
        }
        // Its edits may be about people whom this page has not loaded: the school comes with it.
        DraftOutcome::Newer(_) => {
            merge(board, load_grid().await?);
            Ok(false)
        }
    }
}

fn not_kept(board: Board, error: AppError) {
    if matches!(error, AppError::Offline) {
        write_buffer();
        let _ = board.keeping.try_set(Keeping::Buffered);
        return;
    }
    if error.code() == Some(RefusalCode::NotSignedIn) {
        write_buffer();
    }
    let _ = board.keeping.try_set(Keeping::Refused(error));
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

/// Takes over the present state of the school and of the draft, if it is another one than is shown.
pub(super) async fn take_news(board: Board) {
    let is_news = |revision: i64, kept: Option<Instant>| {
        let known = with(|held| (held.grid.scene.school().revision, held.grid.kept()));
        known.is_some_and(|(known, ours)| revision > known || (revision == known && kept != ours))
    };
    let Ok(News { revision, kept }) = present_news().await else { return };
    if !is_news(revision, kept) {
        return;
    }
    let turn = turn().await;
    let Ok(load) = load_grid().await else { return };
    let is_open = board.phase.try_get_untracked().is_some();
    if is_open && is_news(load.school.revision, load.draft.kept) {
        merge(board, load);
    }
    drop(turn);
}

fn merge(board: Board, load: GridLoad) {
    let Some(Whose { alphabet, locale, .. }) = WHOSE.with(|whose| whose.borrow().clone()) else { return };
    let author = load.school.record.change_sets.last().map(|set| set.author_name.clone()).unwrap_or_default();
    let merged = with(|held| {
        let merged = held.grid.merge(load, alphabet);
        (merged, held.grid.is_behind(), held.grid.is_unsent(), held.grid.kept())
    });
    let Some((Merged { news, left_out, elsewhere }, behind, unsent, kept)) = merged else { return };
    board.refresh();
    board.turned.update(|n| *n += 1);
    if news > 0 {
        board.notice.set(Some(t!(locale, grid.notice.merged, author = author).into()));
    }
    say_elsewhere(board, elsewhere);
    if left_out > 0 || unsent {
        soon(board);
    } else {
        let _ = board.keeping.try_set(Keeping::Kept(kept));
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

fn write_buffer() {
    let Some(unsent) = with(|held| held.grid.unsent()) else { return };
    if let Some(storage) = storage() {
        let _ = storage.set_item(&key("draft"), &to_text(&unsent));
    }
}

fn read_buffer() -> Option<Unsent> {
    let text = storage()?.get_item(&key("draft")).ok()??;
    from_text(&text)
}

fn forget_buffer() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&key("draft"));
    }
}
