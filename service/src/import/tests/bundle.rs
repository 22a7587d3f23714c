//! Small bundles, written row by row.

use crate::import::{Findings, Limits, Source, Staged, parse};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

pub(super) const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,\
    givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password";
pub(super) const ENROLLMENTS: &str =
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate";
const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId";
const SESSIONS: &str = "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear";
const COURSES: &str =
    "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes";
pub(super) const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,\
    schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods";

/// A bundle that can be bent before it is read.
#[derive(Clone)]
pub(super) struct Bundle {
    /// Files by name; the manifest is made from them.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// What the manifest says of each file.
    pub(super) modes: BTreeMap<String, &'static str>,
    pub(super) version: &'static str,
    pub(super) manifest: bool,
}

impl Bundle {
    /// A school with two classes, a section, seven pupils, two teachers and a secretary.
    pub(super) fn school() -> Self {
        let mut bundle = Self { files: BTreeMap::new(), modes: BTreeMap::new(), version: "1.1", manifest: true };
        bundle.table("orgs.csv", ORGS, &["s1,,,Prøveby Skole,school,280001,"]);
        bundle.table(
            "academicSessions.csv",
            SESSIONS,
            &[
                "y,,,2026-2027,schoolYear,2026-08-10,2027-06-25,,2027",
                "t1,,,Autumn,term,2026-08-10,2026-12-18,y,2027",
                "t2,,,Spring,term,2027-01-04,2027-06-25,y,2027",
            ],
        );
        bundle.table("courses.csv", COURSES, &["k1,,,y,Matematik,MAT,,s1,Matematik,"]);
        bundle.table(
            "classes.csv",
            CLASSES,
            &[
                "c4a,,,4.A,04,,,homeroom,,s1,\"t1,t2\",,,",
                "c4b,,,4.B,04,,,homeroom,,s1,\"t1,t2\",,,",
                "m4,,,Mat 4,04,k1,,scheduled,,s1,\"t1,t2\",,,",
            ],
        );
        let user = |id: &str, role: &str, given: &str, family: &str, grade: &str| {
            format!("{id},,,true,s1,{role},x,,{given},{family},,1234567890,a@b.example,,,,{grade},secret")
        };
        let people = [
            user("p1", "student", "Aya", "Hammoud", "04"),
            user("p2", "student", "Bo", "Krog", "04"),
            user("p3", "student", "Clara", "Toft", "04"),
            user("p4", "student", "Ditte", "Lund", "04"),
            user("p5", "student", "Emil", "Bech", "04"),
            user("p6", "student", "Freja", "Holm", "KG"),
            user("p7", "student", "Gry", "Dam", "Andet"),
            user("l1", "teacher", "Mette", "Lindegaard", ""),
            user("l2", "teacher", "Bo", "Ravnsborg", ""),
            user("a1", "administrator", "Inger", "Thorup", ""),
        ];
        bundle.table("users.csv", USERS, &people.each_ref().map(String::as_str));
        let place = |id: &str, class: &str, user: &str, role: &str| {
            format!("{id},,,{class},s1,{user},{role},,2026-08-10,2027-06-25")
        };
        let places = [
            place("e1", "c4a", "p1", "student"),
            place("e2", "c4a", "p2", "student"),
            place("e3", "c4a", "p3", "student"),
            place("e4", "c4b", "p4", "student"),
            place("e5", "c4b", "p5", "student"),
            place("e6", "m4", "p1", "student"),
            place("e7", "m4", "p4", "student"),
            place("e8", "c4a", "l1", "teacher"),
            place("e9", "m4", "l2", "teacher"),
        ];
        bundle.table("enrollments.csv", ENROLLMENTS, &places.each_ref().map(String::as_str));
        bundle
    }

    /// A delta without files.
    pub(super) fn delta() -> Self {
        Self { files: BTreeMap::new(), modes: BTreeMap::new(), version: "1.1", manifest: true }
    }

    pub(super) fn table(&mut self, file: &str, header: &str, rows: &[&str]) {
        let text =
            std::iter::once(header).chain(rows.iter().copied()).map(|row| format!("{row}\n")).collect::<String>();
        self.raw(file, text.into_bytes());
    }

    /// A file of a delta.
    pub(super) fn changes(mut self, file: &str, rows: &[&str]) -> Self {
        let header = match file {
            "users.csv" => USERS,
            "enrollments.csv" => ENROLLMENTS,
            "classes.csv" => CLASSES,
            _ => ORGS,
        };
        self.table(file, header, rows);
        self.modes.insert(file.into(), "delta");
        self
    }

    pub(super) fn raw(&mut self, file: &str, bytes: Vec<u8>) {
        self.modes.entry(file.into()).or_insert("bulk");
        self.files.insert(file.into(), bytes);
    }

    /// The text of a file with something replaced; it must have been there.
    pub(super) fn with(mut self, file: &str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.files[file].clone()).unwrap();
        assert!(text.contains(from), "{from} in {file}");
        self.files.insert(file.into(), text.replace(from, to).into_bytes());
        self
    }

    /// Without the rows that contain a text.
    pub(super) fn without(mut self, file: &str, part: &str) -> Self {
        let text = String::from_utf8(self.files[file].clone()).unwrap();
        assert!(text.contains(part), "{part} in {file}");
        let kept = text.lines().filter(|line| !line.contains(part)).map(|line| format!("{line}\n"));
        self.files.insert(file.into(), kept.collect::<String>().into_bytes());
        self
    }

    /// With one more row.
    pub(super) fn and(mut self, file: &str, row: &str) -> Self {
        self.files.get_mut(file).unwrap().extend_from_slice(format!("{row}\n").as_bytes());
        self
    }

    fn manifest(&self) -> String {
        let mut text = format!("propertyName,value\nmanifest.version,1.0\noneroster.version,{}\n", self.version);
        for (file, mode) in &self.modes {
            text.push_str(&format!("file.{},{mode}\n", file.trim_end_matches(".csv")));
        }
        text
    }

    /// The zip file.
    pub(super) fn zip(&self) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        let manifest = self.manifest.then(|| ("manifest.csv".to_owned(), self.manifest().into_bytes()));
        for (name, bytes) in manifest.iter().map(|(n, b)| (n, b)).chain(&self.files) {
            zip.start_file(name.as_str(), options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// Reads it.
    pub(super) fn parse(&self) -> Result<Staged, Findings> {
        parse(&Source::Bytes(self.zip()), &Limits::default(), &|_| {})
    }

    /// Reads it; it must be sound.
    pub(super) fn staged(&self) -> Staged {
        self.parse().unwrap_or_else(|findings| panic!("{:?}", findings.errors()))
    }
}
