//! Advice about a password while it is chosen: what makes it easy to guess. It decides nothing; what is
//! taken is for [`policy`](super::policy) to say.
//!
//! The estimate is zxcvbn's (Wheeler, USENIX Security 2016). Nothing of the password is kept or said
//! again: the answer holds hints alone.

use crate::fault::Fault;
use crate::service::Service;
use crate::session::{Token, is_live};
use domain::exchange::own::PasswordHint;
use zxcvbn::feedback::{Suggestion, Warning};
use zxcvbn::{Score, zxcvbn};

/// The longest part of a password that is looked at, in characters. What is longer is not guessed.
const CHARACTERS: usize = 100;

/// Hints about a password, the most telling first, each once; none for a good one, and none for
/// nothing. `context` is what belongs to the person and the place.
#[must_use]
pub fn hints(password: &str, context: &[&str]) -> Vec<PasswordHint> {
    if password.is_empty() || password.chars().nth(CHARACTERS).is_some() {
        return Vec::new();
    }
    let estimate = zxcvbn(password, context);
    if estimate.score() >= Score::Three {
        return Vec::new();
    }
    let feedback = estimate.feedback();
    let warning = feedback.and_then(|feedback| feedback.warning()).map(of_warning);
    let suggestions =
        feedback.into_iter().flat_map(|feedback| feedback.suggestions()).copied().filter_map(of_suggestion);
    let mut hints: Vec<PasswordHint> = Vec::new();
    for hint in warning.into_iter().chain(suggestions).chain([PasswordHint::MoreWords]) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    hints
}

const fn of_warning(warning: Warning) -> PasswordHint {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => {
            PasswordHint::Keyboard
        }
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            PasswordHint::Repeats
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => PasswordHint::Common,
        Warning::SequencesLikeAbcAreEasyToGuess => PasswordHint::Sequences,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => PasswordHint::Dates,
        Warning::AWordByItselfIsEasyToGuess => PasswordHint::SingleWord,
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            PasswordHint::Names
        }
    }
}

const fn of_suggestion(suggestion: Suggestion) -> Option<PasswordHint> {
    Some(match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases | Suggestion::AddAnotherWordOrTwo => PasswordHint::MoreWords,
        // The form's own hint says as much.
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => return None,
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase
        | Suggestion::ReversedWordsArentMuchHarderToGuess
        | Suggestion::PredictableSubstitutionsDontHelpVeryMuch => PasswordHint::Tricks,
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => PasswordHint::Keyboard,
        Suggestion::AvoidRepeatedWordsAndCharacters => PasswordHint::Repeats,
        Suggestion::AvoidSequences => PasswordHint::Sequences,
        Suggestion::AvoidRecentYears
        | Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => PasswordHint::Dates,
    })
}

impl Service {
    /// Hints about a password that the holder of this session thinks of; none for whoever has none.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn password_hints(&self, token: &Token, password: &str) -> Result<Vec<PasswordHint>, Fault> {
        let session = store::session::by_token(&mut self.db.read().await?, &token.hash()).await?;
        let Some(session) = session.filter(|session| is_live(session, self.env.now())) else { return Ok(Vec::new()) };
        let context =
            [&session.user_name, &session.given, &session.family, &session.institution_name, &session.authority_name];
        Ok(hints(password, &context.map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_easy_to_guess_is_told_and_what_is_not_is_left_alone() {
        let table = [
            ("password", PasswordHint::Common),
            ("abcdefgh", PasswordHint::Sequences),
            ("aaaaaaaa", PasswordHint::Repeats),
            ("12.03.1987", PasswordHint::Dates),
        ];
        for (password, expected) in table {
            let hints = hints(password, &[]);
            assert!(hints.contains(&expected) || hints.contains(&PasswordHint::Common), "{password}: {hints:?}");
            assert!(hints.contains(&PasswordHint::MoreWords), "{password}: there is always a way on");
        }
        for good in ["vq8mfz2x-kastanjehest", "violin-kompas-havregryn-88", ""] {
            assert_eq!(hints(good, &[]), [], "{good}");
        }
    }

    #[test]
    fn the_words_of_the_place_help_whoever_guesses() {
        let password = "vq8mfz2x-kastanjehest";
        assert_eq!(hints(password, &["Kastanjehest Skole"]), []);
        assert!(!hints(password, &[password]).is_empty());
    }

    #[test]
    fn whatever_is_typed_is_answered() {
        let long = "x".repeat(5_000);
        for odd in [long.as_str(), "\u{0}", "🦉🦉🦉", "æøåæøåæøå", "\u{202e}abc"] {
            let _ = hints(odd, &["", "🦉"]);
        }
    }
}
