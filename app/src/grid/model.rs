//! The grid's whole state, without a browser: school, draft, side, rows, cursor.

use super::choice::Chosen;
use super::cursor::{Cursor, Extent, Place};
use super::drafting::{Aftermath, Dates, Target, Wish, everything, wish, without};
use super::look::Look;
use super::names::Names;
use super::rows::{self, Column, Folding, Heading, Opened, Row, Turned};
use super::saying::Saying;
use super::undo::Undo;
use super::used::Used;
use crate::text::Locale;
use domain::draft::{Edit, EditFault, Places};
use domain::exchange::{Conflict, GridLoad, KeptDraft, Leader};
use domain::school::{Decision, GroupIx, Scope, TeacherIx};
use domain::test::TestIx;
use domain::text::Alphabet;
use domain::view::{Answer, Scene};
use domain::{Effect, Instant, Level, SchoolYear, Zone};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The grid.
#[derive(Debug)]
pub struct Grid {
    /// School and draft.
    pub scene: Scene,
    /// Names in the page's language.
    pub names: Names,
    /// How cells are put in words.
    pub saying: Saying,
    /// What stands still.
    pub turned: Turned,
    /// Columns, each with its heading.
    pub columns: Vec<(Column, Heading)>,
    /// Rows, with classes opened and folded.
    pub rows: Vec<Row>,
    /// What is opened.
    pub folding: Folding,
    /// What is in use, while everything else is left out.
    used: Option<Used>,
    /// Where the person is.
    pub cursor: Cursor,
    /// First and last day of what is newly given.
    pub dates: Dates,
    /// The school's leaders.
    pub leaders: Vec<Leader>,
    /// What the last edit left undone, until the next.
    pub aftermath: Option<(Aftermath, bool)>,
    /// Raised when columns, names or what the rows are about have changed.
    generation: u32,
    draft: Undo<Vec<Edit>>,
    based_on: i64,
    kept: Option<Instant>,
    conflicts: Vec<Conflict>,
    /// The cells of the conflicts, each with the later decision: place in the record.
    conflicting: BTreeMap<Target, usize>,
}

/// What the change bar says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Edits in the draft.
    pub edits: usize,
    /// Cells (teacher × pupil × test) that change today.
    pub cells: usize,
    /// Teachers who gain.
    pub gaining: Vec<TeacherIx>,
    /// Teachers who lose.
    pub losing: Vec<TeacherIx>,
    /// Conflicts with later decisions.
    pub conflicts: usize,
    /// Is there a step back?
    pub can_undo: bool,
}

impl Grid {
    /// Builds the grid. Edits of the kept draft that cannot be laid over the school any more (a
    /// day that has passed, a person who is gone) are left out; how many, is the second answer.
    #[must_use]
    pub fn of(load: GridLoad, alphabet: Alphabet, locale: Locale) -> (Self, usize) {
        let GridLoad { school, draft: KeptDraft { based_on, edits, kept }, leaders, now } = load;
        let (revision, zone) = (school.revision, school.roster.zone);
        let mut scene = Scene::of(Arc::new(school), alphabet, now);
        let before = edits.len();
        let edits = laid(&mut scene, edits);
        let left_out = before - edits.len();
        let year = SchoolYear::of(zone.date_of(now)).0;
        let names = Names::of(&scene, locale);
        let first = scene.teachers().first().copied().unwrap_or(TeacherIx(0));
        let mut grid = Self {
            names,
            saying: Saying { locale, zone, year },
            turned: Turned::Teacher(first),
            columns: Vec::new(),
            rows: Vec::new(),
            folding: Folding::default(),
            used: None,
            cursor: Cursor::default(),
            dates: Dates::default(),
            leaders,
            aftermath: None,
            generation: 0,
            based_on: if edits.is_empty() { revision } else { based_on },
            draft: Undo::new(edits),
            kept,
            conflicts: Vec::new(),
            conflicting: BTreeMap::new(),
            scene,
        };
        grid.turn(grid.turned);
        (grid, left_out)
    }

