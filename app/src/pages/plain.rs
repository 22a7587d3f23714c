//! Pages that only the server draws. Reached by a link inside the app, they are asked of it anew.

use leptos::prelude::*;

fn ask_the_server() {
    let _ = window().location().reload();
}

/// Drawn by the server alone.
#[component]
pub fn AboutPage() -> impl IntoView {
    ask_the_server();
}

/// Drawn by the server alone.
#[component]
pub fn SignInPage() -> impl IntoView {
    ask_the_server();
}

/// Drawn by the server alone.
#[component]
pub fn MatrixPage() -> impl IntoView {
    ask_the_server();
}

/// Drawn by the server alone.
#[component]
pub fn ChangePasswordPage() -> impl IntoView {
    ask_the_server();
}
