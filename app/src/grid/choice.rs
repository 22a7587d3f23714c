//! What the page shows, as the address says it. Ids and codes only, never a name.

use domain::{GroupId, Level, PersonId};

/// Which of the four sides the grid is seen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pivot {
    /// One teacher: classes and pupils × tests.
    Teacher,
    /// One class, group, level or the school: teachers × tests.
    Class,
    /// One pupil: teachers × tests.
    Pupil,
    /// One test: teachers × classes.
    Test,
}

impl Pivot {
    /// All four, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Teacher, Self::Class, Self::Pupil, Self::Test];

    /// The word in the address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Class => "class",
            Self::Pupil => "pupil",
            Self::Test => "test",
        }
    }

    fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pivot| pivot.code() == code)
    }
}

/// What stands still while rows and columns run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Chosen {
    /// A teacher.
    Teacher(PersonId),
    /// The whole school.
    School,
    /// A level.
    Level(Level),
    /// A class or group.
    Group(GroupId),
    /// A pupil.
    Pupil(PersonId),
    /// A test, by code.
    Test(String),
}

/// Grid or list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// As the window's width suggests.
    #[default]
    Auto,
    /// The grid.
    Grid,
    /// The list.
    List,
}

/// The whole choice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The side.
    pub pivot: Pivot,
    /// What is chosen on that side; `None` leaves it to the page.
    pub chosen: Option<Chosen>,
    /// Grid or list.
    pub shape: Shape,
    /// Which rows, where the address says it.
    pub rows: Rows,
}

/// Which rows an address asks for; a person's own choice is remembered elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rows {
    /// Every class open, with all its pupils.
    pub all_open: bool,
    /// Classes only: no school, no levels, no other groups.
    pub classes_only: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self { pivot: Pivot::Teacher, chosen: None, shape: Shape::Auto, rows: Rows::default() }
    }
}

impl Choice {
    /// The choice of one thing, seen from its own side.
    #[must_use]
    pub fn of(chosen: Chosen, shape: Shape) -> Self {
        let pivot = match chosen {
            Chosen::Teacher(_) => Pivot::Teacher,
            Chosen::School | Chosen::Level(_) | Chosen::Group(_) => Pivot::Class,
            Chosen::Pupil(_) => Pivot::Pupil,
            Chosen::Test(_) => Pivot::Test,
        };
        Self { pivot, chosen: Some(chosen), shape, rows: Rows::default() }
    }

    /// Reads `by`, `id`, `view`, `open` and `rows`; what cannot be read is left to the page.
    #[must_use]
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let pivot = get("by").and_then(|code| Pivot::of_code(&code)).unwrap_or(Pivot::Teacher);
        let chosen = get("id").and_then(|id| match pivot {
            Pivot::Teacher => id.parse().ok().map(Chosen::Teacher),
            Pivot::Pupil => id.parse().ok().map(Chosen::Pupil),
            Pivot::Test => Some(Chosen::Test(id)),
            Pivot::Class => match id.strip_prefix("level-") {
                Some(level) => level.parse().ok().map(Chosen::Level),
                None if id == "school" => Some(Chosen::School),
                None => id.parse().ok().map(Chosen::Group),
            },
        });
        let shape = match get("view").as_deref() {
            Some("list") => Shape::List,
            Some("grid") => Shape::Grid,
            _ => Shape::Auto,
        };
        let rows = Rows {
            all_open: get("open").as_deref() == Some("all"),
            classes_only: get("rows").as_deref() == Some("classes"),
        };
        Self { pivot, chosen, shape, rows }
    }

    /// The address of this choice.
    #[must_use]
    pub fn href(&self) -> String {
        self.at("/rights")
    }

    /// The address of this choice's review, from which one comes back to it.
    #[must_use]
    pub fn review_href(&self) -> String {
        self.at("/rights/review")
    }

    fn at(&self, path: &str) -> String {
        let mut href = format!("{path}?by={}", self.pivot.code());
        match &self.chosen {
            Some(Chosen::Teacher(id) | Chosen::Pupil(id)) => href.push_str(&format!("&id={id}")),
            Some(Chosen::Group(id)) => href.push_str(&format!("&id={id}")),
            Some(Chosen::Level(level)) => href.push_str(&format!("&id=level-{level}")),
            Some(Chosen::School) => href.push_str("&id=school"),
            Some(Chosen::Test(code)) => href.push_str(&format!("&id={}", escaped(code))),
            None => {}
        }
        match self.shape {
            Shape::Auto => {}
            Shape::Grid => href.push_str("&view=grid"),
            Shape::List => href.push_str("&view=list"),
        }
        if self.rows.all_open {
            href.push_str("&open=all");
        }
        if self.rows.classes_only {
            href.push_str("&rows=classes");
        }
        href
    }

    /// Another thing chosen, seen from its own side, in the same shape and rows.
    #[must_use]
    pub fn with(&self, chosen: Chosen) -> Self {
        Self { rows: self.rows, ..Self::of(chosen, self.shape) }
    }

    /// The same choice in another shape.
    #[must_use]
    pub fn shaped(&self, shape: Shape) -> Self {
        Self { shape, ..self.clone() }
    }
}

/// Percent-encodes what an operator may have put into a test's code.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0190a5c0-0000-7000-8000-000000000001";

    fn read(query: &[(&str, &str)]) -> Choice {
        Choice::read(|key| query.iter().find(|(k, _)| *k == key).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn what_it_writes_it_reads() {
        let person: PersonId = ID.parse().unwrap();
        for chosen in [
            Chosen::Teacher(person),
            Chosen::School,
            Chosen::Level("U2".parse().unwrap()),
            Chosen::Group(ID.parse().unwrap()),
            Chosen::Pupil(person),
            Chosen::Test("DNT-DAL-4".into()),
        ] {
            for shape in [Shape::Auto, Shape::Grid, Shape::List] {
                let rows = Rows { all_open: shape == Shape::Grid, classes_only: shape == Shape::List };
                let choice = Choice { rows, ..Choice::of(chosen.clone(), shape) };
                let href = choice.href();
                let (_, query) = href.split_once('?').unwrap();
                let pairs: Vec<(&str, &str)> = query.split('&').map(|pair| pair.split_once('=').unwrap()).collect();
                assert_eq!(read(&pairs), choice, "{href}");
            }
        }
    }

    #[test]
    fn nonsense_is_left_to_the_page() {
        assert_eq!(read(&[]), Choice::default());
        assert_eq!(read(&[("by", "moon"), ("id", "x")]), Choice::default());
        assert_eq!(read(&[("by", "class"), ("id", "level-99")]).chosen, None);
        assert_eq!(read(&[("by", "pupil"), ("id", "Anna")]).chosen, None);
    }

    #[test]
    fn a_code_cannot_break_out_of_the_address() {
        let href = Choice::of(Chosen::Test("a&b=ø".into()), Shape::Auto).href();
        assert_eq!(href, "/rights?by=test&id=a%26b%3D%C3%B8");
    }
}