    /// Takes over a newer state of the school, keeping side, cursor, folding and the person's own
    /// draft. Says how many change sets are new, and how many edits could not be laid any more.
    pub fn merge(&mut self, load: GridLoad, alphabet: Alphabet) -> (usize, usize) {
        let GridLoad { school, leaders, now, .. } = load;
        let news = school.record.change_sets.len().saturating_sub(self.scene.school().record.change_sets.len());
        let chosen = self.chosen();
        let open: Vec<(domain::GroupId, bool)> = self.open_groups();
        let edits = self.draft.now().clone();
        self.scene = Scene::of(Arc::new(school), alphabet, now);
        let laid = laid(&mut self.scene, edits.clone());
        let left_out = edits.len() - laid.len();
        self.draft.push(laid);
        if self.draft.now().is_empty() {
            self.based_on = self.scene.school().revision;
        }
        self.names = Names::of(&self.scene, self.saying.locale);
        self.leaders = leaders;
        let cursor = self.cursor;
        if let Some(turned) = chosen.and_then(|chosen| self.find(&chosen)) {
            self.turned = turned;
        }
        self.reopen(&open);
        self.turn(self.turned);
        self.cursor = cursor.within(self.extent(1));
        (news, left_out)
    }

    /// The place of a choice in this school, if it is (still) there.
    #[must_use]
    pub fn find(&self, chosen: &Chosen) -> Option<Turned> {
        let places = Places::of(&self.scene.school().roster);
        match chosen {
            Chosen::Teacher(id) => places.teacher(*id).map(Turned::Teacher),
            Chosen::School => Some(Turned::Scope(Scope::School)),
            Chosen::Level(level) => Some(Turned::Scope(Scope::Level(*level))),
            Chosen::Group(id) => places.group(*id).map(|group| Turned::Scope(Scope::Group(group))),
            Chosen::Pupil(id) => places.pupil(*id).map(Turned::Pupil),
            Chosen::Test(code) => places.test(code).map(Turned::Test),
        }
    }

    /// What stands still, by id.
    #[must_use]
    pub fn chosen(&self) -> Option<Chosen> {
        self.chosen_of(self.turned)
    }

    /// The id of something that can stand still.
    #[must_use]
    pub fn chosen_of(&self, turned: Turned) -> Option<Chosen> {
        let roster = &self.scene.school().roster;
        Some(match turned {
            Turned::Teacher(ix) => Chosen::Teacher(roster.teachers.get(usize::from(ix.0))?.id),
            Turned::Pupil(ix) | Turned::Scope(Scope::Pupil(ix)) => {
                Chosen::Pupil(roster.pupils.get(usize::from(ix.0))?.id)
            }
            Turned::Test(ix) => Chosen::Test(roster.tests.get(usize::from(ix.0))?.code.clone()),
            Turned::Scope(Scope::School) => Chosen::School,
            Turned::Scope(Scope::Level(level)) => Chosen::Level(level),
            Turned::Scope(Scope::Group(ix)) => Chosen::Group(roster.groups.get(usize::from(ix.0))?.id),
        })
    }

    /// Turns the grid.
    pub fn turn(&mut self, turned: Turned) {
        let side_changed = std::mem::discriminant(&turned) != std::mem::discriminant(&self.turned);
        self.turned = turned;
        self.generation = self.generation.wrapping_add(1);
        self.aftermath = None;
        if let Turned::Teacher(teacher) = turned {
            self.folding.refresh(&self.scene, teacher);
        }
        self.used = self.used.is_some().then(|| Used::of(self));
        self.columns = rows::columns(&self.scene, turned);
        self.lay_rows();
        self.cursor = if side_changed { Cursor::default() } else { Cursor { anchor: None, ..self.cursor } };
        self.cursor = self.cursor.within(self.extent(1));
    }

    fn lay_rows(&mut self) {
        self.rows = rows::rows(&self.scene, self.turned, &self.folding);
        if let Some(used) = &self.used {
            used.keep(&mut self.rows, &mut self.columns);
        }
    }

    /// Shows only what is in use now, on this side and those turned to, or everything again.
    pub fn show_used(&mut self, only: bool) {
        self.used = only.then(Used::default);
        self.turn(self.turned);
    }

    /// Is only shown what is in use?
    #[must_use]
    pub const fn shows_used(&self) -> bool {
        self.used.is_some()
    }

