//! Bundles in the form of OneRoster 1.1, of any size. The people are invented and have numbers for
//! family names.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// How large a bundle is.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Schools.
    pub(crate) schools: usize,
    /// Classes of a school, over ten levels.
    pub(crate) classes: usize,
    /// Pupils of a class.
    pub(crate) pupils: usize,
    /// Teachers of a school.
    pub(crate) teachers: usize,
    /// Sections that each pupil is in, beside the class.
    pub(crate) sections: usize,
}

const MANIFEST: &str = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,bulk\n\
    file.academicSessions,bulk\nfile.courses,bulk\nfile.classes,bulk\nfile.users,bulk\nfile.enrollments,bulk\n";
const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier\n";
const SESSIONS: &str = "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n\
    y,,,The year,schoolYear,2026-08-10,2027-06-25,,2027\nt,,,All of it,term,2026-08-10,2027-06-25,y,2027\n";
const COURSES: &str = "sourcedId,status,dateLastModified,title,subjects\nk,,,Mathematics,Mathematics\n";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classType,schoolSourcedId,\
    termSourcedIds\n";
const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,\
    grades\n";
const ENROLLMENTS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,\
    beginDate,endDate\n";

/// The files that grow.
struct Files {
    orgs: String,
    classes: String,
    users: String,
    enrollments: String,
}

impl Plan {
    /// Writes the files into a folder; answers how many rows they have.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<usize> {
        let mut files =
            Files { orgs: ORGS.into(), classes: CLASSES.into(), users: USERS.into(), enrollments: ENROLLMENTS.into() };
        for school in 0..self.schools {
            // Writing to a String cannot fail.
            let _ = self.school(&mut files, school);
        }
        let all = [
            ("manifest.csv", MANIFEST),
            ("orgs.csv", &files.orgs),
            ("academicSessions.csv", SESSIONS),
            ("courses.csv", COURSES),
            ("classes.csv", &files.classes),
            ("users.csv", &files.users),
            ("enrollments.csv", &files.enrollments),
        ];
        let mut rows = 0;
        for (name, text) in all {
            std::fs::write(folder.join(name), text)?;
            rows += text.lines().count() - 1;
        }
        Ok(rows)
    }

    fn school(&self, files: &mut Files, school: usize) -> std::fmt::Result {
        let id = format!("s{school}");
        writeln!(files.orgs, "{id},,,School {school},school,{}", 200_000 + school)?;
        for teacher in 0..self.teachers {
            writeln!(files.users, "{id}-t{teacher},,,true,{id},teacher,,Lærke,Lærer {teacher},")?;
        }
        for class in 0..self.classes {
            let level = class * 10 / self.classes;
            let grade = if level == 0 { "KG".to_owned() } else { format!("{level:02}") };
            let letter = char::from(b'A' + u8::try_from(class % 26).unwrap_or(0));
            writeln!(files.classes, "{id}-c{class},,,{level}.{letter},{grade},,homeroom,{id},t")?;
            for section in 0..self.sections {
                writeln!(files.classes, "{id}-c{class}-{section},,,Hold {class}-{section},{grade},k,scheduled,{id},t")?;
            }
            self.place(files, &id, class, class % self.teachers.max(1), "teacher", "t")?;
            for pupil in class * self.pupils..(class + 1) * self.pupils {
                writeln!(files.users, "{id}-p{pupil},,,true,{id},student,,Ellen,Elev {pupil},{grade}")?;
                self.place(files, &id, class, pupil, "student", "p")?;
            }
        }
        Ok(())
    }

    /// A person in a class and its sections.
    fn place(
        &self,
        files: &mut Files,
        school: &str,
        class: usize,
        who: usize,
        role: &str,
        kind: &str,
    ) -> std::fmt::Result {
        let sections = (0..self.sections).map(|section| format!("-{section}"));
        for (number, section) in std::iter::once(String::new()).chain(sections).enumerate() {
            writeln!(
                files.enrollments,
                "{school}-{kind}{who}-{class}-{number},,,{school}-c{class}{section},{school},{school}-{kind}{who},{role},\
                2026-08-10,2027-06-25"
            )?;
        }
        Ok(())
    }
}
