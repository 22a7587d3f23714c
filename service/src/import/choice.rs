//! Which of a bundle's schools is meant.

use super::finding::{Code, Findings, Place, line};
use super::staged::{Org, Part, SourcedId};

const ORGS: &str = "orgs.csv";
/// Longest code of an institution; it is part of user names.
const CODE_MAX: usize = 40;

/// The school of a bundle that belongs to the institution with this code: the only one, whatever
/// its identifier, or of several the one whose identifier or sourcedId is the code. The rest is
/// counted and named in a warning.
///
/// `None` where there is none or more than one; the error is noted.
pub(super) fn school_of(orgs: &Part<Org>, code: &str, findings: &mut Findings) -> Option<SourcedId> {
    let schools = schools(orgs);
    let named = |id: &SourcedId, org: &Org| org.identifier == code || **id == *code;
    let chosen = match schools.as_slice() {
        [] => {
            findings.error(Place::file(ORGS), Code::SCHOOL_NONE);
            return None;
        }
        [(only, _)] => (*only).clone(),
        several => {
            let mut matches = several.iter().filter(|(id, org)| named(id, org));
            match (matches.next(), matches.next()) {
                (Some((one, _)), None) => (*one).clone(),
                (None, _) => {
                    findings.error_about(Place::file(ORGS), Code::SCHOOL_NOT_FOUND, &named_list(several));
                    return None;
                }
                (Some(_), Some(_)) => {
                    findings.error(Place::file(ORGS), Code::SCHOOL_AMBIGUOUS);
                    return None;
                }
            }
        }
    };
    let others: Vec<(&SourcedId, &Org)> = schools.into_iter().filter(|(id, _)| **id != chosen).collect();
    if !others.is_empty() {
        findings.warn_about(Place::file(ORGS), Code::OTHER_SCHOOLS, &named_list(&others));
    }
    Some(chosen)
}

/// The school with exactly this code, of files whose schools are nothing but codes.
pub(super) fn school_of_code(orgs: &Part<Org>, code: &str, findings: &mut Findings) -> Option<SourcedId> {
    let schools = schools(orgs);
    let others: Vec<(&SourcedId, &Org)> = schools.iter().copied().filter(|(_, org)| org.identifier != code).collect();
    if others.len() == schools.len() {
        findings.error_about(Place::BUNDLE, Code::SCHOOL_NOT_FOUND, &named_list(&others));
        return None;
    }
    if !others.is_empty() {
        findings.warn_about(Place::BUNDLE, Code::OTHER_SCHOOLS, &named_list(&others));
    }
    schools.into_iter().find(|(_, org)| org.identifier == code).map(|(id, _)| id.clone())
}

/// Every school of a bundle with the code its institution has or will have: its identifier, or its
/// sourcedId where it has none. A code that cannot be one is an error.
pub(super) fn all_schools(orgs: &Part<Org>, findings: &mut Findings) -> Vec<(SourcedId, String)> {
    let mut coded: Vec<(SourcedId, String)> = Vec::new();
    for (id, org) in schools(orgs) {
        let code = if org.identifier.is_empty() { id.to_string() } else { org.identifier.clone() };
        let place = Place::row(ORGS, line(org.line), Some("identifier"));
        let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        if code.len() > CODE_MAX || !code.bytes().all(known) {
            findings.error(place, Code::SCHOOL_CODE);
        } else if coded.iter().any(|(_, taken)| *taken == code) {
            findings.error(place, Code::SCHOOL_AMBIGUOUS);
        } else {
            coded.push((id.clone(), code));
        }
    }
    if coded.is_empty() && !findings.has_errors() {
        findings.error(Place::file(ORGS), Code::SCHOOL_NONE);
    }
    coded
}

fn schools(orgs: &Part<Org>) -> Vec<(&SourcedId, &Org)> {
    orgs.rows.iter().filter(|(_, org)| org.is_school).collect()
}

/// "8: 1001 Nordby Skole, 1002 …": schools have no secrets; the first twenty are named.
fn named_list(schools: &[(&SourcedId, &Org)]) -> String {
    const NAMED: usize = 20;
    let names = schools.iter().take(NAMED).map(|(id, org)| {
        let code = if org.identifier.is_empty() { id } else { org.identifier.as_str() };
        format!("{code} {}", org.name)
    });
    let names = names.collect::<Vec<_>>().join(", ");
    let rest = if schools.len() > NAMED { ", …" } else { "" };
    format!("({}: {names}{rest})", schools.len())
}
