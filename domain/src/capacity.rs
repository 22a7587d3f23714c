//! Capacities: what the rules speak of, held at one institution or authority.

use crate::unilogin::Flag;
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

impl IdentitySource {
    /// The stable word in the database and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Unilogin => "unilogin",
        }
    }

    /// The source of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Local, Self::Unilogin].into_iter().find(|source| source.code() == code)
    }
}

/// By what somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedInBy<'a> {
    /// A local account of this role.
    Account(AccountRole),
    /// UNI-Login, where these flags are held at the place.
    Unilogin(&'a [Flag]),
}

/// What a person may act as at a place, signed in like this, with these live user types there.
///
/// - Teaching comes from the user type Lærer, whoever signed in how, or from a teacher's account.
/// - A place takes what administers from one source, so the other gives none there; but whom an
///   authority hands its schools' accounts is no matter of UNI-Login.
/// - Flags open what they open to two factors alone. An account opens it to the factors that its role asks for.
/// - An institution's flags open nothing to who is not affiliated there, as staff or as somebody external; an
///   authority's, `Eval.kom`, is itself what ties a person to it.
#[must_use]
pub fn held(by: SignedInBy<'_>, source: IdentitySource, types: &[UserType], two_factors: bool) -> Vec<Capacity> {
    let mut all: Vec<Capacity> = match by {
        SignedInBy::Account(role) if two_factors || !role.needs_second_factor() => {
            let whatever_source = [Capacity::Teaching, Capacity::Appointment];
            let counts = |capacity: &Capacity| source == IdentitySource::Local || whatever_source.contains(capacity);
            role.capacities().iter().copied().filter(counts).collect()
        }
        SignedInBy::Unilogin(flags) if two_factors && source == IdentitySource::Unilogin => {
            let is_affiliated = types.iter().any(|kind| *kind != UserType::Pupil);
            let counts = |flag: &&Flag| is_affiliated || **flag == Flag::MunicipalOversight;
            flags.iter().filter(counts).map(|flag| flag.capacity()).collect()
        }
        SignedInBy::Account(_) | SignedInBy::Unilogin(_) => Vec::new(),
    };
    if types.contains(&UserType::Teacher) {
        all.push(Capacity::Teaching);
    }
    all.sort_unstable();
    all.dedup();
    all
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
    fn capacities_come_from_the_right_source_and_enough_factors() {
        use AccountRole::{Authority, Leader, Principal, Teacher, TestAdministrator};
        use Capacity::{
            AccountDeletion, Appointment, Leadership, MunicipalOversight, Teaching, TestAdministration,
            UserAdministration,
        };
        use IdentitySource::{Local, Unilogin};
        use SignedInBy::Account;
        const TEACHER: &[UserType] = &[UserType::Teacher];
        const OTHERS: &[UserType] = &[UserType::Leader, UserType::Management, UserType::Pedagogue];
        const NO_FLAG: SignedInBy<'static> = SignedInBy::Unilogin(&[]);
        const LEADS: SignedInBy<'static> = SignedInBy::Unilogin(&[Flag::Leadership]);
        const ADMINISTERS: SignedInBy<'static> = SignedInBy::Unilogin(&[Flag::TestAdministration]);
        const KEEPS: SignedInBy<'static> = SignedInBy::Unilogin(&[Flag::UserAdministration]);
        const OVERSEES: SignedInBy<'static> = SignedInBy::Unilogin(&[Flag::MunicipalOversight]);
        const BOTH: SignedInBy<'static> = SignedInBy::Unilogin(&[Flag::Leadership, Flag::TestAdministration]);
        type Row = (SignedInBy<'static>, IdentitySource, &'static [UserType], bool, &'static [Capacity]);
        let table: &[Row] = &[
            (
                Account(Principal),
                Local,
                &[],
                true,
                &[TestAdministration, Leadership, UserAdministration, AccountDeletion],
            ),
            (
                Account(Principal),
                Local,
                TEACHER,
                true,
                &[Teaching, TestAdministration, Leadership, UserAdministration, AccountDeletion],
            ),
            (Account(Principal), Local, TEACHER, false, &[Teaching]),
            (Account(Principal), Unilogin, OTHERS, true, &[]),
            (Account(TestAdministrator), Local, OTHERS, true, &[TestAdministration, UserAdministration]),
            (Account(TestAdministrator), Local, OTHERS, false, &[]),
            (Account(TestAdministrator), Unilogin, TEACHER, true, &[Teaching]),
            (Account(Leader), Local, &[], false, &[Leadership]),
            (Account(Leader), Unilogin, &[], true, &[]),
            (Account(Teacher), Local, &[], false, &[Teaching]),
            (Account(Teacher), Unilogin, &[], false, &[Teaching]),
            (Account(Teacher), Local, TEACHER, true, &[Teaching]),
            (Account(Authority), Local, &[], true, &[MunicipalOversight, Appointment]),
            (Account(Authority), Local, &[], false, &[]),
            (Account(Authority), Unilogin, &[], true, &[Appointment]),
            (NO_FLAG, Unilogin, &[], true, &[]),
            (NO_FLAG, Unilogin, TEACHER, true, &[Teaching]),
            (NO_FLAG, Unilogin, TEACHER, false, &[Teaching]),
            (NO_FLAG, Unilogin, OTHERS, true, &[]),
            (NO_FLAG, Local, TEACHER, true, &[Teaching]),
            (LEADS, Unilogin, &[], true, &[]),
            (LEADS, Unilogin, &[UserType::Pupil], true, &[]),
            (LEADS, Unilogin, &[UserType::External], true, &[Leadership]),
            (LEADS, Unilogin, &[UserType::Administrative], true, &[Leadership]),
            (LEADS, Unilogin, OTHERS, true, &[Leadership]),
            (LEADS, Unilogin, TEACHER, true, &[Teaching, Leadership]),
            (LEADS, Unilogin, TEACHER, false, &[Teaching]),
            (LEADS, Unilogin, OTHERS, false, &[]),
            (LEADS, Local, OTHERS, true, &[]),
            (ADMINISTERS, Unilogin, OTHERS, true, &[TestAdministration]),
            (ADMINISTERS, Unilogin, OTHERS, false, &[]),
            (ADMINISTERS, Unilogin, &[], true, &[]),
            (ADMINISTERS, Local, TEACHER, true, &[Teaching]),
            (KEEPS, Unilogin, OTHERS, true, &[UserAdministration]),
            (KEEPS, Unilogin, &[], true, &[]),
            (KEEPS, Local, OTHERS, true, &[]),
            (OVERSEES, Unilogin, &[], true, &[MunicipalOversight]),
            (OVERSEES, Local, &[], true, &[]),
            (BOTH, Unilogin, OTHERS, true, &[TestAdministration, Leadership]),
        ];
        for (by, source, types, two_factors, expected) in table {
            assert_eq!(held(*by, *source, types, *two_factors), *expected, "{by:?} {source:?} {types:?} {two_factors}");
        }
    }

    #[test]
    fn every_flag_opens_its_own_and_nothing_else_in_any_company() {
        // All sets of flags, with and without the type that teaches.
        for set in 0_u8..16 {
            let flags: Vec<Flag> = Flag::ALL
                .into_iter()
                .enumerate()
                .filter(|(bit, _)| set & (1 << bit) != 0)
                .map(|(_, flag)| flag)
                .collect();
            for types in [&[][..], &[UserType::Teacher], &[UserType::Leader, UserType::Management]] {
                let all = held(SignedInBy::Unilogin(&flags), IdentitySource::Unilogin, types, true);
                for flag in Flag::ALL {
                    let counts = flag == Flag::MunicipalOversight || !types.is_empty();
                    assert_eq!(
                        all.contains(&flag.capacity()),
                        counts && flags.contains(&flag),
                        "{flag:?} of {flags:?}"
                    );
                }
                assert_eq!(all.contains(&Capacity::Teaching), types.contains(&UserType::Teacher));
                assert!(!all.contains(&Capacity::AccountDeletion) && !all.contains(&Capacity::Appointment));
            }
        }
    }

    #[test]
    fn codes_read_back() {
        for source in [IdentitySource::Local, IdentitySource::Unilogin] {
            assert_eq!(IdentitySource::from_code(source.code()), Some(source));
        }
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
