//! What happened at the demo's schools in the weeks before today, through the real use cases.

mod decisions;

use super::accounts::Accounts;
use super::days::Days;
use super::materials;
use super::roster::MadeUp;
use super::schools::{Authority, HOEJVANG, Holder};
use crate::accounts;
use crate::audit::{self, Action, Entry};
use crate::import::{ImportOptions, SourcedId, Target};
use crate::{Actor, Fault, Service, Via};
use decisions::Office;
use domain::account::State;
use domain::exchange::accounts::{AccountFilter, AccountLine};
use domain::exchange::{ExemptionChange, RefusalCode};
use domain::{AccountRole, AuthorityId, GroupId, InstitutionId, PersonId, TestKind, UserType, Window};
use std::collections::HashMap;
use store::Write;
use store::import::{HAND_SOURCE, NewAffiliation, Recording};

/// Imports the authority's schools, makes its accounts, and lets its people decide.
pub(super) async fn tell(
    service: &Service,
    authority: &Authority,
    made: &MadeUp,
    days: &Days,
    accounts: &mut Accounts,
) -> Result<(), Fault> {
    days.reach(0);
    let id = service.create_authority(authority.code, authority.name, authority.country).await?;
    let options = ImportOptions { file_name: "demo.zip".into(), ..ImportOptions::default() };
    let operator = service.operator_anywhere(id.as_place());
    let outcome = service.import(&operator, Target::Authority(id), &made.staged, &options, &|_| {}).await?;
    if !outcome.report.applied {
        return Err(Fault::Internal(format!("the demo's roster does not import: {:?}", outcome.report)));
    }
    let scene = Scene::set(service, authority, made, days, id).await?;
    scene.pedagogues().await?;
    let people = scene.make_accounts(authority, accounts).await?;
    scene.make_last_years_accounts(authority).await?;
    scene.make_colleagues_accounts(authority).await?;
    scene.register_somebody_twice(authority, &people).await?;
    scene.close_an_account(authority, &people).await?;
    materials::add(service, authority.country).await?;
    materials::give(service, &people).await?;
    for school in authority.schools {
        scene.decide(school.code, &people).await?;
    }
    if let Some(leader) = people.iter().find(|actor| actor.is(domain::Capacity::Leadership)) {
        scene.protect_one(leader).await?;
        scene.exempt_some(leader).await?;
    }
    Ok(())
}

/// Teachers of each school who have no account yet.
const WITHOUT_ACCOUNT: usize = 2;
/// Teachers of each school whose accounts nobody has reactivated since the summer.
const LAPSED: usize = 2;

/// An authority's people and places, by the source system's ids.
pub(super) struct Scene<'a> {
    service: &'a Service,
    made: &'a MadeUp,
    days: &'a Days,
    country: &'static str,
    authority: AuthorityId,
    people: HashMap<String, PersonId>,
    groups: HashMap<String, GroupId>,
    institutions: HashMap<&'static str, InstitutionId>,
}

impl<'a> Scene<'a> {
    async fn set(
        service: &'a Service,
        authority: &Authority,
        made: &'a MadeUp,
        days: &'a Days,
        id: AuthorityId,
    ) -> Result<Self, Fault> {
        let mut read = service.db.read().await?;
        let people = store::directory::sources(&mut read, id.0).await?.into_iter().collect();
        let (mut groups, mut institutions) = (HashMap::new(), HashMap::new());
        for school in authority.schools {
            let found = store::directory::institution_by_code(&mut read, school.code).await?;
            let institution = found.ok_or(RefusalCode::NotFound)?.id;
            let now = service.env.now();
            let roster =
                store::import::file_roster(&mut read, institution, id.0, store::import::FILE_SOURCE, now).await?;
            groups.extend(roster.groups.into_iter().map(|group| (group.source_id, group.group)));
            institutions.insert(school.code, institution);
        }
        Ok(Self { service, made, days, country: authority.country, authority: id, people, groups, institutions })
    }

    fn person(&self, id: &SourcedId) -> Result<PersonId, Fault> {
        self.people.get(id.as_ref()).copied().ok_or_else(|| missing(id))
    }

    fn group(&self, id: &SourcedId) -> Result<GroupId, Fault> {
        self.groups.get(id.as_ref()).copied().ok_or_else(|| missing(id))
    }

    fn institution(&self, code: &str) -> Result<InstitutionId, Fault> {
        self.institutions.get(code).copied().ok_or_else(|| missing(code))
    }

    /// Half of the other employees look after the youngest; files cannot say so, people can.
    async fn pedagogues(&self) -> Result<(), Fault> {
        let service = self.service;
        for (code, institution) in &self.institutions {
            let staff = self.made.staff.iter().filter(|id| id.starts_with(&format!("{code}-"))).step_by(2);
            let people = staff.map(|id| self.person(id)).collect::<Result<Vec<_>, _>>()?;
            store::write!(service.db, async |tx| {
                store::revision::raise(tx, *institution).await?;
                let now = service.env.now();
                let row = |person: &PersonId| NewAffiliation {
                    id: service.env.id(),
                    person: *person,
                    user_type: UserType::Pedagogue,
                    valid: Window::since(now),
                };
                let rows: Vec<NewAffiliation> = people.iter().map(row).collect();
                let at = Recording { institution: *institution, now };
                store::import::add_affiliations(tx, at, HAND_SOURCE, &rows, &mut |_| {}).await?;
                self.note(tx, *institution, "pedagogues", rows.len()).await
            })?;
        }
        Ok(())
    }

