//! Which bytes of a file a request asks for (RFC 9110 §14).
//!
//! One range is answered with itself. Several at once are answered with the whole file, as the
//! standard allows: readers that ask so take that too, and nobody can ask for a thousand pieces.

use http::header::{IF_RANGE, RANGE};
use http::{HeaderMap, HeaderName};

/// What is to be sent of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// From one byte up to another, the latter not included.
    Part(u64, u64),
    /// Bytes that it does not have.
    Beyond,
}

/// What a request asks for of a file of this length. With `If-Range` a part is only asked for of the
/// file that `etag` names; a date names none.
pub(super) fn wanted(headers: &HeaderMap, etag: &str, length: u64) -> Wanted {
    let value = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    let is_same = value(IF_RANGE).is_none_or(|known| known == etag);
    match value(RANGE) {
        Some(range) if is_same => part(range, length).unwrap_or(Wanted::Whole),
        _ => Wanted::Whole,
    }
}

/// `None` for what is no range, or several.
fn part(range: &str, length: u64) -> Option<Wanted> {
    let (unit, set) = range.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut specs = set.split(',').map(str::trim).filter(|spec| !spec.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else { return None };
    let (first, last) = spec.split_once('-')?;
    let (from, until) = match (first, last) {
        ("", last) => (length.saturating_sub(number(last)?), length),
        (first, "") => (number(first)?, length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(length))
        }
    };
    Some(if from < until { Wanted::Part(from, until) } else { Wanted::Beyond })
}

/// Digits and nothing else; more than can be is as much as can be.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_range_is_read_as_the_standard_says() {
        use Wanted::{Beyond, Part, Whole};
        for (range, expected) in [
            ("bytes=0-0", Part(0, 1)),
            ("bytes=0-99", Part(0, 100)),
            ("Bytes = 10-19", Part(10, 20)),
            ("bytes=90-", Part(90, 100)),
            ("bytes=90-4000", Part(90, 100)),
            ("bytes=-10", Part(90, 100)),
            ("bytes=-4000", Part(0, 100)),
            ("bytes=99999999999999999999-", Beyond),
            ("bytes=-99999999999999999999", Part(0, 100)),
            ("bytes=0-99999999999999999999", Part(0, 100)),
            ("bytes=100-", Beyond),
            ("bytes=100-200", Beyond),
            ("bytes=-0", Beyond),
            ("bytes=, 5-6 ,", Part(5, 7)),
            ("bytes=0-1,5-6", Whole),
            ("bytes=6-5", Whole),
            ("bytes=a-b", Whole),
            ("bytes=+1-2", Whole),
            ("bytes=-", Whole),
            ("bytes=", Whole),
            ("bytes", Whole),
            ("items=0-1", Whole),
            ("", Whole),
        ] {
            let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static(range))]);
            assert_eq!(wanted(&headers, "\"e\"", 100), expected, "{range}");
        }
        assert_eq!(wanted(&HeaderMap::new(), "\"e\"", 100), Whole);
    }

    #[test]
    fn a_part_of_another_file_is_not_asked_for() {
        for (known, expected) in [
            ("\"e\"", Wanted::Part(1, 2)),
            ("\"f\"", Wanted::Whole),
            ("W/\"e\"", Wanted::Whole),
            ("Thu, 26 Nov 2026 10:00:00 GMT", Wanted::Whole),
        ] {
            let range = (RANGE, HeaderValue::from_static("bytes=1-1"));
            let headers = HeaderMap::from_iter([range, (IF_RANGE, HeaderValue::from_static(known))]);
            assert_eq!(wanted(&headers, "\"e\"", 100), expected, "{known}");
        }
    }
}