    /// Lays out rows anew after something was opened or closed; the cursor stays on its row.
    pub fn refold(&mut self) {
        let active = self.rows.get(self.cursor.at.row).copied();
        self.lay_rows();
        let row =
            active.and_then(|active| self.rows.iter().position(|row| *row == active).or_else(|| self.row_of(active)));
        self.cursor = Cursor { at: Place::new(row.unwrap_or(self.cursor.at.row), self.cursor.at.column), anchor: None };
        self.cursor = self.cursor.within(self.extent(1));
    }

    /// Where a folded-away row went: to its class.
    fn row_of(&self, gone: Row) -> Option<usize> {
        let (Row::Pupil(group, _) | Row::Fold(group, _)) = gone else { return None };
        self.rows.iter().position(|row| *row == Row::Group(group))
    }

    /// Opens or closes a group; `all` opens it with all its pupils.
    pub fn fold(&mut self, group: GroupIx, all: bool) {
        let Turned::Teacher(teacher) = self.turned else { return };
        if all {
            self.folding.open.insert(group, Opened::All);
        } else {
            self.folding.toggle(&self.scene, teacher, group, false);
        }
        self.refold();
    }

    /// Takes over which rows an address asks for.
    pub fn ask_rows(&mut self, asked: super::choice::Rows) {
        if asked.classes_only {
            self.folding.classes_only = true;
        }
        if asked.all_open {
            self.folding.open_all(&self.scene);
        }
    }

    /// The groups that are open, by id, and whether with all their pupils.
    #[must_use]
    pub fn open_groups(&self) -> Vec<(domain::GroupId, bool)> {
        let groups = &self.scene.school().roster.groups;
        let open = self.folding.open.iter();
        open.filter_map(|(ix, opened)| Some((groups.get(usize::from(ix.0))?.id, *opened == Opened::All))).collect()
    }

    /// Opens groups by id, as they were remembered.
    pub fn reopen(&mut self, open: &[(domain::GroupId, bool)]) {
        let places = Places::of(&self.scene.school().roster);
        let teacher = match self.turned {
            Turned::Teacher(teacher) => teacher,
            _ => TeacherIx(0),
        };
        let found: Vec<(GroupIx, bool)> =
            open.iter().filter_map(|(id, all)| Some((places.group(*id)?, *all))).collect();
        self.folding.open.clear();
        for (group, all) in found {
            self.folding.toggle(&self.scene, teacher, group, all);
        }
        self.refold();
    }

    /// The extent, with as many rows to a window.
    #[must_use]
    pub fn extent(&self, page: usize) -> Extent {
        Extent { rows: self.rows.len(), columns: self.columns.len(), page }
    }

    /// What a cell is about. A fold's row is about nothing.
    #[must_use]
    pub fn target(&self, place: Place) -> Option<Target> {
        let (column, _) = *self.columns.get(place.column)?;
        self.target_at(*self.rows.get(place.row)?, column)
    }

    /// What the cell of a row and a column is about, whether they are shown or not.
    #[must_use]
    pub const fn target_at(&self, row: Row, column: Column) -> Option<Target> {
        match (self.turned, row, column) {
            (Turned::Teacher(teacher), row, Column::Test(test)) => match row.scope() {
                Some(scope) => Some(Target { teacher, scope, test }),
                None => None,
            },
            (Turned::Scope(scope), Row::Teacher(teacher), Column::Test(test)) => Some(Target { teacher, scope, test }),
            (Turned::Pupil(pupil), Row::Teacher(teacher), Column::Test(test)) => {
                Some(Target { teacher, scope: Scope::Pupil(pupil), test })
            }
            (Turned::Test(test), Row::Teacher(teacher), Column::Group(group)) => {
                Some(Target { teacher, scope: Scope::Group(group), test })
            }
            _ => None,
        }
    }

    /// How a cell looks; `None` where there is none.
    #[must_use]
    pub fn look(&self, place: Place) -> Option<Look> {
        let target = self.target(place)?;
        let mut look = self.look_at(target);
        look.selected = self.cursor.is_range() && self.cursor.range().contains(place);
        Some(look)
    }

