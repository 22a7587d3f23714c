//! Capacities: what the rules speak of, held at one institution or authority.

use serde::{Deserialize, Serialize};

/// What a person may act as at an institution or authority. None implies another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// May be given rights to results (brugertype Lærer, lärare).
    Teaching,
    /// Administers everyone's rights (`Eval.adm`, provadministratör).
    TestAdministration,
    /// Sees the school's results, exempts pupils, books exams (`Inst.ledelse`, rektor).
    Leadership,
    /// Keeps people and imports rosters (brugeradministrator).
    UserAdministration,
    /// Deletes accounts (rektor alone).
    AccountDeletion,
    /// Sees the municipality's figures and booking status (`Eval.kom`, huvudman).
    MunicipalOversight,
    /// Hands the principals of the authority's institutions their accounts (huvudman). Apart from
    /// every capacity held at an institution, so that nothing of a school opens to it.
    Appointment,
}

impl Capacity {
    /// All capacities.
    pub const ALL: [Self; 7] = [
        Self::Teaching,
        Self::TestAdministration,
        Self::Leadership,
        Self::UserAdministration,
        Self::AccountDeletion,
        Self::MunicipalOversight,
        Self::Appointment,
    ];
}

/// Where an institution takes its administrative capacities from; the other source gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySource {
    /// Local accounts (the default).
    Local,
    /// UNI-Login's flags.
    Unilogin,
}

/// The role of a local account at one institution, or at an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountRole {
    /// Acts for the authority (kommune, huvudman); the only role held at an authority.
    Authority,
    /// The head of the school (rektor).
    Principal,
    /// Administers rights and accounts (provadministratör).
    TestAdministrator,
    /// Leadership and nothing else (leder).
    Leader,
    /// A teacher (lärare, lærer).
    Teacher,
}

impl AccountRole {
    /// All roles, from the top of the chain to its end.
    pub const ALL: [Self; 5] = [Self::Authority, Self::Principal, Self::TestAdministrator, Self::Leader, Self::Teacher];

    /// What an account of this role may act as at its institution or authority.
    #[must_use]
    pub const fn capacities(self) -> &'static [Capacity] {
        use Capacity::{
            AccountDeletion, Appointment, Leadership, MunicipalOversight, Teaching, TestAdministration,
            UserAdministration,
        };
        match self {
            Self::Authority => &[MunicipalOversight, Appointment],
            Self::Principal => &[TestAdministration, Leadership, UserAdministration, AccountDeletion],
            Self::TestAdministrator => &[TestAdministration, UserAdministration],
            Self::Leader => &[Leadership],
            Self::Teacher => &[Teaching],
        }
    }

    /// Must an account of this role sign in with a second factor (the matrix)?
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(self, Self::Authority | Self::Principal | Self::TestAdministrator)
    }

    /// The stable code, as in `--role` and in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Principal => "principal",
            Self::TestAdministrator => "test-administrator",
            Self::Leader => "leader",
            Self::Teacher => "teacher",
        }
    }

    /// The role with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// User type of an affiliation (brugertype): UNI-Login's list. One employee may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum UserType {
    /// Lærer: the one type that may be given rights to results.
    Teacher,
    /// Pædagog.
    Pedagogue,
    /// Vikar.
    Substitute,
    /// Leder.
    Leader,
    /// Ledelse.
    Management,
    /// TAP: technical and administrative staff.
    Administrative,
    /// Konsulent.
    Consultant,
    /// Barn, Elev, Studerende.
    Pupil,
    /// Praktikant.
    Trainee,
    /// Ekstern.
    External,
}

impl UserType {
    /// All user types.
    pub const ALL: [Self; 10] = [
        Self::Teacher,
        Self::Pedagogue,
        Self::Substitute,
        Self::Leader,
        Self::Management,
        Self::Administrative,
        Self::Consultant,
        Self::Pupil,
        Self::Trainee,
        Self::External,
    ];

    /// The stable code in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Pedagogue => "pedagogue",
            Self::Substitute => "substitute",
            Self::Leader => "leader",
            Self::Management => "management",
            Self::Administrative => "administrative",
            Self::Consultant => "consultant",
            Self::Pupil => "pupil",
            Self::Trainee => "trainee",
            Self::External => "external",
        }
    }

    /// The user type with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Is it a kind of staff affiliation?
    #[must_use]
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Pupil | Self::Trainee | Self::External)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_gives_exactly_its_capacities() {
        use Capacity::*;
        let table: [(AccountRole, &[Capacity], bool); 5] = [
            (AccountRole::Authority, &[MunicipalOversight, Appointment], true),
            (AccountRole::Principal, &[TestAdministration, Leadership, UserAdministration, AccountDeletion], true),
            (AccountRole::TestAdministrator, &[TestAdministration, UserAdministration], true),
            (AccountRole::Leader, &[Leadership], false),
            (AccountRole::Teacher, &[Teaching], false),
        ];
        for (role, capacities, second_factor) in table {
            assert_eq!(role.capacities(), capacities, "{role:?}");
            assert_eq!(role.needs_second_factor(), second_factor, "{role:?}");
        }
    }

    #[test]
    fn codes_read_back() {
        for role in AccountRole::ALL {
            assert_eq!(AccountRole::from_code(role.code()), Some(role));
        }
        for kind in UserType::ALL {
            assert_eq!(UserType::from_code(kind.code()), Some(kind));
        }
        assert_eq!(AccountRole::from_code("rektor"), None);
        assert_eq!(UserType::from_code(""), None);
        assert_eq!(UserType::ALL.into_iter().filter(|kind| kind.is_staff()).count(), 7);
    }
}
