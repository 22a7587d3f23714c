//! Counting of failed attempts, before each is verified: one count per password and per matrix.
//!
//! The first ten failures in a row cost nothing. From the tenth on each is followed by a wait, 30
//! seconds and then twice as long up to an hour, in which every answer is treated as a wrong one
//! and not counted, so that nobody is brought to the end faster than about three and a half days.
//! At a hundred the authenticator is dead until it is issued anew (NIST SP 800-63B-4 §3.2.2).
//!
//! The price: whoever knows a user name can make its owner wait. The limit per network slows that
//! down, user names are no one's name, and a new issue ends it; answering differently during a
//! wait would tell guessers that they had met somebody.
//!
//! An attempt is counted as failed when it begins and the count is cleared when it turns out right.
//! Of any number of guesses at the same time, no more are verified than the count lets in.

use domain::Instant;

/// Failures in a row that are followed by no wait.
const FREE: u32 = 9;
/// The first wait, in seconds.
const FIRST_WAIT: i64 = 30;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 3_600;
/// Failures in a row after which the authenticator is dead.
pub const DEAD_AT: u32 = 100;

/// The failures in a row of one authenticator, and the wait that the last one brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// Failures since the last success or issue.
    pub failures: u32,
    /// No attempt is let in before this instant.
    pub wait_until: Option<Instant>,
}

/// Is the attempt let in?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes: it is to be verified.
    Verify,
    /// No, as a wait is on: whatever is answered is wrong.
    Waiting,
    /// No, and never again.
    Dead,
}

impl Counter {
    /// Counts an attempt that begins now, as failed until it proves right.
    #[must_use]
    pub fn attempt(self, now: Instant) -> (Admission, Self) {
        if self.failures >= DEAD_AT {
            return (Admission::Dead, self);
        }
        if self.wait_until.is_some_and(|until| now < until) {
            return (Admission::Waiting, self);
        }
        let failures = self.failures + 1;
        let wait_until = wait_after(failures).map(|seconds| now.plus_seconds(seconds));
        (Admission::Verify, Self { failures, wait_until })
    }
}

/// The wait in seconds that so many failures in a row bring.
fn wait_after(failures: u32) -> Option<i64> {
    let doublings = failures.checked_sub(FREE + 1)?;
    let wait = 2_i64.checked_pow(doublings).and_then(|times| FIRST_WAIT.checked_mul(times));
    Some(wait.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000_000);

    #[test]
    fn waits_begin_with_the_tenth_failure_and_double_to_an_hour() {
        let table: [(u32, Option<i64>); 10] = [
            (1, None),
            (9, None),
            (10, Some(30)),
            (11, Some(60)),
            (12, Some(120)),
            (15, Some(960)),
            (16, Some(1_920)),
            (17, Some(3_600)),
            (18, Some(3_600)),
            (99, Some(3_600)),
        ];
        for (failures, expected) in table {
            assert_eq!(wait_after(failures), expected, "{failures}");
        }
    }

    #[test]
    fn an_attempt_in_a_wait_is_neither_let_in_nor_counted() {
        let mut counter = Counter::default();
        for _ in 0..10 {
            let (admission, next) = counter.attempt(NOW);
            assert_eq!(admission, Admission::Verify);
            counter = next;
        }
        assert_eq!(counter, Counter { failures: 10, wait_until: Some(NOW.plus_seconds(30)) });
        assert_eq!(counter.attempt(NOW.plus_seconds(29)), (Admission::Waiting, counter));
        let (admission, next) = counter.attempt(NOW.plus_seconds(30));
        assert_eq!((admission, next.failures), (Admission::Verify, 11));
        assert_eq!(next.wait_until, Some(NOW.plus_seconds(90)));
    }

    #[test]
    fn the_hundredth_is_the_last_and_takes_days() {
        let (mut counter, mut now, mut verified) = (Counter::default(), NOW, 0);
        loop {
            match counter.attempt(now) {
                (Admission::Verify, next) => (counter, verified) = (next, verified + 1),
                (Admission::Waiting, _) => now = counter.wait_until.expect("a wait is on"),
                (Admission::Dead, _) => break,
            }
        }
        assert_eq!(verified, 100);
        assert!(now.0 - NOW.0 > 82 * 3_600 * 1_000_000, "{}", (now.0 - NOW.0) / 3_600_000_000);
        assert_eq!(counter.attempt(now.plus_seconds(1_000_000)).0, Admission::Dead);
    }
}
