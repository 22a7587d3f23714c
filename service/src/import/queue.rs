//! How many imports by page go on at a time: each holds a bundle in memory.

use crate::Fault;
use domain::exchange::RefusalCode;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Imports by page that are read and compared at a time.
pub(super) const RUNNING: usize = 2;
/// Imports by page that wait for their turn, with their files on the disk.
pub(super) const WAITING: usize = 8;

/// The queue of imports by page. Clones are the same queue.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A turn in the queue, given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _running: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl Queue {
    pub(crate) fn new() -> Self {
        let semaphore = |places| Arc::new(Semaphore::new(places));
        Self { places: semaphore(RUNNING + WAITING), running: semaphore(RUNNING) }
    }

    /// Places that nobody has.
    #[cfg(test)]
    pub(crate) fn places_left(&self) -> usize {
        self.places.available_permits()
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`RefusalCode::Busy`] at once where too many wait already.
    pub(crate) async fn turn(&self) -> Result<Turn, Fault> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| RefusalCode::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        let running = running.map_err(|error| Fault::Internal(format!("no turn to import: {error}")))?;
        Ok(Turn { _running: running, _place: place })
    }
}
