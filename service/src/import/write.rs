//! Writes a plan to the database.

use super::difference::{NewLevel, Plan, Which, Who};
use super::staged::{Progress, SourcedId, Step};
use super::wanted::WantedGroup;
use crate::{Env, Fault};
use domain::effect::TakesEffect;
use domain::exchange::RefusalCode;
use domain::staff_right::StaffRight;
use domain::{GroupId, IdentitySource, Instant, InstitutionId, PersonId, UserType, Window};
use std::collections::HashMap;
use store::Write;
use store::directory::{self, Person};
use store::import::{self, Facts, NewAffiliation, NewGroup, NewPlace, Recording};
use store::staff_right::{self, StaffRightFact};
use uuid::Uuid;

/// Told how far the writing is.
pub(super) type Tell<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Writes plans into one transaction.
pub(super) struct Writer<'a> {
    pub(super) env: &'a Env,
    /// Whose files name the persons: an institution or an authority.
    pub(super) owner: Uuid,
    /// What affiliations are recorded as having come with.
    pub(super) source: &'static str,
    pub(super) now: Instant,
    pub(super) tell: Tell<'a>,
    pub(super) done: u64,
    pub(super) of: u64,
    /// When what is added to the staff of an institution that is run from UNI-Login takes effect.
    pub(super) takes_effect: TakesEffect,
    /// Persons this import has brought so far, to any of an authority's schools.
    pub(super) people: HashMap<SourcedId, PersonId>,
}

