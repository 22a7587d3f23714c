//! From a zip file or folder to what becomes of it.

use super::finding::Findings;
use super::format::parse;
use super::limits::Limits;
use super::options::{ImportOptions, Target};
use super::queue::Turn;
use super::run::authorise;
use super::source::Source;
use super::staged::Progress;
use crate::{Actor, Fault, Service, Via};
use domain::import::{ImportOutcome, ImportReport};
use std::sync::Arc;

/// Told how far an import is; shared, because reading has a thread of its own.
pub type Teller = Arc<dyn Fn(Progress) + Send + Sync>;

impl Service {
    /// Reads a bundle and imports it: everything it says, or nothing.
    ///
    /// What comes by page waits for its turn, and has smaller limits (`Settings::page_limits`).
    ///
    /// # Errors
    /// As [`Service::import`]; nobody's bundle is read in vain. `RefusalCode::Busy` where too many
    /// bundles have come by page; nothing was read or noted then.
    pub async fn import_bundle(
        &self,
        actor: &Actor,
        target: Target,
        source: Source,
        options: &ImportOptions,
        tell: Teller,
    ) -> Result<ImportOutcome, Fault> {
        authorise(actor, target)?;
        let turn = self.import_turn(actor).await?;
        let limits = if turn.is_some() { self.settings.page_limits } else { Limits::default() };
        let reading = Arc::clone(&tell);
        // Reading goes on to its end although whoever waits for it may have gone: it keeps its turn.
        let parsed =
            tokio::task::spawn_blocking(move || (parse(&source, &limits, &|progress| reading(progress)), turn));
        let (parsed, _turn) =
            parsed.await.map_err(|error| Fault::Internal(format!("reading a bundle stopped: {error}")))?;
        match parsed {
            Ok(staged) => self.import(actor, target, &staged, options, &*tell).await,
            Err(findings) => {
                self.note_refused(actor, target, options, &findings).await?;
                Ok(refused(&findings))
            }
        }
    }
}

impl Service {
    /// A turn for what comes by page; the command line needs none.
    pub(super) async fn import_turn(&self, actor: &Actor) -> Result<Option<Turn>, Fault> {
        match actor.via {
            Via::Session => self.imports.turn().await.map(Some),
            Via::OperatorAs | Via::Operator | Via::System => Ok(None),
        }
    }
}

fn refused(findings: &Findings) -> ImportOutcome {
    let report = ImportReport { errors: findings.errors(), warnings: findings.warnings(), ..ImportReport::default() };
    ImportOutcome { report, ..ImportOutcome::default() }
}
