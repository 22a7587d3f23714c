//! A database with a school, and ways to import into it and to look at it.

use super::bundle::Bundle;
use crate::catalogue::Catalogue;
use crate::env::{SeededRandomness, SetClock};
use crate::import::{ImportOptions, Staged, Target};
use crate::secrets::Secrets;
use crate::service::Settings;
use crate::{Actor, Env, Fault, Service, Via};
use domain::import::{Counts, ImportOutcome, ImportReport};
use domain::{AuthorityId, Capacity, IdentitySource, Instant, InstitutionId, Moment, PersonId, Roster, Zone};
use std::sync::Arc;
use store::directory::{Authority, Institution};
use store::testing::TestDb;
use uuid::Uuid;

/// Noon of a day in Copenhagen.
pub(super) fn noon(day: &str) -> Instant {
    Zone::Copenhagen.start_of(day.parse().unwrap()).plus_seconds(12 * 3600)
}

pub(super) struct World {
    pub(super) service: Service,
    pub(super) clock: Arc<SetClock>,
    pub(super) authority: AuthorityId,
    pub(super) institution: InstitutionId,
}

impl World {
    /// A school without anybody, on 21 November 2026.
    pub(super) async fn of(test: &TestDb) -> Self {
        let clock = Arc::new(SetClock::at(noon("2026-11-21")));
        let env = Env::new(clock.clone(), Arc::new(SeededRandomness::new(1)));
        let secrets = Secrets::make(&env);
        let service =
            Service::new(test.db.clone(), env.clone(), Catalogue::load(None).unwrap(), secrets, Settings::default());
        let (authority, institution) = (AuthorityId(env.id()), InstitutionId(env.id()));
        let done: Result<(), store::Error> = store::write!(test.db, async |tx| {
            let row = Authority {
                id: authority,
                code: "999".into(),
                name: "Søndermark Kommune".into(),
                country: "dk".into(),
            };
            store::directory::insert_authority(tx, &row).await?;
            let row = Institution {
                id: institution,
                authority,
                code: "999014".into(),
                name: "Højvang Skole".into(),
                country: "dk".into(),
                identity_source: IdentitySource::Local,
            };
            store::directory::insert_institution(tx, &row).await
        });
        done.unwrap();
        Self { service, clock, authority, institution }
    }

    pub(super) fn operator(&self) -> Actor {
        Actor {
            person: PersonId(Uuid::nil()),
            account: None,
            name: String::new(),
            institution: self.institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::Operator,
            request: Uuid::nil(),
        }
    }

    pub(super) fn session(&self, capacities: &[Capacity]) -> Actor {
        Actor { via: Via::Session, capacities: capacities.to_vec(), two_factors: true, ..self.operator() }
    }

    pub(super) async fn try_import(
        &self,
        actor: &Actor,
        target: Target,
        staged: &Staged,
        options: &ImportOptions,
    ) -> Result<ImportOutcome, Fault> {
        self.service.import(actor, target, staged, options, &|_| {}).await
    }

    /// Imports into the school as the operator.
    pub(super) async fn import(&self, bundle: &Bundle) -> ImportReport {
        self.import_with(bundle, false).await
    }

    /// The same with or without accepting a large change.
    pub(super) async fn import_with(&self, bundle: &Bundle, accept_large_change: bool) -> ImportReport {
        let options = ImportOptions { accept_large_change, ..ImportOptions::default() };
        let target = Target::Institution(self.institution);
        self.try_import(&self.operator(), target, &bundle.staged(), &options).await.unwrap().report
    }

    pub(super) async fn revision(&self, institution: InstitutionId) -> i64 {
        let mut read = self.service.db.read().await.unwrap();
        store::revision::current(&mut read, institution).await.unwrap().unwrap()
    }

    pub(super) async fn roster_of(&self, institution: InstitutionId) -> Roster {
        let mut read = self.service.db.read().await.unwrap();
        store::roster::load(&mut read, institution, &[], &[]).await.unwrap().unwrap()
    }

    pub(super) async fn roster(&self) -> Roster {
        self.roster_of(self.institution).await
    }

    /// Pupils at the school at a moment of a day, with level and groups: "Aya Hammoud 4 4.A Mat 4".
    pub(super) async fn pupils(&self, day: &str) -> Vec<String> {
        let roster = self.roster().await;
        let now = self.service.env.now();
        let at = Moment::asked(noon(day), now);
        let mut lines = Vec::new();
        for (ix, pupil) in (0_u16..).map(domain::PupilIx).zip(&roster.pupils) {
            if !roster.attendance.iter().any(|fact| fact.what == ix && fact.holds(at)) {
                continue;
            }
            let levels = roster.levels.iter().filter(|fact| fact.what.0 == ix && fact.holds(at));
            let levels: Vec<String> = levels.map(|fact| fact.what.1.to_string()).collect();
            let groups = roster.memberships.iter().filter(|fact| fact.what.0 == ix && fact.holds(at));
            let mut groups: Vec<&str> =
                groups.map(|fact| roster.groups[usize::from(fact.what.1.0)].name.as_str()).collect();
            groups.sort_unstable();
            lines.push(format!("{} {} {}", pupil.full_name(), levels.join("+"), groups.join(" ")).trim().to_owned());
        }
        lines.sort();
        lines
    }

    /// Persons with Teaching on a day.
    pub(super) async fn teachers(&self, day: &str) -> Vec<String> {
        let roster = self.roster().await;
        let at = Moment::asked(noon(day), self.service.env.now());
        let live = roster.teaching.iter().filter(|fact| fact.holds(at));
        let mut names: Vec<String> = live.map(|fact| roster.teachers[usize::from(fact.what.0)].full_name()).collect();
        names.sort();
        names
    }
}

/// People, groups, memberships, teaching as `added/changed/gone`.
pub(super) fn counts(report: &ImportReport) -> String {
    let one = |c: Counts| format!("{}/{}/{}", c.added, c.changed, c.gone);
    let ImportReport { people, groups, memberships, teaching, .. } = report;
    [*people, *groups, *memberships, *teaching].map(one).join(" ")
}

pub(super) const NOTHING: &str = "0/0/0 0/0/0 0/0/0 0/0/0";
