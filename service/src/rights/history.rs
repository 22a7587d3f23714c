//! The history: change sets in names, newest first, with what was taken back.

use super::names::class_at;
use super::proposal::own_right;
use crate::audit::via_code;
use crate::{Actor, Fault, Service, Via};
use domain::exchange::{HistoryEntry, HistoryLine, NamedScope, NamedTests, RefusalCode};
use domain::{Capacity, ChangeSetIx, Decision, Instant, Record, Roster, School, Scope, Selector};
use std::collections::HashMap;

/// Most change sets in one page of the history.
pub const HISTORY_PAGE_MAX: usize = 50;
/// A page ends early, after a whole change set, once it holds this many lines.
pub const HISTORY_LINES_MAX: usize = 5_000;

impl Service {
    /// The change sets numbered below `before` (all, if `None`), newest first, at most `limit`.
    ///
    /// A page may be shorter than `limit` although older change sets exist; the last is reached
    /// when number 1 is in it.
    ///
    /// # Errors
    /// [`RefusalCode::NotAllowed`] without TestAdministration or Leadership.
    pub async fn history(&self, actor: &Actor, before: Option<u32>, limit: usize) -> Result<Vec<HistoryEntry>, Fault> {
        if !actor.is(Capacity::Leadership) {
            actor.require(Capacity::TestAdministration)?;
        }
        let mut read = self.db.read().await?;
        let cached = self.school_ever(&mut read, actor.institution).await?;
        let mut page = page(cached.school(), before, limit.min(HISTORY_PAGE_MAX));
        let via = via_code(&Via::OperatorAs);
        let operators = store::record::numbers_via(&mut read, actor.institution, via).await?;
        for entry in &mut page {
            entry.by_operator = operators.contains(&entry.number);
        }
        Ok(page)
    }

    /// One change set.
    ///
    /// # Errors
    /// As [`Service::history`]; [`RefusalCode::NotFound`] for a number that was never given.
    pub async fn change_set(&self, actor: &Actor, number: u32) -> Result<HistoryEntry, Fault> {
        let page = self.history(actor, number.checked_add(1), 1).await?;
        page.into_iter().find(|entry| entry.number == number).ok_or(RefusalCode::NotFound.into())
    }
}

fn page(school: &School, before: Option<u32>, limit: usize) -> Vec<HistoryEntry> {
    let taken = TakenBack::of(&school.record);
    let known = u32::try_from(school.record.change_sets.len()).unwrap_or(u32::MAX);
    let first = before.map_or(known, |before| before.saturating_sub(1).min(known));
    let mut page: Vec<HistoryEntry> = Vec::new();
    let mut lines = 0;
    for number in (1..=first).rev().take(limit) {
        let Some(entry) = entry(school, &taken, number) else { break };
        if lines > 0 && lines + entry.lines.len() > HISTORY_LINES_MAX {
            break;
        }
        lines += entry.lines.len();
        page.push(entry);
    }
    page
}

/// What the live taking-backs of a record name: the number of the one that did it.
struct TakenBack {
    whole: HashMap<ChangeSetIx, u32>,
    lines: HashMap<(ChangeSetIx, u16), u32>,
}

impl TakenBack {
    fn of(record: &Record) -> Self {
        let mut taken = Self { whole: HashMap::new(), lines: HashMap::new() };
        let live = record.live_change_sets(Instant::DISTANT_FUTURE);
        for (set, _) in record.change_sets.iter().zip(live).filter(|(_, live)| *live) {
            let Some(back) = &set.takes_back else { continue };
            match &back.positions {
                None => drop(taken.whole.insert(back.target, set.number)),
                Some(positions) => {
                    taken.lines.extend(positions.iter().map(|position| ((back.target, *position), set.number)));
                }
            }
        }
        taken
    }
}

fn entry(school: &School, taken: &TakenBack, number: u32) -> Option<HistoryEntry> {
    let ix = ChangeSetIx(number.checked_sub(1)?);
    let record = &school.record;
    let set = record.change_sets.get(ix.0 as usize)?;
    let first = record.decisions.partition_point(|decision| decision.change_set < ix);
    let decisions = record.decisions.iter().skip(first).take_while(|decision| decision.change_set == ix);
    let lines = decisions
        .map(|decision| {
            let by = taken.lines.get(&(ix, decision.position)).or_else(|| taken.whole.get(&ix));
            line(&school.roster, decision, set.recorded, by.copied())
        })
        .collect();
    Some(HistoryEntry {
        number,
        recorded: set.recorded,
        author: set.author_name.clone(),
        // What the rule does not read is not in the record.
        by_operator: false,
        own_right: own_right(&school.roster, record, ix),
        reason: set.reason.clone(),
        takes_back: set.takes_back.as_ref().map(|back| back.target.0 + 1),
        takes_back_positions: set.takes_back.as_ref().and_then(|back| back.positions.clone()),
        taken_back_by: taken.whole.get(&ix).copied(),
        lines,
    })
}

fn line(roster: &Roster, decision: &Decision, recorded: Instant, taken_back_by: Option<u32>) -> HistoryLine {
    let (from, until) = roster.zone.days(decision.valid);
    HistoryLine {
        position: decision.position,
        teacher: roster
            .teachers
            .get(usize::from(decision.teacher.0))
            .map(domain::Person::full_name)
            .unwrap_or_default(),
        scope: scope_name(roster, decision.scope, recorded),
        tests: tests_name(roster, decision.tests),
        effect: decision.effect,
        from,
        until,
        taken_back_by,
    }
}

fn scope_name(roster: &Roster, scope: Scope, recorded: Instant) -> NamedScope {
    match scope {
        Scope::School => NamedScope::School,
        Scope::Level(level) => NamedScope::Level(level.to_string()),
        Scope::Group(ix) => {
            NamedScope::Group(roster.groups.get(usize::from(ix.0)).map(|group| group.name.clone()).unwrap_or_default())
        }
        Scope::Pupil(ix) => {
            let name = roster.pupils.get(usize::from(ix.0)).map(domain::Person::full_name).unwrap_or_default();
            NamedScope::Pupil(match class_at(roster, ix, recorded) {
                Some(class) => format!("{name}, {}", class.name),
                None => name,
            })
        }
    }
}

fn tests_name(roster: &Roster, tests: Selector) -> NamedTests {
    match tests {
        Selector::All => NamedTests::All,
        Selector::Subject(ix) => NamedTests::Subject(
            roster.subjects.get(usize::from(ix.0)).map(|subject| subject.name.clone()).unwrap_or_default(),
        ),
        Selector::Test(ix) => {
            NamedTests::Test(roster.tests.get(usize::from(ix.0)).map(|test| test.name.clone()).unwrap_or_default())
        }
    }
}
