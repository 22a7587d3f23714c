//! The query of the page's own address. What a page shows is said there, so that it can be
//! reloaded, kept and gone back to; in the browser it changes without loading the page anew.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

/// The query of this page, without its `?`.
#[derive(Clone, Copy, Debug)]
pub struct Address(RwSignal<String>);

impl Address {
    /// The address of the page that is being drawn; in the browser it follows links and history.
    #[must_use]
    pub fn of_page() -> Self {
        #[cfg(feature = "ssr")]
        let query = use_context::<http::request::Parts>()
            .and_then(|request| request.uri.query().map(str::to_owned))
            .unwrap_or_default();
        #[cfg(not(feature = "ssr"))]
        let query = query_of_window();
        let address = Self(RwSignal::new(query));
        Effect::new(move |_| {
            let back = window_event_listener(leptos::ev::popstate, move |_| address.0.set(query_of_window()));
            let link = window_event_listener(leptos::ev::click, move |event| address.follow(&event));
            on_cleanup(move || {
                back.remove();
                link.remove();
            });
        });
        address
    }

    /// The value of a key.
    #[must_use]
    pub fn get(self, key: &str) -> Option<String> {
        self.0.with(|query| value(query, key))
    }

    /// Goes to another query of this page: as a new step of the history, or in place of this one.
    pub fn go(self, href: &str, replace: bool) {
        let Ok(history) = window().history() else { return };
        let gone = if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(href))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(href))
        };
        if gone.is_err() {
            return;
        }
        // The choice of a language comes back to here.
        let back = document().query_selector("input[name=back]").ok().flatten();
        if let Some(back) = back.and_then(|back| back.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            back.set_value(href);
        }
        self.0.set(query_of_window());
    }

    /// A plain click on a link of the page to the page itself only changes the query.
    fn follow(self, event: &web_sys::MouseEvent) {
        let is_plain = event.button() == 0
            && !(event.default_prevented()
                || event.ctrl_key()
                || event.meta_key()
                || event.shift_key()
                || event.alt_key());
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let link = target.filter(|_| is_plain).and_then(|target| target.closest(".live a[href]").ok().flatten());
        let Some(href) = link.and_then(|link| link.get_attribute("href")) else { return };
        let path = window().location().pathname().unwrap_or_default();
        if href.split_once('?').is_some_and(|(before, _)| before == path) {
            event.prevent_default();
            self.go(&href, false);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    }
}

fn query_of_window() -> String {
    window().location().search().map(|query| query.trim_start_matches('?').to_owned()).unwrap_or_default()
}

/// The value of a key in a query, decoded.
fn value(query: &str, key: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map(|(_, value)| decoded(value))
}

/// Text whose escapes (`%C3%B8`, and `+` for a space) are undone; what is no escape stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = match byte {
            b'%' => {
                let mut ahead = rest.clone();
                let digits = [ahead.next(), ahead.next()].map(|digit| char::from(digit?).to_digit(16));
                match digits {
                    [Some(high), Some(low)] => {
                        rest = ahead;
                        u8::try_from(high << 4 | low).ok()
                    }
                    _ => None,
                }
            }
            b'+' => Some(b' '),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(byte));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_decoded() {
        let query = "by=test&id=a%26b%3D%C3%B8&open=all+of&broken=%zz%4";
        assert_eq!(value(query, "by").as_deref(), Some("test"));
        assert_eq!(value(query, "id").as_deref(), Some("a&b=ø"));
        assert_eq!(value(query, "open").as_deref(), Some("all of"));
        assert_eq!(value(query, "broken").as_deref(), Some("%zz%4"));
        assert_eq!(value(query, "i"), None);
        assert_eq!(value("", "by"), None);
    }
}
