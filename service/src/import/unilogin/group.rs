//! Groups: classes and others.

use super::Reading;
use super::words::{self, GroupType};
use crate::import::finding::Code;
use crate::import::staged::Class;
use crate::import::xml::{At, Broken};
use domain::Date;
use std::io::Read;

/// A group as it is read.
#[derive(Default)]
struct Written {
    id: String,
    name: Option<String>,
    kind: String,
    level: String,
    line: String,
    from: Option<Date>,
    until: Option<Date>,
    /// A value that is wrong; its error is noted.
    is_bad: bool,
}

impl<R: Read> Reading<'_, R> {
    /// Reads a group, and keeps it unless something about it is wrong.
    pub(super) fn group(&mut self, at: At) -> Result<(), Broken> {
        Self::count(&mut self.group_rows, self.limits, at)?;
        let mut group = Written::default();
        while let Some(tag) = self.xml.child()? {
            match tag.name.as_str() {
                "GroupId" => group.id = self.xml.text()?,
                "GroupName" => {
                    let text = self.xml.text()?;
                    group.name = self.title(&text, tag.at, "GroupName");
                    group.is_bad |= group.name.is_none();
                }
                "GroupType" => {
                    group.kind = self.xml.text()?;
                    if words::group_type(&group.kind).is_none() {
                        self.warn_of_word(tag.at, "GroupType", Code::GROUP_TYPE_UNKNOWN, &group.kind);
                    }
                }
                "GroupLevel" => group.level = self.xml.text()?,
                "Line" => group.line = self.xml.text()?,
                "FromDate" => group.from = self.day(tag.at, "FromDate")?.unwrap_or_else(|()| group.spoilt()),
                "ToDate" => group.until = self.day(tag.at, "ToDate")?.unwrap_or_else(|()| group.spoilt()),
                _ => self.unknown(tag.at)?,
            }
        }
        self.keep_group(group, at);
        Ok(())
    }

    fn keep_group(&mut self, group: Written, at: At) {
        let Some(id) = self.id(&group.id, at, "GroupId") else { return };
        if self.groups.contains_key(&id) || self.everybody.contains(&id) {
            return self.error(at, Some("GroupId"), Code::ID_DUPLICATE);
        }
        if group.is_bad {
            return;
        }
        if group.from.zip(group.until).is_some_and(|(from, until)| until < from) {
            return self.warn(at, Some("ToDate"), Code::DATES_REVERSED);
        }
        let kind = words::group_type(&group.kind).unwrap_or(GroupType::Section);
        if kind == GroupType::Everybody {
            self.everybody.insert(id);
            return;
        }
        let title = group.title(self.limits.name_chars).unwrap_or_else(|| id.to_string());
        self.dates.insert(id.clone(), (group.from, group.until));
        let is_homeroom = kind == GroupType::Class;
        let class = Class { title, is_homeroom, subject: None, school: "".into(), terms: Vec::new(), line: at.line };
        self.groups.insert(id, class);
    }

    /// A day, where there is one. `Err` within for a text that is none; the error is noted.
    fn day(&mut self, at: At, name: &'static str) -> Result<Result<Option<Date>, ()>, Broken> {
        let text = self.xml.text()?;
        if text.is_empty() {
            return Ok(Ok(None));
        }
        let day = words::day(&text);
        if day.is_none() {
            self.error(at, Some(name), Code::DATE_INVALID);
        }
        Ok(day.map(Some).ok_or(()))
    }
}

impl Written {
    fn spoilt(&mut self) -> Option<Date> {
        self.is_bad = true;
        None
    }

    /// Its name, or else level and line, "4" and "A".
    fn title(&self, chars_max: usize) -> Option<String> {
        let level_and_line = || format!("{}{}", self.level, self.line).chars().take(chars_max).collect::<String>();
        let title = self.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(level_and_line);
        (!title.is_empty()).then_some(title)
    }
}
