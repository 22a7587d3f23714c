//! What is written into the draft, and taken back.

use super::Grid;
use crate::grid::cursor::Place;
use crate::grid::drafting::{Dates, Target, Wish, everything, wish};
use crate::grid::rows::Turned;
use domain::Effect;
use domain::draft::{Edit, EditFault};
use domain::school::{Scope, TeacherIx};
use domain::test::TestIx;
use domain::view::{Answer, Scene};

impl Grid {
    /// Changes one cell as a click does: partly → yes → no.
    ///
    /// # Errors
    /// Why the draft cannot take it.
    pub fn toggle(&mut self, target: Target) -> Result<(), EditFault> {
        let yes = self.scene.cell(target.teacher, target.scope, target.test).answer != Answer::Yes;
        self.write(&[target], if yes { Wish::Yes } else { Wish::No }, self.usual(yes))
    }

    /// Changes cells to yes unless all are; then to no.
    ///
    /// # Errors
    /// Why the draft cannot take it.
    pub fn toggle_all(&mut self, targets: &[Target]) -> Result<(), EditFault> {
        let is_yes = |t: &Target| self.scene.cell(t.teacher, t.scope, t.test).answer == Answer::Yes;
        let yes = !targets.iter().all(is_yes);
        self.write(targets, if yes { Wish::Yes } else { Wish::No }, self.usual(yes))
    }

    /// Says something in each cell's own row.
    ///
    /// # Errors
    /// Why the draft cannot take it.
    pub fn say(&mut self, targets: &[Target], effect: Effect, dates: Dates) -> Result<(), EditFault> {
        let wished = match effect {
            Effect::Give => Wish::Yes,
            Effect::Withhold | Effect::Clear => Wish::Say(effect),
        };
        self.write(targets, wished, dates)
    }

    fn usual(&self, yes: bool) -> Dates {
        if yes { self.dates } else { Dates::default() }
    }

    fn write(&mut self, targets: &[Target], wished: Wish, dates: Dates) -> Result<(), EditFault> {
        let (edits, aftermath) = wish(&mut self.scene, self.draft.now(), targets, wished, dates)?;
        let yes = wished == Wish::Yes;
        self.wrote(edits);
        self.aftermath = Some((aftermath, yes));
        Ok(())
    }

    /// What a row's or a column's heading toggles: the cells at these places.
    #[must_use]
    pub fn line(&self, places: impl Iterator<Item = Place>) -> Vec<Target> {
        places.filter_map(|place| self.target(place)).collect()
    }

    /// Gives the shown teacher everything, or takes everything away if that is given already.
    ///
    /// # Errors
    /// Why the draft cannot take it.
    pub fn toggle_everything(&mut self) -> Result<(), EditFault> {
        let Turned::Teacher(teacher) = self.turned else { return Ok(()) };
        let mut tests = (0_u8..).map(TestIx).take(self.scene.school().roster.tests.len());
        let sees_all = |test| {
            let (yes, of) = self.scene.drafted().count(teacher, Scope::School, test);
            yes == of
        };
        let yes = !tests.all(sees_all);
        let (edits, aftermath) = everything(&mut self.scene, self.draft.now(), teacher, yes)?;
        self.wrote(edits);
        self.aftermath = Some((aftermath, yes));
        Ok(())
    }

    /// A colleague's rights as edits for another teacher, added to the draft.
    ///
    /// # Errors
    /// Why the draft cannot take it.
    pub fn copy(&mut self, colleague: TeacherIx, to: TeacherIx, withholds_too: bool) -> Result<usize, EditFault> {
        let mut edits = self.draft.now().clone();
        let copied = self.scene.copy(colleague, to, withholds_too);
        let count = copied.len();
        edits.extend(copied);
        self.replace(edits)?;
        Ok(count)
    }

    /// Puts another draft in place of the present one, as one step.
    ///
    /// # Errors
    /// Why it cannot be laid over the school; the draft then stays.
    pub fn replace(&mut self, edits: Vec<Edit>) -> Result<(), EditFault> {
        self.scene.lay(&edits).map_err(|(_, fault)| fault)?;
        self.wrote(edits);
        Ok(())
    }

    fn wrote(&mut self, edits: Vec<Edit>) {
        if self.draft.now().is_empty() {
            self.based_on = self.scene.school().revision;
            self.forget_conflicts();
        }
        self.aftermath = None;
        self.draft.push(edits);
        self.place_conflicts();
    }

    /// One step back. Says whether there was one.
    pub fn undo(&mut self) -> bool {
        let stepped = self.draft.undo();
        self.stepped(stepped)
    }

    /// One step forth again. Says whether there was one.
    pub fn redo(&mut self) -> bool {
        let stepped = self.draft.redo();
        self.stepped(stepped)
    }

    fn stepped(&mut self, stepped: bool) -> bool {
        if stepped {
            self.aftermath = None;
            let _ = self.scene.lay(self.draft.now());
            self.place_conflicts();
        }
        stepped
    }

    /// The draft's edits.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        self.draft.now()
    }

    /// Was the draft begun on an older revision than the one shown?
    #[must_use]
    pub fn is_behind(&self) -> bool {
        !self.draft.now().is_empty() && self.based_on < self.scene.school().revision
    }
}

/// Lays as much of a draft as can be laid, and answers that.
pub(super) fn laid(scene: &mut Scene, mut edits: Vec<Edit>) -> Vec<Edit> {
    while let Err((number, _)) = scene.lay(&edits) {
        let faulty = usize::try_from(number).unwrap_or(usize::MAX);
        if faulty >= edits.len() {
            edits.clear();
            let _ = scene.lay(&edits);
            break;
        }
        edits.remove(faulty);
    }
    edits
}
