//! What somebody was told, newest first, and what of it is unread.

use super::{READ_ADDRESS, new_mark, wished};
use crate::pages::accounts::csrf;
use crate::t;
use crate::text::{Locale, long_date, moment};
use domain::exchange::Me;
use domain::exchange::accounts::{Inbox, Notice, Outcome};
use domain::notice::NoticeKind;
use leptos::prelude::*;
use uuid::Uuid;

/// The notices, with the form that marks all that is unread.
pub(super) fn list(locale: Locale, me: &Me, inbox: &Inbox) -> AnyView {
    if inbox.notices.is_empty() {
        return view! {
            <section aria-labelledby="notices">
                <h2 id="notices">{t!(locale, notice.title)}</h2>
                <p>{t!(locale, notice.none)}</p>
            </section>
        }
        .into_any();
    }
    let lines = inbox
        .notices
        .iter()
        .map(|notice| {
            let when = moment(locale, me.institution.zone, notice.at, inbox.now);
            view! {
                <li class="notice">
                    <div>
                        {new_mark(locale, notice.is_new)}{text(locale, notice)}
                        <span class="sub">{when}</span>
                    </div>
                    {mark(locale, notice)}
                </li>
            }
        })
        .collect_view();
    view! {
        <section aria-labelledby="notices">
            <div class="headrow"><h2 id="notices">{t!(locale, notice.title)}</h2>{mark_all(locale, inbox)}</div>
            <ul class="list notices">{lines}</ul>
        </section>
    }
    .into_any()
}

/// Everything that is unread, requests too.
fn mark_all(locale: Locale, inbox: &Inbox) -> Option<AnyView> {
    let requests = inbox.waiting.iter().chain(&inbox.own).filter(|request| request.is_new).map(|request| request.id);
    let notices = inbox.notices.iter().filter(|notice| notice.is_new).map(|notice| notice.id);
    let unread: Vec<Uuid> = requests.chain(notices).collect();
    (!unread.is_empty()).then(|| form(&unread, false, t!(locale, notice.mark_all)))
}

fn mark(locale: Locale, notice: &Notice) -> AnyView {
    let text = if notice.is_new { t!(locale, notice.mark_read) } else { t!(locale, notice.mark_unread) };
    form(&[notice.id], !notice.is_new, text)
}

fn form(items: &[Uuid], unread: bool, text: &'static str) -> AnyView {
    let items = items.iter().map(|item| view! { <input type="hidden" name="item" value=item.to_string()/> });
    let unread = unread.then(|| view! { <input type="hidden" name="unread" value="1"/> });
    view! {
        <form method="post" action=READ_ADDRESS>
            {csrf()}
            {items.collect_view()}
            {unread}
            <button class="btn btn--small btn--text" type="submit">{text}</button>
        </form>
    }
    .into_any()
}

/// A notice in words.
fn text(locale: Locale, notice: &Notice) -> String {
    let user = notice.user_name.as_deref().unwrap_or_default();
    let by = if notice.by.is_empty() { t!(locale, account.by.operator) } else { notice.by.as_str() };
    let day = notice.last_day.map(|day| long_date(locale, day)).unwrap_or_default();
    match notice.kind {
        // Requests stand in the inbox themselves.
        NoticeKind::Request => String::new(),
        NoticeKind::Issued => t!(locale, notice.issued, user = user, by = by),
        NoticeKind::Reactivated => t!(locale, notice.reactivated, user = user, by = by),
        NoticeKind::Closed => t!(locale, notice.closed, user = user, by = by),
        NoticeKind::Merged => t!(locale, notice.merged, user = user, by = by),
        NoticeKind::Lapses => t!(locale, notice.lapses, user = user, day = day),
        NoticeKind::StaffLapses if notice.user_name.is_some() => t!(locale, notice.staff_lapses_own, day = day),
        NoticeKind::StaffLapses => t!(locale, notice.staff_lapses, day = day),
        NoticeKind::Answered => answered(locale, notice, by),
    }
}

fn answered(locale: Locale, notice: &Notice, by: &str) -> String {
    let Some((wish, outcome, reason)) = &notice.answer else { return t!(locale, notice.answered).to_owned() };
    let wish = wished(locale, *wish);
    match (outcome, reason) {
        (Outcome::Done, None) => t!(locale, notice.answered_done, wish = wish, by = by),
        (Outcome::Done, Some(reason)) => {
            t!(locale, notice.answered_done_because, wish = wish, by = by, reason = reason)
        }
        (Outcome::Declined, None) => t!(locale, notice.answered_no, wish = wish, by = by),
        (Outcome::Declined, Some(reason)) => {
            t!(locale, notice.answered_no_because, wish = wish, by = by, reason = reason)
        }
        (Outcome::Void, _) => t!(locale, notice.answered_void, wish = wish),
        // Nobody is told what they took back themselves.
        (Outcome::Withdrawn, _) => t!(locale, notice.answered).to_owned(),
    }
}
