//! Questions about effective rights: may this teacher see this result and why; what does a teacher
//! see; who sees a pupil.
//!
//! People are named as the command line names them: by the roster's id (`sourcedId`) or ours.

use super::cache::CachedSchool;
use super::ids::{Ids, ids_in};
use crate::actor::Via;
use crate::catalogue::Catalogue;
use crate::{Actor, Fault, Service};
use domain::draft::Places;
use domain::exchange::RefusalCode;
use domain::explain::{Bearing, Condition, Explanation, Standing, explain};
use domain::{
    AccountRole, Capacity, Cube, Date, Effect, Instant, Moment, PersonId, PupilIx, School, SchoolYear, TeacherIx,
    TestIx,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// May a teacher see a result?
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckAnswer {
    /// Yes or no.
    pub allowed: bool,
    /// What settles it first, then every other decision that bears on it.
    pub reasons: Vec<Reason>,
}

/// One reason of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code.
    pub code: &'static str,
    /// A sentence.
    pub text: String,
    /// The decision it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<CitedDecision>,
    /// Names of those who can change it, where the answer is no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who_can_help: Option<Vec<String>>,
}

/// A decision as an answer cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CitedDecision {
    /// Number of its change set.
    pub change_set: u32,
    /// Its position in it.
    pub position: u16,
    /// What it says.
    pub decision: Effect,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Option<Date>,
    /// Who decided it.
    pub by: String,
}

/// All that a teacher sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TeacherRights {
    /// The teacher.
    pub teacher: String,
    /// By pupil, sorted.
    pub rights: Vec<PupilTests>,
}

/// Tests in which a pupil's results are seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct PupilTests {
    /// The pupil.
    pub pupil: String,
    /// Codes of the tests, sorted.
    pub tests: Vec<String>,
}

/// Who sees a pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhoSees {
    /// The pupil.
    pub pupil: String,
    /// Teachers, sorted.
    pub teachers: Vec<TeacherTests>,
    /// Leaders who see the school's results by another right, sorted.
    pub leaders: Vec<SeeingLeader>,
}

/// Tests in which a teacher sees a pupil's results.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TeacherTests {
    /// The teacher.
    pub teacher: String,
    /// Codes of the tests, sorted.
    pub tests: Vec<String>,
}

/// A leader who sees the school's results.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SeeingLeader {
    /// The leader.
    pub leader: String,
    /// The role of the account that lets them; none where it is UNI-Login's flag, `Inst.ledelse`.
    pub role: Option<AccountRole>,
}

/// A school, the ids of its roster, and the moment asked about.
struct Asked {
    cached: Arc<CachedSchool>,
    ids: Ids,
    moment: Moment,
    now: Instant,
}

impl Asked {
    fn school(&self) -> &School {
        self.cached.school()
    }

    fn teacher(&self, text: &str) -> Result<TeacherIx, Fault> {
        let places = Places::of(&self.school().roster);
        self.ids.person(text).and_then(|id| places.teacher(id)).ok_or_else(|| Fault::unknown("teacher", text))
    }

    fn pupil(&self, text: &str) -> Result<PupilIx, Fault> {
        let places = Places::of(&self.school().roster);
        self.ids.person(text).and_then(|id| places.pupil(id)).ok_or_else(|| Fault::unknown("pupil", text))
    }

    /// The test of this code; `None` for one that the catalogue has and that is not held in the school
    /// year asked about.
    fn test(&self, code: &str, catalogue: &Catalogue) -> Result<Option<TestIx>, Fault> {
        let found = Places::of(&self.school().roster).test(code);
        let is_known = || {
            self.cached.year() != SchoolYear::of(self.school().roster.zone.date_of(self.now))
                && catalogue.entry(code).is_some()
        };
        if found.is_some() || is_known() { Ok(found) } else { Err(Fault::unknown("test of this school year", code)) }
    }

    /// The cube of the moment: the kept one where it is about now.
    fn cube(&self) -> Arc<Cube> {
        let school = self.school();
        if self.moment == Moment::asked(self.now, self.now) {
            self.cached.cube(self.now)
        } else {
            Arc::new(Cube::build(&school.roster, &school.record, self.moment))
        }
    }

