//! The words of mails: that something waits, of what kind, and where. No name, no school and no
//! secret stands in one.

use crate::t;
use crate::text::Locale;
use domain::exchange::accounts::Language;
use domain::notice::NoticeKind;

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
}

/// The mail about a kind of thing that waits at an address.
#[must_use]
pub fn words(language: Language, kind: NoticeKind, link: &str) -> Words {
    let locale = locale_of(language);
    let what = kind_name(locale, kind);
    Words { subject: t!(locale, mail.subject, what = what), body: t!(locale, mail.body, what = what, link = link) }
}

/// What a kind is called.
pub(crate) fn kind_name(locale: Locale, kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Request => t!(locale, mail.request),
        NoticeKind::Answered => t!(locale, mail.answered),
        NoticeKind::Issued => t!(locale, mail.issued),
        NoticeKind::Reactivated => t!(locale, mail.reactivated),
        NoticeKind::Closed => t!(locale, mail.closed),
        NoticeKind::Merged => t!(locale, mail.merged),
        NoticeKind::Lapses => t!(locale, mail.lapses),
        NoticeKind::StaffLapses => t!(locale, mail.staff_lapses),
    }
}

/// The words' own language.
pub(crate) const fn locale_of(language: Language) -> Locale {
    match language {
        Language::Da => Locale::da,
        Language::Sv => Locale::sv,
        Language::En => Locale::en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_says_the_kind_and_the_place_in_every_language() {
        for language in [Language::Da, Language::Sv, Language::En] {
            for kind in NoticeKind::ALL {
                let Words { subject, body } = words(language, kind, "https://adgang.example.org/inbox");
                assert!(body.contains("https://adgang.example.org/inbox") && !body.contains('{'), "{body}");
                assert!(subject.contains("Adgang") && !subject.contains('\n') && !subject.contains('{'), "{subject}");
            }
        }
    }
}
