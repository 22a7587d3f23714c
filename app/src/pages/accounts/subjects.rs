//! `/accounts/subjects` and its preview: subjects given to several teachers at once, or taken from
//! them. Choosing, looking at what would change, and doing it are three plain forms.

use super::form::Fields;
use super::new::subjects;
use super::{asked, crumb, csrf, done, for_keepers};
use crate::pages::PageTitle;
use crate::text::{Locale, use_locale};
use crate::{plural, t};
use domain::account::Action;
use domain::exchange::accounts::{AccountFilter, AccountLine, AccountList};
use domain::exchange::material::{SubjectsLine, SubjectsOrder, SubjectsPreview};
use domain::{AccountId, AccountRole, Subject};
use leptos::prelude::*;

/// Where the page is, and where the form goes that changes something.
pub const SUBJECTS_ADDRESS: &str = "/accounts/subjects";
/// The page that shows what would change; asked for by a form.
pub const SUBJECTS_PREVIEW_ADDRESS: &str = "/accounts/subjects/preview";

/// The order that a form gave, for the pages that answer it: fields `account` (an id, repeated),
/// `subject` (a slug, repeated), and `do`, which is `give` or `take`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered(pub SubjectsOrder);

/// What a form says; `None` where it says nothing that can be.
#[must_use]
pub fn subjects_order(fields: &Fields) -> Option<SubjectsOrder> {
    let accounts = fields.all("account").map(|id| Some(AccountId(id.parse().ok()?))).collect::<Option<_>>()?;
    let subjects: Vec<String> = fields.all("subject").map(str::to_owned).collect();
    let (give, take) = match fields.get("do") {
        "give" => (subjects, Vec::new()),
        "take" => (Vec::new(), subjects),
        _ => return None,
    };
    Some(SubjectsOrder { accounts, give, take })
}

/// Choosing the teachers and the subjects.
#[component]
pub fn SubjectsPage() -> impl IntoView {
    for_keepers(|_| {
        let locale = use_locale();
        // Sent without anybody or anything: the same page, with what was chosen and why it did not lead on.
        let sent = use_context::<Ordered>().map(|ordered| ordered.0);
        let ask = |service: service::Service, actor: service::Actor| async move {
            let filter = AccountFilter { roles: vec![AccountRole::Teacher], ..AccountFilter::default() };
            service.accounts(&actor, &filter).await
        };
        let page = move |list: AccountList| choosing(locale, &list, sent.as_ref());
        view! { <PageTitle name=t!(locale, subjects.title)/> {asked(ask, page)} }.into_any()
    })
}

fn choosing(locale: Locale, list: &AccountList, sent: Option<&SubjectsOrder>) -> AnyView {
    let teachers: Vec<&AccountLine> = list.accounts.iter().filter(|line| line.may.contains(&Action::Change)).collect();
    let nobody = sent.map(|_| {
        view! {
            <div class="note note--error" role="alert" tabindex="-1" data-focus=""><p>{t!(locale, subjects.nobody)}</p></div>
        }
    });
    let form = if teachers.is_empty() || list.subjects.is_empty() {
        view! { <p>{t!(locale, subjects.none)}</p> }.into_any()
    } else {
        form(locale, list, &teachers, sent)
    };
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, subjects.title)}</h1>
            <p class="lede">{t!(locale, subjects.lede)}</p>
            {done(locale)}
            {nobody}
            {form}
        </main>
    }
    .into_any()
}

