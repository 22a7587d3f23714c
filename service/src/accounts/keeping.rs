//! Who acts as what on an account, and whom to ask instead.

use super::line::life_of;
use super::site::Site;
use crate::actor::{Actor, Via};
use crate::fault::Fault;
use crate::service::Service;
use domain::account::{Action, Denial, Keeper, Target, Whose, may, who_can};
use domain::exchange::accounts::Help;
use domain::exchange::{Refusal, RefusalCode};
use domain::{AccountId, AccountRole, Capacity, Instant, InstitutionId, PersonId};
use store::Read;
use store::account::life::AccountRecord;

/// An account that somebody may do something to.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) record: AccountRecord,
    pub(super) site: Site,
    pub(super) keeper: Keeper,
}

/// What the actor keeps accounts as.
///
/// # Errors
/// [`RefusalCode::NotAllowed`] for whoever keeps none.
pub(super) fn keeper(actor: &Actor) -> Result<Keeper, Fault> {
    keeper_of(actor).ok_or_else(|| RefusalCode::NotAllowed.into())
}

fn keeper_of(actor: &Actor) -> Option<Keeper> {
    match actor.via {
        Via::Session | Via::OperatorAs => Keeper::of(&actor.capacities),
        Via::Operator => Some(Keeper::Operator),
        Via::System => None,
    }
}

/// The capacity that a keeper does something in; the operator and the system have none.
pub(super) const fn capacity(keeper: Keeper, action: Action) -> Option<Capacity> {
    match (keeper, action) {
        (Keeper::TestAdministrator | Keeper::Principal, Action::Delete | Action::Merge | Action::Separate) => {
            Some(Capacity::AccountDeletion)
        }
        (Keeper::TestAdministrator | Keeper::Principal, _) => Some(Capacity::UserAdministration),
        (Keeper::Authority, _) => Some(Capacity::Appointment),
        (Keeper::Operator, _) => None,
    }
}

/// Who is named as having closed an account; the operator is nobody's name.
pub(super) fn author(actor: &Actor) -> Option<PersonId> {
    (!actor.person.0.is_nil()).then_some(actor.person)
}

/// An account as the rule sees it from the actor.
pub(super) fn target(actor: &Actor, site: &Site, record: &AccountRecord) -> Target {
    let whose = if record.person == actor.person { Whose::Own } else { Whose::Another };
    Target { role: record.role, place: site.seen_from(actor.institution), whose }
}

impl Service {
    /// The account, if the actor may do this to it.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who keeps no accounts; [`RefusalCode::NotFound`] for an account
    /// that is not there, is gone, or is nothing to the actor; otherwise why not and who can.
    pub(super) async fn kept(
        &self,
        read: &mut Read,
        actor: &Actor,
        account: AccountId,
        action: Action,
    ) -> Result<Kept, Fault> {
        let keeper = keeper(actor)?;
        let record = store::account::life::by_id(read, account, self.env.now()).await?;
        let record = record.filter(|record| record.deleted.is_none()).ok_or(RefusalCode::NotFound)?;
        let site = Site::load(read, record.place).await?;
        // With an account that was united with another, nothing is done but to separate it again.
        let fits = record.merged.is_some() == (action == Action::Separate);
        match may(Some(keeper), action, target(actor, &site, &record)) {
            Ok(()) if fits => Ok(Kept { record, site, keeper }),
            Ok(()) => Err(RefusalCode::NotFound.into()),
            Err(denial) => Err(self.denied(read, keeper, denial, action, record.role, &site).await?),
        }
    }

    /// A denial as a refusal, with the names of who can help.
    pub(super) async fn denied(
        &self,
        read: &mut Read,
        keeper: Keeper,
        denial: Denial,
        action: Action,
        role: AccountRole,
        site: &Site,
    ) -> Result<Fault, Fault> {
        let others = who_can(Some(keeper), denial, action, role);
        let code = match (denial, others.first()) {
            (Denial::Unseen, _) => return Ok(RefusalCode::NotFound.into()),
            (Denial::OwnAccount, _) => RefusalCode::OwnAccount,
            (Denial::OwnBesides, _) => RefusalCode::OwnTeacherAccount,
            (Denial::ForOthers, Some(Keeper::Principal)) => RefusalCode::OnlyPrincipal,
            (Denial::ForOthers, Some(Keeper::Authority)) => RefusalCode::OnlyAuthority,
            (Denial::ForOthers | Denial::NoKeeper, _) => RefusalCode::NotAllowed,
        };
        let mut help = Vec::new();
        for other in others {
            help.extend(self.names_of(read, other, site).await?);
        }
        Ok(Refusal { code, day: None, help }.into())
    }

    /// Keepers of these kinds for a place, by name.
    pub(super) async fn help(&self, read: &mut Read, keepers: &[Keeper], site: &Site) -> Result<Vec<Help>, Fault> {
        let mut help = Vec::new();
        for keeper in keepers {
            help.push(Help { keeper: *keeper, names: self.names_of(read, *keeper, site).await? });
        }
        Ok(help)
    }

    /// Keepers of these kinds for an institution or authority, by name.
    pub(crate) async fn help_at(
        &self,
        read: &mut Read,
        place: InstitutionId,
        keepers: &[Keeper],
    ) -> Result<Vec<Help>, Fault> {
        let site = Site::load(read, place).await?;
        self.help(read, keepers, &site).await
    }

    /// The names of those who keep a place's accounts as this and can sign in now, each once.
    async fn names_of(&self, read: &mut Read, keeper: Keeper, site: &Site) -> Result<Vec<String>, Fault> {
        let mut names: Vec<String> = Vec::new();
        for record in self.working_keepers(read, keeper, site).await? {
            let name = super::line::name_of(&record);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// The accounts of those who keep a place's accounts as this and can sign in now.
    pub(super) async fn working_keepers(
        &self,
        read: &mut Read,
        keeper: Keeper,
        site: &Site,
    ) -> Result<Vec<AccountRecord>, Fault> {
        let Some(role) = keeper.role() else { return Ok(Vec::new()) };
        let place = if keeper == Keeper::Authority { site.authority.as_place() } else { site.place };
        let now = self.env.now();
        let mut records = store::account::life::of_place(read, place, now).await?;
        records.retain(|record| works_as(record, role, now));
        Ok(records)
    }
}

/// Those of the accounts that have this role and can be signed in with now.
pub(super) fn working_at(
    records: &[AccountRecord],
    role: AccountRole,
    now: Instant,
) -> impl Iterator<Item = &AccountRecord> {
    records.iter().filter(move |record| works_as(record, role, now))
}

fn works_as(record: &AccountRecord, role: AccountRole, now: Instant) -> bool {
    use domain::account::State::{Active, Issued};
    record.role == role && matches!(life_of(record).state(now), Active | Issued)
}
