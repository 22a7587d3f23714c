//! A proposal in words, before anything applies: who gains, who loses, what nobody sees any more,
//! where it meets a colleague's later decision; beside it the reason and the one way forward.
//!
//! The grid and the history draw the same panel.

use crate::apply_column::{ApplyColumn, Reason};
use crate::error::AppError;
use crate::text::{Locale, clock, date, moment, use_locale};
use crate::words::{self, ChangeLine, TeacherChanges, UnseenLine, and_list};
use crate::{plural, t};
use domain::exchange::{Conflict, Proposal, Review};
use domain::{Effect, School};
use leptos::prelude::*;
use std::sync::Arc;

/// How one conflict is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The conflict, as the review names it.
    pub conflict: Conflict,
    /// Does the proposal stand? Otherwise the later decision does, and the proposal's edit says nothing
    /// about what that decided.
    pub mine: bool,
}

/// What there is to review, on one revision of the school.
#[derive(Clone, Debug)]
pub struct Reviewed {
    /// The school that the review was made on, for names.
    pub school: Arc<School>,
    /// What is proposed.
    pub proposal: Proposal,
    /// What it would do.
    pub review: Review,
    /// Was this shown because the effect changed between review and applying?
    pub is_stale: bool,
}

/// The review of a proposal.
#[component]
pub fn ReviewPanel(
    /// What there is to review.
    reviewed: Reviewed,
    /// The heading, such as "Review 12 changes".
    title: String,
    /// What the button that applies says.
    apply_label: String,
    /// The reason, kept by the page so that it survives another review.
    reason: RwSignal<String>,
    /// Applies what is shown.
    on_apply: Callback<()>,
    /// Leads back to where the proposal was made.
    on_back: Callback<()>,
    /// The words of the way back.
    back_label: String,
    /// Throws the proposal away.
    #[prop(optional)]
    on_discard: Option<Callback<()>>,
    /// The conflicts in which the proposal stands already.
    #[prop(optional)]
    settled: Vec<Conflict>,
    /// Settles a conflict; without it, conflicts are shown and settled by nobody.
    #[prop(optional)]
    on_settle: Option<Callback<Settled>>,
    /// What applying met, if it met something.
    #[prop(into)]
    error: Signal<Option<AppError>>,
    /// Is it being applied right now?
    #[prop(into)]
    applying: Signal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let Reviewed { school, review, proposal, is_stale } = reviewed;
    let open: Vec<Conflict> = review.conflicts.iter().filter(|conflict| !settled.contains(conflict)).copied().collect();
    let gains = words::gather(&school.roster, &review.diff.gains);
    let losses = words::gather(&school.roster, &review.diff.losses);
    let unseen = words::gather_unseen(&school.roster, &review.diff.unseen);
    let conflicts = open.len();
    let unsettled = RwSignal::new(false);
    let apply = Callback::new(move |()| {
        if conflicts > 0 && on_settle.is_some() {
            unsettled.set(true);
        } else {
            on_apply.run(());
        }
    });
    let lede = lede(locale, &school, &gains, &losses);
    let facts = facts(locale, &gains, &losses, &review, conflicts);
    let body = view! {
        <div>
            {is_stale.then(|| view! { <StaleNote/> })}
            {(conflicts > 0).then(|| conflict_note(locale, &school, &proposal, &review, &open, on_settle))}
            {(!unseen.is_empty()).then(|| unseen_note(locale, &school, &unseen))}
            {review.own_right.then(|| view! { <OwnRightNote/> })}
            {(!gains.is_empty()).then(|| change_table(locale, &school, &gains, true))}
            {(!losses.is_empty()).then(|| change_table(locale, &school, &losses, false))}
            {(gains.is_empty() && losses.is_empty()).then(|| view! { <NothingChanges/> })}
        </div>
    }
    .into_any();
    let about = view! {
        <dl class="dl">{facts}</dl>
        {move || unsettled.get().then(|| view! { <p class="error" role="alert">{plural!(locale, conflicts, review.settle_first, review.settle_first_n)}</p> })}
    }
    .into_any();
    let side = view! {
        <ApplyColumn
            reason=Reason { text: reason, hint: t!(locale, review.reason_hint) }
            about
            error
            applying
            apply_label
            on_apply=apply
            on_discard
            afterwards=t!(locale, review.afterwards)
        />
    };
    view! {
        <p class="crumb">
            <button class="linklike" type="button" on:click=move |_| on_back.run(())>{back_label}</button>
        </p>
        <h1 tabindex="-1">{title}</h1>
        <p class="lede">{lede}</p>
        <div class="split">{body}{side}</div>
    }
}

