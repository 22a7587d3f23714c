//! Persons of the institution: pupil, employee or external.

use super::{GroupPlace, Reading, words};
use crate::import::finding::Code;
use crate::import::national::{is_number, national_number};
use crate::import::staged::{Role, RoleRow, SourcedId, User};
use crate::import::xml::{At, Broken, Tag};
use domain::Level;
use std::io::Read;

/// A person as it is read.
#[derive(Default)]
struct Written {
    id: String,
    given: Option<String>,
    family: Option<String>,
    protected: bool,
    uni_id: Option<String>,
    /// Forgotten with the rest once the person has been read.
    number: String,
    /// Stands there a student, an employee or an external?
    is_something: bool,
    roles: Vec<Role>,
    level: Option<Level>,
    grade: String,
    groups: Vec<(SourcedId, At)>,
    /// A value that is wrong; its error is noted.
    is_bad: bool,
}

impl<R: Read> Reading<'_, R> {
    /// Reads a person, and keeps them unless something about them is wrong.
    pub(super) fn institution_person(&mut self, at: At) -> Result<(), Broken> {
        Self::count(&mut self.people_rows, self.limits, at)?;
        self.tell(false);
        let mut person = Written::default();
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "LocalPersonId" => person.id = self.xml.text()?,
                "Person" => self.person(&mut person, &tag)?,
                "Student" | "Employee" | "Extern" if person.is_something => {
                    return Err(Broken { at: tag.at, code: Code::ELEMENT_TWICE });
                }
                "Student" => self.student(&mut person)?,
                "Employee" => self.employee(&mut person)?,
                "Extern" => self.external(&mut person)?,
                _ => self.unknown(tag.at)?,
            }
        }
        self.keep_person(person, at)
    }

    /// Who it is. Everything else about them is passed over.
    fn person(&mut self, person: &mut Written, own: &Tag) -> Result<(), Broken> {
        person.protected = match own.attribute("protected") {
            None | Some("" | "false" | "0") => false,
            Some("true" | "1") => true,
            Some(_) => {
                self.error(own.at, Some("protected"), Code::VALUE_INVALID);
                true
            }
        };
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "FirstName" => person.given = self.name(&tag, "FirstName", &mut person.is_bad)?,
                "FamilyName" => person.family = self.name(&tag, "FamilyName", &mut person.is_bad)?,
                "UserId" => {
                    let text = self.xml.text()?;
                    person.uni_id = words::uni_id(&text);
                    if person.uni_id.is_none() && !text.is_empty() {
                        self.warn(tag.at, Some("UserId"), Code::UNI_ID_ODD);
                    }
                }
                "CivilRegistrationNumber" => {
                    person.number = self.xml.text()?;
                    national_number(&person.number);
                }
                "CivilRegistrationNumberType"
                | "EmailAddress"
                | "BirthDate"
                | "Gender"
                | "PhotoId"
                | "Address"
                | "HomePhoneNumber"
                | "WorkPhoneNumber"
                | "MobilePhoneNumber"
                | "AliasFirstName"
                | "AliasFamilyName" => self.xml.skip()?,
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    fn name(&mut self, tag: &Tag, name: &'static str, is_bad: &mut bool) -> Result<Option<String>, Broken> {
        let text = self.xml.text()?;
        let title = self.title(&text, tag.at, name);
        *is_bad |= title.is_none();
        Ok(title)
    }

    fn student(&mut self, person: &mut Written) -> Result<(), Broken> {
        person.is_something = true;
        // The element says what they are; none of the schema's words makes a difference.
        person.roles.push(Role::Pupil);
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "Role" => {
                    let word = self.xml.text()?;
                    if !words::is_student_role(&word) {
                        self.warn_of_word(tag.at, "Role", Code::PUPIL_ROLE_UNKNOWN, &word);
                    }
                }
                "Level" => {
                    let word = self.xml.text()?;
                    let (level, is_known) = words::level(&word);
                    if word.len() > self.limits.name_chars {
                        self.error(tag.at, Some("Level"), Code::VALUE_TOO_LONG);
                        person.is_bad = true;
                    } else if !is_known && !word.is_empty() {
                        self.warn_of_word(tag.at, "Level", Code::GRADE_UNKNOWN, &word);
                    }
                    (person.level, person.grade) = (level, word);
                }
                "MainGroupId" => self.group_of(person, tag.at, "MainGroupId")?,
                "GroupId" => self.group_of(person, tag.at, "GroupId")?,
                "StudentNumber" | "Location" | "ContactPerson" => self.xml.skip()?,
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    fn employee(&mut self, person: &mut Written) -> Result<(), Broken> {
        person.is_something = true;
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "Role" => self.role(person, tag.at, words::employee_role)?,
                "GroupId" => self.group_of(person, tag.at, "GroupId")?,
                "ShortName" | "Occupation" | "Location" => self.xml.skip()?,
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    fn external(&mut self, person: &mut Written) -> Result<(), Broken> {
        person.is_something = true;
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "Role" => self.role(person, tag.at, words::external_role)?,
                // They neither teach a group nor belong to it.
                "GroupId" => self.xml.skip()?,
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    fn role(&mut self, person: &mut Written, at: At, of: fn(&str) -> Option<Role>) -> Result<(), Broken> {
        let word = self.xml.text()?;
        match of(&word) {
            Some(role) => person.roles.push(role),
            None => self.warn_of_word(at, "Role", Code::ROLE_UNKNOWN, &word),
        }
        Ok(())
    }

    fn group_of(&mut self, person: &mut Written, at: At, name: &'static str) -> Result<(), Broken> {
        let text = self.xml.text()?;
        let known = self.ids.get(text.as_str()).cloned();
        let id = if known.is_some() || text.is_empty() { known } else { self.id(&text, at, name) };
        if let Some(id) = id {
            self.ids.insert(id.clone());
            person.groups.push((id, at));
        }
        Ok(())
    }

    fn keep_person(&mut self, person: Written, at: At) -> Result<(), Broken> {
        let Some(id) = self.id_of(&person, at) else { return Ok(()) };
        if self.users.contains_key(&id) {
            self.error(at, Some("LocalPersonId"), Code::ID_DUPLICATE);
            return Ok(());
        }
        let (given, family) = (person.given.unwrap_or_default(), person.family.unwrap_or_default());
        match (given.is_empty(), family.is_empty()) {
            // A name that is wrong has its own error.
            (true, true) if !person.is_bad => self.error(at, Some("FirstName"), Code::VALUE_MISSING),
            (true, false) => self.warn(at, Some("FirstName"), Code::NAME_MISSING),
            (false, true) => self.warn(at, Some("FamilyName"), Code::NAME_MISSING),
            _ => {}
        }
        if !person.is_something {
            self.warn(at, None, Code::ROLE_IGNORED);
        }
        if person.roles.is_empty() || person.is_bad {
            return Ok(());
        }
        for role in &person.roles {
            let row = RoleRow { user: id.clone(), org: "".into(), role: *role, begin: None, end: None };
            self.roles.insert(format!("{id}\u{1F}{}", role.user_type().code()).into(), row);
        }
        let is_teacher = person.roles.contains(&Role::Teacher);
        if is_teacher || person.roles.contains(&Role::Pupil) {
            for (group, at) in person.groups {
                if self.places.len() as u64 >= self.limits.rows {
                    return Err(Broken { at, code: Code::TOO_MANY_ROWS });
                }
                self.places.push(GroupPlace { person: id.clone(), group, is_teacher, at });
            }
        }
        let user = User {
            names: Some((given, family)),
            protected: person.protected,
            uni_id: person.uni_id,
            enabled: true,
            level: person.level,
            grade: person.grade,
            at: Vec::new(),
        };
        self.users.insert(id, user);
        Ok(())
    }

    /// The school's own id, or for somebody who was attached by hand, and so has none, their UNI-Login id.
    fn id_of(&mut self, person: &Written, at: At) -> Option<SourcedId> {
        if is_number(&person.id, &person.number) {
            self.error(at, Some("LocalPersonId"), Code::ID_NATIONAL);
            return None;
        }
        match &person.uni_id {
            Some(uni_id) if person.id.is_empty() => Some(format!("unilogin {uni_id}").into()),
            _ => self.id(&person.id, at, "LocalPersonId"),
        }
    }
}
