//! What people are told of: which kinds of notice there are, whom each can reach, when those whose
//! time is over soon are reminded, and how long a mail is tried.

use crate::calendar::Date;
use crate::capacity::AccountRole;
use serde::{Deserialize, Serialize};

/// What somebody is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Somebody asks for something. The request itself stands in the inbox.
    Request,
    /// What they asked for was answered.
    Answered,
    /// New credentials were issued for them.
    Issued,
    /// Their account was opened again.
    Reactivated,
    /// Their account was closed, for the time being or for good.
    Closed,
    /// Their account was united with another one of theirs.
    Merged,
    /// Their account's time is over soon.
    Lapses,
    /// So is the time of accounts that they keep, and perhaps of their own.
    StaffLapses,
}

impl NoticeKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Request,
        Self::Answered,
        Self::Issued,
        Self::Reactivated,
        Self::Closed,
        Self::Merged,
        Self::Lapses,
        Self::StaffLapses,
    ];

    /// The stable word in the database, and in forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answered => "answered",
            Self::Issued => "issued",
            Self::Reactivated => "reactivated",
            Self::Closed => "closed",
            Self::Merged => "merged",
            Self::Lapses => "lapses",
            Self::StaffLapses => "staff-lapses",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Can somebody with an account of this role be told of it?
    #[must_use]
    pub const fn reaches(self, role: AccountRole) -> bool {
        use AccountRole as R;
        match self {
            Self::Request => matches!(role, R::Authority | R::Principal | R::TestAdministrator),
            Self::Issued | Self::Reactivated | Self::Closed => true,
            // Authorities' people ask nobody: the operator has no inbox.
            Self::Answered => !matches!(role, R::Authority),
            Self::Merged => !matches!(role, R::Authority | R::Principal),
            // A test administrator is told of all of it at once.
            Self::Lapses => matches!(role, R::Teacher),
            Self::StaffLapses => matches!(role, R::Principal | R::TestAdministrator),
        }
    }
}

/// The first month of the weeks in which those whose accounts run to 31 July are reminded.
const REMINDS_FROM: i8 = 6;
/// The month on whose first day they have lapsed.
const LAPSES_IN: i8 = 8;

/// Is this a day on which those whose accounts run to 31 July are reminded: from 1 June on?
#[must_use]
pub fn reminds_on(today: Date) -> bool {
    (REMINDS_FROM..LAPSES_IN).contains(&today.0.month())
}

/// Why a mail did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTrouble {
    /// Nobody has written down where the person is written to.
    NoAddress,
    /// The mail server takes no mail for that address.
    Refused,
    /// The mail server was tried in vain, as often as it is tried.
    Unreachable,
    /// It was to go out so long ago that it would only confuse.
    Late,
}

impl MailTrouble {
    /// All kinds of trouble.
    pub const ALL: [Self; 4] = [Self::NoAddress, Self::Refused, Self::Unreachable, Self::Late];

    /// The stable word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoAddress => "no-address",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::Late => "late",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.code() == code)
    }
}

/// Seconds after which a mail goes out no more: it would only confuse.
pub const MAIL_LATE_SECONDS: i64 = 7 * 24 * 3_600;

/// Seconds to wait after so many tries in vain; `None` when it is not tried again.
#[must_use]
pub const fn retry_after(tries: u32) -> Option<i64> {
    match tries {
        0 | 1 => Some(60),
        2 => Some(5 * 60),
        3 => Some(30 * 60),
        4 => Some(2 * 3_600),
        5 => Some(8 * 3_600),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter a role: authority, principal, test administrator, leader, teacher.
    const TABLE: &str = "
        request       yyynn
        answered      nyyyy
        issued        yyyyy
        reactivated   yyyyy
        closed        yyyyy
        merged        nnyyy
        lapses        nnnny
        staff-lapses  nyynn
    ";

    #[test]
    fn whom_each_kind_reaches_is_as_written_by_hand() {
        let rows: Vec<(&str, &str)> = TABLE.trim().lines().filter_map(|row| row.trim().split_once(' ')).collect();
        assert_eq!(rows.len(), NoticeKind::ALL.len());
        for (code, letters) in rows {
            let kind = NoticeKind::of_code(code).unwrap();
            let found: String =
                AccountRole::ALL.iter().map(|role| if kind.reaches(*role) { 'y' } else { 'n' }).collect();
            assert_eq!(found, letters.trim(), "{code}");
        }
    }

    #[test]
    fn reminders_begin_in_june_and_end_with_july() {
        for (day, expected) in
            [("2027-05-31", false), ("2027-06-01", true), ("2027-07-31", true), ("2027-08-01", false)]
        {
            assert_eq!(reminds_on(day.parse().unwrap()), expected, "{day}");
        }
    }

    #[test]
    fn a_mail_is_tried_ever_more_seldom_and_then_no_more() {
        let waits: Vec<i64> = (1..).map_while(retry_after).collect();
        assert!(waits.is_sorted() && waits.len() == 5, "{waits:?}");
        assert!(waits.iter().sum::<i64>() < MAIL_LATE_SECONDS);
        assert_eq!(retry_after(u32::MAX), None);
    }

    #[test]
    fn words_read_back() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::of_code(kind.code()), Some(kind));
        }
        for trouble in MailTrouble::ALL {
            assert_eq!(MailTrouble::of_code(trouble.code()), Some(trouble));
        }
    }
}
