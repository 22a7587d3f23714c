//! What people type about an account, held against what it may be.

use crate::catalogue::Catalogue;
use crate::fault::Fault;
use crate::rights::{REASON_MAX, written};
use domain::exchange::RefusalCode;
use domain::exchange::accounts::Holder;
use domain::{Instant, SchoolYear, Subject};

use super::site::Site;

/// The longest given or family name, in characters.
const NAME_MAX: usize = 100;
/// The longest e-mail address, in bytes (RFC 5321 §4.5.3.1.3, without the brackets).
const EMAIL_MAX: usize = 254;

/// The holder with names trimmed.
///
/// # Errors
/// [`RefusalCode::BadInput`] where a name is empty, overlong or holds control characters.
pub(super) fn holder(holder: &Holder) -> Result<Holder, Fault> {
    Ok(match holder {
        Holder::Known(person) => Holder::Known(*person),
        Holder::New { given, family } => Holder::New { given: name(given)?, family: name(family)? },
    })
}

/// A name, trimmed.
///
/// # Errors
/// As [`holder`].
pub(super) fn name(name: &str) -> Result<String, Fault> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(RefusalCode::BadInput.into()) }
}

/// An e-mail address, trimmed; nothing for an empty one. Whether it is somebody's, only a mail tells.
///
/// # Errors
/// [`RefusalCode::BadInput`] for what cannot be one.
pub(super) fn email(email: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(email) = email.map(str::trim).filter(|email| !email.is_empty()) else { return Ok(None) };
    let is_plain = email.len() <= EMAIL_MAX && !email.chars().any(|c| c.is_control() || c.is_whitespace());
    let has_parts = email.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !local.contains('@') && domain.contains('.') && domain.split('.').all(|it| !it.is_empty())
    });
    if is_plain && has_parts { Ok(Some(email.to_owned())) } else { Err(RefusalCode::BadInput.into()) }
}

/// A reason, trimmed.
///
/// # Errors
/// [`RefusalCode::BadInput`] where it is empty or overlong.
pub(super) fn reason(reason: &str) -> Result<String, Fault> {
    let reason = written(reason, REASON_MAX)?;
    if reason.is_empty() { Err(RefusalCode::BadInput.into()) } else { Ok(reason) }
}

/// The subjects in the order of their slugs, each once.
///
/// # Errors
/// [`RefusalCode::BadInput`] for one that the place is not offered and the account has not yet.
pub(super) fn subjects(wanted: &[String], held: &[String], offered: &[Subject]) -> Result<Vec<String>, Fault> {
    let is_known = |slug: &String| offered.iter().any(|subject| subject.slug == *slug) || held.contains(slug);
    if !wanted.iter().all(is_known) {
        return Err(RefusalCode::BadInput.into());
    }
    let mut subjects = wanted.to_vec();
    subjects.sort_unstable();
    subjects.dedup();
    Ok(subjects)
}

/// The subjects that accounts of a place may be given.
pub(super) fn offered(catalogue: &Catalogue, site: &Site, now: Instant) -> Vec<Subject> {
    if site.is_authority {
        return Vec::new();
    }
    catalogue.offer(&site.country, SchoolYear::of(site.zone.date_of(now))).subjects
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused<T>(answer: Result<T, Fault>) -> bool {
        matches!(answer, Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::BadInput)
    }

    #[test]
    fn names_are_trimmed_and_must_be_names() {
        let new = |given: &str, family: &str| Holder::New { given: given.to_owned(), family: family.to_owned() };
        assert_eq!(holder(&new(" Åse ", "Lind\u{a0}")).unwrap(), new("Åse", "Lind"));
        let long = "x".repeat(NAME_MAX + 1);
        for (given, family) in [("", "Lind"), ("Åse", " "), (long.as_str(), "Lind"), ("Å\nse", "Lind"), ("Åse", "\0")]
        {
            assert!(is_refused(holder(&new(given, family))), "{given:?}");
        }
    }

    #[test]
    fn an_email_has_a_person_and_a_place() {
        assert_eq!(email(Some(" ase@skole.dk ")).unwrap().as_deref(), Some("ase@skole.dk"));
        assert_eq!(email(Some("  ")).unwrap(), None);
        assert_eq!(email(None).unwrap(), None);
        let long = format!("{}@skole.dk", "x".repeat(EMAIL_MAX));
        for wrong in ["ase", "@skole.dk", "ase@", "ase@skole", "a@b@skole.dk", "a se@skole.dk", "ase@skole..dk", &long]
        {
            assert!(is_refused(email(Some(wrong))), "{wrong}");
        }
    }

    #[test]
    fn subjects_are_known_or_held_already() {
        let offered = [Subject { slug: "dansk".into(), name: "Dansk".into() }];
        let slugs = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        assert_eq!(subjects(&slugs(&["dansk", "dansk"]), &[], &offered).unwrap(), slugs(&["dansk"]));
        assert_eq!(
            subjects(&slugs(&["latin", "dansk"]), &slugs(&["latin"]), &offered).unwrap(),
            slugs(&["dansk", "latin"])
        );
        assert!(is_refused(subjects(&slugs(&["latin"]), &[], &offered)));
    }
}
