//! The import of a roster by page: look first, then apply; the rows go by as they are done.

use crate::client::SessionClient;
use crate::error::AppError;
use domain::import::ImportOutcome;
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
    /// Apply, although it is held.
    ApplyHeld,
}

/// One line of the answer, as JSON with a line break after it.
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

/// Looks at a bundle (the bytes of a zip file) or applies it to the person's school.
///
/// The answer streams [`ImportMessage`]s; the last one is the outcome or a refusal.
#[server(prefix = "/api", endpoint = "imports/run", input = Postcard, output = Streaming, client = SessionClient)]
pub async fn run_import(
    file_name: String,
    bundle: Vec<u8>,
    step: ImportStep,
) -> Result<ByteStream<AppError>, AppError> {
    let (service, actor) = crate::server_context::signed_in()?;
    // The use case refuses too; here nobody's bundle is read in vain.
    actor.require(domain::Capacity::UserAdministration).map_err(crate::error::answer)?;
    let (send, messages) = futures::channel::mpsc::unbounded();
    tokio::spawn(running::run(service, actor, file_name, bundle, step, send));
    Ok(ByteStream::new(futures::StreamExt::map(messages, |message: ImportMessage| {
        let mut line = serde_json::to_vec(&message).map_err(|_| AppError::Unreadable)?;
        line.push(b'\n');
        Ok::<_, AppError>(line)
    })))
}

#[cfg(feature = "ssr")]
mod running {
    use super::{AppError, ImportMessage, ImportStep, ImportWork};
    use domain::import::{ImportOutcome, ImportReport};
    use futures::channel::mpsc::UnboundedSender;
    use service::import::{ImportOptions, Limits, Progress, Source, Step, Target, parse};
    use service::{Actor, Fault, Service};
    use std::sync::Mutex;

    /// How many messages a step sends at most, whatever its rows.
    const MESSAGES_PER_STEP: u64 = 100;

    pub(super) async fn run(
        service: Service,
        actor: Actor,
        file_name: String,
        bundle: Vec<u8>,
        step: ImportStep,
        send: UnboundedSender<ImportMessage>,
    ) {
        let last = match outcome(&service, &actor, file_name, bundle, step, send.clone()).await {
            Ok(outcome) => ImportMessage::Outcome(Box::new(outcome)),
            Err(fault) => ImportMessage::Refused(AppError::from(fault)),
        };
        // Whoever asked may have gone away; what was applied stays applied.
        let _ = send.unbounded_send(last);
    }

    async fn outcome(
        service: &Service,
        actor: &Actor,
        file_name: String,
        bundle: Vec<u8>,
        step: ImportStep,
        send: UnboundedSender<ImportMessage>,
    ) -> Result<ImportOutcome, Fault> {
        let teller = Teller::new(send);
        let reading = teller.clone();
        let parsed = tokio::task::spawn_blocking(move || {
            parse(&Source::Bytes(bundle), &Limits::default(), &|progress| reading.tell(progress))
        });
        let staged = match parsed.await.map_err(|error| Fault::Internal(error.to_string()))? {
            Ok(staged) => staged,
            Err(findings) => {
                let report = ImportReport {
                    errors: findings.errors(),
                    warnings: findings.warnings(),
                    ..ImportReport::default()
                };
                return Ok(ImportOutcome { report, schools: Vec::new() });
            }
        };
        let options = ImportOptions {
            file_name,
            dry_run: step == ImportStep::Look,
            accept_large_change: step == ImportStep::ApplyHeld,
        };
        service
            .import(actor, Target::Institution(actor.institution), &staged, &options, &|progress| teller.tell(progress))
            .await
    }

    /// Tells what changes by a hundredth, so that a large file does not drown the page.
    #[derive(Clone)]
    struct Teller {
        send: UnboundedSender<ImportMessage>,
        told: std::sync::Arc<Mutex<Option<(Step, u64)>>>,
    }

    impl Teller {
        fn new(send: UnboundedSender<ImportMessage>) -> Self {
            Self { send, told: std::sync::Arc::default() }
        }

        fn tell(&self, progress: Progress) {
            let grain = progress.of.map_or(1_000, |of| of.div_euclid(MESSAGES_PER_STEP)).max(1);
            let now = (progress.step, progress.done.div_euclid(grain));
            let mut told = self.told.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if told.replace(now) == Some(now) {
                return;
            }
            let step = match progress.step {
                Step::Reading(file) => ImportWork::Reading(file.to_owned()),
                Step::Comparing => ImportWork::Comparing,
                Step::Writing => ImportWork::Writing,
            };
            let _ = self.send.unbounded_send(ImportMessage::Progress { step, done: progress.done, of: progress.of });
        }
    }
}
