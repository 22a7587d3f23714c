//! The document: the routes, what stands around every page, and the head. The server's alone.

mod gate;
pub mod layout;
pub mod session_dialog;

use crate::error::AppError;
use crate::live::Stem;
use crate::session_state::use_session;
use crate::text::{Locale, code_of, locale_of_request};
use crate::theme::theme_of_request;
use crate::ui::sentence;
use crate::{pages, t};
use domain::exchange::RefusalCode;
pub(crate) use gate::{for_capacity, for_person, loaded};
pub(crate) use layout::{AT_SCHOOL, pages_of};
use layout::{Footer, Header, SkipLink};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The little that every page does in the browser beside its live part.
const PAGE_SCRIPT: &str = include_str!("page.js");

/// The whole app: the band, the page that the address names, the foot.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(locale_of_request());
    provide_context(theme_of_request());
    view! {
        <Router>
            <SkipLink/>
            <Header/>
            <Routes fallback=pages::missing::NotFound>
                <Route path=path!("/") view=pages::front::Front ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=pages::sign_in::SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/matrix") view=pages::sign_in::second::MatrixPage ssr=SsrMode::Async/>
                <Route path=path!("/change-password") view=pages::sign_in::ChangePasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/help") view=pages::help::HelpPage ssr=SsrMode::Async/>
                <Route path=path!("/about") view=pages::about::AboutPage ssr=SsrMode::Async/>
                <Route path=path!("/rights") view=pages::alive::RightsPage ssr=SsrMode::Async/>
                <Route path=path!("/rights/review") view=pages::alive::ReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/rights/staff") view=pages::alive::StaffPage ssr=SsrMode::Async/>
                <Route path=path!("/history") view=pages::alive::HistoryPage ssr=SsrMode::Async/>
                <Route path=path!("/exemptions") view=pages::alive::ExemptionsPage ssr=SsrMode::Async/>
                <Route path=path!("/imports") view=pages::alive::ImportsPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=pages::account::MyAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/account/record") view=pages::account::record::MyRecordPage ssr=SsrMode::Async/>
                <Route path=path!("/place") view=pages::place::PlacePage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=pages::people::PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/people/new") view=pages::people::new::NewPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/people/:id") view=pages::people::one::PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts") view=pages::accounts::list::AccountsPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/issued") view=pages::issued::IssuedPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/letters") view=pages::accounts::letters::LettersPage ssr=SsrMode::Async/>
                <Route
                    path=path!("/accounts/letters/preview")
                    view=pages::accounts::letters::LettersPreviewPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/accounts/new") view=pages::accounts::new::NewAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/reactivate") view=pages::accounts::reactivate::ReactivatePage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/subjects") view=pages::accounts::subjects::SubjectsPage ssr=SsrMode::Async/>
                <Route
                    path=path!("/accounts/subjects/preview")
                    view=pages::accounts::subjects::SubjectsPreviewPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/accounts/doubles") view=pages::accounts::doubles::DoublesPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/merge") view=pages::accounts::merging::MergePage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/principal") view=pages::accounts::principal::PrincipalPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/handover") view=pages::accounts::handover::HandoverPage ssr=SsrMode::Async/>
                <Route path=path!("/accounts/:id") view=pages::accounts::one::AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/account/passkeys") view=pages::account::passkeys::PasskeysPage ssr=SsrMode::Async/>
                <Route path=path!("/inbox") view=pages::inbox::InboxPage ssr=SsrMode::Async/>
                <Route path=path!("/portal") view=pages::portal::PortalPage ssr=SsrMode::Async/>
                <Route path=path!("/portal/open") view=pages::portal::open::OpenPartPage ssr=SsrMode::Async/>
                <Route path=path!("/inbox/settings") view=pages::inbox::settings::InboxSettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/inbox/unsent") view=pages::inbox::unsent::UnsentPage ssr=SsrMode::Async/>
                <Route path=path!("/my-rights") view=pages::my_rights::MyRightsPage ssr=SsrMode::Async/>
                <Route path=path!("/my-rights/access") view=pages::access::AccessPage ssr=SsrMode::Async/>
            </Routes>
            <Footer/>
            <session_dialog::SessionDialog/>
        </Router>
    }
}

/// The document around the app.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "what the integration hands over")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let stem = stem(&options);
    provide_context(Stem(stem.clone()));
    let head = view! {
        <meta name="csrf" content=use_session().csrf/>
        // A module waits for the body it works on.
        <script type="module" nonce=use_nonce() inner_html=PAGE_SCRIPT></script>
    };
    around(&stem, locale_of_request(), head.into_any(), view! { <App/> }.into_any())
}

/// The document for when nothing else can be answered, not even who asks: a sentence, and no script.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "what the integration hands over")]
pub fn outage(options: LeptosOptions, code: RefusalCode) -> impl IntoView {
    provide_meta_context();
    let locale = locale_of_request();
    provide_context(locale);
    let title = t!(locale, refused.title_outage);
    let body = view! {
        <pages::PageTitle name=title/>
        <main class="page page--narrow" id="content">
            <h1>{title}</h1>
            <p class="lede" role="alert">{sentence(locale, &AppError::from(code))}</p>
            <p class="hint">{t!(locale, help.code, n = code.number())}</p>
        </main>
    };
    around(&stem(&options), locale, ().into_any(), body.into_any())
}

/// What the addresses of the site's files begin with.
fn stem(options: &LeptosOptions) -> String {
    format!("/{}/{}", options.site_pkg_dir, options.output_name)
}

fn around(stem: &str, locale: Locale, head: AnyView, body: AnyView) -> impl IntoView + use<> {
    let theme = theme_of_request();
    let style = format!("{stem}.css");
    view! {
        <!DOCTYPE html>
        <html lang=code_of(locale) data-theme=theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content=theme.schemes()/>
                <meta name="description" content=t!(locale, app.tagline)/>
                <link rel="icon" href="data:,"/>
                <link rel="stylesheet" href=style/>
                {head}
                <MetaTags/>
            </head>
            <body>
                {body}
            </body>
        </html>
    }
}
