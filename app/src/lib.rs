//! Pages, components and server functions, for the server and for the browser.
//!
//! Start at [`App`] for the routes, at [`api`] for what a page may ask of the server, at
//! [`session_state`] for what the server tells a page about who is signed in, and at [`text`] for
//! the words. Nothing here decides anything: server functions decode, call `service`, encode.

pub mod api;
pub mod client;
pub mod error;
pub mod grid;
pub mod layout;
pub mod pages;
pub mod review;
#[cfg(feature = "ssr")]
pub mod server_context;
pub mod session_dialog;
pub mod session_state;
#[cfg(feature = "ssr")]
mod shell;
pub mod text;
pub mod theme;
pub mod ui;
pub mod wire;
pub mod words;

#[cfg(feature = "ssr")]
pub use shell::{is_plain, outage, shell};

use layout::{Footer, Header, SkipLink};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The whole app: the band, the page that the address names, the foot.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    {
        provide_context(text::locale_of_request());
        provide_context(theme::theme_of_request());
    }
    #[cfg(feature = "hydrate")]
    {
        provide_context(text::locale_of_page());
        provide_context(theme::theme_of_page());
        provide_context(session_state::read_from_page());
    }
    // Effects run in the browser only, once the page has become alive.
    Effect::new(|_| {
        if let Some(html) = document().document_element() {
            let _ = html.set_attribute("data-hydrated", "");
        }
    });
    view! {
        <Router>
            <SkipLink/>
            <Header/>
            <Routes fallback=pages::NotFound>
                <Route path=path!("/") view=pages::Front ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=pages::SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/matrix") view=pages::MatrixPage ssr=SsrMode::Async/>
                <Route path=path!("/change-password") view=pages::ChangePasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/about") view=pages::AboutPage ssr=SsrMode::Async/>
                <Route path=path!("/rights") view=pages::RightsPage ssr=SsrMode::Async/>
                <Route path=path!("/rights/review") view=pages::RightsReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/rights/staff") view=pages::StaffPage ssr=SsrMode::Async/>
                <Route path=path!("/history") view=pages::HistoryPage ssr=SsrMode::Async/>
                <Route path=path!("/exemptions") view=pages::ExemptionsPage ssr=SsrMode::Async/>
                <Route path=path!("/imports") view=pages::ImportsPage ssr=SsrMode::Async/>
                <Route path=path!("/my-rights") view=pages::MyRightsPage ssr=SsrMode::Async/>
            </Routes>
            <Footer/>
            <session_dialog::SessionDialog/>
        </Router>
    }
}
