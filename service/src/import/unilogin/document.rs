//! The document as a whole: which it is, of when, and of which institution.

use super::{Reading, words};
use crate::import::finding::Code;
use crate::import::staged::Stamp;
use crate::import::xml::{At, Broken, Tag};
use domain::Instant;
use std::io::Read;

/// Longest name that a source gives itself, in bytes.
const SOURCE_BYTES: usize = 200;

impl<R: Read> Reading<'_, R> {
    /// Reads it from end to end.
    pub(super) fn document(&mut self) -> Result<(), Broken> {
        let root = self.xml.root()?;
        match root.name.as_str() {
            "UNILoginImport" => {
                self.kind = "UNILoginImport";
                self.import_attributes(&root);
                self.children(false)?;
            }
            "UNILoginExportMedium" | "UNILoginExportFull" | "UNILoginExportFullMyndighed" => {
                self.kind = "UNILoginExport";
                let at = self.time(&root, "exportDateTime");
                self.children(true)?;
                self.stamp = at.map(|at| Stamp { source: "export".to_owned(), at, year: self.year });
            }
            "UNILoginExportSmall" => return Err(Broken { at: root.at, code: Code::EXPORT_SMALL }),
            _ => return Err(Broken { at: root.at, code: Code::ROOT_UNKNOWN }),
        }
        self.xml.end()?;
        if self.number.is_none() && !self.findings.has_errors() {
            self.error(root.at, Some("InstitutionNumber"), Code::VALUE_MISSING);
        }
        Ok(())
    }

    fn import_attributes(&mut self, root: &Tag) {
        let at = self.time(root, "sourceDateTime");
        self.year = self.school_year(root);
        let source = match root.attribute("source") {
            None | Some("") => Err(Code::VALUE_MISSING),
            Some(source) if source.len() > SOURCE_BYTES => Err(Code::VALUE_TOO_LONG),
            Some(source) if source.chars().any(char::is_control) => Err(Code::VALUE_INVALID),
            Some(source) => Ok(format!("import {source}")),
        };
        match (source, at) {
            (Ok(source), Some(at)) => self.stamp = Some(Stamp { source, at, year: self.year }),
            (Err(code), _) => self.error(root.at, Some("source"), code),
            (Ok(_), None) => {}
        }
    }

    fn children(&mut self, is_export: bool) -> Result<(), Broken> {
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "Institution" => self.institution(tag.at)?,
                "ImportSource" if is_export => {
                    // Of several sources the latest year counts.
                    self.year = self.year.max(self.school_year(&tag));
                    self.xml.skip()?;
                }
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    fn institution(&mut self, at: At) -> Result<(), Broken> {
        if self.number.is_some() {
            return Err(Broken { at, code: Code::ELEMENT_TWICE });
        }
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "InstitutionNumber" => self.institution_number(tag.at)?,
                "InstitutionName" => {
                    let text = self.xml.text()?;
                    self.name = self.title(&text, tag.at, "InstitutionName").unwrap_or_default();
                }
                "Group" => self.group(tag.at)?,
                "InstitutionPerson" => self.institution_person(tag.at)?,
                _ => self.unknown(tag.at)?,
            }
        }
        Ok(())
    }

    /// Six characters, of which some may be letters.
    fn institution_number(&mut self, at: At) -> Result<(), Broken> {
        let number = self.xml.text()?;
        if self.number.is_some() {
            return Err(Broken { at, code: Code::ELEMENT_TWICE });
        }
        if number.is_empty() {
            self.error(at, Some("InstitutionNumber"), Code::VALUE_MISSING);
        } else if number.chars().count() != 6 || !number.chars().all(char::is_alphanumeric) {
            self.error(at, Some("InstitutionNumber"), Code::VALUE_INVALID);
        } else {
            self.number = Some((number, at));
        }
        Ok(())
    }

    fn time(&mut self, tag: &Tag, name: &'static str) -> Option<Instant> {
        let written = tag.attribute(name).unwrap_or("");
        let at = words::instant(written);
        if at.is_none() {
            self.error(tag.at, Some(name), if written.is_empty() { Code::VALUE_MISSING } else { Code::VALUE_INVALID });
        }
        at
    }

    fn school_year(&mut self, tag: &Tag) -> Option<domain::SchoolYear> {
        let written = tag.attribute("schoolYear").unwrap_or("");
        let year = words::school_year(written);
        if year.is_none() {
            let code = if written.is_empty() { Code::VALUE_MISSING } else { Code::VALUE_INVALID };
            self.error(tag.at, Some("schoolYear"), code);
        }
        year
    }
}
