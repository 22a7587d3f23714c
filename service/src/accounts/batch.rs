//! Letters for many: one person, one transaction, one step of the progress.

use super::ACCOUNTS_MAX;
use super::keeping::keeper;
use super::letter::Letter;
use super::register::Registered;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountId;
use domain::exchange::accounts::{Anew, Double, Language, Registration};
use domain::exchange::{Refusal, RefusalCode};

/// One letter to be issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchOrder {
    /// For a new account.
    Register(Registration),
    /// With new credentials for an account that is there.
    Reissue {
        /// The account.
        account: AccountId,
        /// Which credentials.
        what: Anew,
        /// The language of the letter; `None` for the person's own.
        language: Option<Language>,
    },
}

/// What became of one order.
#[derive(Debug)]
pub enum BatchResult {
    /// Its letter.
    Letter(Box<Letter>),
    /// Nothing was done: these may be the person.
    Doubles(Vec<Double>),
    /// Nothing was done: it was refused.
    Refused(Refusal),
}

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchProgress {
    /// Orders that are done, one way or another.
    pub done: usize,
    /// Letters among them.
    pub letters: usize,
    /// All orders.
    pub of: usize,
}

impl Service {
    /// Issues letters one after the other, telling of each as it is there. What is refused to one
    /// person is in that person's result and stops nobody else's; hashing takes its turns beside
    /// those who sign in meanwhile.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::TooLarge`] beyond
    /// [`ACCOUNTS_MAX`]; a fault of ours ends the batch, and with it the letters that were made, so
    /// that their accounts are to be issued anew.
    pub async fn issue_letters(
        &self,
        actor: &Actor,
        orders: &[BatchOrder],
        progress: &(dyn Fn(BatchProgress) + Send + Sync),
    ) -> Result<Vec<BatchResult>, Fault> {
        keeper(actor)?;
        if orders.len() > ACCOUNTS_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        let mut results = Vec::with_capacity(orders.len());
        let mut letters = 0;
        for order in orders {
            let result = self.issue_letter(actor, order).await?;
            letters += usize::from(matches!(result, BatchResult::Letter(_)));
            results.push(result);
            progress(BatchProgress { done: results.len(), letters, of: orders.len() });
        }
        Ok(results)
    }

    /// One step of a batch.
    ///
    /// # Errors
    /// A fault of ours; a refusal is a result.
    pub async fn issue_letter(&self, actor: &Actor, order: &BatchOrder) -> Result<BatchResult, Fault> {
        let result = match order {
            BatchOrder::Register(registration) => {
                self.register_account(actor, registration).await.map(|registered| match registered {
                    Registered::Done(letter) => BatchResult::Letter(letter),
                    Registered::Doubles(doubles) => BatchResult::Doubles(doubles),
                })
            }
            BatchOrder::Reissue { account, what, language } => {
                let language = match language {
                    Some(language) => Ok(*language),
                    None => self.letter_language(actor, *account).await,
                };
                let letter = match language {
                    Ok(language) => self.reissue(actor, *account, *what, language).await,
                    Err(fault) => Err(fault),
                };
                letter.map(|letter| BatchResult::Letter(Box::new(letter)))
            }
        };
        match result {
            Err(Fault::Refused(refusal)) => Ok(BatchResult::Refused(refusal)),
            result => result,
        }
    }
}
