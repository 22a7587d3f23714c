//! The grid's whole state, without a browser: school, draft, side, rows, cursor.

mod conflicts;
mod edits;
mod hits;
mod kept;
mod opened;
mod summary;

use super::choice::Chosen;
use super::cursor::{Cursor, Extent, Place};
use super::drafting::{Aftermath, Dates, Target};
use super::look::Look;
use super::names::Names;
use super::rows::{self, Column, Folding, Heading, Row, Turned};
use super::saying::Saying;
use super::undo::Undo;
use super::used::Used;
use crate::text::Locale;
use conflicts::Later;
use domain::draft::{Edit, Places};
use domain::exchange::{GridLoad, KeptDraft, Leader, StaffMay};
use domain::school::{Scope, TeacherIx};
use domain::text::Alphabet;
use domain::view::{Answer, Scene};
use domain::{Instant, Level, SchoolYear, Zone};
use edits::laid;
pub use kept::{Elsewhere, Unsent};
use std::collections::BTreeMap;
use std::sync::Arc;
pub use summary::Summary;

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
    /// What each teacher may do besides, in the roster's order.
    may: Vec<StaffMay>,
    /// What the last edit left undone, until the next.
    pub aftermath: Option<(Aftermath, bool)>,
    /// Raised when columns, names or what the rows are about have changed.
    generation: u32,
    draft: Undo<Vec<Edit>>,
    based_on: i64,
    /// When the server last kept the draft, and what it was then.
    kept: Option<Instant>,
    kept_edits: Vec<Edit>,
    later: Later,
    /// The cells of the conflicts, each with the later decision: place in the record.
    conflicting: BTreeMap<Target, usize>,
}

/// What a newer state of school and draft brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// How many change sets are new.
    pub news: usize,
    /// How many edits could not be laid any more.
    pub left_out: usize,
    /// What became of the draft elsewhere.
    pub elsewhere: Option<Elsewhere>,
}

impl Grid {
    /// Builds the grid. Edits of the kept draft that cannot be laid over the school any more (a
    /// day that has passed, a person who is gone) are left out; how many, is the second answer.
    #[must_use]
    pub fn of(load: GridLoad, alphabet: Alphabet, locale: Locale) -> (Self, usize) {
        let GridLoad { school, draft: KeptDraft { based_on, edits, kept }, leaders, may, now } = load;
        let (revision, zone) = (school.revision, school.roster.zone);
        let mut scene = Scene::of(Arc::new(school), alphabet, now);
        let (before, kept_edits) = (edits.len(), edits.clone());
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
            may,
            aftermath: None,
            generation: 0,
            based_on: if edits.is_empty() { revision } else { based_on },
            draft: Undo::new(edits),
            kept,
            kept_edits,
            later: Later::default(),
            conflicting: BTreeMap::new(),
            scene,
        };
        grid.turn(grid.turned);
        (grid, left_out)
    }

    /// Takes over a newer state of the school and of the draft, keeping side, cursor, folding and the
    /// person's own edits.
    pub fn merge(&mut self, load: GridLoad, alphabet: Alphabet) -> Merged {
        let GridLoad { school, draft, leaders, may, now } = load;
        let news = school.record.change_sets.len().saturating_sub(self.scene.school().record.change_sets.len());
        let chosen = self.chosen();
        let open: Vec<(domain::GroupId, bool)> = self.open_groups();
        let is_other = draft.kept != self.kept;
        let own = self.draft.now().clone();
        let (edits, elsewhere) = self.take_over(draft, own);
        self.scene = Scene::of(Arc::new(school), alphabet, now);
        let laid = laid(&mut self.scene, edits.clone());
        let left_out = edits.len() - laid.len();
        if is_other {
            // A step back would bring back what was applied or discarded elsewhere.
            self.draft = Undo::new(laid);
        } else {
            self.draft.push(laid);
        }
        if self.draft.now().is_empty() {
            self.based_on = self.scene.school().revision;
        }
        self.names = Names::of(&self.scene, self.saying.locale);
        self.leaders = leaders;
        self.may = may;
        let cursor = self.cursor;
        if let Some(turned) = chosen.and_then(|chosen| self.find(&chosen)) {
            self.turned = turned;
        }
        self.reopen(&open);
        self.turn(self.turned);
        self.cursor = cursor.within(self.extent(1));
        self.place_conflicts();
        Merged { news, left_out, elsewhere }
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

    /// What the shown teacher may book and run; `None` where no teacher stands still.
    #[must_use]
    pub fn may(&self) -> Option<StaffMay> {
        let Turned::Teacher(teacher) = self.turned else { return None };
        self.may.get(usize::from(teacher.0)).copied()
    }

    /// How many teachers see a result here today, with the draft.
    #[must_use]
    pub fn seeing(&self) -> usize {
        let drafted = self.scene.drafted();
        let sees = |teacher: TeacherIx| match self.turned {
            Turned::Teacher(_) => false,
            Turned::Scope(scope) => drafted.sees_some(teacher, scope),
            Turned::Pupil(pupil) => drafted.sees_some(teacher, Scope::Pupil(pupil)),
            Turned::Test(test) => drafted.count(teacher, Scope::School, test).0 > 0,
        };
        self.scene.teachers().iter().filter(|teacher| sees(**teacher)).count()
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

#[cfg(test)]
mod tests;
