//! `/imports`: a roster file is read, its difference shown in names, and then applied or thrown
//! away. A file that would end more than a tenth of a kind is held until someone says yes.

mod findings;
mod look;
mod running;

use crate::api::imports::ImportStep;
use crate::error::AppError;
use crate::layout::focus_heading;
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{ErrorNote, PageTitle, for_capacity};
use domain::Capacity;
use domain::import::ImportOutcome;
use leptos::prelude::*;
use running::{Chosen, Shown, run};

/// The import of a roster.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let locale = use_locale();
    for_capacity(&[Capacity::UserAdministration], move |_me| {
        let state = State::new(locale);
        view! {
            <PageTitle name=t!(locale, import.title)/>
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
    })
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
    chosen: StoredValue<Option<Chosen>>,
    shown: RwSignal<Shown>,
    error: RwSignal<Option<AppError>>,
    /// What is wrong with the chosen file, before anything is sent.
    complaint: RwSignal<Option<String>>,
}

impl State {
    fn new(locale: Locale) -> Self {
        Self {
            locale,
            stage: RwSignal::new(Stage::Choosing),
            chosen: StoredValue::new(None),
            shown: RwSignal::new(Shown::default()),
            error: RwSignal::new(None),
            complaint: RwSignal::new(None),
        }
    }

    fn file_name(self) -> String {
        self.chosen.with_value(|chosen| chosen.as_ref().map(|chosen| chosen.name.clone())).unwrap_or_default()
    }

    /// Sends the chosen file, and shows what comes of it.
    fn start(self, step: ImportStep) {
        self.error.set(None);
        self.stage.set(Stage::Running);
        focus_heading();
        let Some(chosen) = self.chosen.get_value() else { return };
        leptos::task::spawn_local(async move {
            match run(chosen, step, self.shown).await {
                Ok(outcome) if outcome.report.applied => self.stage.set(Stage::Done(Box::new(outcome))),
                Ok(outcome) => self.stage.set(Stage::Looking(Box::new(outcome))),
                Err(error) => {
                    self.error.set(Some(error));
                    self.stage.set(Stage::Choosing);
                }
            }
            focus_heading();
        });
    }

    /// Throws the file away; nothing was changed by it.
    fn discard(self) {
        self.chosen.set_value(None);
        self.error.set(None);
        self.stage.set(Stage::Choosing);
        focus_heading();
    }
}

/// The choice of a file.
fn choosing(state: State) -> AnyView {
    let locale = state.locale;
    let read = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        state.complaint.set(None);
        leptos::task::spawn_local(async move {
            match running::chosen_file("bundle").await {
                Ok(chosen) => {
                    state.chosen.set_value(Some(chosen));
                    state.start(ImportStep::Look);
                }
                Err(complaint) => state.complaint.set(Some(complaint.words(locale))),
            }
        });
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
        {move || state.error.get().map(|error| view! { <ErrorNote error/> })}
        <form on:submit=read class="import__form">
            <div class="field" class:field--error=move || state.complaint.read().is_some()>
                <label for="bundle">{t!(locale, import.file)}</label>
                <p class="hint" id="bundle-hint">{t!(locale, import.file_hint)}</p>
                {complaint}
                <input class="input" id="bundle" type="file" accept=".zip,application/zip" aria-describedby="bundle-hint bundle-error"/>
            </div>
            <div class="actions"><button class="btn btn--primary" type="submit">{t!(locale, import.read)}</button></div>
        </form>
        <section class="note note--plain">
            <p>{t!(locale, import.never_deleted)}</p>
            <p>{t!(locale, import.held_explained)}</p>
        </section>
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
