//! Who reads the help: before sign-in it speaks in roles, after it in names; and a link is one only
//! for those whom it leads somewhere.

use crate::document::pages_of;
use crate::pages::accounts::one::helper;
use crate::pages::accounts::{
    doubles::DOUBLES_PAGE, handover::HANDOVER_ADDRESS, new::NEW_ADDRESS, principal::PRINCIPAL_ADDRESS,
    reactivate::REACTIVATE_ADDRESS, subjects::SUBJECTS_ADDRESS,
};
use crate::pages::issued::ISSUE_ADDRESS;
use crate::pages::portal::OPEN_ADDRESS;
use crate::text::Locale;
use domain::Capacity;
use domain::account::Keeper;
use domain::exchange::Me;
use domain::exchange::accounts::Help;

/// Who reads.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) locale: Locale,
    /// The signed-in person.
    pub(super) me: Option<Me>,
    /// Who keeps the accounts where they are; nobody before sign-in.
    pub(super) keepers: Vec<Help>,
}

impl Reader {
    /// A keeper in words: the role, with the names if they are asked for and the reader may have them.
    pub(super) fn who(&self, keeper: Keeper, begins: bool, is_named: bool) -> String {
        let names = self.keepers.iter().find(|help| is_named && help.keeper == keeper);
        let names = names.map(|help| help.names.clone()).unwrap_or_default();
        let words = helper(self.locale, &Help { keeper, names });
        if begins { capital(&words) } else { words }
    }

    /// Does the address lead the reader somewhere?
    pub(super) fn may_follow(&self, href: &str) -> bool {
        let is = |capacity| self.me.as_ref().is_some_and(|me| me.is(capacity));
        let in_menu = |page| {
            let pages = self.me.as_ref().map(|me| pages_of(self.locale, me)).unwrap_or_default();
            pages.iter().any(|(address, _)| *address == page)
        };
        match href {
            _ if href.starts_with('#') => true,
            OPEN_ADDRESS => true,
            "/sign-in" => self.me.is_none(),
            NEW_ADDRESS | ISSUE_ADDRESS | REACTIVATE_ADDRESS | DOUBLES_PAGE | SUBJECTS_ADDRESS => in_menu("/accounts"),
            HANDOVER_ADDRESS => is(Capacity::AccountDeletion),
            PRINCIPAL_ADDRESS => is(Capacity::Appointment),
            page => in_menu(page),
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