    fn teacher_name(&self, ix: TeacherIx) -> String {
        self.name(self.school().roster.teachers.get(usize::from(ix.0)).map(|person| person.id))
    }

    fn pupil_name(&self, ix: PupilIx) -> String {
        self.name(self.school().roster.pupils.get(usize::from(ix.0)).map(|person| person.id))
    }

    fn name(&self, id: Option<PersonId>) -> String {
        id.map(|id| self.ids.of_person(id)).unwrap_or_default()
    }

    fn code(&self, ix: TestIx) -> String {
        self.school().roster.tests.get(usize::from(ix.0)).map(|test| test.code.clone()).unwrap_or_default()
    }
}

impl Service {
    /// May this teacher see this pupil's result in this test, and why?
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] unless the operator, a test administrator or a leader asks;
    /// [`RefusalCode::NotFound`] for an id or code that is unknown here.
    pub async fn check(
        &self,
        actor: &Actor,
        teacher: &str,
        pupil: &str,
        test: &str,
        at: Option<Instant>,
    ) -> Result<CheckAnswer, Fault> {
        let asked = self.asked(actor, at).await?;
        let (teacher, pupil) = (asked.teacher(teacher)?, asked.pupil(pupil)?);
        let Some(test) = asked.test(test, &self.catalogue)? else {
            let text = format!("{test} is not held in the school year {}.", asked.cached.year());
            let reason = Reason { code: "not_held", text, decision: None, who_can_help: None };
            return Ok(CheckAnswer { allowed: false, reasons: vec![reason] });
        };
        let explanation = explain(asked.school(), teacher, pupil, test, asked.moment);
        let help = match explanation.failed {
            Some(condition) => Some(self.names_with(actor, condition.mended_by(), asked.now).await?),
            None => None,
        };
        Ok(CheckAnswer { allowed: explanation.verdict, reasons: reasons(asked.school(), &explanation, help) })
    }

    /// All that a teacher sees.
    ///
    /// # Errors
    /// As [`Service::check`].
    pub async fn teacher_rights(
        &self,
        actor: &Actor,
        teacher: &str,
        at: Option<Instant>,
    ) -> Result<TeacherRights, Fault> {
        let asked = self.asked(actor, at).await?;
        let teacher = asked.teacher(teacher)?;
        let mut by_pupil: BTreeMap<PupilIx, Vec<String>> = BTreeMap::new();
        for (pupil, test) in asked.cube().seen_by(teacher) {
            by_pupil.entry(pupil).or_default().push(asked.code(test));
        }
        let mut rights: Vec<PupilTests> = by_pupil
            .into_iter()
            .map(|(pupil, tests)| PupilTests { pupil: asked.pupil_name(pupil), tests: sorted(tests) })
            .collect();
        rights.sort_unstable();
        Ok(TeacherRights { teacher: asked.teacher_name(teacher), rights })
    }

    /// Who sees a pupil's results, in one test or in any.
    ///
    /// # Errors
    /// As [`Service::check`].
    pub async fn who_sees(
        &self,
        actor: &Actor,
        pupil: &str,
        test: Option<&str>,
        at: Option<Instant>,
    ) -> Result<WhoSees, Fault> {
        let asked = self.asked(actor, at).await?;
        let pupil = asked.pupil(pupil)?;
        let tests: Vec<TestIx> = match test {
            Some(code) => asked.test(code, &self.catalogue)?.into_iter().collect(),
            None => (0_u8..).map(TestIx).take(asked.school().roster.tests.len()).collect(),
        };
        let cube = asked.cube();
        let mut by_teacher: BTreeMap<TeacherIx, Vec<String>> = BTreeMap::new();
        for test in tests {
            for teacher in cube.teachers_who_see(pupil, test) {
                by_teacher.entry(teacher).or_default().push(asked.code(test));
            }
        }
        let mut teachers: Vec<TeacherTests> = by_teacher
            .into_iter()
            .map(|(teacher, tests)| TeacherTests { teacher: asked.teacher_name(teacher), tests: sorted(tests) })
            .collect();
        teachers.sort_unstable();
        let leaders = self.leaders_in(&mut self.db.read().await?, &asked.cached, asked.moment).await?;
        let mut leaders: Vec<SeeingLeader> = leaders
            .into_iter()
            .filter(|leader| leader.sees_results && cube.crowd().is_present(pupil))
            .map(|leader| SeeingLeader { leader: asked.ids.of_person(leader.person), role: leader.role })
            .collect();
        leaders.sort_unstable();
        Ok(WhoSees { pupil: asked.pupil_name(pupil), teachers, leaders })
    }

    async fn asked(&self, actor: &Actor, at: Option<Instant>) -> Result<Asked, Fault> {
        require_insight(actor)?;
        let now = self.env.now();
        let mut read = self.db.read().await?;
        let at = at.unwrap_or(now);
        let cached = self.school_of_year(&mut read, actor.institution, at).await?;
        let ids = ids_in(&mut read, actor).await?;
        Ok(Asked { cached, ids, moment: Moment::asked(at, now), now })
    }

    /// Names of those who hold a capacity at the actor's institution.
    pub(super) async fn names_with(
        &self,
        actor: &Actor,
        capacity: Capacity,
        now: Instant,
    ) -> Result<Vec<String>, Fault> {
        let mut read = self.db.read().await?;
        let holders = self.holders_of(&mut read, actor.institution, capacity, now).await?;
        Ok(holders.into_iter().map(|holder| holder.name).collect())
    }
}

