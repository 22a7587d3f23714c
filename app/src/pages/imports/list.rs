//! The list of imports: when, who, which file, what became of it, and why.

use super::State;
use super::findings::findings_table;
use super::look::held_reasons;
use crate::t;
use crate::text::{Locale, moment};
use crate::ui::ErrorNote;
use domain::import::{ImportEntry, ImportState, Imports};
use leptos::prelude::*;

/// The list, once it is there.
pub(super) fn list(state: State) -> AnyView {
    let locale = state.locale;
    let shown = move || {
        state.imports.get().map(|loaded| match loaded {
            Err(error) => view! { <ErrorNote error/> }.into_any(),
            Ok(imports) if imports.entries.is_empty() => {
                view! { <p class="hint">{t!(locale, import.list_empty)}</p> }.into_any()
            }
            Ok(imports) => table(state, &imports),
        })
    };
    view! {
        <section class="stack">
            <h2 id="imports">{t!(locale, import.list)}</h2>
            {shown}
        </section>
    }
    .into_any()
}

fn table(state: State, imports: &Imports) -> AnyView {
    let locale = state.locale;
    let rows = imports.entries.iter().map(|entry| row(state, imports, entry)).collect_view();
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-labelledby="imports">
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{t!(locale, import.when)}</th>
                        <th scope="col">{t!(locale, import.file_column)}</th>
                        <th scope="col">{t!(locale, import.by)}</th>
                        <th scope="col">{t!(locale, import.state)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(state: State, imports: &Imports, entry: &ImportEntry) -> AnyView {
    let locale = state.locale;
    let at = |instant| moment(locale, imports.zone, instant, imports.now);
    let by = entry.by.clone().unwrap_or_else(|| t!(locale, import.command_line).to_owned());
    let people = entry.counts.people;
    let counts = (!matches!(entry.state, ImportState::Refused)).then(|| {
        let words = t!(locale, import.counts, added = people.added, changed = people.changed, gone = people.gone);
        view! { <span class="sub">{words}</span> }
    });
    let answered = entry.decision.as_ref().map(|answer| {
        let words = if answer.reason.is_empty() {
            t!(locale, import.answered_plainly, by = answer.by, when = at(answer.at))
        } else {
            t!(locale, import.answered, by = answer.by, when = at(answer.at), reason = answer.reason)
        };
        view! { <span class="sub">{words}</span> }
    });
    let waits = (entry.state == ImportState::Held).then(|| match entry.waits_until {
        Some(until) => {
            let (id, name) = (entry.id, entry.file_name.clone());
            let label = t!(locale, import.held_by_name, file = entry.file_name, when = at(entry.started));
            view! {
                <span class="sub">{t!(locale, import.waits, when = at(until))}</span>
                <button class="btn" type="button" aria-describedby=format!("import-{id}") on:click=move |_| state.look_at_held(id, name.clone())>
                    {t!(locale, import.decide)}
                </button>
                <span class="sr" id=format!("import-{id}")>{label}</span>
            }
            .into_any()
        }
        None => view! { <span class="sub">{t!(locale, import.held_elsewhere)}</span> }.into_any(),
    });
    view! {
        <tr>
            <th scope="row">{at(entry.started)}</th>
            <td>{entry.file_name.clone()}</td>
            <td>{by}</td>
            <td>{state_name(locale, entry.state)}{counts}{answered}{waits}{details(locale, entry)}</td>
        </tr>
    }
    .into_any()
}

fn state_name(locale: Locale, state: ImportState) -> &'static str {
    match state {
        ImportState::Held => t!(locale, import.state_held),
        ImportState::Applied => t!(locale, import.state_applied),
        ImportState::Refused => t!(locale, import.state_refused),
        ImportState::Rejected => t!(locale, import.state_rejected),
        ImportState::LaidAside => t!(locale, import.state_laid_aside),
    }
}

/// Why it was held, and what was wrong or odd, folded away.
fn details(locale: Locale, entry: &ImportEntry) -> Option<AnyView> {
    let findings = &entry.findings;
    if entry.counts.held.is_empty() && findings.errors.is_empty() && findings.warnings.is_empty() {
        return None;
    }
    Some(
        view! {
            <details>
                <summary class="linklike">{t!(locale, import.details)}</summary>
                {(!entry.counts.held.is_empty()).then(|| view! { <ul class="list">{held_reasons(locale, &entry.counts.held)}</ul> })}
                {findings_table(locale, &findings.errors, true)}
                {findings_table(locale, &findings.warnings, false)}
            </details>
        }
        .into_any(),
    )
}
