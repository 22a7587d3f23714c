//! The wasm entry: hydrates the page, nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called once by the page's own script, as soon as the bundle has loaded.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
