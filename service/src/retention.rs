//! For how long each kind of data is kept, why it is kept at all, and what happens to it then.
//!
//! The table below is the one place that says so: the settings, `docs/retention.md` and the program
//! that enforces it all come from it. [`Service::enforce_retention`](crate::Service::enforce_retention)
//! does.

mod enforce;

use crate::import::HELD_DAYS;
use domain::Instant;
use std::fmt::Write;

pub use enforce::Enforced;

/// A number of whole days of 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days(pub u32);

impl Days {
    const fn seconds(self) -> i64 {
        self.0 as i64 * 24 * 3_600
    }

    /// The instant so many days before another.
    #[must_use]
    pub const fn before(self, now: Instant) -> Instant {
        now.plus_seconds(-self.seconds())
    }

    /// The instant so many days after another.
    #[must_use]
    pub const fn after(self, then: Instant) -> Instant {
        then.plus_seconds(self.seconds())
    }
}

/// What is said of a kind of data that is not kept for ever.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// The setting.
    pub setting: &'static str,
    /// Days, unless the setting says otherwise.
    pub default: Days,
    /// What it is.
    pub what: &'static str,
    /// What it is kept for.
    pub purpose: &'static str,
    /// What happens to it then.
    pub then: &'static str,
    /// Tables that hold it.
    pub tables: &'static [&'static str],
}

macro_rules! kinds {
    ($($kind:ident $field:ident $setting:literal = $default:expr,
        $what:literal, $purpose:literal, $then:literal, $tables:expr;)+) => {
        /// A kind of data that is not kept for ever.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = $what] $kind,)+
        }

        impl Kind {
            /// All kinds, in the order in which they are enforced.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// What is said of it.
            #[must_use]
            pub const fn described(self) -> Described {
                match self {
                    $(Self::$kind => Described {
                        setting: $setting,
                        default: Days($default),
                        what: $what,
                        purpose: $purpose,
                        then: $then,
                        tables: $tables,
                    },)+
                }
            }
        }

        /// For how long each kind of data is kept.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Retention {
            $(#[doc = $what] pub $field: Days,)+
        }

        impl Default for Retention {
            fn default() -> Self {
                Self { $($field: Days($default),)+ }
            }
        }

        impl Retention {
            /// For how long this kind is kept.
            #[must_use]
            pub const fn of(&self, kind: Kind) -> Days {
                match kind {
                    $(Kind::$kind => self.$field,)+
                }
            }
        }
    };
}

kinds! {
    SignIns sign_ins "keep_sign_ins_days" = 180,
        "Attempts to sign in",
        "Finding misuse, slowing guessing down, and telling people what was tried on their account",
        "deleted", &["sign_in_event"];
    Sessions sessions "keep_sessions_days" = 1,
        "Sessions and sign-ins that have ended",
        "Looking into what has just happened",
        "deleted", &["session", "sign_in_pending", "passkey_ceremony", "broker_session", "broker_sign_in", "broker_logout"];
    HeldImports held_imports "keep_held_imports_days" = HELD_DAYS,
        "What was read of files of an import that waits for a yes",
        "Applying the import once somebody has said yes",
        "the import is laid aside and what was read is deleted", &["import_run"];
    Drafts drafts "keep_drafts_days" = 180,
        "Drafts of decisions that were not applied",
        "Going on after a break, in another browser",
        "deleted", &["draft"];
    Requests requests "keep_requests_days" = 400,
        "Requests about accounts, after their answer",
        "Reading in the inbox what became of them, for a school year and its holidays",
        "deleted", &["account_request", "account_request_asker"];
    Notices notices "keep_notices_days" = 400,
        "Notices in people's inboxes, and what they have read",
        "Reading what happened with one's account and one's requests, for a school year and its holidays",
        "deleted", &["notice", "inbox_read"];
    Mails mails "keep_unsent_mails_days" = 180,
        "Mails that did not go out: kind, receiver and why, no text",
        "Telling people in another way",
        "deleted", &["mail"];
    Letters letters "keep_letters_days" = 730,
        "Notes of letters: who issued and printed them, when",
        "Finding out who had a letter in hand",
        "deleted", &["letter"];
    Openings openings "keep_openings_days" = 1_826,
        "Who opened which protected assessment material, when",
        "Finding out where material came from that got out",
        "deleted", &["material_opening"];
    UnusedAccounts unused_accounts "keep_unused_accounts_days" = 1_096,
        "Accounts that lapsed or were closed and were not opened again",
        "Giving somebody who comes back their own account",
        "the account is deleted, as a principal would", &["account", "account_password", "matrix_card", "matrix_challenge", "passkey"];
    United united "keep_united_accounts_days" = 30,
        "What accounts signed in with that were united with another one, and their contact details",
        "Separating them again, which works for 30 days: fewer days count as 30",
        "passwords, cards, passkeys and e-mail are deleted; the user name and what was done with the account stay readable", &["account", "account_password", "matrix_card", "matrix_challenge", "passkey"];
    Contacts contacts "keep_deleted_contacts_days" = 90,
        "Contact details of deleted accounts",
        "Answering who asks why the account is gone",
        "deleted; the user name and what was done with the account stay readable", &["account"];
    People people "keep_people_days" = 1_826,
        "Names and ids of people who have left: no affiliation and no account any more",
        "Reading who taught, who saw what and who decided, while somebody may still ask",
        "the person is erased: everything that was recorded stays, as that of a “slettet person”", &["person", "person_source", "mail_choice", "uni_login", "broker_identity", "national_number", "place_choice", "person_flag"];
    Words words "keep_audit_words_days" = 1_826,
        "Names, reasons and notes in the audit log",
        "Showing who did what and why, for as long as it can have consequences",
        "the words and their salts are deleted; the entries stay, and can be verified as before", &["audit_personal"];
}

