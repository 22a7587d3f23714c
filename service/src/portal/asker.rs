//! The account that asks, as it stands now: nothing of it is taken from the session but which it is.

use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use crate::session::is_active;
use domain::account::{Action, Keeper, Place, Target, Whose, keepers, may};
use domain::exchange::RefusalCode;
use domain::exchange::material::WrongDoor;
use domain::material::{Piece, Reader, Shut, opens, opens_portal};
use domain::{AccountId, AccountRole, InstitutionId, PersonId};
use store::Read;
use store::material::Material;

/// An account that asks for material.
#[derive(Clone, Debug)]
pub(super) struct Asker {
    pub(super) account: AccountId,
    pub(super) person: PersonId,
    pub(super) institution: InstitutionId,
    pub(super) country: String,
    pub(super) subjects: Vec<String>,
    role: AccountRole,
    is_open: bool,
}

impl Asker {
    /// Does the account open this?
    pub(super) fn opens(&self, material: &Material) -> Result<(), Shut> {
        opens(Some(self.reader()), piece(material))
    }

    fn reader(&self) -> Reader<'_> {
        Reader { role: self.role, is_open: self.is_open, country: &self.country, subjects: &self.subjects }
    }
}

/// Material as the rule sees it.
pub(super) fn piece(material: &Material) -> Piece<'_> {
    Piece { protected: material.protected, country: &material.country, subject: &material.subject }
}

impl Service {
    /// The account that an actor is signed in with; `None` for whoever came another way, and for an
    /// account that is not the actor's own.
    pub(super) async fn asker(&self, read: &mut Read, actor: &Actor) -> Result<Option<Asker>, Fault> {
        let (Via::Session, Some(account)) = (&actor.via, actor.account) else { return Ok(None) };
        let now = self.env.now();
        let record = store::account::life::by_id(read, account, now).await?;
        let own = record.filter(|record| record.person == actor.person && record.place == actor.institution);
        let Some(record) = own else { return Ok(None) };
        // An authority is no school: its accounts are no teachers', whatever its country.
        let institution = store::directory::institution(read, record.place).await?;
        let is_open = !record.is_gone() && is_active(record.active_from, record.active_until, record.deactivated, now);
        Ok(Some(Asker {
            account,
            person: record.person,
            institution: record.place,
            country: institution.map(|institution| institution.country).unwrap_or_default(),
            subjects: store::account::subject::of_account(read, account).await?,
            role: record.role,
            is_open,
        }))
    }

    /// The account that an actor is signed in with, if it opens the portal.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for every other account.
    pub(super) async fn teacher(&self, read: &mut Read, actor: &Actor) -> Result<Asker, Fault> {
        let asker = self.asker(read, actor).await?.ok_or(RefusalCode::NotAllowed)?;
        opens_portal(asker.role, asker.is_open).map_err(|_| RefusalCode::NotAllowed)?;
        Ok(asker)
    }

    /// What somebody before the portal with an account that does not open it can do; for an account
    /// that does, that this is the right door.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who came by another way than a session.
    pub async fn portal_door(&self, actor: &Actor) -> Result<WrongDoor, Fault> {
        let mut read = self.db.read().await?;
        let asker = self.asker(&mut read, actor).await?.ok_or(RefusalCode::NotAllowed)?;
        match opens_portal(asker.role, asker.is_open) {
            Ok(()) => return Ok(WrongDoor::No),
            Err(_) if asker.role == AccountRole::Authority => return Ok(WrongDoor::Authority),
            Err(_) => {}
        }
        let accounts = store::account::all_of(&mut read, asker.institution).await?;
        let own = accounts.into_iter().rev().find(|account| {
            account.person == asker.person
                && account.role == AccountRole::Teacher
                && account.deleted.is_none()
                && account.merged_into.is_none()
        });
        if let Some(own) = own {
            return Ok(WrongDoor::UseYours(own.user_name));
        }
        let target = Target { role: AccountRole::Teacher, place: Place::Own, whose: Whose::Own };
        if may(Keeper::of(&actor.capacities), Action::Register, target).is_ok() {
            return Ok(WrongDoor::RegisterYourself);
        }
        let who = keepers(Action::Register, AccountRole::Teacher);
        Ok(WrongDoor::Ask(self.help_at(&mut read, asker.institution, who).await?))
    }
}
