//! Registering an account: who is handed one.

use super::checked;
use super::keeping::keeper;
use super::letter::Letter;
use super::making::Making;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountId;
use domain::account::{Action, Keeper, Target, Whose, may};
use domain::exchange::accounts::{Anew, Double, Holder, Registration};
use store::{Read, Write};

/// What became of a registration.
#[derive(Debug)]
pub enum Registered {
    /// The account is there; this is to be handed over.
    Done(Box<Letter>),
    /// Nothing was done: these may be the person. Choose one, or say `despite_doubles`.
    Doubles(Vec<Double>),
}

/// Why nothing was written.
pub(super) enum NotMade {
    Fault(Fault),
    Doubles(Vec<Double>),
}

impl From<Fault> for NotMade {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<store::Error> for NotMade {
    fn from(error: store::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl store::Transient for NotMade {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.is_transient())
    }
}

impl NotMade {
    pub(super) fn outcome(self) -> Result<Registered, Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            Self::Doubles(doubles) => Ok(Registered::Doubles(doubles)),
        }
    }
}

impl Service {
    /// Registers an account and answers its letter, the only time that its credentials exist in
    /// clear; or answers who may be that person already.
    ///
    /// # Errors
    /// As the rule says ([`may`]), with who can instead; not found for an institution that is not the
    /// actor's and a person who is not known there; bad input for names, e-mail or subjects that
    /// cannot be.
    pub async fn register_account(&self, actor: &Actor, order: &Registration) -> Result<Registered, Fault> {
        // Asked once before anything is drawn, and once more under the lock.
        let (keeper, site, making) = self.registration(&mut self.db.read().await?, actor, order).await?;
        let credentials = self.draw_credentials(AccountId(self.env.id()), credentials_of(order)).await?;
        let made = store::write!(self.db, async |tx| {
            site.hold(tx).await?;
            self.refuse_or_doubles(tx, actor, keeper, &site, order).await?;
            Ok(self.make(tx, actor, keeper, &site, &making, &credentials).await?)
        });
        match made {
            Ok(address) => Ok(Registered::Done(Box::new(address.letter(actor, site, credentials, self.env.now())))),
            Err(not_made) => NotMade::outcome(not_made),
        }
    }

    /// What is to be registered, checked and allowed.
    pub(super) async fn registration(
        &self,
        read: &mut Read,
        actor: &Actor,
        order: &Registration,
    ) -> Result<(Keeper, Site, Making), Fault> {
        let keeper = keeper(actor)?;
        let site = Site::load(read, order.institution).await?;
        self.may_register(read, actor, keeper, &site, order).await?;
        let making = Making {
            role: order.role,
            holder: checked::holder(&order.holder)?,
            email: checked::email(order.email.as_deref())?,
            subjects: checked::subjects(
                &order.subjects,
                &[],
                &checked::offered(&self.catalogue, &site, self.env.now()),
            )?,
            language: order.language,
            despite_doubles: order.despite_doubles.as_deref().map(checked::reason).transpose()?,
        };
        Ok((keeper, site, making))
    }

    /// Asks the rule, and whether the person is there already.
    pub(super) async fn refuse_or_doubles(
        &self,
        tx: &mut Write,
        actor: &Actor,
        keeper: Keeper,
        site: &Site,
        order: &Registration,
    ) -> Result<(), NotMade> {
        self.may_register(tx, actor, keeper, site, order).await?;
        if order.despite_doubles.is_some() {
            return Ok(());
        }
        let people = self.people(tx, keeper, site).await?;
        let doubles = people.doubles_of(order);
        if doubles.is_empty() { Ok(()) } else { Err(NotMade::Doubles(doubles)) }
    }

    async fn may_register(
        &self,
        read: &mut Read,
        actor: &Actor,
        keeper: Keeper,
        site: &Site,
        order: &Registration,
    ) -> Result<(), Fault> {
        let whose = match &order.holder {
            Holder::Known(person) if *person == actor.person => {
                let has = store::account::life::has_role(read, site.place, *person, order.role).await?;
                if has { Whose::OwnBesides } else { Whose::Own }
            }
            _ => Whose::Another,
        };
        let target = Target { role: order.role, place: site.seen_from(actor.institution), whose };
        match may(Some(keeper), Action::Register, target) {
            Ok(()) => Ok(()),
            Err(denial) => Err(self.denied(read, keeper, denial, Action::Register, order.role, site).await?),
        }
    }
}

/// What the account signs in with.
pub(super) const fn credentials_of(order: &Registration) -> Anew {
    if order.matrix || order.role.needs_second_factor() { Anew::Both } else { Anew::Password }
}
