//! Random schools and random drafts through the real store: what the preview says is what
//! happens, at every later instant.

use super::*;
use domain::draft::{Places, scope_id, tests_id};
use domain::exchange::RefusalCode;
use domain::school::School;
use domain::testing::{self, Chance};
use domain::{ChangeSetIx, Cube, Fact, Moment, PupilIx, TeacherIx, TestIx, TestKind};
use store::import::Facts;
use store::record::{NewChangeSet, StoredDecision};

/// Random schools on each engine.
const SCHOOLS: u64 = 24;
/// Change sets applied at each.
const ROUNDS: usize = 4;

/// The tests of [`testing::school`], for an operator's folder.
const EXTRA: [(&str, &str); 2] = [
    (
        "a.toml",
        r#"
[catalogue]
name = "Random"
country = "dk"
kind = "national"
[[subject]]
slug = "a"
name = "A"
[[subject]]
slug = "b"
name = "B"
[[test]]
code = "A2"
name = "A2"
subject = "a"
level = "2"
mandatory = true
[[test]]
code = "A4"
name = "A4"
subject = "a"
level = "4"
mandatory = true
[[test]]
code = "B3"
name = "B3"
subject = "b"
level = "3"
mandatory = true
[[test]]
code = "B0"
name = "B0"
subject = "b"
mandatory = true
"#,
    ),
    (
        "b.toml",
        r#"
[catalogue]
name = "Random exams"
country = "dk"
kind = "exam"
[[test]]
code = "X9"
name = "X9"
subject = "b"
level = "9"
mandatory = true
"#,
    ),
];

