//! From a zip file or folder to what becomes of it.

use super::finding::Findings;
use super::limits::Limits;
use super::read::parse;
use super::run::{ImportOptions, Target, authorise};
use super::source::Source;
use super::staged::Progress;
use crate::{Actor, Fault, Service};
use domain::import::{ImportOutcome, ImportReport};
use std::sync::Arc;

/// Told how far an import is; shared, because reading has a thread of its own.
pub type Teller = Arc<dyn Fn(Progress) + Send + Sync>;

impl Service {
    /// Reads a bundle and imports it: everything it says, or nothing.
    ///
    /// # Errors
    /// As [`Service::import`]; nobody's bundle is read in vain.
    pub async fn import_bundle(
        &self,
        actor: &Actor,
        target: Target,
        source: Source,
        options: &ImportOptions,
        tell: Teller,
    ) -> Result<ImportOutcome, Fault> {
        authorise(actor, target)?;
        let reading = Arc::clone(&tell);
        let parsed =
            tokio::task::spawn_blocking(move || parse(&source, &Limits::default(), &|progress| reading(progress)));
        match parsed.await.map_err(|error| Fault::Internal(format!("reading a bundle stopped: {error}")))? {
            Ok(staged) => self.import(actor, target, &staged, options, &*tell).await,
            Err(findings) => {
                self.note_refused(actor, target, options, &findings).await?;
                Ok(refused(&findings))
            }
        }
    }
}

fn refused(findings: &Findings) -> ImportOutcome {
    let report = ImportReport { errors: findings.errors(), warnings: findings.warnings(), ..ImportReport::default() };
    ImportOutcome { report, ..ImportOutcome::default() }
}
