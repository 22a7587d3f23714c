//! "I need access": a teacher asks those who administer rights, by choosing classes and subjects, in
//! words, or both. What was chosen becomes edits of a draft; nothing is given but by applying it.

use super::keeping::keeper;
use super::requests::{Found, KEPT_SECONDS, is_own};
use super::site::Site;
use super::telling::Asker;
use crate::actor::Actor;
use crate::audit::{self, Entry};
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::rights::proposal::{Author, Proposed};
use crate::service::Service;
use domain::account::Keeper;
use domain::draft::{Edit, Places, ScopeId, TestsId};
use domain::exchange::accounts::{
    AccessAsked, AccessChoice, AccessChoices, AccessGroup, AccessWish, OpenAccess, Outcome, Wish,
};
use domain::exchange::{Proposal, RefusalCode};
use domain::{Capacity, Effect, Instant, Moment, PersonId, Roster, School, TestKind};
use std::collections::HashSet;
use store::account::request::{Answer, Asked, NewRequest, StoredRequest};
use store::{Read, Write};
use uuid::Uuid;

/// The most words of a wish, in characters.
const WORDS_MAX: usize = 500;
/// The most classes and groups that one wish names.
const GROUPS_MAX: usize = 60;

impl Service {
    /// What a teacher can choose from, and what they have asked for already.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who is no teacher (Lærer) here, and for who administers rights.
    pub async fn access_choices(&self, actor: &Actor) -> Result<AccessChoices, Fault> {
        require_asker(actor)?;
        let mut read = self.db.read().await?;
        let site = Site::load(&mut read, actor.institution).await?;
        let cached = self.school_in(&mut read, actor.institution).await?;
        let roster = &cached.school().roster;
        let now = self.env.now();
        let open = self.open_access(&mut read, actor).await?;
        let open = open.map(|request| OpenAccess { id: request.id, asked: request.asked, wish: wish_of(&request) });
        let administrators = self.holders_of(&mut read, actor.institution, Capacity::TestAdministration, now).await?;
        let mut groups = groups(roster, actor.person, now);
        groups.sort_by_cached_key(|group| (!group.is_own, name_key(site.zone, &group.name), group.id));
        let has_tests = |slug: &str| {
            roster.tests.iter().any(|test| {
                let subject = roster.subjects.get(usize::from(test.subject.0));
                test.kind == TestKind::National && subject.is_some_and(|subject| subject.slug == slug)
            })
        };
        Ok(AccessChoices {
            groups,
            subjects: roster.subjects.iter().filter(|subject| has_tests(&subject.slug)).cloned().collect(),
            open,
            administrators: administrators.into_iter().map(|holder| holder.name).collect(),
        })
    }

    /// Asks those who administer rights at the school for access. Asked again while it is open, it
    /// stays one request and says what was asked last.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who is no teacher (Lærer) here, and for who administers rights;
    /// [`RefusalCode::BadInput`] for a wish of nothing, or too long; [`RefusalCode::NotFound`] for a
    /// group or subject that is not the school's.
    pub async fn ask_access(&self, actor: &Actor, wish: &AccessWish) -> Result<(), Fault> {
        require_asker(actor)?;
        let (words, choice) = (wish.words.trim(), &wish.choice);
        let is_nothing = words.is_empty() && choice.groups.is_empty();
        if is_nothing || words.chars().count() > WORDS_MAX || choice.groups.len() > GROUPS_MAX {
            return Err(RefusalCode::BadInput.into());
        }
        let stored = serde_json::to_string(choice).map_err(|error| Fault::Internal(format!("a choice: {error}")))?;
        store::write!(self.db, async |tx| {
            let site = Site::load(tx, actor.institution).await?;
            site.hold(tx).await?;
            let cached = self.school_in(tx, actor.institution).await?;
            require_known(&cached.school().roster, choice)?;
            let account = match actor.account {
                Some(account) => account,
                None => {
                    let account = self.account_of(tx, actor.institution, actor.person).await?;
                    account.ok_or(RefusalCode::NotFound)?
                }
            };
            let new = NewRequest {
                id: self.env.id(),
                place: actor.institution,
                account,
                other: None,
                wish: Wish::Access.code(),
                words: Some(words).filter(|words| !words.is_empty()),
                choice: Some(&stored),
                by: actor.person,
                by_account: actor.account,
                by_name: &actor.name,
                now: self.env.now(),
            };
            if store::account::request::ask(tx, &new).await? == Asked::New {
                let entry = Entry::new(audit::Action::AccessRequested, actor).at(actor.institution);
                let entry = entry.capacity(Capacity::Teaching).object("account", account);
                let entry = entry.detail("groups", choice.groups.len()).detail("subjects", choice.subjects.len());
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
                self.tell_of_request(tx, actor, &site, &[Keeper::TestAdministrator, Keeper::Principal]).await?;
            }
            Ok::<_, Fault>(())
        })
    }

