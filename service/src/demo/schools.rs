//! The demo's authorities, schools and account holders.

use super::names::{self, NameList};
use super::roster::{MadeUp, SchoolPlan, make_up};
use domain::{AccountRole, SchoolYear};
use rand::rngs::StdRng;

/// An authority of the demo.
#[derive(Debug)]
pub(super) struct Authority {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    names: &'static NameList,
    pub(super) schools: &'static [SchoolPlan],
    pub(super) holders: &'static [Holder],
    /// A pupil of the first school who is also at the second: the class they come from, the
    /// second school's code, and the class they go to there.
    shared: Option<(&'static str, &'static str, &'static str)>,
}

/// Somebody with an account.
#[derive(Debug)]
pub(super) struct Holder {
    /// The code of the school, or of the authority for an account that is held there.
    pub(super) school: &'static str,
    pub(super) role: AccountRole,
    pub(super) given: &'static str,
    pub(super) family: &'static str,
    /// The source system's id, for somebody whom the roster names.
    pub(super) source: Option<&'static str>,
}

impl Authority {
    /// Makes up its schools.
    pub(super) fn make_up(&self, year: SchoolYear, rng: &mut StdRng) -> MadeUp {
        let mut made = make_up(self.schools, self.names, year, rng);
        if let Some((from, school, class)) = self.shared
            && let Some(pupil) = made.pupils.get(from).and_then(|pupils| pupils.first()).cloned()
        {
            made.share(&pupil, school, &class.into());
        }
        made
    }
}

const fn holder(
    school: &'static str,
    role: AccountRole,
    (given, family): (&'static str, &'static str),
    source: Option<&'static str>,
) -> Holder {
    Holder { school, role, given, family, source }
}

/// Højvang Skole's and Engbæk Skole's codes.
pub(super) const HOEJVANG: &str = "999014";
pub(super) const ENGBAEK: &str = "999015";
/// The code of Björkdungens skola.
pub(super) const BJOERKDUNGEN: &str = "99900101";

pub(super) static SOENDERMARK: Authority = Authority {
    code: "999",
    name: "Søndermark Kommune",
    country: "dk",
    names: &names::DANISH,
    schools: &[
        SchoolPlan {
            code: HOEJVANG,
            name: "Højvang Skole",
            first_level: 0,
            classes: [3, 3, 3, 3, 3, 3, 3, 3, 3, 3],
            class_size: (20, 23),
            named_teachers: &names::TEACHERS,
            teachers: 35,
            staff: 10,
            dot: ".",
            sections: &[("Dansk som andetsprog", &[5, 7]), ("Tysk", &[7, 8, 9]), ("Fransk", &[7, 8, 9])],
        },
        SchoolPlan {
            code: ENGBAEK,
            name: "Engbæk Skole",
            first_level: 0,
            classes: [2, 1, 2, 1, 2, 1, 2, 1, 2, 1],
            class_size: (19, 22),
            named_teachers: &[],
            teachers: 16,
            staff: 5,
            dot: ".",
            sections: &[("Tysk", &[7, 8, 9])],
        },
    ],
    holders: &[
        holder(HOEJVANG, AccountRole::TestAdministrator, ("Karen", "Østergård"), Some("999014-L015")),
        holder(HOEJVANG, AccountRole::TestAdministrator, ("Poul", "Kibsgaard"), None),
        holder(HOEJVANG, AccountRole::Principal, ("Birthe", "Kragelund"), None),
        holder(HOEJVANG, AccountRole::Leader, ("Henrik", "Dalsgaard"), None),
        holder(HOEJVANG, AccountRole::Teacher, ("Mette", "Lindegaard"), Some("999014-L001")),
        holder(HOEJVANG, AccountRole::Teacher, ("Bo", "Ravnsborg"), Some("999014-L002")),
        holder(ENGBAEK, AccountRole::TestAdministrator, ("Lone", "Agerskov"), None),
        holder(ENGBAEK, AccountRole::Leader, ("Søren", "Vium"), None),
        holder("999", AccountRole::Authority, ("Inger", "Thorup"), None),
    ],
    shared: Some(("999014-5B", ENGBAEK, "999015-4A")),
};

pub(super) static NORRAASA: Authority = Authority {
    code: "9990",
    name: "Norråsa kommun",
    country: "se",
    names: &names::SWEDISH,
    schools: &[SchoolPlan {
        code: BJOERKDUNGEN,
        name: "Björkdungens skola",
        first_level: 1,
        classes: [2, 2, 2, 2, 2, 2, 2, 2, 2, 0],
        class_size: (21, 25),
        named_teachers: &[("Anna", "Sandelin"), ("Jonas", "Wretling")],
        teachers: 24,
        staff: 6,
        dot: "",
        sections: &[("Svenska som andraspråk", &[6, 9])],
    }],
    holders: &[
        holder(BJOERKDUNGEN, AccountRole::TestAdministrator, ("Anders", "Wikland"), None),
        holder(BJOERKDUNGEN, AccountRole::Principal, ("Kerstin", "Åhlén"), None),
        holder(BJOERKDUNGEN, AccountRole::Teacher, ("Anna", "Sandelin"), Some("99900101-L001")),
        holder("9990", AccountRole::Authority, ("Gunnar", "Ekwall"), None),
    ],
    shared: None,
};
