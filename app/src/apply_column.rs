//! The column beside a review: a reason, and the one button that applies what is shown.

use crate::error::AppError;
use crate::t;
use crate::text::use_locale;
use crate::ui::ErrorNote;
use leptos::prelude::*;

/// The reason that goes with what is applied.
#[derive(Clone, Copy, Debug)]
pub struct Reason {
    /// As typed; kept by the page, so that it survives another review.
    pub text: RwSignal<String>,
    /// What it is good for.
    pub hint: &'static str,
}

/// The column.
#[component]
pub fn ApplyColumn(
    /// Asks for a reason.
    #[prop(optional)]
    reason: Option<Reason>,
    /// What stands between the reason and the button: figures, cautions.
    about: AnyView,
    /// What stands in the way, if something does.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// Is it being applied right now?
    #[prop(into)]
    applying: Signal<bool>,
    /// What the button says.
    apply_label: String,
    /// Applies; never called while something is being applied.
    on_apply: Callback<()>,
    /// Throws away what is shown.
    #[prop(optional_no_strip)]
    on_discard: Option<Callback<()>>,
    /// The line under the button.
    #[prop(optional)]
    afterwards: &'static str,
) -> impl IntoView {
    let locale = use_locale();
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !applying.get_untracked() {
            on_apply.run(());
        }
    };
    let reason = reason.map(|Reason { text, hint }| {
        view! {
            <div class="field">
                <label for="reason">{t!(locale, review.reason)}</label>
                <p class="hint" id="reason-hint">{hint}</p>
                <textarea
                    class="input"
                    id="reason"
                    aria-describedby="reason-hint"
                    maxlength="500"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                ></textarea>
            </div>
        }
    });
    let discard = on_discard.map(|discard| {
        view! {
            <button class="btn btn--text" type="button" on:click=move |_| discard.run(())>
                {t!(locale, review.discard)}
            </button>
        }
    });
    let afterwards = (!afterwards.is_empty()).then(|| view! { <p class="hint">{afterwards}</p> });
    view! {
        <form class="split__side" on:submit=apply>
            <h2>{t!(locale, review.apply)}</h2>
            {reason}
            {about}
            {move || error.get().map(|error| view! { <ErrorNote error/> })}
            <div class="actions">
                <button class="btn btn--primary" type="submit">
                    {move || if applying.get() { t!(locale, review.applying).to_owned() } else { apply_label.clone() }}
                </button>
                {discard}
            </div>
            {afterwards}
        </form>
    }
}
