//! Taking back as a reviewed step: review, reason, apply.

use super::{PAGE, back_to_list};
use crate::api::history::load_history;
use crate::api::rights::{apply_proposal, load_grid, review_proposal};
use crate::error::AppError;
use crate::review::{ReviewPanel, Reviewed, applied_words};
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::focus_heading;
use domain::School;
use domain::exchange::{ApplyOutcome, HistoryEntry, Proposal, RefusalCode};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Where the page is.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// The list of change sets.
    List,
    /// The review of one taking-back.
    Reviewing(Reviewed),
}

/// The state of taking back.
#[derive(Clone, Copy)]
pub(super) struct TakingBack {
    pub(super) stage: RwSignal<Stage>,
    /// What was applied, in words; stays until the next review.
    pub(super) message: RwSignal<Option<String>>,
    pub(super) error: RwSignal<Option<AppError>>,
    locale: Locale,
    reason: RwSignal<String>,
    applying: RwSignal<bool>,
    newest: RwSignal<Vec<HistoryEntry>>,
}

impl TakingBack {
    pub(super) fn new(newest: RwSignal<Vec<HistoryEntry>>) -> Self {
        Self {
            stage: RwSignal::new(Stage::List),
            message: RwSignal::new(None),
            error: RwSignal::new(None),
            locale: use_locale(),
            reason: RwSignal::new(String::new()),
            applying: RwSignal::new(false),
            newest,
        }
    }

    /// Asks what a taking-back would do, and shows it.
    pub(super) fn review(self, proposal: Proposal) {
        self.message.set(None);
        self.error.set(None);
        spawn_local(async move {
            match reviewed(proposal, false).await {
                Ok(reviewed) => {
                    self.stage.set(Stage::Reviewing(reviewed));
                    focus_heading();
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Applies what is shown; a changed school shows its new effect instead.
    fn apply(self) {
        let Stage::Reviewing(Reviewed { school, proposal, review: shown, .. }) = self.stage.get_untracked() else {
            return;
        };
        self.applying.set(true);
        self.error.set(None);
        let reason = self.reason.get_untracked().trim().to_owned();
        spawn_local(async move {
            let outcome = apply_proposal(proposal.clone(), shown.revision, shown.digest.clone(), reason).await;
            self.applying.set(false);
            match outcome {
                Ok(ApplyOutcome::Applied(applied)) => {
                    self.reason.set(String::new());
                    self.message.set(Some(applied_words(self.locale, &school, applied.change_set, shown.now)));
                    match load_history(None, PAGE).await {
                        Ok(newest) => self.newest.set(newest),
                        Err(error) => self.error.set(Some(error)),
                    }
                    back_to_list(self);
                }
                Ok(ApplyOutcome::Stale(_)) => self.show_again(proposal).await,
                Err(error) if error.code() == Some(RefusalCode::Stale) => self.show_again(proposal).await,
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    async fn show_again(self, proposal: Proposal) {
        match reviewed(proposal, true).await {
            Ok(reviewed) => {
                self.stage.set(Stage::Reviewing(reviewed));
                focus_heading();
            }
            Err(error) => self.error.set(Some(error)),
        }
    }
}

/// The school as it is now, and what the proposal would do to it.
async fn reviewed(proposal: Proposal, is_stale: bool) -> Result<Reviewed, AppError> {
    let school: School = load_grid().await?.school;
    let review = review_proposal(proposal.clone(), school.revision).await?;
    Ok(Reviewed { school: Arc::new(school), proposal, review, is_stale })
}

/// The review that takes the list's place.
pub(super) fn review_view(state: TakingBack) -> AnyView {
    let locale = state.locale;
    let Stage::Reviewing(reviewed) = state.stage.get() else { return ().into_any() };
    view! {
        <ReviewPanel
            reviewed
            title=t!(locale, history.review_title).to_owned()
            apply_label=t!(locale, history.apply).to_owned()
            reason=state.reason
            on_apply=Callback::new(move |()| state.apply())
            on_back=Callback::new(move |()| back_to_list(state))
            back_label=t!(locale, history.back).to_owned()
            error=state.error
            applying=state.applying
        />
    }
    .into_any()
}