    /// Makes the accounts, and answers their holders as they act.
    async fn make_accounts(&self, authority: &Authority, accounts: &mut Accounts) -> Result<Vec<Actor>, Fault> {
        let mut people = Vec::new();
        for holder in authority.holders {
            let Holder { school, role, given, family, source } = holder;
            let is_authority = *role == AccountRole::Authority;
            let institution = if is_authority { self.authority.as_place() } else { self.institution(school)? };
            let order = accounts::AccountOrder {
                holder: match source {
                    Some(id) => accounts::Holder::Known(self.person(&SourcedId::from(*id))?),
                    None => accounts::Holder::New { given: (*given).into(), family: (*family).into() },
                },
                role: *role,
                matrix: false,
            };
            let issued = self.service.create_account(&self.service.operator_anywhere(institution), &order).await?;
            let name = format!("{given} {family}");
            people.push(Actor {
                person: issued.person,
                account: Some(issued.id),
                name: name.clone(),
                institution,
                capacities: role.capacities().to_vec(),
                two_factors: true,
                via: Via::Session,
                request: self.service.env.id(),
            });
            let place = authority.schools.iter().find(|plan| plan.code == *school);
            accounts.add(&name, *role, place.map_or(authority.name, |plan| plan.name), issued);
        }
        Ok(people)
    }

    /// Most other teachers can sign in as well, so that the mark "cannot sign in" stands beside the
    /// few whom it is about. Their passwords are shown to nobody: the demo offers the people above.
    async fn make_colleagues_accounts(&self, authority: &Authority) -> Result<(), Fault> {
        for plan in authority.schools {
            let operator = self.service.operator_anywhere(self.institution(plan.code)?);
            for number in 1..=plan.teachers.saturating_sub(WITHOUT_ACCOUNT + LAPSED) {
                let id = format!("{}-L{number:03}", plan.code);
                if authority.holders.iter().any(|holder| holder.source == Some(id.as_str())) {
                    continue;
                }
                let Ok(person) = self.person(&SourcedId::from(id.as_str())) else { continue };
                self.make_teacher(&operator, accounts::Holder::Known(person)).await?;
            }
        }
        Ok(())
    }

    async fn make_teacher(&self, operator: &Actor, holder: accounts::Holder) -> Result<(), Fault> {
        let order = accounts::AccountOrder { holder, role: AccountRole::Teacher, matrix: false };
        self.service.create_account(operator, &order).await.map(drop)
    }

    /// Accounts that have lapsed: of teachers who are still here, and of one who is not.
    async fn make_last_years_accounts(&self, authority: &Authority) -> Result<(), Fault> {
        self.days.last_spring();
        for plan in authority.schools {
            let operator = self.service.operator_anywhere(self.institution(plan.code)?);
            let last = plan.teachers.saturating_sub(WITHOUT_ACCOUNT);
            for number in last.saturating_sub(LAPSED) + 1..=last {
                let person = self.person(&SourcedId::from(format!("{}-L{number:03}", plan.code).as_str()))?;
                self.make_teacher(&operator, accounts::Holder::Known(person)).await?;
            }
            let left = accounts::Holder::New { given: "Ellen".into(), family: "Overby".into() };
            self.make_teacher(&operator, left).await?;
        }
        self.days.reach(0);
        Ok(())
    }

    /// Somebody was registered although they were there: a double, for the principal to settle.
    async fn register_somebody_twice(&self, authority: &Authority, people: &[Actor]) -> Result<(), Fault> {
        for plan in authority.schools {
            let institution = self.institution(plan.code)?;
            let Some(keeper) = keeper_at(people, institution) else { continue };
            let open = AccountFilter {
                roles: vec![AccountRole::Teacher],
                states: vec![State::Issued],
                ..AccountFilter::default()
            };
            let list = self.service.accounts(keeper, &open).await?;
            let is_offered = |line: &&AccountLine| authority.holders.iter().any(|holder| holder.family == line.family);
            if let Some(AccountLine { given, family, .. }) = list.accounts.iter().find(|line| !is_offered(line)) {
                let holder = accounts::Holder::New { given: given.clone(), family: family.clone() };
                self.make_teacher(&self.service.operator_anywhere(institution), holder).await?;
            }
        }
        Ok(())
    }

