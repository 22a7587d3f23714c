//! National numbers (CPR, personnummer): read, checked, and never shown. What is kept of one is a keyed hash,
//! made where the keys are.

use crate::calendar::Date;
use std::fmt;

/// A Danish number has the day plus this where it is made up for tests.
const TEST_DAYS: u8 = 60;

/// A number in its one shape: ten digits in Denmark, twelve in Sweden. It shows itself nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct NationalNumber {
    country: &'static str,
    digits: String,
}

/// Shows nothing.
impl fmt::Debug for NationalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalNumber")
    }
}

/// Why a text is no number that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberProblem {
    /// Not so many digits.
    Form,
    /// Its first six are no day.
    Date,
    /// A number made up for tests, where none are taken.
    Test,
}

impl NationalNumber {
    /// Reads a CPR number: six digits of a day, perhaps a hyphen, four digits. Many numbers fail the old sum over
    /// eleven since 2007, so it is not asked for.
    ///
    /// # Errors
    /// [`NumberProblem`]; the text is not in it.
    pub fn danish(text: &str, takes_tests: bool) -> Result<Self, NumberProblem> {
        let digits = digits_of(text, 6).filter(|digits| digits.len() == 10).ok_or(NumberProblem::Form)?;
        let part = |at: usize| digits.get(at..at + 2).and_then(|two| two.parse::<u8>().ok()).unwrap_or(u8::MAX);
        let (day, month, year) = (part(0), part(2), part(4));
        let is_test = (TEST_DAYS + 1..=TEST_DAYS + 31).contains(&day);
        let day = if is_test { day - TEST_DAYS } else { day };
        // The seventh digit tells the century; that the day is one in either is enough here.
        let is_day = [1900, 2000].into_iter().any(|century| is_day(century + i16::from(year), month, day));
        match (is_day, is_test && !takes_tests) {
            (false, _) => Err(NumberProblem::Date),
            (true, true) => Err(NumberProblem::Test),
            (true, false) => Ok(Self { country: "dk", digits }),
        }
    }

    /// Reads a personnummer in any of its four shapes: `YYYYMMDD-NNNN`, `YYYYMMDDNNNN`, `YYMMDD-NNNN`,
    /// `YYMMDDNNNN`; a plus in the place of the hyphen says that its person is a hundred or older.
    ///
    /// # Errors
    /// [`NumberProblem`]; the text is not in it.
    pub fn swedish(text: &str, today: Date) -> Result<Self, NumberProblem> {
        let text = text.trim();
        let is_old = text.contains('+');
        let text = text.replace('+', "-");
        let head = if text.bytes().filter(u8::is_ascii_digit).count() == 12 { 8 } else { 6 };
        let digits =
            digits_of(&text, head).filter(|digits| matches!(digits.len(), 10 | 12)).ok_or(NumberProblem::Form)?;
        let digits = if digits.len() == 12 { digits } else { with_century(&digits, is_old, today) };
        let number =
            |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i16>().ok()).unwrap_or(-1);
        let (year, month, day) = (number(0, 4), number(4, 6), number(6, 8));
        let small = |number: i16| u8::try_from(number).unwrap_or(u8::MAX);
        if is_day(year, small(month), small(day)) {
            Ok(Self { country: "se", digits })
        } else {
            Err(NumberProblem::Date)
        }
    }

    /// What a keyed hash is made over: the country and the digits.
    #[must_use]
    pub fn parts(&self) -> [&[u8]; 2] {
        [self.country.as_bytes(), self.digits.as_bytes()]
    }
}

/// The digits of a text that has nothing else, but a hyphen after so many.
fn digits_of(text: &str, head: usize) -> Option<String> {
    let text = text.trim();
    let text = match text.split_once('-') {
        Some((first, rest)) if first.len() == head => format!("{first}{rest}"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    text.bytes().all(|byte| byte.is_ascii_digit()).then_some(text)
}

/// The latest century in which the day has been, or the one before.
fn with_century(digits: &str, is_old: bool, today: Date) -> String {
    let year = digits.get(..2).and_then(|two| two.parse::<i16>().ok()).unwrap_or(0);
    let this = today.0.year();
    let mut full = this - this % 100 + year;
    if full > this {
        full -= 100;
    }
    if is_old {
        full -= 100;
    }
    format!("{full:04}{}", digits.get(2..).unwrap_or_default())
}

fn is_day(year: i16, month: u8, day: u8) -> bool {
    let part = |number: u8| i8::try_from(number).unwrap_or(-1);
    Date::new(year, part(month), part(day)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Days plus 60 and impossible years: nobody has these numbers.

    #[test]
    fn a_danish_number_is_ten_digits_that_begin_with_a_day() {
        for (text, takes_tests, expected) in [
            ("670101-0001", true, Ok(())),
            ("6701010001", true, Ok(())),
            (" 670101-0001 ", true, Ok(())),
            ("670101-0001", false, Err(NumberProblem::Test)),
            ("890200-0000", true, Ok(())),
            ("890201-0000", true, Err(NumberProblem::Date)),
            ("900200-0000", true, Err(NumberProblem::Date)),
            ("926101-0001", true, Err(NumberProblem::Date)),
            ("001300-0000", true, Err(NumberProblem::Date)),
            ("600101-0001", true, Err(NumberProblem::Date)),
            ("67010-10001", true, Err(NumberProblem::Form)),
            ("670101-001", true, Err(NumberProblem::Form)),
            ("670101-00011", true, Err(NumberProblem::Form)),
            ("670101 0001", true, Err(NumberProblem::Form)),
            ("67010100A1", true, Err(NumberProblem::Form)),
            ("６701010001", true, Err(NumberProblem::Form)),
            ("", true, Err(NumberProblem::Form)),
        ] {
            assert_eq!(NationalNumber::danish(text, takes_tests).map(drop), expected, "{text:?} {takes_tests}");
        }
        let one = NationalNumber::danish("670101-0001", true).unwrap();
        assert_eq!(one, NationalNumber::danish("6701010001", true).unwrap());
        assert_eq!(format!("{one:?}"), "NationalNumber");
    }

    #[test]
    fn four_shapes_of_a_swedish_number_are_one() {
        let today = Date::new(2026, 11, 26).unwrap();
        let shapes = ["19000229-0000", "20000229-0000", "200002290000", "000229-0000", "0002290000"];
        let read = |text: &str| NationalNumber::swedish(text, today);
        assert_eq!(read(shapes[0]), Err(NumberProblem::Date), "1900 had no such day");
        let one = read(shapes[1]).unwrap();
        for shape in &shapes[2..] {
            assert_eq!(read(shape).unwrap(), one, "{shape}");
        }
        // A hundred years and older, and the years that have not been yet.
        assert_eq!(read("260101+0000").unwrap(), read("19260101-0000").unwrap());
        assert_eq!(read("270101-0000").unwrap(), read("192701010000").unwrap());
        for bad in ["2000022-90000", "0002-290000", "00022900000", "000229-000", "abcdef-0000", "00-0229-0000", ""] {
            assert_eq!(read(bad), Err(NumberProblem::Form), "{bad}");
        }
        assert_eq!(read("001301-0000"), Err(NumberProblem::Date));
    }

    #[test]
    fn countries_are_kept_apart() {
        let danish = NationalNumber::danish("6701010001", true).unwrap();
        assert_eq!(danish.parts(), [b"dk".as_slice(), b"6701010001".as_slice()]);
    }
}
