//! The part of a page that lives on in the browser.
//!
//! The server draws the whole document. What needs no script stays as it was drawn, and its code
//! stays out of the wasm. At most one element of a page, `#live`, is hydrated, by a bundle made for
//! that page alone; it finds there what the server gave to the same view.

use crate::error::AppError;
use domain::exchange::Me;
use leptos::prelude::*;

/// Id of the element that a bundle hydrates.
const LIVE: &str = "live";

/// The bundles: one for each page that needs one, named like the binaries of `frontend`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bundle {
    /// `/exemptions`
    Exemptions,
    /// `/history`
    History,
    /// `/imports`
    Imports,
    /// `/rights/review`
    Review,
    /// `/rights`
    Rights,
    /// `/rights/staff`
    Staff,
}

impl Bundle {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Exemptions, Self::History, Self::Imports, Self::Review, Self::Rights, Self::Staff];

    /// The name of the binary, and the end of the names of its files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exemptions => "exemptions",
            Self::History => "history",
            Self::Imports => "imports",
            Self::Review => "review",
            Self::Rights => "rights",
            Self::Staff => "staff",
        }
    }
}

/// The signed-in person, within the live part of a page.
///
/// # Errors
/// Outside of one: nobody is signed in there.
pub fn use_me() -> Result<Me, AppError> {
    use_context::<Me>().ok_or_else(|| domain::exchange::RefusalCode::NotSignedIn.into())
}

#[cfg(feature = "ssr")]
mod server {
    use super::{Bundle, LIVE};
    use crate::wire::to_text;
    use domain::exchange::Me;
    use leptos::nonce::use_nonce;
    use leptos::prelude::*;
    use serde::Serialize;

    /// What the addresses of the site's files begin with.
    #[derive(Clone, Debug)]
    pub(crate) struct Stem(pub(crate) String);

    /// Draws the live part of a page, with all that its bundle needs to take it over: in the attribute
    /// `data-given` the signed-in person and what the view is drawn from, in the text of [`crate::wire`].
    pub(crate) fn live<T: Serialize>(bundle: Bundle, me: Me, given: T, page: fn(T) -> AnyView) -> AnyView {
        let text = to_text(&(&me, &given));
        provide_context(me);
        let stem = use_context::<Stem>().map(|stem| stem.0).unwrap_or_default();
        let script = format!("{stem}-{}.js", bundle.name());
        let wasm = format!("{stem}-{}_bg.wasm", bundle.name());
        let start = format!(r#"import start from "{script}"; start({{ module_or_path: "{wasm}" }});"#);
        view! {
            <link rel="modulepreload" href=script/>
            <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="anonymous" href=wasm/>
            <div id=LIVE class="live" data-given=text>{page(given)}</div>
            <script type="module" nonce=use_nonce() inner_html=start></script>
        }
        .into_any()
    }
}
#[cfg(feature = "ssr")]
pub(crate) use server::{Stem, live};

/// Takes over the page's live part: the whole work of a bundle.
///
/// `page` is the very function that the server drew it with.
#[cfg(feature = "hydrate")]
pub fn start<T: serde::de::DeserializeOwned + 'static>(page: fn(T) -> AnyView) {
    use wasm_bindgen::JsCast;
    console_error_panic_hook::set_once();
    let element = document().get_element_by_id(LIVE).and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    let Some(element) = element else { return };
    let Some((me, given)) =
        element.get_attribute("data-given").and_then(|text| crate::wire::from_text::<(Me, T)>(&text))
    else {
        return;
    };
    let live = move || {
        provide_context(crate::text::locale_of_page());
        provide_context(me);
        // Effects run once the page has become alive.
        Effect::new(|_| {
            if let Some(html) = document().document_element() {
                let _ = html.set_attribute("data-hydrated", "");
            }
        });
        page(given)
    };
    leptos::mount::hydrate_from(element, live).forget();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn bundles_are_the_binaries_of_frontend() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/src/bin");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        found.sort();
        assert_eq!(found, Bundle::ALL.map(Bundle::name));
    }
}
