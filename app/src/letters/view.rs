//! A sheet as HTML, made to be printed: one page each, and readable by ear.

use ::letter::{Credential, Matrix, Sheet};
use leptos::prelude::*;

/// One page; `at` is its place among the pages, which names its parts.
pub(crate) fn sheet_view(sheet: Sheet, at: usize) -> AnyView {
    let (title, named) = (format!("sheet-{at}"), format!("sheet-{at}"));
    let steps = sheet.steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    let credentials = sheet.credentials.into_iter().map(credential).collect_view();
    view! {
        <article class="paper" lang=sheet.language aria-labelledby=named>
            <p class="paper__sender">{sheet.sender}</p>
            <h2 id=title>{sheet.title}<span class="sr">": "{sheet.name.clone()}</span></h2>
            <p class="paper__to"><b>{sheet.name}</b><br/>{sheet.position}</p>
            <dl class="paper__credentials">{credentials}</dl>
            {sheet.matrix.map(|matrix| matrix_table(matrix, at))}
            <h3>{sheet.steps_title}</h3>
            <ol class="paper__steps">{steps}</ol>
            <h3>{sheet.help_title}</h3>
            <p>{sheet.help}</p>
            <p class="paper__imprint">{sheet.imprint}</p>
        </article>
    }
    .into_any()
}

fn credential(credential: Credential) -> AnyView {
    let value = credential
        .value
        .map(|value| view! { <span class="paper__secret" translate="no">{value.as_str().to_owned()}</span> });
    let note = credential.note.map(|note| view! { <small>{note}</small> });
    view! { <div><dt>{credential.label}</dt><dd>{value}{note}</dd></div> }.into_any()
}

fn matrix_table(matrix: Matrix, at: usize) -> AnyView {
    let (hint, described) = (format!("sheet-{at}-hint"), format!("sheet-{at}-hint"));
    let (column, label) = (matrix.column, matrix.caption.clone());
    let heads = matrix
        .columns
        .into_iter()
        .map(|letter| view! { <th scope="col"><span class="sr">{column.clone()}" "</span>{letter.to_string()}</th> })
        .collect_view();
    let rows = matrix
        .rows
        .into_iter()
        .enumerate()
        .map(|(ix, cells)| {
            let cells = cells.map(|cell| view! { <td>{cell.as_str().to_owned()}</td> }).into_iter().collect_view();
            view! { <tr><th scope="row"><span class="sr">{matrix.row.clone()}" "</span>{ix + 1}</th>{cells}</tr> }
        })
        .collect_view();
    let corner = [format!("{column} \u{2192}"), format!("{} \u{2193}", matrix.row)];
    let corner = corner.map(|line| view! { <small aria-hidden="true">{line}</small> }).into_iter().collect_view();
    view! {
        <div class="paper__card" tabindex="0" role="group" aria-label=label>
            <table class="paper__matrix" translate="no" aria-describedby=described>
                <caption>{matrix.caption}</caption>
                <thead><tr><td>{corner}</td>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="paper__hint" id=hint>{matrix.hint}</p>
        </div>
    }
    .into_any()
}
