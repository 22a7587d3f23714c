//! Running a write again when another transaction came between.

use crate::Transient;
use std::ops::ControlFlow;
use std::time::Duration;

/// How often a write is tried.
const ATTEMPTS: u32 = 6;

/// Counts the tries of one write; used by [`write!`](crate::write).
#[derive(Debug, Default)]
pub struct Tries(u32);

impl Tries {
    /// Takes the outcome of a try: goes on after a short wait if another may help.
    pub async fn again<T, E: Transient>(&mut self, outcome: Result<T, E>) -> ControlFlow<Result<T, E>> {
        self.0 += 1;
        match outcome {
            Err(error) if error.is_transient() && self.0 < ATTEMPTS => {
                tracing::debug!(attempt = self.0, "a write is tried again");
                tokio::time::sleep(Duration::from_millis(1 << self.0)).await;
                ControlFlow::Continue(())
            }
            done => ControlFlow::Break(done),
        }
    }
}

/// Runs a block in a write and commits it: `store::write!(db, async |tx| { …; Ok(value) })`.
///
/// `tx` is a `&mut Write`. Where another transaction came between, all of the block runs again on
/// fresh data, so it must not move anything out of its surroundings. On an error nothing is
/// written. The block's error type implements [`Transient`] and `From<store::Error>`.
///
/// A macro and not a function: a future that holds an async closure is not `Send` for the
/// compiler, and handlers must be.
#[macro_export]
macro_rules! write {
    ($db:expr, async |$tx:ident| $body:block) => {{
        let mut tries = $crate::Tries::default();
        loop {
            let outcome = match $db.begin_write().await {
                Ok(mut write) => {
                    let $tx = &mut write;
                    match async { $body }.await {
                        Ok(value) => write.commit().await.map(|()| value).map_err(From::from),
                        Err(error) => Err(error),
                    }
                }
                Err(error) => Err(From::from(error)),
            };
            if let ::std::ops::ControlFlow::Break(done) = tries.again(outcome).await {
                break done;
            }
        }
    }};
}
