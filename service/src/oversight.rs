//! What the operator asks of the audit log: is it whole, and where does it end?

use crate::audit::{self, Checkpoint, CheckpointError, Report};
use crate::fault::Fault;
use crate::service::Service;

impl Service {
    /// Reads every chain, holds it against checkpoints that were kept elsewhere, and replays it.
    ///
    /// # Errors
    /// [`Fault::Store`]. What is wrong with the log is in the report.
    pub async fn verify_audit(&self, checkpoints: &[Checkpoint]) -> Result<Report, Fault> {
        audit::verify(&self.db, &self.secrets.audit, checkpoints).await
    }

    /// A signed checkpoint of every chain, to be kept away from the database.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn audit_checkpoint(&self) -> Result<Checkpoint, Fault> {
        Ok(Checkpoint::take(&mut self.db.read().await?, &self.secrets.audit, self.env.now()).await?)
    }

    /// Reads a file of checkpoints, oldest first.
    ///
    /// # Errors
    /// The first line that is none of this installation's.
    pub fn read_checkpoints(&self, text: &str) -> Result<Vec<Checkpoint>, CheckpointError> {
        Checkpoint::read_all(text, &self.secrets.audit)
    }
}
