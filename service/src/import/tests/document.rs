//! Small documents of UNI-Login, written element by element. Everybody in them is made up.

use crate::import::{Findings, Limits, Source, Staged, parse};

/// A national number that must appear nowhere. The day is one that no real number has.
pub(super) const NATIONAL_NUMBER: &str = "710577-9996";

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Import,
    Medium,
    Full,
}

/// A document that can be bent before it is read.
#[derive(Clone)]
pub(super) struct Document {
    pub(super) kind: Kind,
    pub(super) at: String,
    pub(super) source: String,
    pub(super) year: String,
    pub(super) number: String,
    pub(super) groups: Vec<String>,
    pub(super) people: Vec<String>,
}

pub(super) fn group(id: &str, name: &str, kind: &str, level: &str) -> String {
    format!(
        "<Group><GroupId>{id}</GroupId><GroupName>{name}</GroupName><GroupType>{kind}</GroupType>\
         <GroupLevel>{level}</GroupLevel></Group>"
    )
}

/// Who it is, with all that is passed over.
fn person(given: &str, family: &str, uni_id: &str) -> String {
    format!(
        "<Person><FirstName>{given}</FirstName><FamilyName>{family}</FamilyName><UserId>{uni_id}</UserId>\
         <CivilRegistrationNumber>{NATIONAL_NUMBER}</CivilRegistrationNumber>\
         <CivilRegistrationNumberType>CPR_VERIFIED</CivilRegistrationNumberType>\
         <EmailAddress>a@b.example</EmailAddress><BirthDate>2017-05-11</BirthDate><Gender>K</Gender></Person>"
    )
}

pub(super) fn pupil(id: &str, (given, family): (&str, &str), level: &str, main: &str, groups: &[&str]) -> String {
    let groups: String = groups.iter().map(|group| format!("<GroupId>{group}</GroupId>")).collect();
    format!(
        "<InstitutionPerson><LocalPersonId>{id}</LocalPersonId>{}<Student><Role>Elev</Role>\
         <StudentNumber>17</StudentNumber><Level>{level}</Level><MainGroupId>{main}</MainGroupId>{groups}\
         <ContactPerson relation=\"Mor\"><Person><FirstName>Contact</FirstName><FamilyName>Person</FamilyName>\
         <CivilRegistrationNumber>{NATIONAL_NUMBER}</CivilRegistrationNumber></Person></ContactPerson>\
         </Student></InstitutionPerson>",
        person(given, family, "henr276q")
    )
}

pub(super) fn employee(id: &str, (given, family): (&str, &str), roles: &[&str], groups: &[&str]) -> String {
    let roles: String = roles.iter().map(|role| format!("<Role>{role}</Role>")).collect();
    let groups: String = groups.iter().map(|group| format!("<GroupId>{group}</GroupId>")).collect();
    format!(
        "<InstitutionPerson><LocalPersonId>{id}</LocalPersonId>{}<Employee>{roles}<ShortName>XX</ShortName>\
         {groups}</Employee></InstitutionPerson>",
        person(given, family, "1000013b36")
    )
}

