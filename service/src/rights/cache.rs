//! Schools as the rule reads them, kept per institution and revision.
//!
//! Who asks reads the revision from the database first, in the same read as all else; the cache
//! only ever answers for exactly that revision. So a change made by another process shows on the
//! next request, and nothing has to be told to anybody.

use domain::{Cube, Instant, InstitutionId, Moment, School, SchoolYear};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Most schools kept at once: those of a large municipality, at about 1 MB each.
pub const SCHOOLS_KEPT: usize = 256;

/// A school at one revision, with the cube of its present stretch of time.
pub struct CachedSchool {
    school: School,
    year: SchoolYear,
    cube: Mutex<Option<LiveCube>>,
}

impl fmt::Debug for CachedSchool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedSchool").field("revision", &self.school.revision).finish_non_exhaustive()
    }
}

/// A cube and the stretch of time it answers for.
#[derive(Debug)]
struct LiveCube {
    cube: Arc<Cube>,
    from: Instant,
    until: Option<Instant>,
}

impl CachedSchool {
    /// A school as loaded, with the tests of this school year.
    #[must_use]
    pub const fn new(school: School, year: SchoolYear) -> Self {
        Self { school, year, cube: Mutex::new(None) }
    }

    /// The school.
    #[must_use]
    pub const fn school(&self) -> &School {
        &self.school
    }

    /// The school year whose tests it has.
    #[must_use]
    pub const fn year(&self) -> SchoolYear {
        self.year
    }

    /// The effective rights at `now`; built once for every stretch between two boundaries.
    #[must_use]
    pub fn cube(&self, now: Instant) -> Arc<Cube> {
        let mut kept = self.cube.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(live) = kept.as_ref().filter(|live| live.from <= now && live.until.is_none_or(|until| now < until))
        {
            return Arc::clone(&live.cube);
        }
        let cube = Arc::new(Cube::build(&self.school.roster, &self.school.record, Moment::asked(now, now)));
        let until = self.school.boundaries_after(now).first().copied();
        *kept = Some(LiveCube { cube: Arc::clone(&cube), from: now, until });
        cube
    }
}

/// The schools kept, least recently used ones dropped first.
pub(crate) struct SchoolCache {
    slots: Mutex<Slots>,
    most: usize,
}

#[derive(Default)]
struct Slots {
    of: HashMap<InstitutionId, Slot>,
    /// Counts uses; tells which slot was used longest ago.
    uses: u64,
}

#[derive(Default)]
struct Slot {
    last_use: u64,
    /// Held while a school is loaded, so that requests that miss together load once.
    loading: Arc<tokio::sync::Mutex<()>>,
    school: Option<Arc<CachedSchool>>,
}

impl fmt::Debug for SchoolCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchoolCache").field("most", &self.most).finish_non_exhaustive()
    }
}

impl SchoolCache {
    /// An empty cache of at most so many schools.
    pub(crate) fn of(most: usize) -> Self {
        Self { slots: Mutex::default(), most }
    }

    /// The school at exactly this revision, with this year's tests, if it is kept.
    pub(crate) fn get(&self, institution: InstitutionId, revision: i64, year: SchoolYear) -> Option<Arc<CachedSchool>> {
        self.with(institution, |slot| {
            slot.school.as_ref().filter(|kept| kept.school.revision == revision && kept.year == year).cloned()
        })
    }

    /// The gate of an institution's loads.
    pub(crate) fn loading(&self, institution: InstitutionId) -> Arc<tokio::sync::Mutex<()>> {
        self.with(institution, |slot| Arc::clone(&slot.loading))
    }

    /// Keeps a school, unless a newer revision of it is kept already.
    pub(crate) fn put(&self, institution: InstitutionId, school: Arc<CachedSchool>) {
        self.with(institution, |slot| {
            if slot.school.as_ref().is_none_or(|kept| kept.school.revision <= school.school.revision) {
                slot.school = Some(school);
            }
        });
    }

