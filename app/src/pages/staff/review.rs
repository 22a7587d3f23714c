//! What the draft would give and take, and the reason; nothing applies unseen.

use super::draft::Draft;
use super::right_name;
use crate::api::staff::set_staff_rights;
use crate::apply_column::{ApplyColumn, Reason};
use crate::error::AppError;
use crate::text::Locale;
use crate::{plural, t};
use domain::exchange::{StaffChange, StaffRow};
use domain::staff_right::StaffRight;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The review of changes to booking and running.
pub(super) fn review_staff(
    locale: Locale,
    rows: RwSignal<Vec<StaffRow>>,
    draft: RwSignal<Draft>,
    on_applied: Callback<Vec<StaffRow>>,
    on_back: Callback<()>,
) -> AnyView {
    let changes = draft.with_untracked(|draft| draft.changes(&rows.read_untracked()));
    let count = changes.len();
    let lines = rows.with_untracked(|rows| lines(rows, &changes));
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<AppError>);
    let applying = RwSignal::new(false);
    let apply = Callback::new(move |()| {
        applying.set(true);
        error.set(None);
        let (changes, reason) = (changes.clone(), reason.get_untracked().trim().to_owned());
        spawn_local(async move {
            let outcome = set_staff_rights(changes, reason).await;
            applying.set(false);
            match outcome {
                Ok(after) => on_applied.run(after),
                Err(met) => error.set(Some(met)),
            }
        });
    });
    let body = lines
        .into_iter()
        .map(|line| {
            let (class, sign, word) = if line.gains {
                ("gain", "+", t!(locale, review.gets))
            } else {
                ("loss", "\u{2212}", t!(locale, review.loses))
            };
            view! {
                <tr class=class>
                    <td><span aria-hidden="true">{sign}</span><span class="sr">{word}</span></td>
                    <th scope="row">{line.name}</th>
                    <td>{right_name(locale, line.right)}</td>
                    <td>{word}</td>
                </tr>
            }
        })
        .collect_view();
    let n = plural!(locale, count, unit.change, unit.changes);
    view! {
        <p class="crumb"><button class="linklike" type="button" on:click=move |_| on_back.run(())>{t!(locale, staff.back)}</button></p>
        <h1 tabindex="-1">{t!(locale, review.title, changes = n)}</h1>
        <p class="lede">{t!(locale, review.not_yet)}</p>
        <div class="split">
            <div>
                <table class="tbl tbl--diff tbl--staff">
                    <thead>
                        <tr>
                            <td><span class="sr">{t!(locale, review.change)}</span></td>
                            <th scope="col">{t!(locale, staff.name)}</th>
                            <th scope="col">{t!(locale, staff.right)}</th>
                            <th scope="col">{t!(locale, review.change)}</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
            <ApplyColumn
                reason=Reason { text: reason, hint: t!(locale, staff.reason_hint) }
                about=().into_any()
                error
                applying
                apply_label=t!(locale, review.apply_n, changes = n)
                on_apply=apply
            />
        </div>
    }
    .into_any()
}

/// One right that one employee gets or loses.
struct Line {
    name: String,
    right: StaffRight,
    gains: bool,
}

fn lines(rows: &[StaffRow], changes: &[StaffChange]) -> Vec<Line> {
    let of_change = |change: &StaffChange| {
        let row = rows.iter().find(|row| row.person == change.person)?;
        let line = |right, gains| Line { name: row.name.clone(), right, gains };
        let booking = (change.booking != row.booking).then(|| line(StaffRight::Booking, change.booking));
        let running = (change.running != row.running).then(|| line(StaffRight::Running, change.running));
        Some(booking.into_iter().chain(running))
    };
    changes.iter().filter_map(of_change).flatten().collect()
}
