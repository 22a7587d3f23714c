//! Small answers about a roster that several use cases give.

use domain::text::{Alphabet, SortKey, sort_key};
use domain::{Group, GroupKind, Instant, Moment, PupilIx, Roster, Zone};

/// The alphabet of a school's lists.
pub(crate) const fn alphabet(zone: Zone) -> Alphabet {
    match zone {
        Zone::Copenhagen => Alphabet::Danish,
        Zone::Stockholm => Alphabet::Swedish,
    }
}

/// The sort key of a name at a school.
pub(crate) fn name_key(zone: Zone, name: &str) -> SortKey {
    sort_key(alphabet(zone), name)
}

/// The pupil's class at an instant, with all that is recorded now; of several the first.
pub(crate) fn class_at(roster: &Roster, pupil: PupilIx, at: Instant) -> Option<&Group> {
    let moment = Moment::of_all_recorded(at);
    roster
        .memberships
        .iter()
        .filter(|fact| fact.what.0 == pupil && fact.holds(moment))
        .find_map(|fact| roster.groups.get(usize::from(fact.what.1.0)).filter(|group| group.kind == GroupKind::Class))
}
