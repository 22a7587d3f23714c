//! What a proposal would record and do: pure steps between the read and the write.

use crate::Fault;
use domain::draft::{self, Places};
use domain::exchange::{Conflict, Proposal, RefusalCode, Review};
use domain::{
    ChangeSet, ChangeSetIx, Date, Decision, Effect, Instant, PersonId, Record, Roster, School, TakingBack, diff,
};
use sha2::{Digest, Sha256};

/// Who proposes: the person and the name that history shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Author<'a> {
    pub(crate) person: PersonId,
    pub(crate) name: &'a str,
}

/// A proposal on one revision of a school: what it would record, and what that would do.
#[derive(Debug)]
pub(crate) struct Proposed {
    /// The change set, still without its reason.
    pub(crate) set: ChangeSet,
    /// Its decisions, in order of position.
    pub(crate) decisions: Vec<Decision>,
    /// What it would do.
    pub(crate) review: Review,
}

impl Proposed {
    /// Works a proposal out on a school.
    ///
    /// `since` is the first change set that the proposer may not have seen.
    ///
    /// # Errors
    /// [`Fault::BadEdit`] for the first edit at fault; [`RefusalCode::BadInput`] for a proposal of
    /// nothing; [`RefusalCode::NotFound`] and [`RefusalCode::AlreadyTakenBack`] for a taking-back.
    pub(crate) fn on(
        school: &School,
        proposal: &Proposal,
        since: ChangeSetIx,
        author: Author<'_>,
        now: Instant,
    ) -> Result<Self, Fault> {
        let today = school.roster.zone.date_of(now);
        let (decided, takes_back) = match proposal {
            Proposal::Edits(edits) => (decide(school, edits, today)?, None),
            Proposal::TakeBack { change_set, positions } => {
                (draft::Decided::default(), Some(taking_back(&school.record, *change_set, positions.as_deref())?))
            }
        };
        let mut set = draft::unrecorded(&school.record, recorded_at(&school.record, now), takes_back);
        set.author = author.person;
        set.author_name = author.name.to_owned();

        let after = school.record.with(set.clone(), decided.decisions.iter().copied());
        let diff = diff::between(&school.roster, &school.record, &after, now);
        let conflicts = conflicts(school, since, &decided);
        let digest = digest(&diff.digest(&school.roster, now), &conflicts);
        let own_right = own_right(&school.roster, &after, school.record.next_change_set());
        let review = Review { revision: school.revision, digest, diff, conflicts, own_right, now };
        Ok(Self { set, decisions: decided.decisions, review })
    }
}

fn decide(school: &School, edits: &[draft::Edit], today: Date) -> Result<draft::Decided, Fault> {
    if edits.is_empty() {
        return Err(RefusalCode::BadInput.into());
    }
    draft::decide(school, &Places::of(&school.roster), edits, today)
        .map_err(|(edit, fault)| Fault::BadEdit { edit, fault })
}

/// Change sets are recorded in the order of their numbers, even when the clocks of two servers
/// differ: what was known at an instant must be a beginning of the record.
fn recorded_at(record: &Record, now: Instant) -> Instant {
    record.change_sets.last().map_or(now, |last| last.recorded.max(now))
}

/// The taking-back of a change set, or of some of its decisions, that still stands as a whole.
fn taking_back(record: &Record, number: u32, positions: Option<&[u16]>) -> Result<TakingBack, Fault> {
    let target = ChangeSetIx(number.checked_sub(1).ok_or(RefusalCode::NotFound)?);
    if record.change_sets.get(target.0 as usize).is_none() {
        return Err(RefusalCode::NotFound.into());
    }
    let is_live = record.live_change_sets(Instant::DISTANT_FUTURE).get(target.0 as usize).copied().unwrap_or(false);
    if !is_live {
        return Err(RefusalCode::AlreadyTakenBack.into());
    }
    let Some(positions) = positions else { return Ok(TakingBack { target, positions: None }) };
    let mut positions = positions.to_vec();
    positions.sort_unstable();
    positions.dedup();
    if positions.is_empty() {
        return Err(RefusalCode::BadInput.into());
    }
    let standing = record.standing(Instant::DISTANT_FUTURE);
    for position in &positions {
        let place = record.decisions.binary_search_by_key(&(target, *position), |d| (d.change_set, d.position));
        match place.ok().and_then(|place| standing.get(place)) {
            None => return Err(RefusalCode::NotFound.into()),
            Some(false) => return Err(RefusalCode::AlreadyTakenBack.into()),
            Some(true) => {}
        }
    }
    Ok(TakingBack { target, positions: Some(positions) })
}

fn conflicts(school: &School, since: ChangeSetIx, decided: &draft::Decided) -> Vec<Conflict> {
    let pairs = draft::conflicts(school, since, &decided.decisions);
    let mut conflicts: Vec<Conflict> = pairs
        .into_iter()
        .filter_map(|(ours, theirs)| {
            let theirs = school.record.decisions.get(theirs)?;
            let edit = *decided.edit_of.get(ours)?;
            Some(Conflict { edit, change_set: theirs.change_set.0 + 1, position: theirs.position })
        })
        .collect();
    conflicts.sort_unstable_by_key(|c| (c.edit, c.change_set, c.position));
    conflicts.dedup();
    conflicts
}

/// Names what was reviewed: the change and the conflicts shown beside it, so that who applies has
/// seen both.
fn digest(diff: &str, conflicts: &[Conflict]) -> String {
    let mut hash = Sha256::new();
    hash.update(diff);
    for conflict in conflicts {
        hash.update(format!("\n{} {} {}", conflict.edit, conflict.change_set, conflict.position));
    }
    diff::hex(&hash.finalize())
}

/// Did the author of a change set give a right to themselves by it, or take back what closed one?
#[must_use]
pub(crate) fn own_right(roster: &Roster, record: &Record, set: ChangeSetIx) -> bool {
    let set_at = |ix: ChangeSetIx| record.change_sets.get(ix.0 as usize);
    let Some(author) = set_at(set).map(|set| set.author) else { return false };
    let is_own = |decision: &Decision| {
        roster.teachers.get(usize::from(decision.teacher.0)).is_some_and(|teacher| teacher.id == author)
    };
    let (mut at, mut positions, mut turned) = (set, None, false);
    // A taking-back turns around what its target did. Each names an earlier one, so this ends.
    while let Some(back) = set_at(at).and_then(|set| set.takes_back.as_ref()).filter(|back| back.target < at) {
        (at, positions, turned) = (back.target, back.positions.as_ref(), !turned);
    }
    let first = record.decisions.partition_point(|decision| decision.change_set < at);
    record.decisions.iter().skip(first).take_while(|decision| decision.change_set == at).any(|decision| {
        is_own(decision)
            && positions.is_none_or(|named| named.contains(&decision.position))
            && (decision.effect == Effect::Give) != turned
    })
}
