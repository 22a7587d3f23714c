//! What the draft would give and take, and the reason; nothing applies unseen.

use super::draft::Draft;
use super::table::right_name;
use crate::api::staff::set_staff_rights;
use crate::apply_column::{ApplyColumn, Reason};
use crate::error::AppError;
use crate::review::{conflicts_note, keep_buttons};
use crate::text::{Locale, moment};
use crate::ui::{focus_heading, focus_id};
use crate::{plural, t};
use domain::exchange::{Me, StaffChange, StaffConflict, StaffRow};
use domain::staff_right::StaffRight;
use domain::{Instant, Zone};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The review of changes to booking and running.
pub(super) fn review_staff(
    locale: Locale,
    rows: RwSignal<Vec<StaffRow>>,
    draft: RwSignal<Draft>,
    on_applied: Callback<Vec<StaffRow>>,
    on_back: Callback<()>,
    me: &Me,
) -> AnyView {
    let conflicts = RwSignal::new(Vec::<StaffConflict>::new());
    let (zone, now) = (me.institution.zone, me.now);
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<AppError>);
    let applying = RwSignal::new(false);
    let apply = Callback::new(move |()| {
        applying.set(true);
        error.set(None);
        let changes = draft.with_untracked(|draft| draft.changes(&rows.read_untracked()));
        let reason = reason.get_untracked().trim().to_owned();
        spawn_local(async move {
            let outcome = set_staff_rights(changes, reason).await;
            applying.set(false);
            match outcome {
                Ok(outcome) if outcome.conflicts.is_empty() => on_applied.run(outcome.rows),
                Ok(outcome) => {
                    // What is wished stays, beside what the colleague did.
                    rows.set(outcome.rows);
                    conflicts.set(outcome.conflicts);
                    focus_id("conflicts");
                }
                Err(met) => error.set(Some(met)),
            }
        });
    });
    let settle = Callback::new(move |(conflict, mine): (StaffConflict, bool)| {
        if !mine {
            draft.update(|draft| draft.wish(conflict.person, conflict.right, conflict.granted, conflict.granted));
        }
        conflicts.update(|open| open.retain(|other| *other != conflict));
        let nothing_left = draft.with_untracked(|draft| draft.changes(&rows.read_untracked()).is_empty());
        if nothing_left {
            on_back.run(());
        } else if conflicts.read_untracked().is_empty() {
            focus_heading();
        } else {
            focus_id("conflicts");
        }
    });
    let unsettled = RwSignal::new(false);
    let apply_settled = Callback::new(move |()| {
        let is_open = !conflicts.read_untracked().is_empty();
        unsettled.set(is_open);
        if !is_open {
            apply.run(());
        }
    });
    let open = move || {
        let open = conflicts.get();
        (!open.is_empty()).then(|| conflict_note(locale, &rows.read_untracked(), open, settle, (zone, now)))
    };
    let about = move || {
        let n = conflicts.read().len();
        let is_missing = unsettled.get() && n > 0;
        is_missing.then(|| view! { <p class="error" role="alert">{plural!(locale, n, review.settle_first, review.settle_first_n)}</p> })
    };
    let changes = Memo::new(move |_| draft.with(|draft| draft.changes(&rows.read())));
    let title =
        move || t!(locale, review.title, changes = plural!(locale, changes.read().len(), unit.change, unit.changes));
    let body = move || {
        let lines = rows.with(|rows| changes.with(|changes| lines(rows, changes)));
        lines
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
            .collect_view()
    };
    view! {
        <p class="crumb"><button class="linklike" type="button" on:click=move |_| on_back.run(())>{t!(locale, staff.back)}</button></p>
        <h1 tabindex="-1">{title}</h1>
        <p class="lede">{t!(locale, review.not_yet)}</p>
        <div class="split">
            <div>
                {open}
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
                about=about.into_any()
                error
                applying
                apply_label=t!(locale, review.apply).to_owned()
                on_apply=apply_settled
            />
        </div>
    }
    .into_any()
}

/// What somebody else decided about the same rights meanwhile, and which of the two stays.
fn conflict_note(
    locale: Locale,
    rows: &[StaffRow],
    open: Vec<StaffConflict>,
    settle: Callback<(StaffConflict, bool)>,
    (zone, now): (Zone, Instant),
) -> AnyView {
    let n = open.len();
    let items = open
        .into_iter()
        .map(|conflict| {
            let name = rows.iter().find(|row| row.person == conflict.person).map(|row| row.name.clone());
            let place = format!("{}, {}:", name.unwrap_or_default(), right_name(locale, conflict.right));
            let when = moment(locale, zone, conflict.at, now);
            let theirs = if conflict.author.is_empty() {
                t!(locale, staff.changed_by, when = when, who = t!(locale, staff.system))
            } else if conflict.granted {
                t!(locale, staff.they_gave, author = conflict.author, when = when)
            } else {
                t!(locale, staff.they_removed, author = conflict.author, when = when)
            };
            view! {
                <p>{place}" "{theirs}</p>
                {keep_buttons(locale, move |is_mine| settle.run((conflict.clone(), is_mine)))}
            }
        })
        .collect_view();
    conflicts_note(locale, n, items.into_any())
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
        let wished = move |right| change.wish(right).map(|wish| line(right, wish.granted));
        Some(StaffRight::ALL.into_iter().filter_map(wished).collect::<Vec<_>>())
    };
    changes.iter().filter_map(of_change).flatten().collect()
}
