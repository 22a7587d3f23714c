//! Compares the dated facts that are asked for with those recorded.

use super::wanted::Days;
use domain::import::Counts;
use domain::{Instant, Window, Zone};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A recorded fact: its id and when it holds.
pub(super) type Recorded = (Uuid, Window);

/// What to do with the facts of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts<K> {
    /// To be recorded from now on.
    pub(super) add: Vec<(K, Window)>,
    /// Replaced from now on.
    pub(super) close: Vec<Uuid>,
    /// What is asked for and was not.
    pub(super) added: BTreeSet<K>,
    /// What is asked for otherwise than before.
    pub(super) changed: BTreeSet<K>,
    /// What is not asked for any more.
    pub(super) gone: BTreeSet<K>,
    /// How many were recorded before.
    pub(super) before: u64,
}

impl<K> Default for Facts<K> {
    fn default() -> Self {
        Self {
            add: Vec::new(),
            close: Vec::new(),
            added: BTreeSet::new(),
            changed: BTreeSet::new(),
            gone: BTreeSet::new(),
            before: 0,
        }
    }
}

impl<K> Facts<K> {
    /// How many of the kind are added, changed and gone.
    pub(super) fn counts(&self) -> Counts {
        let count = |all: &BTreeSet<K>| all.len() as u64;
        Counts { added: count(&self.added), changed: count(&self.changed), gone: count(&self.gone) }
    }

    /// How many rows are written.
    pub(super) fn rows(&self) -> u64 {
        (self.add.len() + self.close.len()) as u64
    }
}

/// What differs. A fact that is not asked for any more ends now, and one that is asked for
/// otherwise is replaced; both keep what was known before.
pub(super) fn compare<K: Ord + Clone>(
    wanted: &BTreeMap<K, Vec<Days>>,
    recorded: &BTreeMap<K, Vec<Recorded>>,
    zone: Zone,
    now: Instant,
) -> Facts<K> {
    let mut facts = Facts { before: recorded.len() as u64, ..Facts::default() };
    for (key, days) in wanted {
        let mut left = recorded.get(key).cloned().unwrap_or_default();
        let is_new = left.is_empty();
        let mut differs = false;
        for one in days {
            if let Some(same) = left.iter().position(|(_, window)| is_met(*one, *window, zone)) {
                left.swap_remove(same);
            } else {
                facts.add.push((key.clone(), window(*one, zone, now)));
                differs = true;
            }
        }
        differs |= !left.is_empty();
        facts.close.extend(left.into_iter().map(|(id, _)| id));
        if is_new {
            facts.added.insert(key.clone());
        } else if differs {
            facts.changed.insert(key.clone());
        }
    }
    for (key, known) in recorded.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
        facts.gone.insert(key.clone());
        for (id, window) in known {
            facts.close.push(*id);
            if window.from < now {
                facts.add.push((key.clone(), Window { until: Some(now), ..*window }));
            }
        }
    }
    facts
}

/// Does a recorded window already say what is asked for?
fn is_met(days: Days, window: Window, zone: Zone) -> bool {
    let until = days.until.map(|last| zone.start_of(last.next()));
    until == window.until && days.from.is_none_or(|from| zone.start_of(from) == window.from)
}

fn window(days: Days, zone: Zone, now: Instant) -> Window {
    let from = days.from.map_or(now, |from| zone.start_of(from));
    Window { from, until: days.until.map(|last| zone.start_of(last.next())) }
}
