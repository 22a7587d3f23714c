//! A stored account as lists show it.

use super::keeping::target;
use super::site::Site;
use crate::actor::Actor;
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::service::Service;
use crate::sign_in::counting::DEAD_AT;
use domain::account::{Action, Card, Denial, Keeper, Life, Password, Reactivation, State, may, separable_until};
use domain::exchange::accounts::{AccountLine, Doer, LetterNote};
use domain::{AccountId, Date, Instant, InstitutionId, PersonId, Zone};
use std::collections::{HashMap, HashSet};
use store::Read;
use store::account::life::{AccountRecord, CardStanding, PasswordStanding};

/// What an account's state follows from.
pub(super) fn life_of(record: &AccountRecord) -> Life {
    Life {
        role: record.role,
        active_from: record.active_from,
        active_until: record.active_until,
        deactivated: record.deactivated,
        deleted: record.deleted,
        merged: record.merged.map(|(at, _)| at),
        password: record.password.map_or(Password::Dead, password),
        card: record.card.as_ref().map_or(Card::None, card),
        passkey: record.passkeys > 0,
    }
}

/// An issued password dies of its one use, any password of too many guesses.
fn password(stored: PasswordStanding) -> Password {
    match (stored.issued, stored.dead) {
        (true, false) => Password::Issued,
        (false, false) => Password::Own,
        (true, true) if stored.failures < i64::from(DEAD_AT) => Password::Spent,
        (_, true) => Password::Dead,
    }
}

fn card(stored: &CardStanding) -> Card {
    card_of(stored.dead, stored.left)
}

/// How a card stands that can be used no more, or has so many challenges left.
pub(crate) fn card_of(dead: bool, left: i64) -> Card {
    match (dead, u32::try_from(left)) {
        (true, _) => Card::Dead,
        (false, Ok(left)) if left > 0 => Card::Good(left),
        (false, _) => Card::UsedUp,
    }
}

/// Full name, or the alias of a protected person.
pub(super) fn name_of(record: &AccountRecord) -> String {
    format!("{} {}", record.given, record.family).trim().to_owned()
}

/// The last whole day before an instant.
pub(super) fn last_day(zone: Zone, until: Option<Instant>) -> Option<Date> {
    until.map(|until| zone.date_of(until).previous())
}

/// A place's accounts, with what else lines are made of.
pub(super) struct Lines<'a> {
    pub(super) site: &'a Site,
    actor: &'a Actor,
    keeper: Keeper,
    now: Instant,
    /// Do challenges of cards start over?
    starts_over: bool,
    subjects: HashMap<AccountId, Vec<String>>,
    letters: HashMap<AccountId, LetterNote>,
    /// Who closed which account.
    closers: HashMap<AccountId, String>,
    /// Persons whom a roster or another school knows.
    elsewhere: HashSet<PersonId>,
}

impl Lines<'_> {
    /// The line of one of the place's accounts.
    pub(super) fn line(&self, record: &AccountRecord) -> AccountLine {
        let life = life_of(record);
        let zone = self.site.zone;
        AccountLine {
            id: record.id,
            user_name: record.user_name.clone(),
            number: record.number,
            institution: record.place,
            institution_name: self.site.name.clone(),
            person: record.person,
            given: record.given.clone(),
            family: record.family.clone(),
            name_is_ours: !record.protected && !self.elsewhere.contains(&record.person),
            role: record.role,
            email: record.email.clone(),
            subjects: self.subjects.get(&record.id).cloned().unwrap_or_default(),
            state: life.state(self.now),
            since: life.since(self.now),
            closed_by: self.closers.get(&record.id).cloned(),
            last_day: last_day(zone, record.active_until),
            created: record.created,
            challenges_left: match life.card {
                Card::None => None,
                Card::Good(left) => Some(left),
                Card::Dead | Card::UsedUp => Some(0),
            },
            card_end: life.card.end(self.starts_over),
            passkeys: u32::try_from(record.passkeys).unwrap_or(0),
            letter: self.letters.get(&record.id).cloned(),
            merged_into: record.merged.map(|(_, into)| into),
            may: self.may(record, &life),
        }
    }

    /// What the actor may do to the account in its present state.
    fn may(&self, record: &AccountRecord, life: &Life) -> Vec<Action> {
        let target = target(self.actor, self.site, record);
        let allowed = |action: &Action| may(Some(self.keeper), *action, target).is_ok();
        self.fitting(life).filter(allowed).collect()
    }

    /// What the account's present state allows and the actor may not do, and why not.
    pub(super) fn denied(&self, record: &AccountRecord) -> Vec<(Action, Denial)> {
        let target = target(self.actor, self.site, record);
        let denial = |action: Action| Some((action, may(Some(self.keeper), action, target).err()?));
        self.fitting(&life_of(record)).filter_map(denial).collect()
    }

    /// What can be done to an account in a state, by whomever.
    fn fitting(&self, life: &Life) -> impl Iterator<Item = Action> {
        let (state, merged, reactivation) =
            (life.state(self.now), life.merged, life.reactivation(self.site.zone, self.now));
        let now = self.now;
        let fits = move |action: &Action| match (action, state) {
            (Action::Separate, State::Merged) => merged.is_some_and(|at| now < separable_until(at)),
            (Action::Register | Action::Separate, _) | (_, State::Deleted | State::Merged) => false,
            (Action::Deactivate, State::Deactivated) => false,
            (Action::Reactivate, _) => matches!(reactivation, Reactivation::Until(_)),
            (Action::Change | Action::Reissue | Action::Deactivate | Action::Delete | Action::Merge, _) => true,
        };
        Action::ALL.into_iter().filter(fits)
    }
}

impl Service {
    /// What the lines of a place's accounts are made of.
    pub(super) async fn lines<'a>(
        &self,
        read: &mut Read,
        actor: &'a Actor,
        keeper: Keeper,
        site: &'a Site,
    ) -> Result<Lines<'a>, Fault> {
        let letters = store::account::letter::last_of_place(read, site.place).await?;
        let note = |letter: store::account::letter::LastLetter| {
            // The operator is nobody's name.
            let (by, name) = letter.issued_by;
            let issued_by = if by.0.is_nil() { Doer::Operator } else { Doer::Person(name) };
            (letter.account, LetterNote { issued: letter.issued, issued_by, printed: letter.printed })
        };
        Ok(Lines {
            site,
            actor,
            keeper,
            now: self.env.now(),
            starts_over: self.settings.cell_use.starts_over(),
            subjects: store::account::subject::of_place(read, site.place).await?,
            letters: letters.into_iter().map(note).collect(),
            closers: store::account::life::closers(read, site.place).await?.into_iter().collect(),
            elsewhere: store::account::life::known_elsewhere(read, site.place).await?.into_iter().collect(),
        })
    }

    /// A place's accounts: as stored.
    pub(super) async fn records(&self, read: &mut Read, place: InstitutionId) -> Result<Vec<AccountRecord>, Fault> {
        Ok(store::account::life::of_place(read, place, self.env.now()).await?)
    }
}

/// Puts lines into the order of names, then of numbers.
pub(super) fn sort_by_name(zone: Zone, lines: &mut [AccountLine]) {
    lines.sort_by_cached_key(|line| (name_key(zone, &line.name()), line.number));
}