/// Who gains and who loses, in a sentence; nothing applies yet.
fn lede(locale: Locale, school: &School, gains: &[TeacherChanges], losses: &[TeacherChanges]) -> String {
    let loses = |teacher| losses.iter().any(|change| change.teacher == teacher);
    let gains_too = |teacher| gains.iter().any(|change| change.teacher == teacher);
    let names = |some: Vec<&TeacherChanges>| {
        let names: Vec<String> = some.iter().map(|t| words::teacher_name(&school.roster, t.teacher)).collect();
        if names.len() > 3 {
            plural!(locale, names.len(), unit.teacher, unit.teachers)
        } else {
            and_list(locale, &names)
        }
    };
    let both: Vec<_> = gains.iter().filter(|t| loses(t.teacher)).collect();
    let gaining: Vec<_> = gains.iter().filter(|t| !loses(t.teacher)).collect();
    let losing: Vec<_> = losses.iter().filter(|t| !gains_too(t.teacher)).collect();
    let mut sentences = Vec::new();
    if !both.is_empty() {
        sentences.push(t!(locale, review.gain_and_lose, names = names(both)));
    }
    if !gaining.is_empty() {
        sentences.push(t!(locale, review.gain, names = names(gaining)));
    }
    if !losing.is_empty() {
        sentences.push(t!(locale, review.lose, names = names(losing)));
    }
    sentences.push(t!(locale, review.not_yet).to_owned());
    sentences.join(" ")
}

/// The figures beside the reason.
fn facts(
    locale: Locale,
    gains: &[TeacherChanges],
    losses: &[TeacherChanges],
    review: &Review,
    conflicts: usize,
) -> AnyView {
    let teachers = |n: usize| plural!(locale, n, unit.teacher, unit.teachers);
    let mut facts = Vec::new();
    if !gains.is_empty() {
        facts.push((t!(locale, review.gains), teachers(gains.len())));
    }
    if !losses.is_empty() {
        facts.push((t!(locale, review.losses), teachers(losses.len())));
    }
    if !review.diff.unseen.is_empty() {
        let mut pupils: Vec<_> = review.diff.unseen.iter().map(|unseen| unseen.pupil).collect();
        pupils.sort_unstable();
        pupils.dedup();
        facts.push((t!(locale, review.unseen), plural!(locale, pupils.len(), unit.pupil, unit.pupils)));
    }
    if conflicts > 0 {
        facts.push((t!(locale, review.conflict), t!(locale, review.conflict_count, n = conflicts)));
    }
    facts.into_iter().map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view().into_any()
}

/// The school changed between review and applying.
#[component]
fn StaleNote() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="note note--warn" role="alert">
            <h2>{t!(locale, review.stale_title)}</h2>
            <p>{t!(locale, review.stale)}</p>
        </section>
    }
}

/// The person gives a right to themselves: allowed, marked, shown to the leader.
#[component]
fn OwnRightNote() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="note note--warn">
            <h2>{t!(locale, review.own_title)}</h2>
            <p>{t!(locale, review.own)}</p>
        </section>
    }
}

/// The proposal would be recorded, and nobody would see more or less by it.
#[component]
fn NothingChanges() -> impl IntoView {
    let locale = use_locale();
    view! {
        <section class="note">
            <h2>{t!(locale, review.nothing_title)}</h2>
            <p>{t!(locale, review.nothing)}</p>
        </section>
    }
}