/// What has no end of its own: the tables, and why.
pub const ENDLESS: &[(&[&str], &str)] = &[
    (
        &[
            "affiliation",
            "membership",
            "pupil_level",
            "teaches",
            "school_group",
            "exemption",
            "pupil_alias",
            "account_pause",
        ],
        "What the rule reads to answer for any day in the past. It speaks of people by id; once somebody is erased, nothing says whom the id stood for, and notes are gone.",
    ),
    (
        &["change_set", "decision", "staff_right"],
        "Who saw whose results by whose decision. Once somebody is erased, their name stands there no more.",
    ),
    (
        &["account_subject", "account_merge"],
        "What an account opened and became, by id; the audit log is held against it.",
    ),
    (&["audit_entry", "audit_head"], "The audit log's chain: ids, codes and commitments, no words."),
    (&["erasure"], "Whom this installation has forgotten, by id, so that they stay forgotten."),
    (
        &[
            "authority",
            "authority_state",
            "institution",
            "institution_state",
            "import_source",
            "installation",
            "adgang_schema",
            "material",
            "material_chunk",
        ],
        "No data about persons.",
    ),
];

/// The whole as it stands in `docs/retention.md`: two tables in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from(
        "| what | kept for (days) | setting | what it is kept for | what happens then |\n|---|---|---|---|---|\n",
    );
    for kind in Kind::ALL {
        let Described { setting, default, what, purpose, then, .. } = kind.described();
        let _ = writeln!(text, "| {what} | {} | `{setting}` | {purpose} | {then} |", default.0);
    }
    text.push_str("\n| tables without an end | why |\n|---|---|\n");
    for (tables, why) in ENDLESS {
        let tables: Vec<String> = tables.iter().map(|table| format!("`{table}`")).collect();
        let _ = writeln!(text, "| {} | {why} |", tables.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use store::testing::TestDb;

    #[test]
    fn the_documents_tables_are_made_from_this_one() {
        let document = include_str!("../../docs/retention.md");
        let (_, after) = document.split_once("a test compares them -->\n").unwrap();
        let (tables, _) = after.split_once("<!-- end -->").unwrap();
        assert_eq!(tables, markdown(), "put this into docs/retention.md:\n{}", markdown());
    }

    #[test]
    fn every_kind_keeps_what_its_default_says() {
        for kind in Kind::ALL {
            assert_eq!(Retention::default().of(*kind), kind.described().default, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn every_table_has_an_end_or_a_reason_for_having_none() {
        let test = TestDb::sqlite().await.unwrap();
        let tables: BTreeSet<String> = test.columns().await.unwrap().into_keys().collect();
        let ends = Kind::ALL.iter().flat_map(|kind| kind.described().tables);
        let endless = ENDLESS.iter().flat_map(|(tables, _)| *tables);
        let said: BTreeSet<String> = ends.chain(endless).map(|table| (*table).to_owned()).collect();
        assert_eq!(tables, said);
        test.finish().await.unwrap();
    }
}
