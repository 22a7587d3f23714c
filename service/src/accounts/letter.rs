//! Letters: what is handed to a person, once.

use super::credentials::Credentials;
use super::line::last_day;
use super::site::Site;
use crate::actor::Actor;
use crate::audit::{self, Action, Entry};
use crate::fault::Fault;
use crate::matrix::Matrix;
use crate::service::Service;
use domain::exchange::accounts::{Anew, Language};
use domain::{AccountId, AccountRole, Date, Instant, PersonId};
use store::Write;
use store::account::letter::NewLetter;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What one person is handed: user name and credentials, to be printed. It exists only in the answer
/// of the call that issued it; the database knows that there was one, never what was in it.
#[derive(Debug)]
pub struct Letter {
    /// Names it, for "printed by, when".
    pub id: Uuid,
    /// The account.
    pub account: AccountId,
    /// Its person.
    pub person: PersonId,
    /// Its user name; stands beside whatever is printed.
    pub user_name: String,
    /// The person's name; an alias where the person is protected.
    pub name: String,
    /// What the account may act as.
    pub role: AccountRole,
    /// Where it is held.
    pub institution_name: String,
    /// A new password, good for one sign-in; `None` where the old one stays.
    pub password: Option<Zeroizing<String>>,
    /// A new matrix; `None` where there is none, or the old one stays.
    pub matrix: Option<Matrix>,
    /// The new matrix's serial.
    pub serial: Option<String>,
    /// The language of its instructions.
    pub language: Language,
    /// When it was issued.
    pub issued: Instant,
    /// The day of issue, at the school.
    pub date: Date,
    /// Who issued it.
    pub issued_by: String,
    /// The last day the account can be used; `None` for no end.
    pub last_day: Option<Date>,
}

/// A letter before it is put together: everything but the credentials.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) id: Uuid,
    pub(super) account: AccountId,
    pub(super) person: PersonId,
    pub(super) user_name: String,
    pub(super) name: String,
    pub(super) role: AccountRole,
    pub(super) until: Option<Instant>,
    pub(super) language: Language,
}

impl Address {
    /// Records that this letter was issued.
    pub(super) async fn record(
        &self,
        tx: &mut Write,
        actor: &Actor,
        site: &Site,
        credentials: &Credentials,
        now: Instant,
    ) -> Result<(), Fault> {
        let letter = NewLetter {
            id: self.id,
            place: site.place,
            account: self.account,
            holds: credentials.what().code(),
            serial: credentials.serial(),
            language: self.language.code(),
            issued: now,
            issued_by: actor.person,
            issued_by_name: &actor.name,
        };
        Ok(store::account::letter::insert(tx, &letter).await?)
    }

    /// Puts the letter together.
    pub(super) fn letter(self, actor: &Actor, site: Site, credentials: Credentials, now: Instant) -> Letter {
        let Self { id, account, person, user_name, name, role, until, language } = self;
        let serial = credentials.serial().map(str::to_owned);
        let (password, matrix) = credentials.into_clear();
        Letter {
            id,
            account,
            person,
            user_name,
            name,
            role,
            password,
            matrix,
            serial,
            language,
            issued: now,
            date: site.zone.date_of(now),
            issued_by: actor.name.clone(),
            last_day: last_day(site.zone, until),
            institution_name: site.name,
        }
    }
}

impl Letter {
    /// Which credentials it holds.
    #[must_use]
    pub const fn holds(&self) -> Anew {
        match (&self.password, &self.matrix) {
            (_, None) => Anew::Password,
            (None, Some(_)) => Anew::Matrix,
            (Some(_), Some(_)) => Anew::Both,
        }
    }
}

impl Service {
    /// Records that letters were printed by whoever issued them; others never had anything to
    /// print. Answers how many were not known as printed before.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub async fn letters_printed(&self, actor: &Actor, letters: &[Uuid]) -> Result<u32, Fault> {
        let now = self.env.now();
        store::write!(self.db, async |tx| {
            let mut count = 0;
            for letter in letters {
                let printed = store::account::letter::printed(tx, *letter, actor.person, &actor.name, now).await?;
                let Some((place, account)) = printed else { continue };
                let entry = Entry::new(Action::LetterPrinted, actor).at(place).object("account", account);
                audit::append(tx, &self.env, &self.secrets.audit, &entry.detail("letter", letter.to_string())).await?;
                count += 1;
            }
            Ok::<_, Fault>(count)
        })
    }
}
