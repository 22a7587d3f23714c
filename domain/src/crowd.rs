//! Who is where at a moment: pupils as bits, whatever any teacher may see of them.

use crate::bits::{count_both, get, ones, set, words};
use crate::level::Level;
use crate::school::{GroupIx, PupilIx, Roster, Scope, TeacherIx};
use crate::time::Moment;

/// Who is where at a moment: pupils as bits, whatever any teacher may see of them.
#[derive(Clone, Debug)]
pub struct Crowd {
    pub(crate) pupils: usize,
    pub(crate) present: Vec<u64>,
    groups: Vec<Vec<u64>>,
    levels: Vec<Vec<u64>>,
    teaching: Vec<u64>,
}

impl Crowd {
    /// Reads who is where from the roster's facts.
    #[must_use]
    pub fn at(roster: &Roster, moment: Moment) -> Self {
        let pupils = roster.pupils.len();
        let empty = vec![0; words(pupils)];
        let mut crowd = Self {
            pupils,
            present: empty.clone(),
            groups: vec![empty.clone(); roster.groups.len()],
            levels: vec![empty; Level::all().count()],
            teaching: vec![0; words(roster.teachers.len())],
        };
        for fact in roster.teaching.iter().filter(|fact| fact.holds(moment)) {
            set(&mut crowd.teaching, fact.what.0.into(), true);
        }
        for fact in roster.attendance.iter().filter(|fact| fact.holds(moment)) {
            set(&mut crowd.present, fact.what.0.into(), true);
        }
        for fact in roster.memberships.iter().filter(|fact| fact.holds(moment)) {
            if let Some(group) = crowd.groups.get_mut(fact.what.1.0 as usize) {
                set(group, fact.what.0.0.into(), true);
            }
        }
        for fact in roster.levels.iter().filter(|fact| fact.holds(moment)) {
            if let Some(level) = crowd.levels.get_mut(fact.what.1.rank() as usize) {
                set(level, fact.what.0.0.into(), true);
            }
        }
        crowd
    }

    /// Is the pupil affiliated here?
    #[must_use]
    pub fn is_present(&self, pupil: PupilIx) -> bool {
        get(&self.present, pupil.0.into())
    }

    /// Has the teacher Teaching here?
    #[must_use]
    pub fn has_teaching(&self, teacher: TeacherIx) -> bool {
        get(&self.teaching, teacher.0.into())
    }

    /// Is the pupil in the group?
    #[must_use]
    pub fn is_member(&self, pupil: PupilIx, group: GroupIx) -> bool {
        self.groups.get(group.0 as usize).is_some_and(|members| get(members, pupil.0.into()))
    }

    /// The pupils of a scope wider than a pupil as bits, affiliated here or not; none for a pupil.
    pub(crate) fn mask(&self, scope: Scope) -> &[u64] {
        let mask = match scope {
            Scope::School => Some(&self.present),
            Scope::Level(level) => self.levels.get(level.rank() as usize),
            Scope::Group(group) => self.groups.get(usize::from(group.0)),
            Scope::Pupil(_) => None,
        };
        mask.map_or(&[], Vec::as_slice)
    }

    /// The pupils of a scope who are affiliated here, as bits.
    fn members_bits(&self, scope: Scope) -> Vec<u64> {
        let mut members = match scope {
            Scope::Pupil(pupil) => {
                let mut one = vec![0; words(self.pupils)];
                set(&mut one, pupil.0.into(), true);
                one
            }
            wider => self.mask(wider).to_vec(),
        };
        for (word, present) in members.iter_mut().zip(&self.present) {
            *word &= present;
        }
        members
    }

    /// How many pupils of a scope are affiliated here.
    #[must_use]
    pub fn size(&self, scope: Scope) -> usize {
        match scope {
            Scope::Pupil(pupil) => usize::from(self.is_present(pupil)),
            wider => count_both(&self.present, self.mask(wider)),
        }
    }

    /// The pupils of a scope who are affiliated here, in order.
    #[must_use]
    pub fn members(&self, scope: Scope) -> Vec<PupilIx> {
        ones(&self.members_bits(scope)).filter_map(|bit| u16::try_from(bit).ok()).map(PupilIx).collect()
    }
}