    /// At the schools where nothing else happens, a test administrator has closed one colleague's
    /// account.
    async fn close_an_account(&self, authority: &Authority, people: &[Actor]) -> Result<(), Fault> {
        for plan in authority.schools.iter().filter(|plan| plan.code != HOEJVANG) {
            let institution = self.institution(plan.code)?;
            let Some(keeper) = keeper_at(people, institution) else { continue };
            let teachers = AccountFilter { roles: vec![AccountRole::Teacher], ..AccountFilter::default() };
            let list = self.service.accounts(keeper, &teachers).await?;
            let is_offered = |name: &str| {
                authority.holders.iter().any(|holder| name == format!("{} {}", holder.given, holder.family))
            };
            if let Some(teacher) = list.accounts.iter().rev().find(|line| !is_offered(&line.name())) {
                self.service.deactivate_account(keeper, teacher.id).await?;
            }
        }
        Ok(())
    }

    async fn decide(&self, school: &str, people: &[Actor]) -> Result<(), Fault> {
        let institution = self.institution(school)?;
        let here = people.iter().filter(|actor| actor.institution == institution);
        let deciders: Vec<&Actor> = here.filter(|actor| actor.is(domain::Capacity::TestAdministration)).collect();
        let Some(first) = deciders.first() else { return Ok(()) };
        let second = deciders.get(1).unwrap_or(first);
        let office = Office { scene: self, school, first, second };
        office.start_of_year().await?;
        if school == HOEJVANG {
            office.weeks().await?;
        }
        Ok(())
    }

    /// Protects the identity of one pupil, who is shown under an alias from then on.
    async fn protect_one(&self, leader: &Actor) -> Result<(), Fault> {
        let classes = self.made.pupils.values();
        let Some(pupil) = classes.filter_map(|pupils| pupils.get(2)).find(|id| self.is_at(id, leader)) else {
            return Ok(());
        };
        let (person, institution) = (self.person(pupil)?, leader.institution);
        store::write!(self.service.db, async |tx| {
            store::revision::raise(tx, institution).await?;
            store::directory::protect_person(tx, person, true).await?;
            store::alias::give(tx, institution, &[person]).await?;
            self.note(tx, institution, "protected", 1).await
        })
    }

    /// Notes in the audit log what no use case of its own has done.
    async fn note(&self, tx: &mut Write, institution: InstitutionId, what: &str, count: usize) -> Result<(), Fault> {
        let operator = self.service.operator_anywhere(institution);
        let entry = Entry::new(Action::DemoFilled, &operator).object("institution", institution).detail(what, count);
        audit::append(tx, &self.service.env, &self.service.secrets.audit, &entry).await?;
        Ok(())
    }

    /// Exempts a pupil of every fourth class from a test of the class's level.
    async fn exempt_some(&self, leader: &Actor) -> Result<(), Fault> {
        self.days.reach(880);
        let year = self.days.year();
        let offer = self.service.catalogue.offer(self.country, year);
        let mut changes = Vec::new();
        let here = self.made.pupils.iter().filter(|(class, _)| self.is_at(class, leader));
        for (class, pupils) in here.step_by(4) {
            let level = self.made.lessons.iter().find(|lesson| lesson.group == *class).map(|lesson| lesson.level);
            let fits = |test: &&domain::Test| test.kind == TestKind::National && test.level == level;
            if let (Some(test), Some(pupil)) = (offer.tests.iter().find(fits), pupils.get(5)) {
                changes.push(ExemptionChange {
                    pupil: self.person(pupil)?,
                    test: test.code.clone(),
                    school_year: year.0,
                    exempt: true,
                    note: String::new(),
                    seen: None,
                });
            }
        }
        self.service.set_exemptions(leader, &changes).await.map(drop)
    }

    /// Does a source system's id belong to the school where somebody acts?
    fn is_at(&self, id: &SourcedId, actor: &Actor) -> bool {
        let own = self.institutions.iter().find(|(_, institution)| **institution == actor.institution);
        own.is_some_and(|(code, _)| id.starts_with(&format!("{code}-")))
    }
}

/// The first of these people who keeps a school's accounts.
fn keeper_at(people: &[Actor], institution: InstitutionId) -> Option<&Actor> {
    people.iter().find(|actor| actor.institution == institution && actor.is(domain::Capacity::UserAdministration))
}

fn missing(what: impl std::fmt::Display) -> Fault {
    Fault::Internal(format!("the demo's {what} is missing"))
}

/// The subject that a class's lesson is about, in the catalogue of a country.
const fn subject_of(lesson: &str, country: &str) -> Option<&'static str> {
    match (lesson.as_bytes(), country.as_bytes()) {
        (b"first-language", b"dk") => Some("dansk-laesning"),
        (b"mathematics", b"dk") => Some("matematik"),
        (b"english", b"dk") => Some("engelsk"),
        (b"science", b"dk") => Some("natur-teknologi"),
        (b"Tysk", _) => Some("tysk"),
        (b"Fransk", _) => Some("fransk"),
        (b"Dansk som andetsprog", _) => Some("dansk-som-andetsprog"),
        (b"first-language", _) => Some("svenska"),
        (b"mathematics", _) => Some("matematik-se"),
        (b"english", _) => Some("engelska"),
        _ => None,
    }
}
