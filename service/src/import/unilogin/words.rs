//! UNI-Login's words: roles, types of groups, levels, days and times, exactly as the schema writes them.
//!
//! A word that the schema does not have is never guessed at: a level is kept as it stands and fits no test, a
//! role gives nothing, a type of group makes no class; each is said in a warning.

use crate::import::staged::Role;
use domain::{Date, Instant, Level, SchoolYear, Zone};
use unicode_normalization::UnicodeNormalization;

/// Levels (trin) that are known and that no test is for: dagtilbud, voksenuddannelse, and the rest.
const OTHER_LEVELS: [&str; 3] = ["DT", "VU", "Andet"];

/// An employee's role (Ansatrolle).
pub(super) fn employee_role(word: &str) -> Option<Role> {
    match composed(word).as_str() {
        "Lærer" => Some(Role::Teacher),
        "Pædagog" => Some(Role::Pedagogue),
        "Vikar" => Some(Role::Substitute),
        "Leder" => Some(Role::Leader),
        "Ledelse" => Some(Role::Management),
        "TAP" => Some(Role::Staff),
        "Konsulent" => Some(Role::Consultant),
        _ => None,
    }
}

/// Is it a pupil's role (Elevrolle)? All of them are pupils here.
pub(super) fn is_student_role(word: &str) -> bool {
    matches!(word, "Barn" | "Elev" | "Studerende")
}

/// An external person's role (Eksternrolle).
pub(super) fn external_role(word: &str) -> Option<Role> {
    match word {
        "Praktikant" => Some(Role::Trainee),
        "Ekstern" => Some(Role::External),
        _ => None,
    }
}

/// What a group of a type is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GroupType {
    /// Hovedgruppe: "in grundskolen hovedgruppe = the class".
    Class,
    /// Hold and Retning, which are taught together; and Årgang, SFO, Team and Andet, which schools use for
    /// pupils who have something in common: an administrator may wish to give rights by them, no rule treats
    /// them otherwise, and who has no use for them leaves their rows alone.
    Section,
    /// Institution: everybody. The whole school has its row already, and a decision about this group would
    /// overrule those about its levels, which nobody would expect of it.
    Everybody,
}

/// The type of a group; `None` for a word that is none.
pub(super) fn group_type(word: &str) -> Option<GroupType> {
    match composed(word).as_str() {
        "Hovedgruppe" => Some(GroupType::Class),
        "Årgang" | "Retning" | "Hold" | "SFO" | "Team" | "Andet" => Some(GroupType::Section),
        "Institution" => Some(GroupType::Everybody),
        _ => None,
    }
}

/// The level of a word, and whether the schema has the word.
pub(super) fn level(word: &str) -> (Option<Level>, bool) {
    let level = word.parse::<Level>().ok();
    (level, level.is_some() || OTHER_LEVELS.contains(&word))
}

/// A day, of which some systems write the zone too.
pub(super) fn day(text: &str) -> Option<Date> {
    let (day, zone) = text.split_at_checked(10)?;
    let has_zone = zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']));
    if zone.is_empty() || has_zone { day.parse().ok() } else { None }
}

/// An instant; without a zone it is meant in Denmark's.
pub(super) fn instant(text: &str) -> Option<Instant> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Instant(at.as_microsecond()));
    }
    let at: jiff::civil::DateTime = text.parse().ok()?;
    let seconds = i64::from(at.hour()) * 3_600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    let whole = Zone::Copenhagen.start_of(Date(at.date())).plus_seconds(seconds);
    Some(Instant(whole.0 + i64::from(at.subsec_nanosecond()) / 1_000))
}

/// A school year written as "2026-2027".
pub(super) fn school_year(text: &str) -> Option<SchoolYear> {
    let (first, second) = text.split_once('-')?;
    let year =
        |digits: &str| digits.parse::<i16>().ok().filter(|year| (1900..9000).contains(year) && digits.len() == 4);
    let (first, second) = (year(first)?, year(second)?);
    (second == first + 1).then_some(SchoolYear(first))
}

/// A UNI-Login id in small letters: 8 letters and digits in the old form, 10 in the new.
pub(super) fn uni_id(text: &str) -> Option<String> {
    let is_one = matches!(text.len(), 8 | 10) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_one.then(|| text.to_ascii_lowercase())
}

