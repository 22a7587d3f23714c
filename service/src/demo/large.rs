//! A large school in a database, for benchmarks of the server and the page.

use super::names;
use super::roster::{MadeUp, SchoolPlan, make_up};
use crate::accounts::{AccountOrder, Holder, IssuedAccount};
use crate::import::{ImportOptions, Target};
use crate::{Actor, Fault, Service, Via};
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{ApplyOutcome, Proposal, RefusalCode};
use domain::{AccountRole, Effect, GroupId, InstitutionId, PersonId, SchoolYear, Zone};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The large school's code.
pub const CODE: &str = "990001";
/// Decisions of one change set.
const CHANGE_SET: usize = 40;
/// The national tests' subjects with most tests.
const SUBJECTS: [&str; 3] = ["dansk-laesning", "matematik", "engelsk"];

/// A large school, and how to get into it.
#[derive(Debug)]
pub struct Large {
    /// The school.
    pub institution: InstitutionId,
    /// Its test administrator, with the password and the matrix.
    pub administrator: IssuedAccount,
    /// A teacher to whom classes and sections are given and nothing else, so that all of the school
    /// can be given to them and taken again.
    pub plain_teacher: PersonId,
}

/// Records a school of about so many pupils in classes of 25, of so many teachers, and about so
/// many decisions: three in four give a class or section, the others single pupils, one in eight
/// withholds.
///
/// # Errors
/// [`store::Error::Taken`] where the school is there already.
pub async fn fill(service: &Service, pupils: u32, teachers: u32, decisions: usize) -> Result<Large, Fault> {
    let mut rng = StdRng::seed_from_u64(u64::from(pupils));
    let year = SchoolYear::of(Zone::Copenhagen.date_of(service.env.now()));
    let made = made_up(pupils, teachers, year, &mut rng);
    let authority = service.create_authority("990", "Storstrøm Kommune", "dk").await?;
    let operator = service.operator_anywhere(authority.as_place());
    let options = ImportOptions { file_name: "large.zip".into(), ..ImportOptions::default() };
    service.import(&operator, Target::Authority(authority), &made.staged, &options, &|_| {}).await?;
    let mut read = service.db.read().await?;
    let school = store::directory::institution_by_code(&mut read, CODE).await?.ok_or(RefusalCode::NotFound)?;
    let known =
        store::import::file_roster(&mut read, school.id, authority.0, store::import::FILE_SOURCE, service.env.now())
            .await?;
    drop(read);
    let order = AccountOrder {
        holder: Holder::New { given: "Karen".into(), family: "Østergård".into() },
        role: AccountRole::TestAdministrator,
        matrix: true,
    };
    let administrator = service.create_account(&service.operator_anywhere(school.id), &order).await?;
    let author = Actor {
        person: administrator.person,
        account: Some(administrator.id),
        name: "Karen Østergård".into(),
        institution: school.id,
        capacities: AccountRole::TestAdministrator.capacities().to_vec(),
        two_factors: true,
        via: Via::Session,
        request: service.env.id(),
    };
    let is_teacher = |a: &&store::import::KnownAffiliation| a.user_type == domain::UserType::Teacher;
    let cast = Cast {
        teachers: known.affiliations.iter().filter(is_teacher).map(|a| a.person).collect(),
        pupils: known.levels.iter().map(|level| level.person).collect(),
        groups: known.groups.iter().map(|group| group.group).collect(),
    };
    let edits: Vec<Edit> = (0..decisions).filter_map(|_| cast.edit(&mut rng)).collect();
    for part in edits.chunks(CHANGE_SET) {
        record(service, &author, part.to_vec()).await?;
    }
    let plain_teacher = cast.teachers.first().copied().ok_or(RefusalCode::NotFound)?;
    Ok(Large { institution: school.id, administrator, plain_teacher })
}

fn made_up(pupils: u32, teachers: u32, year: SchoolYear, rng: &mut StdRng) -> MadeUp {
    let classes = u8::try_from(pupils.div_ceil(250).max(1)).unwrap_or(u8::MAX);
    let size = pupils.div_ceil(u32::from(classes) * 10).max(1);
    let plan = SchoolPlan {
        code: CODE,
        name: "Storskolen",
        first_level: 0,
        classes: [classes; 10],
        class_size: (size, size),
        named_teachers: &[],
        teachers: teachers as usize,
        staff: 10,
        dot: ".",
        sections: &[
            ("Tysk", &[7, 8, 9]),
            ("Fransk", &[7, 8, 9]),
            ("Engelsk", &[4, 7]),
            ("Dansk som andetsprog", &[5, 7]),
        ],
    };
    make_up(&[plan], &names::DANISH, year, rng)
}

/// The people and groups that decisions are drawn from.
struct Cast {
    teachers: Vec<PersonId>,
    pupils: Vec<PersonId>,
    groups: Vec<GroupId>,
}

impl Cast {
    fn edit(&self, rng: &mut StdRng) -> Option<Edit> {
        let teacher = *drawn(&self.teachers, rng)?;
        let is_plain = self.teachers.first() == Some(&teacher);
        let scope = if rng.random_ratio(3, 4) || is_plain {
            ScopeId::Group(*drawn(&self.groups, rng)?)
        } else {
            ScopeId::Pupil(*drawn(&self.pupils, rng)?)
        };
        let tests =
            if rng.random_ratio(1, 4) { TestsId::All } else { TestsId::Subject((*drawn(&SUBJECTS, rng)?).into()) };
        let effect = if rng.random_ratio(1, 8) && !is_plain { Effect::Withhold } else { Effect::Give };
        Some(Edit { teachers: vec![teacher], scope, tests, effect, from: None, until: None })
    }
}

fn drawn<'a, T>(all: &'a [T], rng: &mut StdRng) -> Option<&'a T> {
    if all.is_empty() { None } else { all.get(rng.random_range(0..all.len())) }
}

async fn record(service: &Service, author: &Actor, edits: Vec<Edit>) -> Result<(), Fault> {
    let proposal = Proposal::Edits(edits);
    let revision = store::revision::current(&mut service.db.read().await?, author.institution).await?;
    let revision = revision.ok_or(RefusalCode::NotFound)?;
    let review = service.review(author, &proposal, revision).await?;
    match service.apply(author, &proposal, revision, &review.digest, "").await? {
        ApplyOutcome::Applied(_) => Ok(()),
        ApplyOutcome::Stale(_) => Err(Fault::Internal("a change set of the large school went stale".into())),
    }
}