/// Who may ask about everybody's rights: the operator, test administrators and leaders.
pub(crate) fn require_insight(actor: &Actor) -> Result<(), Fault> {
    if actor.via == Via::Operator || actor.is(Capacity::TestAdministration) || actor.is(Capacity::Leadership) {
        Ok(())
    } else {
        Err(RefusalCode::NotAllowed.into())
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts
}

fn reasons(school: &School, explanation: &Explanation, help: Option<Vec<String>>) -> Vec<Reason> {
    let (code, text) = match explanation.failed {
        None => ("given", "The right is given."),
        Some(Condition::Teaching) => ("no_teaching", "The person is not a teacher at this school at that time."),
        Some(Condition::Attendance) => {
            ("not_a_pupil_here", "The pupil is not affiliated with this school at that time.")
        }
        Some(Condition::Given) => ("nothing_given", "No decision gives the right."),
        Some(Condition::NotWithheld) => ("withheld", "The right is withheld."),
    };
    let is_about_decisions = !matches!(explanation.failed, Some(Condition::Teaching | Condition::Attendance));
    let winner = explanation.winner.filter(|_| is_about_decisions);
    let first = Reason {
        code,
        text: text.to_owned(),
        decision: winner.and_then(|place| cited(school, place)),
        who_can_help: help,
    };
    let others = explanation.bearing.iter().filter(|bearing| Some(bearing.decision) != winner);
    std::iter::once(first).chain(others.map(|bearing| bearing_reason(school, bearing))).collect()
}

fn bearing_reason(school: &School, bearing: &Bearing) -> Reason {
    let (code, text) = match bearing.standing {
        Standing::Wins => ("decides", "This decision settles what the decisions say.".to_owned()),
        Standing::Overruled(_) => ("overruled", "Another decision counts before this one.".to_owned()),
        Standing::Superseded(_) => ("superseded", "A later decision in the same place replaced this one.".to_owned()),
        Standing::Silences => ("cleared", "What was said before in this place was cleared.".to_owned()),
        Standing::NotYet => ("not_yet", "This decision has not begun.".to_owned()),
        Standing::Ended => ("ended", "This decision has ended.".to_owned()),
        Standing::TakenBack(by) => ("taken_back", format!("Change set {} took this decision back.", by.0 + 1)),
    };
    Reason { code, text, decision: cited(school, bearing.decision), who_can_help: None }
}

fn cited(school: &School, place: u32) -> Option<CitedDecision> {
    let decision = school.record.decisions.get(usize::try_from(place).ok()?)?;
    let set = school.record.change_sets.get(usize::try_from(decision.change_set.0).ok()?)?;
    let (from, until) = school.roster.zone.days(decision.valid);
    Some(CitedDecision {
        change_set: set.number,
        position: decision.position,
        decision: decision.effect,
        from,
        until,
        by: set.author_name.clone(),
    })
}