fn catalogue() -> Catalogue {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in EXTRA {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    Catalogue::load(Some(folder.path())).expect("the catalogue")
}

#[tokio::test]
async fn the_preview_is_the_change_after_applying() {
    let mut changes = 0;
    let done = on_both(async |test: &TestDb| {
        let base = world(test).await;
        let catalogue = Arc::new(catalogue());
        for seed in 0..SCHOOLS {
            let mut chance = Chance::new(seed);
            let original = testing::school(&mut chance);
            record_school(&base.service, &original, seed).await;
            let now = testing::day(2 + chance.below(6)).plus_seconds(37_000);
            base.clock.set(now);
            let services = [base.other_process(), base.other_process()].map(|mut service| {
                service.catalogue = Arc::clone(&catalogue);
                service
            });
            assert_same_rights(&services[0], &original, now, seed).await;
            for round in 0..ROUNDS {
                let (ours, theirs) = (&services[round % 2], &services[(round + 1) % 2]);
                changes += step(ours, theirs, &original, &mut chance, now, seed).await;
            }
        }
    })
    .await;
    done.expect("the databases");
    assert!(changes > 500, "the drafts hardly changed anything: {changes}");
}

/// Reviews and applies one random proposal; answers how many rights changed.
async fn step(
    service: &Service,
    other: &Service,
    original: &School,
    chance: &mut Chance,
    now: Instant,
    seed: u64,
) -> usize {
    let institution = original.roster.institution;
    let before = service.school(institution).await.expect("the school");
    let teacher = before.school().roster.teachers[0].id;
    let actor = Actor {
        person: teacher,
        account: None,
        name: "T".to_owned(),
        institution,
        capacities: vec![Capacity::TestAdministration],
        two_factors: true,
        via: Via::Session,
        request: Uuid::nil(),
    };
    let proposal = proposal(chance, before.school(), now);
    let review = match service.review(&actor, &proposal, before.school().revision).await {
        Ok(review) => review,
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::AlreadyTakenBack => return 0,
        Err(fault) => panic!("seed {seed}: {fault:?}"),
    };
    let outcome = service.apply(&actor, &proposal, review.revision, &review.digest, "").await.expect("an answer");
    applied(outcome);

    let after = other.school(institution).await.expect("the school");
    let kept = service.school(institution).await.expect("the school");
    assert_eq!(kept.school(), after.school(), "seed {seed}: kept and read anew");
    let mut instants = vec![now];
    instants.extend(before.school().boundaries_after(now));
    instants.extend(after.school().boundaries_after(now));
    for at in instants {
        assert_previewed(before.school(), after.school(), &review, at, seed);
    }
    review.diff.gains.len() + review.diff.losses.len()
}

fn assert_previewed(before: &School, after: &School, review: &Review, at: Instant, seed: u64) {
    let cube = |school: &School| Cube::build(&school.roster, &school.record, Moment::of_all_recorded(at));
    let (old, new) = (cube(before), cube(after));
    for teacher in (0..).map(TeacherIx).take(before.roster.teachers.len()) {
        for pupil in (0..).map(PupilIx).take(before.roster.pupils.len()) {
            for test in (0..).map(TestIx).take(before.roster.tests.len()) {
                let said = |changes: &[domain::diff::Change]| {
                    changes.iter().any(|change| {
                        (change.teacher, change.pupil, change.test) == (teacher, pupil, test)
                            && change.from <= at
                            && change.until.is_none_or(|until| at < until)
                    })
                };
                let (was, is) = (old.may_see(teacher, pupil, test), new.may_see(teacher, pupil, test));
                assert_eq!(said(&review.diff.gains), !was && is, "seed {seed}, a gain at {at:?}");
                assert_eq!(said(&review.diff.losses), was && !is, "seed {seed}, a loss at {at:?}");
            }
        }
    }
}

fn proposal(chance: &mut Chance, school: &School, now: Instant) -> Proposal {
    let recorded = school.record.change_sets.len() as u64;
    if recorded > 0 && chance.yes(30) {
        return take_back(1 + u32::try_from(chance.below(recorded)).expect("a number"));
    }
    let today = school.roster.zone.date_of(now);
    Proposal::Edits((0..=chance.below(3)).map(|_| random_edit(chance, school, today)).collect())
}

fn random_edit(chance: &mut Chance, school: &School, today: Date) -> Edit {
    let decision = testing::decision(chance, &school.roster, ChangeSetIx(0), 0);
    let mut teachers: Vec<PersonId> =
        school.roster.teachers.iter().filter(|_| chance.yes(40)).map(|teacher| teacher.id).collect();
    if teachers.is_empty() {
        teachers.push(school.roster.teachers[usize::from(decision.teacher.0)].id);
    }
    let later = |chance: &mut Chance, mut date: Date| {
        for _ in 0..chance.below(5) {
            date = date.next();
        }
        date
    };
    let from = later(chance, today);
    let until = (decision.effect != Effect::Clear && chance.yes(50)).then(|| later(chance, from));
    Edit {
        teachers,
        scope: scope_id(&school.roster, decision.scope).expect("a scope"),
        tests: tests_id(&school.roster, decision.tests).expect("tests"),
        effect: decision.effect,
        from: (from != today || chance.yes(50)).then_some(from),
        until,
    }
}

/// What the store gives back is the school that was recorded: same rights by ids.
async fn assert_same_rights(service: &Service, original: &School, now: Instant, seed: u64) {
    let loaded = service.school(original.roster.institution).await.expect("the school");
    let places = Places::of(&loaded.school().roster);
    let cube = loaded.cube(now);
    let expected = Cube::build(&original.roster, &original.record, Moment::asked(now, now));
    for (teacher, person) in (0..).map(TeacherIx).zip(&original.roster.teachers) {
        for (pupil, learner) in (0..).map(PupilIx).zip(&original.roster.pupils) {
            for (test, entry) in (0..).map(TestIx).zip(&original.roster.tests) {
                let at = (places.teacher(person.id), places.pupil(learner.id), places.test(&entry.code));
                let (Some(there), Some(whose), Some(which)) = at else { panic!("seed {seed}: somebody is missing") };
                assert_eq!(cube.may_see(there, whose, which), expected.may_see(teacher, pupil, test), "seed {seed}");
            }
        }
    }
}

/// Records a random school as an institution of its own.
async fn record_school(service: &Service, school: &School, seed: u64) {
    let written = store::write!(service.db, async |tx| {
        let roster = &school.roster;
        let authority = store::directory::authority_by_code(tx, "851").await?.expect("the authority").id;
        let institution = Institution {
            id: roster.institution,
            authority,
            code: format!("R{seed}"),
            name: format!("R{seed}"),
            country: "dk".to_owned(),
            identity_source: IdentitySource::Local,
        };
        store::directory::insert_institution(tx, &institution).await?;
        let person = |person: &domain::Person| Person {
            id: person.id,
            given: person.given.clone(),
            family: person.family.clone(),
            protected: person.protected,
            created: Instant(0),
        };
        let persons: Vec<Person> = roster.teachers.iter().chain(&roster.pupils).map(person).collect();
        store::directory::insert_persons(tx, &persons).await?;
        let mut writer = Writer { tx, env: service.env.clone(), institution: roster.institution };
        writer.facts(school).await?;
        writer.record(school).await
    });
    let _: () = written.unwrap_or_else(|fault: Fault| panic!("seed {seed}: {fault:?}"));
}

struct Writer<'a> {
    tx: &'a mut store::Write,
    env: Env,
    institution: InstitutionId,
}