/// Where the proposal meets what a colleague decided meanwhile, both versions side by side.
fn conflict_note(
    locale: Locale,
    school: &School,
    proposal: &Proposal,
    review: &Review,
    open: &[Conflict],
    on_settle: Option<Callback<Settled>>,
) -> AnyView {
    let items = open
        .iter()
        .map(|conflict| {
            let settle_as = |mine| Settled { conflict: *conflict, mine };
            let (mine, theirs) = (settle_as(true), settle_as(false));
            let buttons = on_settle
                .map(|settle| keep_buttons(locale, move |is_mine| settle.run(if is_mine { mine } else { theirs })));
            view! { <p>{conflict_words(locale, school, proposal, review, conflict)}</p>{buttons} }
        })
        .collect_view();
    conflicts_note(locale, open.len(), items.into_any())
}

/// The two answers to a conflict: mine (`true`), or what the other one decided.
pub fn keep_buttons(locale: Locale, settle: impl Fn(bool) + Clone + 'static) -> AnyView {
    let theirs = settle.clone();
    view! {
        <p class="actions">
            <button class="btn btn--small" type="button" on:click=move |_| settle(true)>{t!(locale, review.keep_mine)}</button>
            <button class="btn btn--small" type="button" on:click=move |_| theirs(false)>{t!(locale, review.keep_theirs)}</button>
        </p>
    }
    .into_any()
}

/// The note above a review about what others decided meanwhile.
pub fn conflicts_note(locale: Locale, n: usize, items: AnyView) -> AnyView {
    view! {
        <section class="note note--error" aria-labelledby="conflicts">
            <h2 id="conflicts" tabindex="-1">{plural!(locale, n, review.conflict_title, review.conflicts_title)}</h2>
            {items}
        </section>
    }
    .into_any()
}

/// "6.B, Mathematics 6: you give Mette access. Bo took it away today at 10.42 with the reason …"
fn conflict_words(
    locale: Locale,
    school: &School,
    proposal: &Proposal,
    review: &Review,
    conflict: &Conflict,
) -> String {
    let (roster, record) = (&school.roster, &school.record);
    let set =
        usize::try_from(conflict.change_set).ok().and_then(|number| record.change_sets.get(number.checked_sub(1)?));
    let theirs = record.decisions.iter().find(|decision| {
        decision.change_set.0.saturating_add(1) == conflict.change_set && decision.position == conflict.position
    });
    let (Some(set), Some(theirs)) = (set, theirs) else { return t!(locale, review.conflict_unknown).to_owned() };
    let place = t!(
        locale,
        review.conflict_place,
        whose = words::scope(locale, roster, theirs.scope),
        tests = words::selector(locale, roster, theirs.tests)
    );
    let teacher = words::teacher_name(roster, theirs.teacher);
    let mine = match proposal {
        Proposal::Edits(edits) => {
            usize::try_from(conflict.edit).ok().and_then(|ix| edits.get(ix)).map(|edit| edit.effect)
        }
        Proposal::TakeBack { .. } => None,
    };
    let mine = match mine {
        Some(Effect::Give) => t!(locale, review.you_give, teacher = teacher),
        Some(Effect::Withhold) => t!(locale, review.you_withhold, teacher = teacher),
        Some(Effect::Clear) | None => t!(locale, review.you_clear, teacher = teacher),
    };
    let (author, when) = (&set.author_name, moment(locale, roster.zone, set.recorded, review.now));
    let their = match theirs.effect {
        Effect::Give => t!(locale, review.they_gave, author = author, when = when),
        Effect::Withhold => t!(locale, review.they_withheld, author = author, when = when),
        Effect::Clear => t!(locale, review.they_cleared, author = author, when = when),
    };
    let why = if set.reason.is_empty() { String::new() } else { t!(locale, review.with_reason, reason = set.reason) };
    format!("{place} {mine} {their}{why}")
}

/// What no teacher would see any more.
fn unseen_note(locale: Locale, school: &School, unseen: &[UnseenLine]) -> AnyView {
    let lines = unseen
        .iter()
        .map(|line| {
            let text = t!(
                locale,
                review.unseen_line,
                from = date(locale, line.from),
                whose = words::whose(locale, &school.roster, &line.whose),
                tests = words::tests(locale, &school.roster, &line.tests)
            );
            let classes = words::class_list(locale, &school.roster, &line.whose);
            view! { <li>{text}{classes.map(|names| view! { <span class="sub">{names}</span> })}</li> }
        })
        .collect_view();
    view! {
        <section class="note note--warn" aria-labelledby="unseen">
            <h2 id="unseen">{t!(locale, review.unseen_title)}</h2>
            <ul class="list">{lines}</ul>
            <p>{t!(locale, review.leaders_still)}</p>
        </section>
    }
    .into_any()
}

