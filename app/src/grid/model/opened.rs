//! Which rows there are: what is opened, and what is left out.

use super::Grid;
use crate::grid::choice::Rows;
use crate::grid::cursor::{Cursor, Place};
use crate::grid::rows::{self, Opened, Row, Turned};
use crate::grid::used::Used;
use domain::draft::Places;
use domain::school::{GroupIx, TeacherIx};

impl Grid {
    pub(super) fn lay_rows(&mut self) {
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
    pub fn ask_rows(&mut self, asked: Rows) {
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
}