    /// How what a target is about looks, wherever it is drawn.
    #[must_use]
    pub fn look_at(&self, target: Target) -> Look {
        let Target { teacher, scope, test } = target;
        let cell = self.scene.cell(teacher, scope, test);
        let class_gives = match (scope, cell.answer) {
            (Scope::Pupil(pupil), Answer::Yes) if cell.here.is_none() => {
                self.scene.class_of(pupil).is_some_and(|class| rows::gives(&self.scene, teacher, class, test))
            }
            _ => false,
        };
        let mut look = Look::of(&cell, class_gives);
        look.conflict = self.conflicting.contains_key(&target);
        look
    }

    /// What a cell says, in words.
    #[must_use]
    pub fn state(&self, target: Target, look: &Look) -> String {
        let level: Option<Level> = if look.quiet { self.scene.highest_level(target.scope) } else { None };
        self.saying.state(look, level)
    }

    /// The selected cells, or the active one.
    #[must_use]
    pub fn selected(&self) -> Vec<Target> {
        let range = self.cursor.range();
        let places = range.rows().flat_map(|row| range.columns().map(move |column| Place::new(row, column)));
        places.filter_map(|place| self.target(place)).collect()
    }

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

    /// The draft as the server keeps it.
    #[must_use]
    pub fn kept_draft(&self) -> KeptDraft {
        KeptDraft { based_on: self.based_on, edits: self.draft.now().clone(), kept: self.kept }
    }

    /// The server has kept the draft.
    pub const fn set_kept(&mut self, kept: Option<Instant>) {
        self.kept = kept;
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

    /// Takes over where the server says that the draft meets later decisions.
    pub fn set_conflicts(&mut self, conflicts: Vec<Conflict>) {
        self.conflicts = conflicts;
        self.place_conflicts();
    }

    /// Finds the cells of the conflicts in the present draft.
    fn place_conflicts(&mut self) {
        self.conflicting.clear();
        if self.conflicts.is_empty() {
            return;
        }
        let school = Arc::clone(self.scene.school());
        for conflict in &self.conflicts {
            let theirs = school.record.decisions.iter().enumerate().find(|(_, decision)| {
                decision.change_set.0.saturating_add(1) == conflict.change_set && decision.position == conflict.position
            });
            let Some((place, theirs)) = theirs else { continue };
            for draft in self.scene.draft() {
                if !domain::draft::touch(&school.roster, draft, theirs) {
                    continue;
                }
                let tests = (0_u8..).map(domain::TestIx).zip(&school.roster.tests);
                let shared = tests.filter(|(ix, test)| draft.tests.covers(*ix, test) && theirs.tests.covers(*ix, test));
                let (teacher, scope) = (draft.teacher, draft.scope);
                self.conflicting.extend(shared.map(|(test, _)| (Target { teacher, scope, test }, place)));
            }
        }
    }

    /// The later decision that the draft meets in a cell.
    #[must_use]
    pub fn conflict_at(&self, target: Target) -> Option<&Decision> {
        self.scene.school().record.decisions.get(*self.conflicting.get(&target)?)
    }

    /// Settles the conflict in a cell: the draft stands, or what it says about the cell goes.
    ///
    /// # Errors
    /// Why the draft cannot be laid without it.
    pub fn settle(&mut self, target: Target, mine: bool) -> Result<(), EditFault> {
        if !mine {
            let said = self.draft.now().to_vec();
            let edits = without(&self.scene, &said, &[target], false).0;
            return self.replace(edits);
        }
        if let Some(theirs) = self.conflict_at(target).copied() {
            self.conflicts.retain(|conflict| {
                (conflict.change_set, conflict.position) != (theirs.change_set.0.saturating_add(1), theirs.position)
            });
        }
        self.place_conflicts();
        if self.conflicts.is_empty() {
            self.rebase();
        }
        Ok(())
    }

    /// The person has seen the later decisions and stands by the draft: it counts as begun now.
    pub fn rebase(&mut self) {
        self.based_on = self.scene.school().revision;
        self.conflicts.clear();
        self.conflicting.clear();
    }

    /// Takes one edit out of the draft.
    pub fn drop_edit(&mut self, number: u32) {
        let mut edits = self.draft.now().clone();
        if usize::try_from(number).is_ok_and(|number| number < edits.len()) {
            edits.remove(usize::try_from(number).unwrap_or(usize::MAX));
            let _ = self.replace(edits);
        }
    }

    /// What "find" finds, in the order of the rows.
    #[must_use]
    pub fn hits(&self, query: &str) -> Vec<Row> {
        match self.turned {
            Turned::Teacher(_) => {
                let groups = self.names.group_index.find(query).map(Row::Group);
                let pupils = self.names.pupil_index.find(query).filter_map(|pupil| {
                    let group = self.scene.class_of(pupil).or_else(|| self.any_group(pupil))?;
                    Some(Row::Pupil(group, pupil))
                });
                groups.chain(pupils).collect()
            }
            Turned::Scope(_) | Turned::Pupil(_) | Turned::Test(_) => {
                self.names.teacher_index.find(query).map(Row::Teacher).collect()
            }
        }
    }

    fn any_group(&self, pupil: domain::PupilIx) -> Option<GroupIx> {
        let groups = 0..u16::try_from(self.scene.school().roster.groups.len()).unwrap_or(u16::MAX);
        groups.map(GroupIx).find(|group| self.scene.members(*group).contains(&pupil))
    }

    /// Opens what hides a hit, and answers its row.
    pub fn show_hit(&mut self, query: &str, number: usize) -> Option<usize> {
        let hit = self.hits(query).get(number).copied()?;
        let row_of = |grid: &Self| grid.rows.iter().position(|row| *row == hit);
        let stands_in = match hit {
            Row::Pupil(group, _) => Row::Group(group),
            other => other,
        };
        if self.shows_used() && !self.rows.contains(&stands_in) {
            self.show_used(false);
        }
        if row_of(self).is_none()
            && let Row::Pupil(group, _) = hit
        {
            self.fold(group, true);
        }
        row_of(self)
    }

    /// What the change bar says.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let changed = self.scene.changed_cells();
        let of = |gains: bool| {
            let some = changed.iter().filter(move |(_, added, removed)| if gains { *added > 0 } else { *removed > 0 });
            some.map(|(teacher, _, _)| *teacher).collect()
        };
        Summary {
            edits: self.draft.now().len(),
            cells: changed.iter().map(|(_, added, removed)| added + removed).sum(),
            gaining: of(true),
            losing: of(false),
            conflicts: self.conflicting.len(),
            can_undo: self.draft.can_undo(),
        }
    }