/// A word as it may be said in a warning: letters alone, so that nobody's data is.
pub(super) fn sayable(word: &str) -> String {
    let is_word = !word.is_empty() && word.chars().count() <= 30 && word.chars().all(|c| c.is_alphabetic() || c == ' ');
    if is_word { format!("({word})") } else { String::new() }
}

fn composed(word: &str) -> String {
    word.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::UserType;

    #[test]
    fn every_role_of_the_schema_is_a_user_type() {
        let employees = ["Lærer", "Pædagog", "Vikar", "Leder", "Ledelse", "TAP", "Konsulent"];
        let types = employees.map(|word| employee_role(word).map(Role::user_type));
        use UserType::*;
        let expected = [Teacher, Pedagogue, Substitute, Leader, Management, Administrative, Consultant];
        assert_eq!(types, expected.map(Some));
        assert_eq!(
            ["Praktikant", "Ekstern"].map(|w| external_role(w).map(Role::user_type)),
            [Some(Trainee), Some(External)]
        );
        assert!(["Barn", "Elev", "Studerende"].into_iter().all(is_student_role));
        for other in ["", "lærer", "Laerer", "Rektor", "LÆRER", "Elev"] {
            assert_eq!((employee_role(other), external_role(other)), (None, None), "{other}");
        }
    }

    #[test]
    fn every_type_of_group_of_the_schema_is_known() {
        assert_eq!(group_type("Hovedgruppe"), Some(GroupType::Class));
        for word in ["Årgang", "A\u{30A}rgang", "Retning", "Hold", "SFO", "Team", "Andet"] {
            assert_eq!(group_type(word), Some(GroupType::Section), "{word}");
        }
        assert_eq!(group_type("Institution"), Some(GroupType::Everybody));
        assert_eq!(group_type("hovedgruppe"), None);
    }

    #[test]
    fn all_eighteen_levels_are_known_and_others_are_not() {
        let all = "DT 0 1 2 3 4 5 6 7 8 9 10 U1 U2 U3 U4 VU Andet";
        assert_eq!(all.split(' ').filter(|word| level(word).1).count(), 18);
        assert_eq!(all.split(' ').filter(|word| level(word).0.is_some()).count(), 15);
        for word in ["", "11", "00", "04", "u1", "dt", "4.", "U5"] {
            assert_eq!(level(word), (None, false), "{word}");
        }
    }

    #[test]
    fn days_times_years_and_ids() {
        assert_eq!(day("2026-08-10"), "2026-08-10".parse().ok());
        assert_eq!(day("2026-08-10+02:00"), day("2026-08-10"));
        assert_eq!(day("2026-08-10Z"), day("2026-08-10"));
        for wrong in ["", "10.08.2026", "2026-08-10T00:00:00", "2026-02-30", "2026-08-1"] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        let noon = instant("2026-11-21T12:00:00Z").unwrap();
        assert_eq!(instant("2026-11-21T13:00:00+01:00"), Some(noon));
        assert_eq!(instant("2026-11-21T13:00:00"), Some(noon));
        assert_eq!(instant("2026-11-21T13:00:00.250").unwrap().0 - noon.0, 250_000);
        for wrong in ["", "yesterday", "21-11-2026 12:00", "2026-13-01T00:00:00Z"] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
        assert_eq!(school_year("2026-2027"), Some(SchoolYear(2026)));
        for wrong in ["", "2026", "2026-2028", "2027-2026", "26-27", "2026/2027", "+026-2027", "2026-2027 "] {
            assert_eq!(school_year(wrong), None, "{wrong}");
        }
        assert_eq!(uni_id("HENR276q").as_deref(), Some("henr276q"));
        assert_eq!(uni_id("1000013b36").as_deref(), Some("1000013b36"));
        for wrong in ["", "henr276", "henr276qq", "1000013b366", "henr-76q", "hénr276"] {
            assert_eq!(uni_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_words_are_said() {
        assert_eq!(sayable("Rengøring"), "(Rengøring)");
        for kept_back in ["", "010203-1234", "0102031234", "Aya 9", "=1+1"] {
            assert_eq!(sayable(kept_back), "", "{kept_back}");
        }
    }
}
