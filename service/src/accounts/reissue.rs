//! New credentials in the place of lost ones; the old ones are dead at once.

use super::keeping::Kept;
use super::letter::{Address, Letter};
use super::line::name_of;
use super::making::entry;
use crate::actor::Actor;
use crate::audit;
use crate::fault::Fault;
use crate::service::Service;
use domain::AccountId;
use domain::account::{Action, Card, Keeper};
use domain::exchange::accounts::{Anew, Language, Wish};
use domain::notice::NoticeKind;

impl Service {
    /// Issues a new password, a new matrix, or both, and answers the letter. The user name stays.
    ///
    /// The old ones of that kind are dead with this, and so are all sessions and sign-ins under way;
    /// what is not issued anew keeps its counter. A teacher's account without a matrix gets its
    /// first one that way.
    ///
    /// # Errors
    /// As the rule says: `RefusalCode::NotAllowed`, `RefusalCode::OnlyPrincipal`,
    /// `RefusalCode::OnlyAuthority`, `RefusalCode::OwnAccount`, `RefusalCode::NotFound`.
    pub async fn reissue(
        &self,
        actor: &Actor,
        account: AccountId,
        what: Anew,
        language: Language,
    ) -> Result<Letter, Fault> {
        // Asked once before anything is drawn, and once more under the lock.
        let site = self.kept(&mut self.db.read().await?, actor, account, Action::Reissue).await?.site;
        let credentials = self.draw_credentials(account, what).await?;
        let address = store::write!(self.db, async |tx| {
            let kept = self.kept(tx, actor, account, Action::Reissue).await?;
            kept.site.hold(tx).await?;
            // A sign-in that is being completed takes this lock too: it ends before, and then its
            // session does, or after, and then finds the new credentials.
            store::sign_in::lock_password_counter(tx, account).await?;
            let now = self.env.now();
            let rows = credentials.store(tx, now).await?;
            store::session::end_all_of(tx, account, now).await?;
            store::sign_in::delete_pending_of(tx, account).await?;
            self.settle_requests(tx, actor, &kept.record, Wish::Reissue).await?;
            let entry = entry(audit::Action::CredentialsIssued, actor, kept.keeper, Action::Reissue, &kept.site)
                .object("account", account)
                .rows(rows)
                .detail("what", what.code());
            audit::append(tx, &self.env, &self.secrets.audit, &entry).await?;
            let address = self.address(&kept, language);
            address.record(tx, actor, &kept.site, &credentials, now).await?;
            // After the letter, whose language its person is written to in from now on.
            self.tell_holder(tx, actor, &kept.record, NoticeKind::Issued).await?;
            Ok::<_, Fault>(address)
        })?;
        Ok(address.letter(actor, site, credentials, self.env.now()))
    }

    /// The language that an account's letter is in unless whoever issues it says otherwise: that which
    /// its person chose for mails, or of their last letter, or their country's.
    ///
    /// # Errors
    /// As [`Service::reissue`].
    pub async fn letter_language(&self, actor: &Actor, account: AccountId) -> Result<Language, Fault> {
        let mut read = self.db.read().await?;
        let Kept { record, .. } = self.kept(&mut read, actor, account, Action::Reissue).await?;
        self.language_of(&mut read, record.place, record.person).await
    }

    /// Issues everything anew that an authority's account signs in with: the way back for a huvudman
    /// who is locked out. For the operator, and for authorities' accounts alone.
    ///
    /// # Errors
    /// `RefusalCode::NotFound` for an unknown user name; `RefusalCode::NotAllowed` for an account
    /// that is held at a school, and for anybody but the operator.
    pub async fn reissue_for_operator(&self, actor: &Actor, user_name: &str) -> Result<Letter, Fault> {
        let kept = self.kept_by_name(&mut self.db.read().await?, actor, user_name, Action::Reissue).await?;
        let Kept { record, site, keeper } = kept;
        let has_card = super::line::life_of(&record).card != Card::None;
        let what = if has_card || record.role.needs_second_factor() { Anew::Both } else { Anew::Password };
        debug_assert_eq!(keeper, Keeper::Operator);
        self.reissue(actor, record.id, what, Language::of_country(&site.country)).await
    }

    /// To whom a letter about an account goes.
    fn address(&self, kept: &Kept, language: Language) -> Address {
        let record = &kept.record;
        Address {
            id: self.env.id(),
            account: record.id,
            person: record.person,
            user_name: record.user_name.clone(),
            name: name_of(record),
            role: record.role,
            until: record.active_until,
            language,
        }
    }
}
