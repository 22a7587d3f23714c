//! A person's file: everything that one institution or authority holds about one person (GDPR art. 15),
//! for those who keep its people. It names nobody else. Making one is recorded; so is showing the name of a
//! person whose identity is protected.

mod gather;

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry};
use crate::fault::Fault;
use crate::rights::names::name_key;
use crate::rights::{REASON_MAX, written};
use crate::service::Service;
use domain::effect::confirmed_until;
use domain::exchange::RefusalCode;
use domain::exchange::person::{PeopleFound, PersonFile, PersonLine};
use domain::{AuthorityId, Capacity, Flag, InstitutionId, PersonId, UserType, Zone};
use gather::Gathered;
use std::collections::{HashMap, HashSet};
use store::Read;
use store::directory::{Authority, Institution};
use store::person::Somebody;
use store::roster::Alias;

/// People that one answer shows.
const PEOPLE_PAGE: usize = 50;

/// Whom a page of people looks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought<'a> {
    /// In the name or alias.
    pub name: &'a str,
    /// Those alone whose affiliation by hand ends within a month.
    pub is_due: bool,
}

/// Is the name of a person shown whose identity is protected?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// No: their alias stands for it.
    No,
    /// Yes, for this reason, which is recorded.
    Because(String),
}

impl Service {
    /// Those of the actor's institution, past and present, whose name or alias matches; the alphabet's
    /// first ones.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor holds UserAdministration.
    pub async fn find_people(&self, actor: &Actor, sought: &Sought<'_>) -> Result<PeopleFound, Fault> {
        authorise(actor)?;
        let (now, mut read) = (self.env.now(), self.db.read().await?);
        let here = store::directory::institution(&mut read, actor.institution).await?;
        let zone = here.ok_or(RefusalCode::NotFound)?.zone()?;
        let folded = domain::text::fold(sought.name);
        let everybody = store::person::everybody(&mut read, actor.institution, now).await?;
        let staff = store::staff::employees(&mut read, actor.institution, zone, now).await?;
        let mut types: HashMap<PersonId, Vec<UserType>> =
            staff.into_iter().map(|of| (of.person, of.user_types)).collect();
        let mut flags: HashMap<PersonId, Vec<Flag>> = HashMap::new();
        for held in store::flag::of_place(&mut read, actor.institution, now).await? {
            flags.entry(held.person).or_default().push(held.flag);
        }
        let soon = zone.start_of(confirmed_until(zone.date_of(now)));
        let due: HashSet<PersonId> =
            store::affiliation::ending(&mut read, actor.institution, now, soon).await?.into_iter().collect();
        let mut people: Vec<PersonLine> = everybody
            .into_iter()
            .map(|of| {
                let name = shown(zone, of.is_pupil, of.alias, (&of.given, &of.family), of.protected);
                let Somebody { person, protected, is_pupil, is_here, .. } = of;
                let (types, flags) =
                    (types.remove(&person).unwrap_or_default(), flags.remove(&person).unwrap_or_default());
                let is_due = due.contains(&person);
                PersonLine { person, name, protected, is_pupil, is_here, types, flags, is_due }
            })
            .filter(|line| domain::text::matches(&domain::text::fold(&line.name), &folded))
            .filter(|line| line.is_due || !sought.is_due)
            .collect();
        people.sort_by_cached_key(|line| (name_key(zone, &line.name), line.person));
        let all = people.len();
        people.truncate(PEOPLE_PAGE);
        Ok(PeopleFound { people, all, due: due.len() })
    }

    /// Everything that the actor's institution or authority holds about a person of it.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the actor is the operator or holds UserAdministration;
    /// [`RefusalCode::NotFound`] for a person of another institution, exactly as for none;
    /// [`RefusalCode::BadInput`] where a name is to be revealed without a reason.
    pub async fn person_file(&self, actor: &Actor, person: PersonId, reveal: &Reveal) -> Result<PersonFile, Fault> {
        authorise(actor)?;
        let reason = match reveal {
            Reveal::No => None,
            Reveal::Because(reason) => {
                let reason = written(reason, REASON_MAX)?;
                if reason.is_empty() {
                    return Err(RefusalCode::BadInput.into());
                }
                Some(reason)
            }
        };
        // Read and recorded in one transaction: what was handed out is what the log says was there.
        store::write!(self.db, async |tx| {
            if !store::person::belongs(tx, actor.institution, person).await? {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            let place = Place::load(tx, actor.institution).await?;
            let file = self.gathered(tx, place, person, reason.is_some()).await?;
            let is_revealed = file.is_protected && !file.file.is_alias;
            if let Some(reason) = reason.as_deref().filter(|_| is_revealed) {
                let entry = self.entry(Action::ProtectedNameShown, actor).object("person", person).reason(reason);
                audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            }
            let records: usize = file.file.sections.iter().map(|section| section.records.len()).sum();
            let entry = self.entry(Action::PersonFileMade, actor).object("person", person).detail("records", records);
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok(file.file)
        })
    }

    fn entry(&self, action: Action, actor: &Actor) -> Entry {
        let entry = Entry::new(action, actor);
        match actor.via {
            Via::Operator => entry,
            _ => entry.capacity(Capacity::UserAdministration),
        }
    }

    async fn gathered(
        &self,
        read: &mut Read,
        place: Place,
        person: PersonId,
        reveals: bool,
    ) -> Result<Gathered, Fault> {
        let known = store::directory::person(read, person).await?.ok_or(RefusalCode::NotFound)?;
        gather::gather(read, place, known, reveals, &self.settings.retention, self.env.now()).await
    }
}

/// Whose file it is that tells of a person: an institution's, or an authority's.
struct Place {
    id: InstitutionId,
    name: String,
    code: String,
    zone: Zone,
    authority: AuthorityId,
}

impl Place {
    /// # Errors
    /// [`RefusalCode::NotFound`] where it is neither.
    async fn load(read: &mut Read, id: InstitutionId) -> Result<Self, Fault> {
        if let Some(institution) = store::directory::institution(read, id).await? {
            let zone = institution.zone()?;
            let Institution { id, name, code, authority, .. } = institution;
            return Ok(Self { id, name, code, zone, authority });
        }
        let found = store::directory::authority(read, AuthorityId(id.0)).await?.ok_or(RefusalCode::NotFound)?;
        let Authority { id: authority, name, code, country } = found;
        let zone = Zone::of_country(&country)
            .ok_or_else(|| Fault::Internal(format!("authority {authority} is in no country")))?;
        Ok(Self { id, name, code, zone, authority })
    }
}

/// The operator, and whoever keeps the institution's people.
fn authorise(actor: &Actor) -> Result<(), Fault> {
    match actor.via {
        Via::Operator => Ok(()),
        Via::Session | Via::OperatorAs => Ok(actor.require(Capacity::UserAdministration)?),
        Via::System => Err(RefusalCode::NotAllowed.into()),
    }
}

/// A name as others see it: the alias where the identity is protected.
fn shown(zone: Zone, is_pupil: bool, alias: Option<i64>, (given, family): (&str, &str), protected: bool) -> String {
    if !protected {
        return format!("{given} {family}").trim().to_owned();
    }
    let of = if is_pupil { Alias::of_pupils(zone) } else { Alias::of_staff(zone) };
    of.name(alias)
}
