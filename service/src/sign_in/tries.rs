//! The log of attempts, read back: the lines of one attempt are one attempt.

use crate::fault::Fault;
use domain::exchange::own::{Factor, SignInTry, TryOutcome};
use domain::{AccountId, Instant};
use store::Read;

/// Lines that one attempt leaves at most: tried, right, and what came of it.
const LINES: usize = 3;

/// Attempts on an account from before an instant, the newest first, at most so many; and before which
/// instant the next ones lie.
pub(crate) async fn tries(
    read: &mut Read,
    account: AccountId,
    before: Instant,
    most: usize,
) -> Result<(Vec<SignInTry>, Option<Instant>), Fault> {
    // One attempt more than asked for says whether there is more; a line more, that none is cut in two.
    let lines = (most + 1) * LINES + 1;
    let limit = i64::try_from(lines).unwrap_or(i64::MAX);
    let logged = store::sign_in::attempts_on(read, account, before, limit).await?;
    let mut tries: Vec<SignInTry> = Vec::new();
    for (at, network, outcome) in logged {
        match tries.last_mut().filter(|of| of.at == at && of.network == network) {
            Some(of) => take(of, &outcome),
            None => {
                let mut of = SignInTry { at, network, factor: Factor::None, outcome: TryOutcome::Wrong };
                take(&mut of, &outcome);
                tries.push(of);
            }
        }
    }
    let has_more = tries.len() > most;
    tries.truncate(most);
    let older = tries.last().filter(|_| has_more).map(|of| of.at);
    Ok((tries, older))
}

/// Adds one line of the log to what is known of an attempt.
fn take(of: &mut SignInTry, line: &str) {
    let (what, became) = line.split_once('-').unwrap_or((line, ""));
    match (what, became) {
        ("signed", "in") => of.outcome = TryOutcome::SignedIn,
        ("inactive", _) => of.outcome = TryOutcome::Inactive,
        (factor, became) => {
            of.factor = match factor {
                "password" => Factor::Password,
                "matrix" => Factor::Matrix,
                "passkey" => Factor::Passkey,
                _ => of.factor,
            };
            if became == "right" && of.outcome == TryOutcome::Wrong {
                of.outcome = TryOutcome::Right;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_attempt_add_up_whatever_their_order() {
        let table: [(&[&str], Factor, TryOutcome); 6] = [
            (&["password-tried"], Factor::Password, TryOutcome::Wrong),
            (&["password-right", "password-tried"], Factor::Password, TryOutcome::Right),
            (&["signed-in", "matrix-right", "matrix-tried"], Factor::Matrix, TryOutcome::SignedIn),
            (&["matrix-tried", "matrix-right", "signed-in"], Factor::Matrix, TryOutcome::SignedIn),
            (&["inactive", "password-right", "password-tried"], Factor::Password, TryOutcome::Inactive),
            (&["signed-in"], Factor::None, TryOutcome::SignedIn),
        ];
        for (lines, factor, outcome) in table {
            let network = String::new();
            let mut of = SignInTry { at: Instant(0), network, factor: Factor::None, outcome: TryOutcome::Wrong };
            for line in lines {
                take(&mut of, line);
            }
            assert_eq!((of.factor, of.outcome), (factor, outcome), "{lines:?}");
        }
    }
}