    fn with<T>(&self, institution: InstitutionId, act: impl FnOnce(&mut Slot) -> T) -> T {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.uses += 1;
        let uses = slots.uses;
        let slot = slots.of.entry(institution).or_default();
        slot.last_use = uses;
        let result = act(slot);
        if slots.of.len() > self.most {
            let oldest = slots.of.iter().min_by_key(|(_, slot)| slot.last_use).map(|(id, _)| *id);
            oldest.map(|id| slots.of.remove(&id));
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Fact, Person, PersonId, PupilIx, Record, Roster, Window, Zone};
    use uuid::Uuid;

    fn institution(number: u128) -> InstitutionId {
        InstitutionId(Uuid::from_u128(number))
    }

    fn school(revision: i64, attends: Window) -> Arc<CachedSchool> {
        let pupil = Person {
            id: PersonId(Uuid::from_u128(1)),
            given: "Ida".into(),
            family: "Lund".into(),
            protected: false,
            can_sign_in: false,
        };
        let roster = Roster {
            institution: institution(1),
            zone: Zone::Copenhagen,
            subjects: vec![],
            tests: vec![],
            teachers: vec![],
            pupils: vec![pupil],
            groups: vec![],
            teaching: vec![],
            attendance: vec![Fact { what: PupilIx(0), valid: attends, recorded: Window::ALWAYS }],
            memberships: vec![],
            levels: vec![],
            teaches: vec![],
            exemptions: vec![],
        };
        Arc::new(CachedSchool::new(School { revision, roster, record: Record::default() }, SchoolYear(2026)))
    }

    #[test]
    fn only_the_very_revision_and_year_answer() {
        let cache = SchoolCache::of(4);
        cache.put(institution(1), school(7, Window::ALWAYS));
        assert!(cache.get(institution(1), 7, SchoolYear(2026)).is_some());
        assert!(cache.get(institution(1), 6, SchoolYear(2026)).is_none());
        assert!(cache.get(institution(1), 8, SchoolYear(2026)).is_none());
        assert!(cache.get(institution(1), 7, SchoolYear(2027)).is_none());
        assert!(cache.get(institution(2), 7, SchoolYear(2026)).is_none());
    }

    #[test]
    fn an_older_school_never_replaces_a_newer_one() {
        let cache = SchoolCache::of(4);
        cache.put(institution(1), school(7, Window::ALWAYS));
        cache.put(institution(1), school(6, Window::ALWAYS));
        assert!(cache.get(institution(1), 7, SchoolYear(2026)).is_some());
        cache.put(institution(1), school(8, Window::ALWAYS));
        assert!(cache.get(institution(1), 8, SchoolYear(2026)).is_some());
    }

    #[test]
    fn the_least_recently_used_school_goes_first() {
        let cache = SchoolCache::of(2);
        cache.put(institution(1), school(1, Window::ALWAYS));
        cache.put(institution(2), school(1, Window::ALWAYS));
        assert!(cache.get(institution(1), 1, SchoolYear(2026)).is_some());
        cache.put(institution(3), school(1, Window::ALWAYS));
        assert!(cache.get(institution(1), 1, SchoolYear(2026)).is_some(), "used just now");
        assert!(cache.get(institution(2), 1, SchoolYear(2026)).is_none(), "used longest ago");
    }

    #[test]
    fn the_cube_lasts_until_the_next_boundary() {
        let cached = school(1, Window::between(Instant(100), Instant(200)));
        let before = cached.cube(Instant(50));
        assert!(Arc::ptr_eq(&before, &cached.cube(Instant(99))));
        assert!(!before.crowd().is_present(PupilIx(0)));
        let during = cached.cube(Instant(100));
        assert!(during.crowd().is_present(PupilIx(0)));
        assert!(Arc::ptr_eq(&during, &cached.cube(Instant(199))));
        assert!(!cached.cube(Instant(200)).crowd().is_present(PupilIx(0)));
        assert!(cached.cube(Instant(150)).crowd().is_present(PupilIx(0)), "a clock set back is no harm");
    }
}
