//! Authorities and institutions: what the operator makes before anybody can sign in.

use crate::actor::{Actor, Via};
use crate::audit::{self, Action, Entry as AuditEntry};
use crate::catalogue::Entry;
use crate::fault::Fault;
use crate::rights::when::parse_instant;
use crate::service::Service;
use domain::exchange::{Refusal, RefusalCode};
use domain::{AuthorityId, IdentitySource, Instant, InstitutionId, PersonId, Zone};
use store::directory::{Authority, Institution};
use uuid::Uuid;

/// The longest code, in characters. It becomes part of user names.
const CODE_MAX: usize = 32;
/// The longest name, in characters.
const NAME_MAX: usize = 200;

impl Service {
    /// Makes an authority (kommune, huvudman) in a country, `dk` or `se`.
    ///
    /// # Errors
    /// [`RefusalCode::BadInput`] for a code, name or country that cannot be one;
    /// [`store::Error::Taken`] where the code is another's.
    pub async fn create_authority(&self, code: &str, name: &str, country: &str) -> Result<AuthorityId, Fault> {
        Zone::of_country(country).ok_or(RefusalCode::BadInput)?;
        let id = AuthorityId(self.env.id());
        let authority =
            Authority { id, code: checked_code(code)?, name: checked_name(name)?, country: country.to_owned() };
        let operator = self.operator_anywhere(id.as_place());
        let entry = AuditEntry::new(Action::AuthorityCreated, &operator).at_authority(id).object("authority", id);
        let entry = entry.detail("code", authority.code.as_str()).detail("country", country);
        store::write!(self.db, async |tx| {
            store::directory::insert_authority(tx, &authority).await?;
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>(())
        })?;
        Ok(id)
    }

    /// Makes an institution (school) of an authority, in the authority's country. Its
    /// administrative capacities come from local accounts.
    ///
    /// # Errors
    /// As [`Service::create_authority`]; [`Fault::Unknown`] for an unknown authority.
    pub async fn create_institution(&self, authority: &str, code: &str, name: &str) -> Result<InstitutionId, Fault> {
        let id = InstitutionId(self.env.id());
        let (code, name) = (checked_code(code)?, checked_name(name)?);
        let operator = self.operator_anywhere(id);
        let entry = AuditEntry::new(Action::InstitutionCreated, &operator).object("institution", id);
        let entry = entry.detail("code", code.as_str()).detail("authority", authority);
        store::write!(self.db, async |tx| {
            let found = store::directory::authority_by_code(tx, authority).await?;
            let Authority { id: authority, country, .. } =
                found.ok_or_else(|| Fault::unknown("authority", authority))?;
            let institution = Institution {
                id,
                authority,
                code: code.clone(),
                name: name.clone(),
                country,
                identity_source: IdentitySource::Local,
            };
            store::directory::insert_institution(tx, &institution).await?;
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            Ok::<_, Fault>(())
        })?;
        Ok(id)
    }

    /// The authority with this code.
    ///
    /// # Errors
    /// [`Fault::Unknown`].
    pub async fn authority(&self, code: &str) -> Result<AuthorityId, Fault> {
        let found = store::directory::authority_by_code(&mut self.db.read().await?, code).await?;
        Ok(found.ok_or_else(|| Fault::unknown("authority", code))?.id)
    }

    /// The tests that the institutions offer in the present school year: those of one institution,
    /// or of every one there is; where there is none yet, those of every country.
    ///
    /// # Errors
    /// [`Fault::Unknown`] for an unknown institution.
    pub async fn offered(&self, institution: Option<&str>) -> Result<Vec<&Entry>, Fault> {
        let mut institutions = store::directory::institutions(&mut self.db.read().await?).await?;
        if let Some(code) = institution {
            institutions.retain(|here| here.code == code);
            if institutions.is_empty() {
                return Err(Fault::unknown("institution", code));
            }
        }
        let countries: Vec<&str> = institutions.iter().map(|here| here.country.as_str()).collect();
        Ok(self.catalogue.held_at(self.env.now(), &countries))
    }

    /// Reads RFC 3339, or a date as its first instant in the zone of the actor's institution; `None`
    /// if the text is neither.
    ///
    /// # Errors
    /// [`RefusalCode::NotFound`] for an unknown institution.
    pub async fn moment(&self, actor: &Actor, text: &str) -> Result<Option<Instant>, Fault> {
        let found = store::directory::institution(&mut self.db.read().await?, actor.institution).await?;
        let country = found.ok_or(RefusalCode::NotFound)?.country;
        let zone =
            Zone::of_country(&country).ok_or_else(|| Fault::Internal(format!("country {country} has no zone")))?;
        Ok(parse_instant(text, zone))
    }

    /// The operator, before there is an institution with a code or apart from any.
    #[must_use]
    pub fn operator_anywhere(&self, institution: InstitutionId) -> Actor {
        Actor {
            person: PersonId(Uuid::nil()),
            account: None,
            name: "operator".to_owned(),
            institution,
            capacities: Vec::new(),
            two_factors: false,
            via: Via::Operator,
            request: self.env.id(),
        }
    }
}

/// A code is letters, digits, dots and hyphens, as in the files that name schools; it becomes part of user names.
fn checked_code(code: &str) -> Result<String, Refusal> {
    let sound = !code.is_empty()
        && code.len() <= CODE_MAX
        && code.chars().all(|it| it.is_ascii_alphanumeric() || it == '.' || it == '-');
    if sound { Ok(code.to_owned()) } else { Err(RefusalCode::BadInput.into()) }
}

fn checked_name(name: &str) -> Result<String, Refusal> {
    let name = name.trim();
    let sound = !name.is_empty() && name.chars().nth(NAME_MAX).is_none() && !name.chars().any(char::is_control);
    if sound { Ok(name.to_owned()) } else { Err(RefusalCode::BadInput.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_plain_and_names_are_one_line() {
        for good in ["280001", "SE-144.80", "a"] {
            assert_eq!(checked_code(good).unwrap(), good);
        }
        for bad in ["", "28/0001", "28 0001", "æ", &"1".repeat(CODE_MAX + 1)] {
            checked_code(bad).unwrap_err();
        }
        assert_eq!(checked_name(" Bakkeskolen ").unwrap(), "Bakkeskolen");
        for bad in ["", "  ", "a\nb", &"x".repeat(NAME_MAX + 1)] {
            checked_name(bad).unwrap_err();
        }
    }
}