fn form(locale: Locale, list: &AccountList, teachers: &[&AccountLine], sent: Option<&SubjectsOrder>) -> AnyView {
    let takes = sent.is_some_and(|order| !order.take.is_empty());
    let is_subject = |slug: &str| sent.is_some_and(|order| order.give.iter().chain(&order.take).any(|it| it == slug));
    let is_account = |id: AccountId| sent.is_some_and(|order| order.accounts.contains(&id));
    let deed = |code: &'static str, name: &'static str, is_chosen: bool| {
        view! {
            <label class="choice"><input type="radio" name="do" value=code checked=is_chosen/><span>{name}</span></label>
        }
    };
    let rows = teachers
        .iter()
        .map(|line| {
            let now = names(&list.subjects, &line.subjects);
            let now = if now.is_empty() { t!(locale, subjects.none_now).to_owned() } else { now };
            view! {
                <tr>
                    <th scope="row">
                        <label class="choice">
                            <input type="checkbox" name="account" value=line.id.to_string() checked=is_account(line.id)/>
                            {line.name()}
                        </label>
                    </th>
                    <td data-label=t!(locale, accounts.user_name) class="num">{line.user_name.clone()}</td>
                    <td data-label=t!(locale, subjects.now)>{now}</td>
                </tr>
            }
        })
        .collect_view();
    let all = list.subjects.iter().map(|subject| (subject.slug.as_str(), subject.name.as_str()));
    view! {
        <form class="form form--wide" method="post" action=SUBJECTS_PREVIEW_ADDRESS>
            {csrf()}
            <fieldset>
                <legend>{t!(locale, subjects.what)}</legend>
                <div class="form__choices">
                    {deed("give", t!(locale, subjects.give), !takes)}
                    {deed("take", t!(locale, subjects.take), takes)}
                </div>
                {subjects(locale, all, is_subject)}
            </fieldset>
            <fieldset>
                <legend>{t!(locale, subjects.who)}</legend>
                <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, subjects.who)>
                    <table class="tbl tbl--stack">
                        <thead><tr>
                            <th scope="col">{t!(locale, accounts.name)}</th>
                            <th scope="col">{t!(locale, accounts.user_name)}</th>
                            <th scope="col">{t!(locale, subjects.now)}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </fieldset>
            <div class="actions">
                <button class="btn btn--primary" type="submit">{t!(locale, subjects.preview_ticked)}</button>
                <button class="btn" type="submit" name="all" value="1">{t!(locale, subjects.preview_all, n = teachers.len())}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The names of some subjects, in their order; one without a name here is called by its slug.
fn names(known: &[Subject], slugs: &[String]) -> String {
    let name = |slug: &String| known.iter().find(|subject| subject.slug == *slug).map_or(slug, |it| &it.name).clone();
    slugs.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What would change; asked for by itself, the way back to the choice.
#[component]
pub fn SubjectsPreviewPage() -> impl IntoView {
    for_keepers(|_| {
        let locale = use_locale();
        let Some(Ordered(order)) = use_context::<Ordered>() else {
            return view! { <leptos_router::components::Redirect path=SUBJECTS_ADDRESS/> }.into_any();
        };
        let asked_for = order.clone();
        let ask = move |service: service::Service, actor: service::Actor| {
            let order = asked_for.clone();
            async move { service.subjects_preview(&actor, &order).await }
        };
        let page = move |preview: SubjectsPreview| previewed(locale, &order, &preview);
        view! { <PageTitle name=t!(locale, subjects.preview_title)/> {asked(ask, page)} }.into_any()
    })
}

fn previewed(locale: Locale, order: &SubjectsOrder, preview: &SubjectsPreview) -> AnyView {
    let n = preview.changes.len();
    let rows = preview.changes.iter().map(|line| row(locale, &preview.subjects, line)).collect_view();
    let takes = !order.take.is_empty();
    let column = if takes { t!(locale, subjects.loses) } else { t!(locale, subjects.gains) };
    let lede = match n {
        0 => t!(locale, subjects.nothing).to_owned(),
        n => plural!(locale, n, subjects.changes_one, subjects.changes_n),
    };
    let table = (n > 0).then(|| {
        view! {
            <div class="scroll-x" tabindex="0" role="region" aria-label=t!(locale, subjects.who)>
                <table class="tbl tbl--stack">
                    <thead><tr>
                        <th scope="col">{t!(locale, accounts.name)}</th>
                        <th scope="col">{t!(locale, accounts.user_name)}</th>
                        <th scope="col">{column}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    let unchanged: Vec<String> = preview.unchanged.iter().map(AccountLine::name).collect();
    let unchanged = (!unchanged.is_empty())
        .then(|| view! { <p class="muted">{t!(locale, subjects.unchanged, names = unchanged.join(", "))}</p> });
    view! {
        <main class="page" id="content">
            {crumb(locale)}
            <h1>{t!(locale, subjects.preview_title)}</h1>
            <p class="lede">{lede}</p>
            {table}
            {unchanged}
            {applying(locale, order, preview)}
        </main>
    }
    .into_any()
}

fn row(locale: Locale, known: &[Subject], line: &SubjectsLine) -> AnyView {
    let (label, subjects) = if line.gains.is_empty() {
        (t!(locale, subjects.loses), &line.loses)
    } else {
        (t!(locale, subjects.gains), &line.gains)
    };
    view! {
        <tr>
            <th scope="row">{line.account.name()}</th>
            <td data-label=t!(locale, accounts.user_name) class="num">{line.account.user_name.clone()}</td>
            <td data-label=label>{names(known, subjects)}</td>
        </tr>
    }
    .into_any()
}

/// The form that does it; where nothing would change, the way back alone.
fn applying(locale: Locale, order: &SubjectsOrder, preview: &SubjectsPreview) -> AnyView {
    let n = preview.changes.len();
    let accounts = preview
        .changes
        .iter()
        .map(|line| view! { <input type="hidden" name="account" value=line.account.id.to_string()/> })
        .collect_view();
    let (deed, slugs) = if order.take.is_empty() { ("give", &order.give) } else { ("take", &order.take) };
    let slugs =
        slugs.iter().map(|slug| view! { <input type="hidden" name="subject" value=slug.clone()/> }).collect_view();
    let apply = (n > 0).then(|| {
        view! {
            <button class="btn btn--primary" type="submit" name="do" value=deed>
                {plural!(locale, n, subjects.apply_one, subjects.apply_n)}
            </button>
        }
    });
    view! {
        <form class="actions form__end" method="post" action=SUBJECTS_ADDRESS>
            {csrf()}
            {accounts}
            {slugs}
            {apply}
            <a class="btn btn--text" href=SUBJECTS_ADDRESS>{t!(locale, subjects.back)}</a>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_whom_what_and_which_way() {
        let id = AccountId(uuid::Uuid::from_u128(7));
        let account = id.to_string();
        let read = |fields: &[(&'static str, &str)]| {
            subjects_order(&fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect())
        };
        let given = read(&[("account", &account), ("subject", "tysk"), ("subject", "fransk"), ("do", "give")]).unwrap();
        let both = vec!["tysk".to_owned(), "fransk".to_owned()];
        assert_eq!(given, SubjectsOrder { accounts: vec![id], give: both.clone(), take: Vec::new() });
        let taken = read(&[("account", &account), ("subject", "tysk"), ("subject", "fransk"), ("do", "take")]).unwrap();
        assert_eq!(taken, SubjectsOrder { accounts: vec![id], give: Vec::new(), take: both });
        for wrong in [&[("do", "swap")][..], &[("subject", "tysk")], &[("account", "x"), ("do", "give")]] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
