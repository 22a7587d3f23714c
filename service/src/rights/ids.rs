//! How the command line and files name people and groups: by the roster's id or by ours.

use super::questions::require_insight;
use crate::{Actor, Fault, Service};
use domain::{GroupId, PersonId};
use std::collections::HashMap;
use store::Read;

/// The ids that an institution's rosters use, both ways.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    people: HashMap<String, PersonId>,
    groups: HashMap<String, GroupId>,
    people_named: HashMap<PersonId, String>,
    groups_named: HashMap<GroupId, String>,
}

impl Ids {
    /// From pairs of the roster's id and ours; of several pairs for one id the last counts.
    #[must_use]
    pub fn new(people: Vec<(String, PersonId)>, groups: Vec<(String, GroupId)>) -> Self {
        Self {
            people_named: people.iter().map(|(source, id)| (*id, source.clone())).collect(),
            groups_named: groups.iter().map(|(source, id)| (*id, source.clone())).collect(),
            people: people.into_iter().collect(),
            groups: groups.into_iter().collect(),
        }
    }

    /// The person of a roster's id or, where no roster uses it, of our id. Whether that person is
    /// known at the institution is for the use case to find out.
    #[must_use]
    pub fn person(&self, text: &str) -> Option<PersonId> {
        self.people.get(text).copied().or_else(|| text.parse().ok())
    }

    /// The group of a roster's id or of our id.
    #[must_use]
    pub fn group(&self, text: &str) -> Option<GroupId> {
        self.groups.get(text).copied().or_else(|| text.parse().ok())
    }

    /// The roster's id of a person where there is one, otherwise ours.
    #[must_use]
    pub fn of_person(&self, id: PersonId) -> String {
        self.people_named.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// The roster's id of a group where there is one, otherwise ours.
    #[must_use]
    pub fn of_group(&self, id: GroupId) -> String {
        self.groups_named.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

impl Service {
    /// The ids that rosters of the actor's institution use.
    ///
    /// # Errors
    /// [`domain::exchange::RefusalCode::NotAllowed`] unless the operator, a test administrator or
    /// a leader asks.
    pub async fn ids(&self, actor: &Actor) -> Result<Ids, Fault> {
        require_insight(actor)?;
        ids_in(&mut self.db.read().await?, actor).await
    }
}

/// The ids, in a read of the caller's.
pub(super) async fn ids_in(read: &mut Read, actor: &Actor) -> Result<Ids, Fault> {
    let people = store::source::people(read, actor.institution).await?;
    Ok(Ids::new(people, store::source::groups(read, actor.institution).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_rosters_id_goes_before_ours() {
        let (a, b) = (PersonId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        // A roster may well use UUIDs of its own, even one that is ours for somebody else.
        let ids = Ids::new(vec![("T-1".into(), a), (a.to_string(), b)], vec![]);
        assert_eq!(ids.person("T-1"), Some(a));
        assert_eq!(ids.person(&a.to_string()), Some(b));
        assert_eq!(ids.person(&b.to_string()), Some(b), "ours");
        assert_eq!(ids.person("T-2"), None);
        assert_eq!(ids.of_person(a), "T-1");
        assert_eq!(ids.of_person(PersonId(Uuid::nil())), Uuid::nil().to_string());
        assert_eq!(ids.group("T-1"), None);
    }
}
