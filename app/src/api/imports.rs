//! The import of a roster by page: look first, then apply; the rows go by as they are done.

use crate::client::SessionClient;
use crate::error::AppError;
use crate::wire::Wire;
use domain::ImportId;
use domain::import::{ImportOutcome, Imports};
use leptos::prelude::*;
use leptos::server_fn::codec::{ByteStream, Postcard, Streaming};
use serde::{Deserialize, Serialize};

/// How far an import is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStep {
    /// Only look.
    Look,
    /// Apply, unless it is held.
    Apply,
}

impl ImportStep {
    /// The word in [`STEP_HEADER`].
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Apply => "apply",
        }
    }

    /// The step of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Look, Self::Apply].into_iter().find(|step| step.word() == word)
    }
}

/// Where a file is sent to, as it is: the body is the file. No server function, because those hold
/// their arguments in memory. The answer is that of [`accept_import`].
pub const FILE_ADDRESS: &str = "/api/imports/file";
/// The header with the name of a file that is sent, percent-encoded.
pub const NAME_HEADER: &str = "x-file-name";
/// The header with how far the import is to go.
pub const STEP_HEADER: &str = "x-import-step";

/// One line of an answer: [`crate::wire`]'s text with a line break after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMessage {
    /// Rows go by.
    Progress {
        /// What is being done.
        step: ImportWork,
        /// Rows done.
        done: u64,
        /// Of how many, where that is known.
        of: Option<u64>,
    },
    /// The end: what it does, did, or would do.
    Outcome(Box<ImportOutcome>),
    /// The end: refused.
    Refused(AppError),
}

/// What an import is busy with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportWork {
    /// Reading this file of the bundle.
    Reading(String),
    /// Comparing with what is recorded.
    Comparing,
    /// Writing to the database.
    Writing,
}

/// The latest imports of the person's school.
#[server(prefix = "/api", endpoint = "imports", input = Wire, output = Wire, client = SessionClient)]
pub async fn load_imports() -> Result<Imports, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    let bytes_max = crate::server_context::import_bytes_max();
    Ok(service.imports(&actor, bytes_max).await?)
}

/// What an import that waits would do now.
#[server(prefix = "/api", endpoint = "imports/held", input = Wire, output = Wire, client = SessionClient)]
pub async fn look_at_held(id: ImportId) -> Result<ImportOutcome, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.held_import(&actor, id).await?)
}

/// Says no to an import that waits.
#[server(prefix = "/api", endpoint = "imports/reject", input = Wire, output = Wire, client = SessionClient)]
pub async fn reject_import(id: ImportId, reason: String) -> Result<(), AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    Ok(service.reject_import(&actor, id, &reason).await?)
}

/// Says yes to an import that waits, and applies it.
///
/// The answer streams [`ImportMessage`]s; the last one is the outcome or a refusal.
#[server(prefix = "/api", endpoint = "imports/accept", input = Postcard, output = Streaming, client = SessionClient)]
pub async fn accept_import(id: ImportId, reason: String) -> Result<ByteStream<AppError>, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    // The use case refuses too; but what is refused before the stream has a status to say so.
    actor.require(domain::Capacity::UserAdministration).map_err(crate::error::answer)?;
    Ok(ByteStream::new(running::accept(service, actor, id, reason)))
}

#[cfg(feature = "ssr")]
pub mod running {
    //! Imports on their way: messages for the page, the last one with what became of it.

    use super::{AppError, ImportMessage, ImportStep, ImportWork};
    use domain::ImportId;
    use domain::import::ImportOutcome;
    use futures::channel::mpsc::{UnboundedSender, unbounded};
    use futures::{Stream, StreamExt};
    use service::import::{ImportOptions, Progress, Source, Step, Target, Teller};
    use service::{Actor, Fault, Service};
    use std::fs::File;
    use std::sync::{Arc, Mutex};

    /// How many messages a step sends at most, whatever its rows.
    const MESSAGES_PER_STEP: u64 = 100;

    /// Reads a file that was sent, and looks at it or applies it to the actor's school.
    pub fn file(
        service: Service,
        actor: Actor,
        file: File,
        file_name: String,
        step: ImportStep,
    ) -> impl Stream<Item = Result<Vec<u8>, AppError>> + Send {
        let dry_run = step == ImportStep::Look;
        let options = ImportOptions { file_name, dry_run, note_looks: true, ..ImportOptions::default() };
        let source = Source::File(Arc::new(file));
        told(move |tell| async move {
            let target = Target::Institution(actor.institution);
            service.import_bundle(&actor, target, source, &options, tell).await
        })
    }

    /// Says yes to an import that waits.
    pub(super) fn accept(
        service: Service,
        actor: Actor,
        id: ImportId,
        reason: String,
    ) -> impl Stream<Item = Result<Vec<u8>, AppError>> + Send {
        told(move |tell| async move { service.accept_import(&actor, id, &reason, &*tell).await })
    }

    /// Runs an import, and gives what it tells line by line. It runs to its end whoever listens:
    /// what was applied stays applied.
    fn told<F>(run: impl FnOnce(Teller) -> F) -> impl Stream<Item = Result<Vec<u8>, AppError>> + Send
    where
        F: Future<Output = Result<ImportOutcome, Fault>> + Send + 'static,
    {
        let (send, messages) = unbounded();
        let outcome = run(teller(send.clone()));
        tokio::spawn(async move {
            let last = match outcome.await {
                Ok(outcome) => ImportMessage::Outcome(Box::new(outcome)),
                Err(fault) => ImportMessage::Refused(AppError::from(fault)),
            };
            let _ = send.unbounded_send(last);
        });
        messages.map(|message: ImportMessage| Ok((crate::wire::to_text(&message) + "\n").into_bytes()))
    }

    /// Tells what changes by a hundredth, so that a large file does not drown the page.
    fn teller(send: UnboundedSender<ImportMessage>) -> Teller {
        let told: Mutex<Option<(Step, u64)>> = Mutex::default();
        Arc::new(move |progress: Progress| {
            let grain = progress.of.map_or(1_000, |of| of.div_euclid(MESSAGES_PER_STEP)).max(1);
            let now = (progress.step, progress.done.div_euclid(grain));
            let mut told = told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if told.replace(now) == Some(now) {
                return;
            }
            let step = match progress.step {
                Step::Reading(file) => ImportWork::Reading(file.to_owned()),
                Step::Comparing => ImportWork::Comparing,
                Step::Writing => ImportWork::Writing,
            };
            let _ = send.unbounded_send(ImportMessage::Progress { step, done: progress.done, of: progress.of });
        })
    }
}
