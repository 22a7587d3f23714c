//! What was done with an account, as the audit log tells of it.

use crate::audit::Action;
use crate::fault::Fault;
use domain::exchange::accounts::{AccountDeed, AccountEvent, Anew, Doer};
use domain::{AccountId, Instant, InstitutionId};
use serde_json::Value;
use store::Read;
use store::audit::Told;

/// Most events of an account that are shown.
const EVENTS_MAX: i64 = 100;

/// What was done with an account and those that are united with it, the newest first.
pub(super) async fn of(read: &mut Read, place: InstitutionId, account: AccountId) -> Result<Vec<AccountEvent>, Fault> {
    let told = store::audit::about_account(read, place.0, &account.to_string(), EVENTS_MAX).await?;
    let mut events: Vec<AccountEvent> = told.iter().filter_map(event).collect();
    for (id, user_name) in store::account::merge::united_with(read, account).await? {
        let others = store::audit::about_account(read, place.0, &id.to_string(), EVENTS_MAX).await?;
        // What concerns both stands there once.
        let others = others.iter().filter(|other| !told.iter().any(|own| own.number == other.number));
        events.extend(others.filter_map(event).map(|event| AccountEvent { united: Some(user_name.clone()), ..event }));
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(usize::try_from(EVENTS_MAX).unwrap_or(usize::MAX));
    Ok(events)
}

/// What was done with an account and when, the newest first, without who did it.
pub(crate) async fn deeds_of(
    read: &mut Read,
    place: InstitutionId,
    account: AccountId,
) -> Result<Vec<(Instant, AccountDeed)>, Fault> {
    let told = store::audit::about_account(read, place.0, &account.to_string(), i64::from(u32::MAX)).await?;
    Ok(told.iter().filter_map(event).map(|event| (event.at, event.what)).collect())
}

/// An entry as an event; `None` for what is nobody's business but the program's.
fn event(told: &Told) -> Option<AccountEvent> {
    let body = read(&told.body);
    let what = match action(&told.action)? {
        Action::AccountCreated => AccountDeed::Registered,
        Action::AccountChanged | Action::SubjectsChanged => AccountDeed::Changed,
        Action::AccountDeactivated => AccountDeed::Deactivated,
        Action::AccountsReactivated => AccountDeed::Reactivated,
        Action::AccountDeleted => AccountDeed::Deleted,
        Action::AccountsMerged => AccountDeed::Merged,
        Action::AccountsSeparated => AccountDeed::Separated,
        Action::LetterPrinted => AccountDeed::Printed,
        Action::PasswordChanged => AccountDeed::PasswordChosen,
        Action::PasskeyAdded => AccountDeed::PasskeyAdded,
        Action::PasskeyRemoved => AccountDeed::PasskeyRemoved,
        Action::PasskeyRefused => AccountDeed::PasskeyRefused,
        Action::SessionsEnded => AccountDeed::SessionsEnded,
        Action::CredentialsIssued => AccountDeed::Issued(issued(&body)),
        _ => return None,
    };
    Some(AccountEvent { at: Instant(told.recorded), by: doer(told), what, united: None })
}

fn action(code: &str) -> Option<Action> {
    const OF_ACCOUNTS: [Action; 15] = [
        Action::AccountCreated,
        Action::AccountChanged,
        Action::SubjectsChanged,
        Action::AccountDeactivated,
        Action::AccountsReactivated,
        Action::AccountDeleted,
        Action::AccountsMerged,
        Action::AccountsSeparated,
        Action::LetterPrinted,
        Action::PasswordChanged,
        Action::PasskeyAdded,
        Action::PasskeyRemoved,
        Action::PasskeyRefused,
        Action::SessionsEnded,
        Action::CredentialsIssued,
    ];
    OF_ACCOUNTS.into_iter().find(|action| action.code() == code)
}

fn issued(body: &Value) -> Anew {
    let what = body.pointer("/details/what").and_then(Value::as_str);
    [Anew::Password, Anew::Matrix].into_iter().find(|anew| what == Some(anew.code())).unwrap_or(Anew::Both)
}

fn doer(told: &Told) -> Doer {
    let via = read(&told.actor);
    match via.get("via").and_then(Value::as_str) {
        Some("operator") => Doer::Operator,
        Some("system") => Doer::System,
        _ => {
            let personal = told.personal.as_deref().map(read);
            let name = personal.as_ref().and_then(|words| words.get("actor")).and_then(Value::as_str);
            name.map_or(Doer::Erased, |name| Doer::Person(name.to_owned()))
        }
    }
}

/// What is written in an entry; nothing where it is not ours to read.
fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}