    /// Adds what a teacher asked for by choice to the actor's draft, and answers whom it is about:
    /// the grid opens on that teacher. What is no longer there is left out; a wish in words alone
    /// adds nothing.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] for who administers no rights; [`RefusalCode::NotFound`] for a
    /// request that is not open, not for access, or another school's.
    pub async fn draft_access(&self, actor: &Actor, id: Uuid) -> Result<PersonId, Fault> {
        actor.require(Capacity::TestAdministration)?;
        let keeper = keeper(actor)?;
        store::write!(self.db, async |tx| {
            let (_, Found { request, wish, .. }) = self.answerable(tx, actor, keeper, id).await?;
            if wish != Wish::Access {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let cached = self.school_in(tx, actor.institution).await?;
            let edits = edits(&cached.school().roster, request.by, &wish_of(&request).choice);
            if !edits.is_empty() {
                self.add_to_draft(tx, actor, edits).await?;
            }
            Ok(request.by)
        })
    }

    /// Answers the open wishes for access that a school gives as it now is: whoever had asked is told,
    /// and they wait for nobody any more. A wish that says something in words stays, to be read.
    pub(crate) async fn answer_given_access(
        &self,
        tx: &mut Write,
        actor: &Actor,
        school: &School,
        now: Instant,
    ) -> Result<(), Fault> {
        let open = store::account::request::of_place(tx, actor.institution, Instant(i64::MAX)).await?;
        for request in open.into_iter().filter(|request| request.wish == Wish::Access.code()) {
            if !is_given(school, &request, now) {
                continue;
            }
            let answer = Answer { by_name: &actor.name, outcome: Outcome::Done, reason: None, now };
            if store::account::request::answer(tx, actor.institution, request.id, answer).await? {
                let entry = Entry::new(audit::Action::AccessAnswered, actor).at(actor.institution);
                let entry = entry.capacity(Capacity::TestAdministration).object("account", request.account);
                let entry = entry.detail("outcome", Outcome::Done.code()).detail("wish", Wish::Access.code());
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
                self.tell_answered(tx, actor, actor.institution, Asker::of(&request), None).await?;
            }
        }
        Ok(())
    }

    /// The actor's own request for access that is open.
    async fn open_access(&self, read: &mut Read, actor: &Actor) -> Result<Option<StoredRequest>, Fault> {
        let stored = store::account::request::of_place(read, actor.institution, Instant(i64::MAX)).await?;
        let accounts = self.own_accounts(read, actor).await?;
        let mut own = stored.into_iter().filter(|request| is_own(request, &accounts));
        Ok(own.find(|request| request.wish == Wish::Access.code()))
    }

    /// What became of the actor's last request for access: open, or closed in the last year.
    ///
    /// # Errors
    /// [`Fault::Store`].
    pub(crate) async fn last_access(&self, read: &mut Read, actor: &Actor) -> Result<Option<StoredRequest>, Fault> {
        let since = self.env.now().plus_seconds(-KEPT_SECONDS);
        let stored = store::account::request::of_place(read, actor.institution, since).await?;
        let accounts = self.own_accounts(read, actor).await?;
        let mut own = stored.into_iter().filter(|request| is_own(request, &accounts));
        Ok(own.find(|request| request.wish == Wish::Access.code()))
    }

    /// What a teacher needs to see, in the names that the school's classes and subjects have now.
    pub(super) async fn access_asked(
        &self,
        read: &mut Read,
        site: &Site,
        request: &StoredRequest,
    ) -> Result<AccessAsked, Fault> {
        let cached = self.school_in(read, site.place).await?;
        let roster = &cached.school().roster;
        let AccessWish { choice, words } = wish_of(request);
        let group = |id| roster.groups.iter().find(|group| group.id == id).map(|group| group.name.clone());
        let subject = |slug: &String| {
            let known = roster.subjects.iter().find(|subject| subject.slug == *slug);
            known.map(|subject| subject.name.clone())
        };
        Ok(AccessAsked {
            words,
            groups: choice.groups.into_iter().filter_map(group).collect(),
            subjects: choice.subjects.iter().filter_map(subject).collect(),
        })
    }
}

/// Would giving all that a wish chooses give nothing more? Not of a wish in words, which only a person
/// can judge, nor where a class that was chosen is gone or empty.
fn is_given(school: &School, request: &StoredRequest, now: Instant) -> bool {
    let AccessWish { choice, words } = wish_of(request);
    let moment = Moment::of_all_recorded(now);
    let members = school.roster.memberships.iter().filter(|fact| fact.holds(moment));
    let lived: HashSet<_> =
        members.filter_map(|fact| school.roster.groups.get(usize::from(fact.what.1.0))).map(|group| group.id).collect();
    if !words.is_empty() || choice.groups.is_empty() || !choice.groups.iter().all(|group| lived.contains(group)) {
        return false;
    }
    let edits = edits(&school.roster, request.by, &choice);
    let author = Author { person: request.by, name: "" };
    let since = school.record.next_change_set();
    let wished = Proposed::on(school, &Proposal::Edits(edits), since, author, now);
    wished.is_ok_and(|wished| wished.review.diff.gains.is_empty())
}

/// Fails closed unless the actor teaches here. Who administers rights need not ask.
fn require_asker(actor: &Actor) -> Result<(), Fault> {
    actor.require(Capacity::Teaching)?;
    if actor.is(Capacity::TestAdministration) { Err(RefusalCode::NotAllowed.into()) } else { Ok(()) }
}

/// What a stored request asks for. An older choice that cannot be read is no choice.
fn wish_of(request: &StoredRequest) -> AccessWish {
    let choice = request.choice.as_deref().and_then(|choice| serde_json::from_str(choice).ok());
    AccessWish { choice: choice.unwrap_or_default(), words: request.words.clone().unwrap_or_default() }
}

/// The school's classes and groups that have anybody in them now.
fn groups(roster: &Roster, teacher: PersonId, now: Instant) -> Vec<AccessGroup> {
    let moment = Moment::of_all_recorded(now);
    let own = Places::of(roster).teacher(teacher);
    let taught: Vec<_> = roster
        .teaches
        .iter()
        .filter(|fact| fact.holds(moment) && Some(fact.what.0) == own)
        .map(|fact| fact.what.1)
        .collect();
    let lived: HashSet<_> =
        roster.memberships.iter().filter(|fact| fact.holds(moment)).map(|fact| fact.what.1).collect();
    let places = (0..=u16::MAX).map(domain::GroupIx).zip(&roster.groups);
    let places = places.filter(|(place, _)| lived.contains(place) || taught.contains(place));
    places
        .map(|(place, group)| AccessGroup { id: group.id, name: group.name.clone(), is_own: taught.contains(&place) })
        .collect()
}

fn require_known(roster: &Roster, choice: &AccessChoice) -> Result<(), Fault> {
    let group = |id| roster.groups.iter().any(|group| group.id == id);
    let subject = |slug: &String| roster.subjects.iter().any(|subject| subject.slug == *slug);
    let all_known = choice.groups.iter().copied().all(group) && choice.subjects.iter().all(subject);
    if all_known { Ok(()) } else { Err(RefusalCode::NotFound.into()) }
}

/// One edit for each group and subject that is still there; without subjects, for all national tests.
fn edits(roster: &Roster, teacher: PersonId, choice: &AccessChoice) -> Vec<Edit> {
    let tests: Vec<TestsId> = if choice.subjects.is_empty() {
        vec![TestsId::All]
    } else {
        let known = |slug: &&String| roster.subjects.iter().any(|subject| subject.slug == **slug);
        choice.subjects.iter().filter(known).cloned().map(TestsId::Subject).collect()
    };
    let known = choice.groups.iter().filter(|id| roster.groups.iter().any(|group| group.id == **id));
    let edit = |(group, tests): (domain::GroupId, TestsId)| Edit {
        teachers: vec![teacher],
        scope: ScopeId::Group(group),
        tests,
        effect: Effect::Give,
        from: None,
        until: None,
    };
    known.flat_map(|group| tests.iter().cloned().map(move |tests| (*group, tests))).map(edit).collect()
}
