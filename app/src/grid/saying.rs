//! Cells, selections and drafts in words: the line above the grid, and every cell's name.

use super::look::{Glyph, Look, Via};
use crate::text::{Locale, date};
use crate::{plural, t};
use domain::draft::EditFault;
use domain::view::{Drafted, Turn};
use domain::{Date, Instant, Level, Zone};

/// What the words of a cell need to know besides its look.
#[derive(Clone, Copy, Debug)]
pub struct Saying {
    /// The language.
    pub locale: Locale,
    /// The school's zone.
    pub zone: Zone,
    /// The present school year, such as 2026.
    pub year: i16,
}

impl Saying {
    /// What a cell says: "yes, through the class, added in the draft".
    #[must_use]
    pub fn state(&self, look: &Look, level: Option<Level>) -> String {
        let locale = self.locale;
        let mut text = match (look.glyph, look.via) {
            (Glyph::YesHere, _) => t!(locale, grid.state.yes_here).to_owned(),
            (Glyph::YesVia, Via::Class) => t!(locale, grid.state.yes_class).to_owned(),
            (Glyph::YesVia, Via::None | Via::Wider) => t!(locale, grid.state.yes_wider).to_owned(),
            (Glyph::Part, _) => t!(locale, grid.state.partly, yes = look.yes, of = look.of),
            (Glyph::WithheldHere, _) => t!(locale, grid.state.withheld_here).to_owned(),
            (Glyph::WithheldVia, _) => t!(locale, grid.state.withheld_wider).to_owned(),
            (Glyph::No, _) => t!(locale, grid.state.no).to_owned(),
        };
        let mut add = |more: &str| {
            text.push_str(", ");
            text.push_str(more);
        };
        if look.exempt {
            add(&t!(locale, grid.state.exempt, year = self.school_year()));
        }
        if look.quiet {
            match level {
                Some(level) => add(&t!(locale, grid.state.above_level, level = level)),
                None => add(t!(locale, grid.state.above)),
            }
        }
        match look.turns {
            Some(Turn::Begins(at)) => add(&t!(locale, grid.state.begins, day = self.day(at))),
            Some(Turn::Ends(at)) => add(&t!(locale, grid.state.ends, day = self.last_day(at))),
            None => {}
        }
        match look.drafted {
            Some(Drafted::Added) => add(t!(locale, grid.state.added)),
            Some(Drafted::Removed) => add(t!(locale, grid.state.removed)),
            None if look.drafted_here => add(t!(locale, grid.state.in_draft)),
            None => {}
        }
        if look.conflict {
            add(t!(locale, grid.state.conflict));
        }
        text
    }

    /// "2026/27".
    #[must_use]
    pub fn school_year(&self) -> String {
        format!("{}/{:02}", self.year, (self.year + 1).rem_euclid(100))
    }

    /// The day an instant lies in, written out in figures.
    #[must_use]
    pub fn day(&self, at: Instant) -> String {
        date(self.locale, self.zone.date_of(at))
    }

    /// The last day before an exclusive end.
    #[must_use]
    pub fn last_day(&self, end: Instant) -> String {
        self.day(Instant(end.0.saturating_sub(1)))
    }

    /// A day in figures.
    #[must_use]
    pub fn date(&self, day: Date) -> String {
        date(self.locale, day)
    }

    /// "12 cells: 1 yes, 10 no, 1 withheld."
    #[must_use]
    pub fn count(&self, looks: impl Iterator<Item = Look>) -> String {
        let locale = self.locale;
        let (mut cells, mut yes, mut partly, mut no, mut withheld) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
        for look in looks {
            cells += 1;
            match look.glyph {
                Glyph::YesHere | Glyph::YesVia => yes += 1,
                Glyph::Part => partly += 1,
                Glyph::No => no += 1,
                Glyph::WithheldHere | Glyph::WithheldVia => withheld += 1,
            }
        }
        let parts: Vec<String> = [
            (yes, t!(locale, grid.count.yes)),
            (partly, t!(locale, grid.count.partly)),
            (no, t!(locale, grid.count.no)),
            (withheld, t!(locale, grid.count.withheld)),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let cells = plural!(locale, cells, grid.count.cell, grid.count.cells);
        format!("{cells}: {}.", parts.join(", "))
    }

    /// Why something could not be put into the draft.
    #[must_use]
    pub fn fault(&self, fault: EditFault) -> &'static str {
        let locale = self.locale;
        match fault {
            EditFault::FromInPast => t!(locale, refused.date_in_past),
            EditFault::UntilBeforeFrom => t!(locale, grid.fault.until_before_from),
            EditFault::ClearWithEnd => t!(locale, grid.fault.clear_with_end),
            EditFault::TooLarge => t!(locale, grid.fault.too_large),
            EditFault::Unknown | EditFault::UnknownTest | EditFault::NoTeachers => t!(locale, grid.fault.unknown),
        }
    }
}

/// A sentence: its first letter in capitals, a full stop at its end.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|first| capital(first).to_string()).unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.is_empty() && !out.ends_with('.') {
        out.push('.');
    }
    out
}

/// A letter that our own words begin with, as a capital. A table of all alphabets is 12 kB.
const fn capital(letter: char) -> char {
    match letter {
        'å' => 'Å',
        'æ' => 'Æ',
        'ø' => 'Ø',
        'ä' => 'Ä',
        'ö' => 'Ö',
        other => other.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAYING: Saying = Saying { locale: Locale::da, zone: Zone::Copenhagen, year: 2026 };
    const NO: Look = Look {
        glyph: Glyph::No,
        via: Via::None,
        yes: 0,
        of: 0,
        quiet: false,
        exempt: false,
        drafted: None,
        drafted_here: false,
        conflict: false,
        turns: None,
        selected: false,
    };

    #[test]
    fn states_in_danish() {
        let table = [
            (NO, "nej"),
            (Look { glyph: Glyph::YesHere, drafted: Some(Drafted::Added), ..NO }, "ja, givet her, tilføjet i kladden"),
            (Look { glyph: Glyph::YesVia, via: Via::Class, ..NO }, "ja, gennem klassen"),
            (Look { glyph: Glyph::Part, yes: 22, of: 23, ..NO }, "delvist, 22 af 23 elever"),
            (Look { glyph: Glyph::WithheldHere, ..NO }, "nej, tilbageholdt her"),
            (Look { exempt: true, ..NO }, "nej, fritaget 2026/27"),
            (Look { quiet: true, ..NO }, "nej, passer ikke til 4. klassetrin"),
        ];
        for (look, words) in table {
            assert_eq!(SAYING.state(&look, "4".parse().ok()), words);
        }
    }

    #[test]
    fn selections_are_summed_up() {
        let looks = [NO, NO, Look { glyph: Glyph::YesHere, ..NO }, Look { glyph: Glyph::WithheldVia, ..NO }];
        assert_eq!(SAYING.count(looks.into_iter()), "4 celler: 1 ja, 2 nej, 1 tilbageholdt.");
    }

    #[test]
    fn sentences() {
        assert_eq!(sentence("åben, ja"), "Åben, ja.");
        assert_eq!(sentence(""), "");
    }
}