impl Document {
    /// A school with two classes, a group, seven pupils, three employees and a trainee.
    pub(super) fn school() -> Self {
        let groups = vec![
            group("g4a", "4.A", "Hovedgruppe", "4"),
            group("g4b", "4.B", "Hovedgruppe", "4"),
            group("mat4", "Mat 4", "Hold", "4"),
            group("alle", "Alle", "Institution", ""),
        ];
        let people = vec![
            pupil("p1", ("Aya", "Hammoud"), "4", "g4a", &["mat4", "alle"]),
            pupil("p2", ("Bo", "Krog"), "4", "g4a", &["alle"]),
            pupil("p3", ("Clara", "Toft"), "4", "g4a", &[]),
            pupil("p4", ("Ditte", "Lund"), "4", "g4b", &["mat4"]),
            pupil("p5", ("Emil", "Bech"), "4", "g4b", &[]),
            pupil("p6", ("Freja", "Holm"), "0", "", &[]),
            pupil("p7", ("Gry", "Dam"), "Andet", "", &[]),
            employee("l1", ("Mette", "Lindegaard"), &["Lærer"], &["g4a"]),
            employee("l2", ("Bo", "Ravnsborg"), &["Lærer", "Vikar"], &["mat4"]),
            employee("a1", ("Inger", "Thorup"), &["TAP"], &["g4a"]),
            "<InstitutionPerson><LocalPersonId>x1</LocalPersonId><Person><FirstName>Jo</FirstName>\
             <FamilyName>Skov</FamilyName></Person><Extern><Role>Praktikant</Role><GroupId>g4a</GroupId></Extern>\
             </InstitutionPerson>"
                .to_owned(),
        ];
        Self {
            kind: Kind::Import,
            at: "2026-11-21T06:00:00+01:00".into(),
            source: "Elevsystemet".into(),
            year: "2026-2027".into(),
            number: "999014".into(),
            groups,
            people,
        }
    }

    pub(super) fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Written at another time.
    pub(super) fn at(mut self, at: &str) -> Self {
        at.clone_into(&mut self.at);
        self
    }

    /// With something replaced in the groups and persons; it must have been there.
    pub(super) fn with(mut self, from: &str, to: &str) -> Self {
        let found = self.groups.iter().chain(&self.people).any(|element| element.contains(from));
        assert!(found, "{from}");
        for element in self.groups.iter_mut().chain(&mut self.people) {
            *element = element.replace(from, to);
        }
        self
    }

    /// Without the persons that contain a text.
    pub(super) fn without(mut self, part: &str) -> Self {
        let before = self.people.len();
        self.people.retain(|person| !person.contains(part));
        assert!(self.people.len() < before, "{part}");
        self
    }

    /// With one more person.
    pub(super) fn and(mut self, person: String) -> Self {
        self.people.push(person);
        self
    }

    pub(super) fn xml(&self) -> String {
        let Self { at, source, year, number, .. } = self;
        let lines = |all: &[String]| all.iter().map(|element| format!("{element}\n")).collect::<String>();
        let (groups, people) = (lines(&self.groups), lines(&self.people));
        let institution = format!(
            "<Institution>\n<InstitutionNumber>{number}</InstitutionNumber>\n\
             <InstitutionName>Højvang Skole</InstitutionName>\n{groups}{people}</Institution>\n"
        );
        let body = match self.kind {
            Kind::Import => format!(
                "<UNILoginImport sourceDateTime=\"{at}\" source=\"{source}\" schoolYear=\"{year}\">\n{institution}\
                 </UNILoginImport>\n"
            ),
            Kind::Medium | Kind::Full => {
                let (name, level) = if self.kind == Kind::Medium { ("Medium", "medium") } else { ("Full", "full") };
                format!(
                    "<w:UNILoginExport{name} xmlns:w=\"https://brugerdatabasen.example/wsieksport/7\" \
                     xmlns=\"https://brugerdatabasen.example/common/3\" exportDateTime=\"{at}\" \
                     accessLevel=\"{level}\">\n<ImportSource sourceDateTime=\"{at}\" source=\"{source}\" \
                     schoolYear=\"{year}\"/>\n{institution}</w:UNILoginExport{name}>\n"
                )
            }
        };
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}")
    }

    pub(super) fn source(&self) -> Source {
        Source::Bytes(self.xml().into_bytes())
    }

    pub(super) fn parse(&self) -> Result<Staged, Findings> {
        parse(&self.source(), &Limits::default(), &|_| {})
    }

    /// Reads it; it must be sound.
    pub(super) fn staged(&self) -> Staged {
        self.parse().unwrap_or_else(|findings| panic!("{:?}", findings.errors()))
    }
}
