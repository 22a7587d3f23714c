//! `/imports`: a roster file is read, its difference shown in names, and then applied or thrown
//! away. A file that would end more than a tenth of a kind is held on the server until someone says
//! yes or no with a reason. Below stands what was imported before.

mod findings;
mod list;
mod look;
mod running;
mod upload;

use crate::api::imports::{ImportStep, load_imports, look_at_held, reject_import};
use crate::error::AppError;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{ErrorNote, focus_heading};
use domain::ImportId;
use domain::exchange::RefusalCode;
use domain::import::{ImportOutcome, Imports};
use leptos::prelude::*;
use running::{Chosen, Complaint, Shown};

/// The page, before a file is chosen and afterwards.
#[must_use]
pub fn page((): ()) -> AnyView {
    let state = State::new(use_locale());
    // Effects run in the browser only, once the page has become alive.
    Effect::new(move |_| state.reload());
    view! {
        <main class="page" id="content">
            {move || state.stage.with(|stage| match stage {
                Stage::Choosing => choosing(state),
                Stage::Running => running_view(state),
                Stage::Looking(outcome) => look::look(state, outcome),
                Stage::Done(outcome) => look::done(state, outcome),
            })}
        </main>
    }
    .into_any()
}

/// Where the page is.
#[derive(Clone, Debug)]
enum Stage {
    /// No file is chosen, or another one shall be.
    Choosing,
    /// Rows go by.
    Running,
    /// What the file would do; nothing is changed.
    Looking(Box<ImportOutcome>),
    /// What the file did.
    Done(Box<ImportOutcome>),
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct State {
    locale: Locale,
    stage: RwSignal<Stage>,
    /// The list of imports, once it is there.
    imports: RwSignal<Option<Result<Imports, AppError>>>,
    /// Browsers' own things stay on the thread they were met on.
    chosen: StoredValue<Option<Chosen>, LocalStorage>,
    /// The name of the file that is looked at.
    file_name: RwSignal<String>,
    shown: RwSignal<Shown>,
    error: RwSignal<Option<AppError>>,
    /// What is wrong with the chosen file, before anything is sent.
    complaint: RwSignal<Option<String>>,
    /// What has just been done.
    message: RwSignal<Option<&'static str>>,
    /// Why a held import is answered as it is.
    reason: RwSignal<String>,
    reason_missing: RwSignal<bool>,
}

impl State {
    fn new(locale: Locale) -> Self {
        Self {
            locale,
            stage: RwSignal::new(Stage::Choosing),
            imports: RwSignal::new(None),
            chosen: StoredValue::new_local(None),
            file_name: RwSignal::new(String::new()),
            shown: RwSignal::new(Shown::default()),
            error: RwSignal::new(None),
            complaint: RwSignal::new(None),
            message: RwSignal::new(None),
            reason: RwSignal::new(String::new()),
            reason_missing: RwSignal::new(false),
        }
    }

    fn file_name(self) -> String {
        self.file_name.get_untracked()
    }

    /// Asks for the list of imports anew.
    fn reload(self) {
        leptos::task::spawn_local(async move { self.imports.set(Some(load_imports().await)) });
    }

    /// The largest file that the server takes, if it has said so yet.
    fn bytes_max(self) -> Option<u64> {
        self.imports.with_untracked(|imports| match imports {
            Some(Ok(imports)) => Some(imports.bytes_max),
            _ => None,
        })
    }

    /// Sends the chosen file, and shows what comes of it.
    fn start(self, step: ImportStep) {
        let Some(chosen) = self.chosen.get_value() else { return };
        self.file_name.set(chosen.file.name());
        self.run(async move { running::run(chosen, step, self.shown).await });
    }

    /// Says yes to an import that waits, and shows what comes of it.
    fn accept(self, id: ImportId) {
        if let Some(reason) = self.said() {
            self.run(async move { running::accept(id, reason, self.shown).await });
        }
    }

