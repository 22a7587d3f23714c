//! Who was given, refused and taken back what.

use super::{Scene, subject_of};
use crate::demo::roster::Lesson;
use crate::import::SourcedId;
use crate::{Actor, Fault};
use domain::draft::{Edit, ScopeId, TestsId};
use domain::exchange::{ApplyOutcome, Proposal, RefusalCode};
use domain::{Effect, PersonId, TestKind};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A school's test administrators at work.
pub(super) struct Office<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) school: &'a str,
    pub(super) first: &'a Actor,
    pub(super) second: &'a Actor,
}

/// A reason in the words of the school's country.
type Reason = (&'static str, &'static str);

impl Office<'_> {
    /// The rights that every school gives at the start of its year: the subject's teachers.
    pub(super) async fn start_of_year(&self) -> Result<(), Fault> {
        let rounds: [(i64, &Actor, &str, RangeInclusive<u8>, Reason); 7] = [
            (20, self.first, "first-language", 2..=6, ("Dansklærere, 2.–6. klasse", "Lärare i svenska, åk 1–6")),
            (60, self.first, "first-language", 7..=9, ("Dansklærere i udskolingen", "Lärare i svenska, åk 7–9")),
            (110, self.second, "mathematics", 2..=6, ("Matematiklærere, 2.–6. klasse", "Lärare i matematik, åk 1–6")),
            (130, self.second, "mathematics", 7..=9, ("Matematiklærere i udskolingen", "Lärare i matematik, åk 7–9")),
            (180, self.second, "english", 4..=7, ("Engelsklærere", "Lärare i engelska")),
            (240, self.first, "Tysk", 7..=9, ("Tyskhold", "")),
            (250, self.first, "Dansk som andetsprog", 5..=7, ("Hold i dansk som andetsprog", "")),
        ];
        for (at, author, subject, levels, reason) in rounds {
            let lessons = self.lessons(subject).filter(|lesson| levels.contains(&lesson.level.rank()));
            let edits = lessons.map(|lesson| self.lesson(lesson)).collect::<Result<Vec<_>, _>>()?;
            self.record(at, author, edits.into_iter().flatten().collect(), reason).await?;
        }
        Ok(())
    }

    /// What came up in the weeks after: pupils, substitutes, a mistake and its end.
    pub(super) async fn weeks(&self) -> Result<(), Fault> {
        let reader = self.teacher("L011")?;
        let whole_school = self.give(reader, ScopeId::School, TestsId::Subject("dansk-laesning".into()));
        self.record(300, self.first, vec![whole_school], ("Læsevejleder for hele skolen", "")).await?;

        self.record(330, self.second, self.teacher_of_many()?, ("Ny fagfordeling", "")).await?;

        let edits = vec![self.withhold_own_child("5A", 0)?, self.withhold_own_child("8B", 3)?];
        self.record(360, self.first, edits, ("Eleven er lærerens eget barn", "")).await?;

        let support = self.teacher("L020")?;
        let single = |class| Ok(self.give(support, ScopeId::Pupil(self.pupil(class, 7)?), TestsId::All));
        let edits = ["3A", "3B", "4C"].into_iter().map(single).collect::<Result<Vec<_>, Fault>>()?;
        self.record(420, self.second, edits, ("Specialundervisning", "")).await?;

        let mistaken = self.give(self.teacher("L002")?, self.class("9A")?, TestsId::All);
        let number = self.record(520, self.second, vec![mistaken], ("Ny klasselærer i 9.A", "")).await?;
        if let Some(change_set) = number {
            let back = Proposal::TakeBack { change_set, positions: None };
            self.propose(530, self.second, back, "Forkert lærer: det var 8.A").await?;
        }
        let edit = self.give(self.teacher("L002")?, self.class("8A")?, TestsId::All);
        self.record(531, self.second, vec![edit], ("Ny klasselærer i 8.A", "")).await?;

        let exams = self.exams()?;
        self.record(600, self.first, exams, ("Prøver i 9. klasse", "")).await?;

        let until = Some(self.scene.days.days_ahead(14));
        let substitute = self.teacher("L019")?;
        let class = self.class("6B")?;
        let subject = |slug: &str| Edit { until, ..self.give(substitute, class, TestsId::Subject(slug.into())) };
        let edits = vec![subject("dansk-laesning"), subject("matematik")];
        self.record(700, self.first, edits, ("Vikar i 6.B", "")).await?;

        let away = self.give(self.teacher("L008")?, ScopeId::School, TestsId::All);
        let leave = Edit { effect: Effect::Withhold, until, ..away };
        self.record(800, self.second, vec![leave], ("Orlov", "")).await?;

        let later = Some(self.scene.days.days_ahead(30));
        let mathematics = TestsId::Subject("matematik".into());
        let successor = Edit { from: later, ..self.give(self.teacher("L025")?, self.class("7B")?, mathematics) };
        self.record(940, self.first, vec![successor], ("Overtager matematik i 7.B", "")).await?;
        Ok(())
    }

    /// The lessons of this school in a subject.
    fn lessons<'a>(&'a self, subject: &'a str) -> impl Iterator<Item = &'a Lesson> {
        let own = format!("{}-", self.school);
        let lessons = self.scene.made.lessons.iter();
        lessons.filter(move |lesson| lesson.subject == subject && lesson.group.starts_with(&own))
    }

    /// A lesson's teacher sees the group's results in its subject; nothing where the country's
    /// catalogue has no such subject this year.
    fn lesson(&self, lesson: &Lesson) -> Result<Option<Edit>, Fault> {
        let subject = subject_of(lesson.subject, self.scene.country).filter(|subject| self.has_tests(subject));
        let Some(subject) = subject else { return Ok(None) };
        let (teacher, group) = (self.scene.person(&lesson.teacher)?, self.scene.group(&lesson.group)?);
        Ok(Some(self.give(teacher, ScopeId::Group(group), TestsId::Subject(subject.into()))))
    }

    fn has_tests(&self, subject: &str) -> bool {
        let offer = self.scene.service.catalogue.offer(self.scene.country, self.scene.days.year());
        offer.subjects.iter().any(|known| known.slug == subject)
    }

    /// The teachers of Danish at level 9 see the class's exams, one by one: no selector covers them.
    fn exams(&self) -> Result<Vec<Edit>, Fault> {
        let offer = self.scene.service.catalogue.offer(self.scene.country, self.scene.days.year());
        let mut edits = Vec::new();
        for lesson in self.lessons("first-language").filter(|lesson| lesson.level.rank() == 9) {
            let scope = ScopeId::Group(self.scene.group(&lesson.group)?);
            let teacher = self.scene.person(&lesson.teacher)?;
            let exams = offer.tests.iter().filter(|test| test.kind == TestKind::Exam).take(2);
            edits.extend(exams.map(|test| self.give(teacher, scope, TestsId::Test(test.code.clone()))));
        }
        Ok(edits)
    }

    fn give(&self, teacher: PersonId, scope: ScopeId, tests: TestsId) -> Edit {
        Edit { teachers: vec![teacher], scope, tests, effect: Effect::Give, from: None, until: None }
    }

    /// One teacher with much to look at: classes, a section, single pupils, one of them withheld.
    fn teacher_of_many(&self) -> Result<Vec<Edit>, Fault> {
        let teacher = self.teacher("L001")?;
        let subject = |slug: &str| TestsId::Subject(slug.into());
        let class = |name: &str, tests| Ok::<_, Fault>(self.give(teacher, self.class(name)?, tests));
        let pupil = |class: &str, number| Ok::<_, Fault>(ScopeId::Pupil(self.pupil(class, number)?));
        let withheld = self.give(teacher, pupil("4A", 4)?, subject("matematik"));
        Ok(vec![
            class("4A", TestsId::All)?,
            class("4B", subject("dansk-laesning"))?,
            class("6C", subject("dansk-laesning"))?,
            class("7B", subject("engelsk"))?,
            self.give(teacher, pupil("8A", 1)?, TestsId::All),
            self.give(teacher, pupil("8A", 9)?, subject("dansk-laesning")),
            Edit { effect: Effect::Withhold, ..withheld },
        ])
    }

    /// The class's own teacher does not see one pupil's results.
    fn withhold_own_child(&self, class: &str, pupil: usize) -> Result<Edit, Fault> {
        let group = format!("{}-{class}", self.school);
        let lesson = self.lessons("first-language").find(|lesson| *lesson.group == *group);
        let teacher = self.scene.person(&lesson.ok_or_else(|| super::missing(&group))?.teacher)?;
        let give = self.give(teacher, ScopeId::Pupil(self.pupil(class, pupil)?), TestsId::All);
        Ok(Edit { effect: Effect::Withhold, ..give })
    }

    fn teacher(&self, number: &str) -> Result<PersonId, Fault> {
        self.scene.person(&format!("{}-{number}", self.school).into())
    }

    fn class(&self, name: &str) -> Result<ScopeId, Fault> {
        Ok(ScopeId::Group(self.scene.group(&format!("{}-{name}", self.school).into())?))
    }

    fn pupil(&self, class: &str, number: usize) -> Result<PersonId, Fault> {
        let class: SourcedId = format!("{}-{class}", self.school).into();
        let pupil = self.scene.made.pupils.get(&class).and_then(|pupils| pupils.get(number));
        self.scene.person(pupil.ok_or_else(|| super::missing(&class))?)
    }

    /// Records a change set; nothing for one without edits.
    async fn record(&self, at: i64, author: &Actor, edits: Vec<Edit>, reason: Reason) -> Result<Option<u32>, Fault> {
        if edits.is_empty() {
            return Ok(None);
        }
        let reason = if self.scene.country == "se" { reason.1 } else { reason.0 };
        self.propose(at, author, Proposal::Edits(merged(edits)), reason).await.map(Some)
    }

    /// Reviews and applies, as a test administrator does.
    async fn propose(&self, at: i64, author: &Actor, proposal: Proposal, reason: &str) -> Result<u32, Fault> {
        self.scene.days.reach(at);
        let service = self.scene.service;
        let institution = author.institution;
        let revision = store::revision::current(&mut service.db.read().await?, institution).await?;
        let revision = revision.ok_or(RefusalCode::NotFound)?;
        let review = service.review(author, &proposal, revision).await?;
        match service.apply(author, &proposal, revision, &review.digest, reason).await? {
            ApplyOutcome::Applied(applied) => Ok(applied.change_set),
            ApplyOutcome::Stale(_) => Err(Fault::Internal("the demo's change set went stale".into())),
        }
    }
}

/// One edit for all groups' teachers who get the same: people draw rectangles, not lines.
fn merged(edits: Vec<Edit>) -> Vec<Edit> {
    let mut by_rest: BTreeMap<String, Edit> = BTreeMap::new();
    for edit in edits {
        let Edit { scope, tests, effect, from, until, .. } = &edit;
        let key = format!("{scope:?} {tests:?} {effect:?} {from:?} {until:?}");
        match by_rest.get_mut(&key) {
            Some(known) => known.teachers.extend(edit.teachers),
            None => {
                by_rest.insert(key, edit);
            }
        }
    }
    by_rest.into_values().collect()
}