impl Writer<'_> {
    /// Writes what one school's plan says. Answers the rights given to new teachers, for the audit
    /// log.
    pub(super) async fn write(
        &mut self,
        tx: &mut Write,
        institution: InstitutionId,
        plan: &Plan,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let at = Recording { institution, now: self.now };
        self.people(tx, at, plan).await?;
        let groups = self.groups(tx, at, plan).await?;
        let people = std::mem::take(&mut self.people);
        let places = Places { people: &people, groups: &groups };
        self.affiliations(tx, at, plan, &places).await?;
        self.levels(tx, at, plan, &places).await?;
        for (facts, table) in [(&plan.memberships, Facts::Memberships), (&plan.teaching, Facts::Teaching)] {
            let rows = self.places(&facts.add, &places);
            let mut progress = self.counter();
            import::close(tx, at, table, &facts.close, &mut progress).await?;
            match table {
                Facts::Memberships => import::add_memberships(tx, at, &rows, &mut progress).await?,
                _ => import::add_teaching(tx, at, &rows, &mut progress).await?,
            }
        }
        let given = self.staff_rights(tx, at, plan, &places).await?;
        self.people = people;
        Ok(given)
    }

    /// Counts rows written and tells.
    fn counter(&mut self) -> impl FnMut(u64) + Send + use<'_> {
        let (done, of, tell) = (&mut self.done, self.of, self.tell);
        move |rows| {
            *done += rows;
            tell(Progress { step: Step::Writing, done: *done, of: Some(of) });
        }
    }

    async fn people(&mut self, tx: &mut Write, at: Recording, plan: &Plan) -> Result<(), Fault> {
        let mut rows = Vec::with_capacity(plan.new_people.len());
        let mut sources = Vec::with_capacity(plan.new_people.len());
        for (source_id, new) in &plan.new_people {
            if self.people.contains_key(source_id) {
                continue;
            }
            let person = PersonId(self.env.id());
            self.people.insert(source_id.clone(), person);
            let (given, family) = (new.given.clone(), new.family.clone());
            rows.push(Person { id: person, given, family, protected: new.protected, created: self.now });
            sources.push((source_id.to_string(), person));
        }
        directory::insert_persons(tx, &rows).await?;
        directory::insert_sources(tx, self.owner, &sources).await?;
        for (person, (given, family)) in &plan.renamed {
            directory::rename_person(tx, *person, given, family).await?;
        }
        self.uni_ids(tx, at, plan).await?;
        for person in &plan.protecting {
            self.protect(tx, at, *person).await?;
        }
        self.counter()((rows.len() + plan.renamed.len() + plan.protecting.len()) as u64);
        Ok(())
    }

    /// Protects somebody from now on wherever they are: what is shown of them at other institutions is worked out anew.
    async fn protect(&self, tx: &mut Write, at: Recording, person: PersonId) -> Result<(), Fault> {
        directory::protect_person(tx, person, true).await?;
        for place in directory::affiliated_with(tx, person).await? {
            if place != at.institution {
                store::revision::raise(tx, place).await?;
                store::alias::give(tx, place, &[person]).await?;
            }
        }
        Ok(())
    }

    /// Records by which UNI-Login id people are found at the broker. Whoever has another, or whose is another's,
    /// keeps what is recorded: an id is kept for life, and a person's file is no proof against it.
    async fn uni_ids(&self, tx: &mut Write, at: Recording, plan: &Plan) -> Result<(), Fault> {
        for (who, uni_id) in &plan.uni_ids {
            let person = match who {
                Who::Known(person) => Some(*person),
                Who::New(source_id) => self.people.get(source_id).copied(),
            };
            let Some(person) = person else { continue };
            let is_free = store::broker::person_of(tx, uni_id).await?.is_none();
            // Nor does a file say it of somebody who is somebody elsewhere too.
            let is_own = !store::affiliation::is_elsewhere(tx, at.institution, person).await?;
            if is_free && is_own && store::broker::uni_id_of(tx, person).await?.is_none() {
                store::broker::keep_uni_id(tx, uni_id, person, self.now).await?;
            }
        }
        Ok(())
    }

    async fn groups(
        &mut self,
        tx: &mut Write,
        at: Recording,
        plan: &Plan,
    ) -> Result<HashMap<SourcedId, GroupId>, Fault> {
        let mut ids = HashMap::new();
        let mut rows = Vec::with_capacity(plan.new_groups.len());
        for (source_id, group) in &plan.new_groups {
            let id = GroupId(self.env.id());
            ids.insert(source_id.clone(), id);
            rows.push(group_row(id, source_id.to_string(), group));
        }
        let renamed: Vec<(GroupId, String)> = plan.renamed_groups.iter().map(|(id, to)| (*id, to.clone())).collect();
        import::rename_sources(tx, at.institution, &renamed).await?;
        import::add_groups(tx, at, &rows, &mut self.counter()).await?;
        let changed = plan.changed_groups.iter().map(|(id, group)| group_row(*id, String::new(), group));
        import::change_groups(tx, at, &changed.collect::<Vec<_>>()).await?;
        let gone: Vec<GroupId> = plan.gone_groups.iter().copied().collect();
        import::end_groups(tx, at, &gone).await?;
        Ok(ids)
    }

    async fn affiliations(
        &mut self,
        tx: &mut Write,
        at: Recording,
        plan: &Plan,
        places: &Places<'_>,
    ) -> Result<(), Fault> {
        let here = directory::institution(tx, at.institution).await?.ok_or(RefusalCode::NotFound)?;
        let staff_from = match here.identity_source {
            IdentitySource::Unilogin => self.takes_effect.of(here.zone()?, self.now),
            IdentitySource::Local => self.now,
        };
        let row = |(key, valid): &((Who, UserType), Window)| {
            let (who, user_type) = key;
            let person = places.person(who)?;
            let waits = *user_type != UserType::Pupil && plan.affiliations.added.contains(key);
            let valid = if waits { Window { from: valid.from.max(staff_from), ..*valid } } else { *valid };
            Some(NewAffiliation { id: self.env.id(), person, user_type: *user_type, valid })
        };
        let rows: Vec<NewAffiliation> = plan.affiliations.add.iter().filter_map(row).collect();
        let source = self.source;
        let mut progress = self.counter();
        import::close(tx, at, Facts::Affiliations, &plan.affiliations.close, &mut progress).await?;
        import::add_affiliations(tx, at, source, &rows, &mut progress).await?;
        let protected: Vec<PersonId> = plan.aliases.iter().filter_map(|who| places.person(who)).collect();
        store::alias::give(tx, at.institution, &protected).await?;
        Ok(())
    }

    async fn levels(&mut self, tx: &mut Write, at: Recording, plan: &Plan, places: &Places<'_>) -> Result<(), Fault> {
        let row = |NewLevel { who, level, raw, valid }: &NewLevel| {
            let person = places.person(who)?;
            Some(import::NewLevel { id: self.env.id(), person, level: *level, raw: raw.clone(), valid: *valid })
        };
        let rows: Vec<import::NewLevel> = plan.levels.iter().filter_map(row).collect();
        let mut progress = self.counter();
        import::close(tx, at, Facts::Levels, &plan.levels_closed, &mut progress).await?;
        import::add_levels(tx, at, &rows, &mut progress).await?;
        Ok(())
    }

    fn places(&self, facts: &[((Who, Which), Window)], places: &Places<'_>) -> Vec<NewPlace> {
        let row = |((who, which), valid): &((Who, Which), Window)| {
            let (person, group) = (places.person(who)?, places.group(which)?);
            Some(NewPlace { id: self.env.id(), person, group, valid: *valid })
        };
        facts.iter().filter_map(row).collect()
    }

    /// Gives new teachers both rights, in the system's name.
    async fn staff_rights(
        &mut self,
        tx: &mut Write,
        at: Recording,
        plan: &Plan,
        places: &Places<'_>,
    ) -> Result<Vec<StaffRightFact>, Fault> {
        let people = plan.new_teachers.iter().filter_map(|who| places.person(who));
        let both = people.flat_map(|person| StaffRight::ALL.map(|right| (person, right)));
        let fact = |(person, right)| StaffRightFact {
            id: self.env.id(),
            person,
            right,
            granted: true,
            author: PersonId(Uuid::nil()),
            author_name: String::new(),
            recorded: Window::since(self.now),
        };
        let facts: Vec<StaffRightFact> = both.map(fact).collect();
        staff_right::record_first(tx, at.institution, &facts).await?;
        Ok(facts)
    }
}

/// The ids that this import gave.
struct Places<'a> {
    people: &'a HashMap<SourcedId, PersonId>,
    groups: &'a HashMap<SourcedId, GroupId>,
}

impl Places<'_> {
    fn person(&self, who: &Who) -> Option<PersonId> {
        match who {
            Who::Known(person) => Some(*person),
            Who::New(id) => self.people.get(id).copied(),
        }
    }

    fn group(&self, which: &Which) -> Option<GroupId> {
        match which {
            Which::Known(group) => Some(*group),
            Which::New(id) => self.groups.get(id).copied(),
        }
    }
}

fn group_row(group: GroupId, source_id: String, wanted: &WantedGroup) -> NewGroup {
    NewGroup { group, source_id, name: wanted.name.clone(), kind: wanted.kind, subject: wanted.subject.clone() }
}