    /// Says no to an import that waits.
    fn reject(self, id: ImportId) {
        self.error.set(None);
        let reason = self.reason.get_untracked();
        leptos::task::spawn_local(async move {
            match reject_import(id, reason).await {
                Ok(()) => {
                    self.discard();
                    self.message.set(Some(t!(self.locale, import.rejected)));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// The reason, if there is one; else it is asked for.
    fn said(self) -> Option<String> {
        let reason = self.reason.with_untracked(|reason| reason.trim().to_owned());
        self.error.set(None);
        self.reason_missing.set(reason.is_empty());
        (!reason.is_empty()).then_some(reason)
    }

    /// Shows what an import that waits would do now.
    fn look_at_held(self, id: ImportId, file_name: String) {
        self.file_name.set(file_name);
        self.run(look_at_held(id));
    }

    /// Shows progress, and then the outcome or what went wrong.
    fn run(self, outcome: impl Future<Output = Result<ImportOutcome, AppError>> + 'static) {
        self.error.set(None);
        self.message.set(None);
        self.shown.set(Shown::default());
        let before = self.stage.get_untracked();
        self.stage.set(Stage::Running);
        focus_heading();
        leptos::task::spawn_local(async move {
            match outcome.await {
                Ok(outcome) if outcome.report.applied => {
                    self.reason.set(String::new());
                    self.stage.set(Stage::Done(Box::new(outcome)));
                }
                Ok(outcome) => self.stage.set(Stage::Looking(Box::new(outcome))),
                // Nothing is lost to a queue: what was looked at is there, to be tried again.
                Err(error) if error.code() == Some(RefusalCode::Busy) && matches!(before, Stage::Looking(_)) => {
                    self.complain(error);
                    self.stage.set(before);
                }
                Err(error) => {
                    self.complain(error);
                    self.stage.set(Stage::Choosing);
                }
            }
            self.reload();
            focus_heading();
        });
    }

    /// Shows what went wrong; of a file that is too large, how large one may be.
    fn complain(self, error: AppError) {
        match self.bytes_max() {
            Some(bytes_max) if error.code() == Some(RefusalCode::TooLarge) => {
                self.complaint.set(Some(Complaint::TooLarge(bytes_max).words(self.locale)));
            }
            _ => self.error.set(Some(error)),
        }
    }

    /// Back to the choice of a file; nothing was changed.
    fn discard(self) {
        self.chosen.set_value(None);
        self.error.set(None);
        self.message.set(None);
        self.reason.set(String::new());
        self.reason_missing.set(false);
        self.stage.set(Stage::Choosing);
        self.reload();
        focus_heading();
    }
}

/// The choice of a file.
fn choosing(state: State) -> AnyView {
    let locale = state.locale;
    let read = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.complaint.set(None);
        match running::chosen_file("bundle", state.bytes_max()) {
            Ok(chosen) => {
                state.chosen.set_value(Some(chosen));
                state.start(ImportStep::Look);
            }
            Err(complaint) => state.complaint.set(Some(complaint.words(locale))),
        }
    };
    let complaint = move || {
        state.complaint.get().map(|text| {
            view! {
                <p class="error" id="bundle-error" role="alert"><span class="sr">{t!(locale, sign_in.error_prefix)}</span>{text}</p>
            }
        })
    };
    view! {
        <h1 tabindex="-1">{t!(locale, import.title)}</h1>
        <p class="lede">{t!(locale, import.lede)}</p>
        {move || state.message.get().map(|text| view! { <p class="note note--done" role="status">{text}</p> })}
        {move || state.error.get().map(|error| view! { <ErrorNote error/> })}
        <form on:submit=read class="import__form">
            <div class="field" class:field--error=move || state.complaint.read().is_some()>
                <label for="bundle">{t!(locale, import.file)}</label>
                <p class="hint" id="bundle-hint">{t!(locale, import.file_hint)}</p>
                {complaint}
                <input class="input" id="bundle" type="file" accept=".zip,.xml,.csv,application/zip,application/xml,text/xml,text/csv" aria-describedby="bundle-hint bundle-error"/>
            </div>
            <div class="actions"><button class="btn btn--primary" type="submit">{t!(locale, import.read)}</button></div>
        </form>
        <section class="note note--plain">
            <p>{t!(locale, import.never_deleted)}</p>
            <p>{t!(locale, import.held_explained)}</p>
        </section>
        {list::list(state)}
    }
    .into_any()
}

/// Rows go by.
fn running_view(state: State) -> AnyView {
    let locale = state.locale;
    let words = move || state.shown.read().words(locale);
    view! {
        <h1 tabindex="-1">{t!(locale, import.running)}</h1>
        <p class="lede">{state.file_name()}</p>
        <progress
            aria-label=t!(locale, import.running)
            prop:max=move || state.shown.read().of.unwrap_or(1) as f64
            prop:value=move || state.shown.read().value()
        ></progress>
        <p role="status">{words}</p>
    }
    .into_any()
}
