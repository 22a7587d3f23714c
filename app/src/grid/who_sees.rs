//! Beside a pupil's grid: the leaders, who see by another rule than the teachers.

use super::board::{Board, with};
use super::rows::Turned;
use crate::t;
use crate::text::use_locale;
use crate::ui::account_role;
use domain::Flag;
use leptos::prelude::*;

/// The leaders, on a pupil's side only.
#[component]
pub fn Leaders() -> impl IntoView {
    let locale = use_locale();
    let board = expect_context::<Board>();
    move || {
        board.turned.track();
        let leaders = with(|held| matches!(held.grid.turned, Turned::Pupil(_)).then(|| held.grid.leaders.clone()))??;
        let rows = leaders
            .into_iter()
            .map(|leader| {
                let (sees, why) = if leader.sees_results {
                    (t!(locale, grid.leaders.all), t!(locale, grid.leaders.by_role))
                } else {
                    (t!(locale, grid.leaders.none), t!(locale, grid.leaders.not_teacher))
                };
                view! {
                    <tr>
                        <th scope="row">{leader.name}</th>
                        <td>{sees}</td>
                        <td>{why}<span class="sub">{leader.role.map_or(Flag::Leadership.code(), |role| account_role(locale, role))}</span></td>
                    </tr>
                }
            })
            .collect_view();
        Some(view! {
            <section class="leaders" aria-labelledby="leaders">
                <h3 id="leaders">{t!(locale, grid.leaders.title)}</h3>
                <table class="tbl">
                    <thead>
                        <tr>
                            <th scope="col">{t!(locale, grid.leaders.leader)}</th>
                            <th scope="col">{t!(locale, grid.leaders.tests)}</th>
                            <th scope="col">{t!(locale, grid.leaders.why)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="hint">{t!(locale, grid.leaders.hint)}</p>
            </section>
        })
    }
}