impl Writer<'_> {
    const fn at(&self, now: Instant) -> Recording {
        Recording { institution: self.institution, now }
    }

    async fn close<T>(&mut self, kind: Facts, id: Uuid, fact: &Fact<T>) -> Result<(), Fault> {
        if let Some(until) = fact.recorded.until {
            let at = self.at(until);
            store::import::close(self.tx, at, kind, &[id], &mut |_| ()).await?;
        }
        Ok(())
    }

    async fn facts(&mut self, school: &School) -> Result<(), Fault> {
        let roster = &school.roster;
        let teachers = roster.teaching.iter().map(|fact| {
            let person = roster.teachers[usize::from(fact.what.0)].id;
            (person, UserType::Teacher, Fact { what: (), valid: fact.valid, recorded: fact.recorded })
        });
        let pupils = roster.attendance.iter().map(|fact| {
            let person = roster.pupils[usize::from(fact.what.0)].id;
            (person, UserType::Pupil, Fact { what: (), valid: fact.valid, recorded: fact.recorded })
        });
        for (person, user_type, fact) in teachers.chain(pupils) {
            let (id, at) = (self.env.id(), self.at(fact.recorded.from));
            let row = NewAffiliation { id, person, user_type, valid: fact.valid };
            store::import::add_affiliations(self.tx, at, store::import::FILE_SOURCE, &[row], &mut |_| ()).await?;
            self.close(Facts::Affiliations, id, &fact).await?;
        }
        let groups: Vec<NewGroup> = roster
            .groups
            .iter()
            .map(|group| NewGroup {
                group: group.id,
                source_id: group.id.to_string(),
                name: group.name.clone(),
                kind: group.kind,
                subject: None,
            })
            .collect();
        store::import::add_groups(self.tx, self.at(Instant(0)), &groups, &mut |_| ()).await?;
        for fact in &roster.memberships {
            let (id, at) = (self.env.id(), self.at(fact.recorded.from));
            let (pupil, group) = fact.what;
            let person = roster.pupils[usize::from(pupil.0)].id;
            let row = NewPlace { id, person, group: roster.groups[usize::from(group.0)].id, valid: fact.valid };
            store::import::add_memberships(self.tx, at, &[row], &mut |_| ()).await?;
            self.close(Facts::Memberships, id, fact).await?;
        }
        for fact in &roster.levels {
            let (id, at) = (self.env.id(), self.at(fact.recorded.from));
            let (pupil, level) = fact.what;
            let person = roster.pupils[usize::from(pupil.0)].id;
            let row = NewLevel { id, person, level: Some(level), raw: level.to_string(), valid: fact.valid };
            store::import::add_levels(self.tx, at, &[row], &mut |_| ()).await?;
            self.close(Facts::Levels, id, fact).await?;
        }
        Ok(())
    }

    async fn record(&mut self, school: &School) -> Result<(), Fault> {
        for (ix, set) in (0..).map(ChangeSetIx).zip(&school.record.change_sets) {
            let decisions: Vec<StoredDecision> = school
                .record
                .decisions
                .iter()
                .filter(|decision| decision.change_set == ix)
                .map(|decision| StoredDecision {
                    change_set: ix.0 + 1,
                    position: decision.position,
                    teacher: school.roster.teachers[usize::from(decision.teacher.0)].id,
                    scope: scope_id(&school.roster, decision.scope).expect("a scope"),
                    tests: tests_id(&school.roster, decision.tests).expect("tests"),
                    effect: decision.effect,
                    valid: decision.valid,
                })
                .collect();
            let revision = store::revision::raise(self.tx, self.institution).await?.expect("the school");
            let new = NewChangeSet {
                revision,
                recorded: set.recorded,
                author: set.author,
                author_name: &set.author_name,
                via: "session",
                reason: "",
                takes_back: set.takes_back.as_ref(),
                own_right: false,
            };
            store::record::append(self.tx, self.institution, &new, &decisions).await?;
        }
        Ok(())
    }
}

#[test]
fn the_operators_folder_has_every_random_test() {
    let catalogue = catalogue();
    for seed in 0..SCHOOLS {
        for test in testing::school(&mut Chance::new(seed)).roster.tests {
            let entry = catalogue.entry(&test.code).expect("an entry");
            assert_eq!(entry.kind == TestKind::Exam, test.kind == TestKind::Exam);
        }
    }
}