    /// Raised when columns, names or what the rows are about have changed.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// The zone of the school's days.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.saying.zone
    }
}

/// Lays as much of a draft as can be laid, and answers that.
fn laid(scene: &mut Scene, mut edits: Vec<Edit>) -> Vec<Edit> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::drafting::single;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, MATH_4, METTE, NOW, scene, school};
    use crate::grid::look::Glyph;

    fn load(edits: Vec<Edit>) -> GridLoad {
        GridLoad {
            school: school(),
            draft: KeptDraft { based_on: 7, edits, kept: None },
            leaders: Vec::new(),
            now: NOW,
        }
    }

    fn grid() -> Grid {
        Grid::of(load(Vec::new()), Alphabet::Danish, Locale::da).0
    }

    fn row(grid: &Grid, row: Row) -> usize {
        grid.rows.iter().position(|other| *other == row).unwrap()
    }

    fn target(test: domain::TestIx) -> Target {
        Target { teacher: BO, scope: Scope::Group(CLASS_4A), test }
    }

    #[test]
    fn every_side_speaks_of_the_same_cells() {
        let mut grid = grid();
        grid.turn(Turned::Teacher(BO));
        grid.toggle(target(MATH_4)).unwrap();
        for (turned, at) in [
            (Turned::Teacher(BO), Row::Group(CLASS_4A)),
            (Turned::Scope(Scope::Group(CLASS_4A)), Row::Teacher(BO)),
            (Turned::Test(MATH_4), Row::Teacher(BO)),
        ] {
            grid.turn(turned);
            let row = row(&grid, at);
            let yes: Vec<Target> = (0..grid.columns.len())
                .filter(|column| grid.look(Place::new(row, *column)).is_some_and(|look| look.glyph == Glyph::YesHere))
                .filter_map(|column| grid.target(Place::new(row, column)))
                .collect();
            assert_eq!(yes, [target(MATH_4)], "{turned:?}");
        }
        grid.turn(Turned::Pupil(AYA));
        let row = row(&grid, Row::Teacher(BO));
        let looks: Vec<Look> =
            (0..grid.columns.len()).filter_map(|column| grid.look(Place::new(row, column))).collect();
        assert_eq!(looks.iter().filter(|look| look.glyph == Glyph::YesVia).count(), 1);
    }

    #[test]
    fn every_side_can_be_edited_and_undone() {
        let mut grid = grid();
        for turned in [Turned::Teacher(BO), Turned::Scope(Scope::School), Turned::Pupil(AYA), Turned::Test(MATH_4)] {
            grid.turn(turned);
            let place = Place::new(0, 0);
            let at = grid.target(place).unwrap();
            grid.toggle(at).unwrap();
            assert_eq!(grid.look(place).unwrap().checked(), "true", "{turned:?}");
            assert!(grid.undo());
            assert_eq!(grid.look(place).unwrap().checked(), "false", "{turned:?}");
            assert!(grid.redo() && grid.undo());
        }
        assert_eq!(grid.summary(), Summary::default());
    }

    #[test]
    fn the_bar_counts_cells_and_teachers() {
        let mut grid = grid();
        grid.toggle(target(MATH_4)).unwrap();
        grid.toggle(Target { teacher: METTE, ..target(MATH_4) }).unwrap();
        let summary = grid.summary();
        assert_eq!((summary.edits, summary.cells), (2, 4));
        assert_eq!((summary.gaining.len(), summary.losing.len()), (2, 0));
        assert!(summary.can_undo);
    }

    #[test]
    fn a_row_toggles_as_one() {
        let mut grid = grid();
        grid.turn(Turned::Teacher(BO));
        let at = row(&grid, Row::Group(CLASS_4A));
        let line = grid.line((0..grid.columns.len()).map(|column| Place::new(at, column)));
        assert_eq!(line.len(), 3);
        grid.toggle_all(&line).unwrap();
        assert!(line.iter().all(|target| grid.look_at(*target).glyph == Glyph::YesHere));
        grid.toggle_all(&line).unwrap();
        assert_eq!(grid.edits(), []);
    }

    #[test]
    fn a_kept_draft_is_laid_again_without_what_cannot_be() {
        let scene = scene();
        let mut good = single(&scene, BO, Scope::Group(CLASS_4A), MATH_4, Effect::Give).unwrap();
        let mut passed = good.clone();
        passed.from = "2020-01-01".parse().ok();
        let (grid, left_out) = Grid::of(load(vec![passed, good.clone()]), Alphabet::Danish, Locale::da);
        assert_eq!((left_out, grid.edits()), (1, [good.clone()].as_slice()));
        good.tests = domain::draft::TestsId::Test("GONE".into());
        let (grid, left_out) = Grid::of(load(vec![good]), Alphabet::Danish, Locale::da);
        assert_eq!((left_out, grid.edits().len()), (1, 0));
    }

    #[test]
    fn a_newer_school_keeps_draft_and_place() {
        let mut grid = grid();
        grid.turn(Turned::Teacher(METTE));
        grid.fold(CLASS_4A, true);
        grid.cursor.at = Place::new(3, 1);
        grid.toggle(target(MATH_4)).unwrap();
        let mut newer = load(Vec::new());
        newer.school.revision = 8;
        let (news, left_out) = grid.merge(newer, Alphabet::Danish);
        assert_eq!((news, left_out, grid.edits().len()), (0, 0, 1));
        assert_eq!((grid.turned, grid.cursor.at), (Turned::Teacher(METTE), Place::new(3, 1)));
        assert!(grid.rows.contains(&Row::Pupil(CLASS_4A, AYA)));
        assert!(grid.is_behind());
        assert_eq!(grid.kept_draft().based_on, 7);
    }

    #[test]
    fn closing_a_class_takes_the_cursor_to_it() {
        let mut grid = grid();
        grid.turn(Turned::Teacher(BO));
        grid.fold(CLASS_4A, true);
        grid.cursor.at = Place::new(row(&grid, Row::Pupil(CLASS_4A, AYA)), 0);
        grid.fold(CLASS_4A, false);
        assert_eq!(grid.rows.get(grid.cursor.at.row), Some(&Row::Group(CLASS_4A)));
    }
}
