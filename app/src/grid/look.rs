//! How a cell looks: everything the eye and the screen reader are told, small enough to compare.

use domain::Effect;
use domain::view::{Answer, Cell, Drafted, Turn};

/// The sign in the cell. A box means: said in this very row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// Yes, said here.
    YesHere,
    /// Yes, through another row.
    YesVia,
    /// Some of the row's pupils.
    Part,
    /// No, withheld here.
    WithheldHere,
    /// No, withheld by another row.
    WithheldVia,
    /// No, nothing said.
    No,
}

/// Through which row a yes comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// Said here, or not a yes.
    None,
    /// The pupil's class.
    Class,
    /// Another group, the level or the school.
    Wider,
}

/// A cell as it is drawn. Equal looks need no new drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    /// The sign.
    pub glyph: Glyph,
    /// Where a yes comes from.
    pub via: Via,
    /// How many of the row's pupils, where [`Glyph::Part`].
    pub yes: u16,
    /// Of how many.
    pub of: u16,
    /// The test lies above the row's level.
    pub quiet: bool,
    /// The pupil is exempt this school year.
    pub exempt: bool,
    /// What the draft changes.
    pub drafted: Option<Drafted>,
    /// Does the draft speak in this very row?
    pub drafted_here: bool,
    /// Did somebody decide about the same place meanwhile?
    pub conflict: bool,
    /// Does its right begin, or end within the school year?
    pub turns: Option<Turn>,
    /// Is it part of a selection of several cells?
    pub selected: bool,
}

impl Look {
    /// The look of a cell; `class_gives` says whether the pupil's class gives in its own row.
    #[must_use]
    pub fn of(cell: &Cell, class_gives: bool) -> Self {
        let (yes, of) = match cell.answer {
            Answer::Partly { yes, of } => (yes, of),
            Answer::Yes | Answer::No => (0, 0),
        };
        let glyph = match (cell.answer, cell.here) {
            (Answer::Yes, Some(Effect::Give)) => Glyph::YesHere,
            (Answer::Yes, _) => Glyph::YesVia,
            (Answer::Partly { .. }, _) => Glyph::Part,
            (Answer::No, Some(Effect::Withhold)) => Glyph::WithheldHere,
            (Answer::No, _) if cell.withheld => Glyph::WithheldVia,
            (Answer::No, _) => Glyph::No,
        };
        let via = match glyph {
            Glyph::YesVia if class_gives => Via::Class,
            Glyph::YesVia => Via::Wider,
            _ => Via::None,
        };
        Self {
            glyph,
            via,
            yes,
            of,
            quiet: cell.above_level,
            exempt: cell.exempt,
            drafted: cell.drafted,
            drafted_here: cell.drafted_here,
            conflict: false,
            turns: cell.turns,
            selected: false,
        }
    }

    /// The value of `aria-checked`.
    #[must_use]
    pub const fn checked(&self) -> &'static str {
        match self.glyph {
            Glyph::YesHere | Glyph::YesVia => "true",
            Glyph::Part => "mixed",
            Glyph::WithheldHere | Glyph::WithheldVia | Glyph::No => "false",
        }
    }

    /// Is it drawn with the same class list?
    #[must_use]
    pub fn has_class_of(&self, other: &Self) -> bool {
        let classes = |look: &Self| {
            let draft = (look.drafted, look.drafted_here, look.conflict);
            (look.glyph, look.quiet, look.exempt, draft, look.turns.is_some())
        };
        classes(self) == classes(other)
    }

    /// The class list of the table's cell.
    #[must_use]
    pub fn class(&self) -> String {
        let mut class = String::with_capacity(32);
        class.push_str("cell col ");
        class.push_str(match self.glyph {
            Glyph::YesHere => "yh",
            Glyph::YesVia => "yv",
            Glyph::Part => "pt",
            Glyph::WithheldHere => "nh",
            Glyph::WithheldVia => "nv",
            Glyph::No => "no",
        });
        let drafted = match self.drafted {
            Some(Drafted::Added) => " add",
            Some(Drafted::Removed) => " rem",
            None => "",
        };
        class.push_str(drafted);
        for (on, name) in [
            (self.quiet, " nf"),
            (self.exempt, " ex"),
            (self.drafted_here, " here"),
            (self.conflict, " cf"),
            (self.turns.is_some(), " dt"),
        ] {
            if on {
                class.push_str(name);
            }
        }
        class
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO: Cell = Cell {
        answer: Answer::No,
        here: None,
        withheld: false,
        drafted: None,
        drafted_here: false,
        exempt: false,
        above_level: false,
        turns: None,
    };

    #[test]
    fn a_box_only_where_it_is_said() {
        let yes = Cell { answer: Answer::Yes, ..NO };
        let table = [
            (NO, Glyph::No, "false"),
            (Cell { withheld: true, ..NO }, Glyph::WithheldVia, "false"),
            (Cell { withheld: true, here: Some(Effect::Withhold), ..NO }, Glyph::WithheldHere, "false"),
            (Cell { here: Some(Effect::Give), ..NO }, Glyph::No, "false"),
            (yes, Glyph::YesVia, "true"),
            (Cell { here: Some(Effect::Give), ..yes }, Glyph::YesHere, "true"),
            (Cell { here: Some(Effect::Withhold), ..yes }, Glyph::YesVia, "true"),
            (Cell { answer: Answer::Partly { yes: 1, of: 2 }, here: Some(Effect::Give), ..NO }, Glyph::Part, "mixed"),
        ];
        for (cell, glyph, checked) in table {
            let look = Look::of(&cell, false);
            assert_eq!((look.glyph, look.checked()), (glyph, checked), "{cell:?}");
        }
    }

    #[test]
    fn the_way_of_a_yes() {
        let yes = Cell { answer: Answer::Yes, ..NO };
        assert_eq!(Look::of(&yes, true).via, Via::Class);
        assert_eq!(Look::of(&yes, false).via, Via::Wider);
        assert_eq!(Look::of(&Cell { here: Some(Effect::Give), ..yes }, true).via, Via::None);
        assert_eq!(Look::of(&NO, true).via, Via::None);
    }

    #[test]
    fn classes_say_what_the_style_sheet_knows() {
        let cell = Cell { drafted: Some(Drafted::Removed), drafted_here: true, above_level: true, ..NO };
        assert_eq!(Look::of(&cell, false).class(), "cell col no rem nf here");
        let conflict = Look { conflict: true, ..Look::of(&Cell { exempt: true, ..NO }, false) };
        assert_eq!(conflict.class(), "cell col no ex cf");
    }

    #[test]
    fn looks_have_the_same_class_exactly_if_they_say_so() {
        let no = Look::of(&NO, false);
        let ends = Some(Turn::Ends(domain::Instant(1)));
        let looks = [
            no,
            Look { glyph: Glyph::Part, yes: 1, of: 2, ..no },
            Look { glyph: Glyph::Part, yes: 2, of: 3, ..no },
            Look { quiet: true, ..no },
            Look { exempt: true, ..no },
            Look { drafted: Some(Drafted::Added), ..no },
            Look { drafted: Some(Drafted::Removed), ..no },
            Look { drafted_here: true, ..no },
            Look { conflict: true, ..no },
            Look { turns: ends, ..no },
            Look { turns: Some(Turn::Begins(domain::Instant(2))), ..no },
            Look { selected: true, via: Via::Class, ..no },
        ];
        for a in &looks {
            for b in &looks {
                assert_eq!(a.has_class_of(b), a.class() == b.class(), "{a:?} {b:?}");
            }
        }
    }
}