/// What a diff lets see, and what no more, as tables.
#[cfg(feature = "ssr")]
pub(crate) fn diff_tables(locale: Locale, school: &School, diff: &domain::diff::Diff) -> AnyView {
    let gains = words::gather(&school.roster, &diff.gains);
    let losses = words::gather(&school.roster, &diff.losses);
    view! {
        {(!gains.is_empty()).then(|| change_table(locale, school, &gains, true))}
        {(!losses.is_empty()).then(|| change_table(locale, school, &losses, false))}
    }
    .into_any()
}

/// Gains or losses, teacher by teacher.
fn change_table(locale: Locale, school: &School, changes: &[TeacherChanges], is_gain: bool) -> AnyView {
    let caption = match (is_gain, changes.len()) {
        (true, n) => t!(locale, review.gains_of, teachers = plural!(locale, n, unit.teacher, unit.teachers)),
        (false, n) => t!(locale, review.losses_of, teachers = plural!(locale, n, unit.teacher, unit.teachers)),
    };
    let rows = changes.iter().map(|teacher| teacher_rows(locale, school, teacher, is_gain)).collect_view();
    let label = caption.clone();
    view! {
        <section class="scroll-x" tabindex="0" role="region" aria-label=label>
            <table class="tbl tbl--diff">
                <caption>{caption}</caption>
                <colgroup><col/><col/><col/><col/><col/><col/></colgroup>
                <thead>
                    <tr>
                        <td><span class="sr">{t!(locale, review.change)}</span></td>
                        <th scope="col">{t!(locale, review.teacher)}</th>
                        <th scope="col">{t!(locale, review.pupils)}</th>
                        <th scope="col">{t!(locale, review.test)}</th>
                        <th scope="col">{t!(locale, review.from)}</th>
                        <th scope="col">{t!(locale, review.until)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn teacher_rows(locale: Locale, school: &School, teacher: &TeacherChanges, is_gain: bool) -> AnyView {
    let (class, sign, word) =
        if is_gain { ("gain", "+", t!(locale, review.gets)) } else { ("loss", "\u{2212}", t!(locale, review.loses)) };
    let name = words::teacher_name(&school.roster, teacher.teacher);
    let pupils = plural!(locale, teacher.pupils, unit.pupil, unit.pupils);
    let rowspan = teacher.lines.len();
    let mut head = Some(view! { <th scope="rowgroup" rowspan=rowspan>{name}<span class="sub">{pupils}</span></th> });
    teacher
        .lines
        .iter()
        .map(|line| {
            view! {
                <tr class=class>
                    <td><span aria-hidden="true">{sign}</span><span class="sr">{word}</span></td>
                    {head.take()}
                    {line_cells(locale, school, line)}
                </tr>
            }
        })
        .collect_view()
        .into_any()
}

fn line_cells(locale: Locale, school: &School, line: &ChangeLine) -> AnyView {
    let roster = &school.roster;
    let sub = words::left_out(locale, roster, &line.whose).or_else(|| words::class_list(locale, roster, &line.whose));
    let until = line.until.map_or_else(|| t!(locale, review.no_end).to_owned(), |day| date(locale, day));
    view! {
        <td>{words::whose(locale, roster, &line.whose)}{sub.map(|sub| view! { <span class="sub">{sub}</span> })}</td>
        <td>{words::tests(locale, roster, &line.tests)}</td>
        <td class="nw" data-label=t!(locale, review.from)>{date(locale, line.from)}</td>
        <td class="nw" data-label=t!(locale, review.until)>{until}</td>
    }
    .into_any()
}

/// What is said once a proposal has been applied: number and time, and that it can be taken back.
#[must_use]
pub fn applied_words(locale: Locale, school: &School, change_set: u32, now: domain::Instant) -> String {
    t!(locale, review.applied, number = change_set, time = clock(locale, school.roster.zone, now))
}
