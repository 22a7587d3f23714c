//! What "find" finds.

use super::Grid;
use crate::grid::rows::{Row, Turned};
use domain::PupilIx;
use domain::school::{GroupIx, GroupKind};

impl Grid {
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

    fn is_class(&self, row: Row) -> bool {
        let Row::Group(group) = row else { return false };
        let groups = &self.scene.school().roster.groups;
        groups.get(usize::from(group.0)).is_some_and(|group| group.kind == GroupKind::Class)
    }

    fn any_group(&self, pupil: PupilIx) -> Option<GroupIx> {
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
        if self.folding.classes_only && !self.rows.contains(&stands_in) && !self.is_class(stands_in) {
            self.folding.classes_only = false;
            self.refold();
        }
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
}
