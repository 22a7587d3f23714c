//! One cell opened: the verdict, how it was settled, by whom, since when, and its history.

use super::drafting::Target;
use super::look::{Glyph, Look};
use super::model::Grid;
use super::saying::{Saying, sentence};
use crate::t;
use crate::text::moment;
use domain::explain::{Bearing, Standing, explain};
use domain::order;
use domain::school::{ChangeSet, Decision, Scope};
use domain::time::Moment;
use domain::{Effect, School};

/// What the panel beside the grid shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The row: "Aya Hammoud, 4.A".
    pub title: String,
    /// "Matematik 4 for Mette Lindegaard".
    pub subtitle: String,
    /// The sign.
    pub look: Look,
    /// The cell's words.
    pub verdict: String,
    /// Why, beyond the sign.
    pub why: Option<String>,
    /// By whom, since, until, reason.
    pub facts: Vec<(&'static str, String)>,
    /// Scope by scope what it says, the narrowest first; the one that settles it is marked.
    pub chain: Vec<Link>,
    /// Every decision ever made here: day, words.
    pub log: Vec<(String, String)>,
    /// What the row itself says now.
    pub here: Option<Effect>,
}

/// One scope in the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The scope's name.
    pub scope: String,
    /// What it says.
    pub text: String,
    /// Does it settle the cell?
    pub won: bool,
}

/// Opens a cell.
#[must_use]
pub fn detail(grid: &Grid, target: Target) -> Detail {
    let Target { teacher, scope, test } = target;
    let look = grid.look_at(target);
    let school = with_draft(grid);
    let here = live_here(grid, target);
    let (chain, bearing, why) = match scope {
        Scope::Pupil(pupil) => {
            let moment = Moment::of_all_recorded(grid.scene.now());
            let explanation = explain(&school, teacher, pupil, test, moment);
            let why = match explanation.failed {
                Some(domain::explain::Condition::Teaching) => Some(t!(grid.saying.locale, grid.detail.no_teaching)),
                Some(domain::explain::Condition::Attendance) => Some(t!(grid.saying.locale, grid.detail.not_attending)),
                _ => None,
            };
            (pupil_chain(grid, &school, target, &explanation.bearing), explanation.bearing, why.map(str::to_owned))
        }
        Scope::School | Scope::Level(_) | Scope::Group(_) => {
            (row_chain(grid, target), recorded_here(&school, target), None)
        }
    };
    let mut log: Vec<(u32, String, String)> =
        bearing.iter().filter_map(|bearing| log_line(grid, &school, *bearing)).collect();
    order::sort_by_key(&mut log, |(decision, _, _)| std::cmp::Reverse(*decision));
    let settled = match scope {
        Scope::Pupil(_) => bearing
            .iter()
            .find(|bearing| bearing.standing == Standing::Wins)
            .and_then(|b| decision(&school, b.decision)),
        Scope::School | Scope::Level(_) | Scope::Group(_) => here,
    };
    Detail {
        title: grid.names.scope(scope),
        subtitle: t!(
            grid.saying.locale,
            grid.detail.of,
            test = grid.names.test(test),
            teacher = grid.names.teacher(teacher)
        ),
        verdict: sentence(&grid.state(target, &look)),
        look,
        why,
        facts: settled.map(|decision| facts(grid, &school, &decision)).unwrap_or_default(),
        chain,
        log: log.into_iter().map(|(_, day, text)| (day, text)).collect(),
        here: here.map(|decision| decision.effect),
    }
}

/// "Given 12.08.2026 by Bo Ravnsborg.": who said what the row itself says, outside the draft.
#[must_use]
pub fn said_by(grid: &Grid, target: Target) -> Option<String> {
    let decision = live_here(grid, target)?;
    let set = grid.scene.school().record.change_sets.get(usize::try_from(decision.change_set.0).ok()?)?;
    let (locale, day) = (grid.saying.locale, grid.saying.day(set.recorded));
    Some(match decision.effect {
        Effect::Give => t!(locale, grid.says.given_by, day = day, author = set.author_name),
        Effect::Withhold => t!(locale, grid.says.withheld_by, day = day, author = set.author_name),
        Effect::Clear => return None,
    })
}

/// What a colleague decided about the cell after the draft was begun.
#[must_use]
pub fn said_later(grid: &Grid, target: Target) -> Option<String> {
    let theirs = grid.conflict_at(target)?;
    let set = grid.scene.school().record.change_sets.get(usize::try_from(theirs.change_set.0).ok()?)?;
    let locale = grid.saying.locale;
    let (author, when) = (&set.author_name, moment(locale, grid.zone(), set.recorded, grid.scene.now()));
    Some(sentence(&match theirs.effect {
        Effect::Give => t!(locale, review.they_gave, author = author, when = when),
        Effect::Withhold => t!(locale, review.they_withheld, author = author, when = when),
        Effect::Clear => t!(locale, review.they_cleared, author = author, when = when),
    }))
}

/// The live decision of the row itself, with the draft.
fn live_here(grid: &Grid, target: Target) -> Option<Decision> {
    let entry = grid.scene.school().roster.tests.get(usize::from(target.test.0))?;
    let said = grid.scene.drafted().said(target.teacher).iter().rev();
    let latest = said.copied().find(|d| d.scope == target.scope && d.tests.covers(target.test, entry))?;
    (latest.effect != Effect::Clear).then_some(latest)
}

/// The school as it would be with the draft applied now.
fn with_draft(grid: &Grid) -> School {
    let school = grid.scene.school();
    School { revision: school.revision, roster: school.roster.clone(), record: grid.scene.record_with_draft() }
}

fn decision(school: &School, place: u32) -> Option<Decision> {
    school.record.decisions.get(usize::try_from(place).ok()?).copied()
}

fn set_of<'s>(school: &'s School, decision: &Decision) -> Option<&'s ChangeSet> {
    school.record.change_sets.get(usize::try_from(decision.change_set.0).ok()?)
}

fn is_draft(grid: &Grid, decision: &Decision) -> bool {
    decision.change_set == grid.scene.school().record.next_change_set()
}

fn author(grid: &Grid, school: &School, decision: &Decision) -> String {
    if is_draft(grid, decision) {
        return t!(grid.saying.locale, grid.detail.you).to_owned();
    }
    set_of(school, decision).map(|set| set.author_name.clone()).unwrap_or_default()
}

fn facts(grid: &Grid, school: &School, decision: &Decision) -> Vec<(&'static str, String)> {
    let locale = grid.saying.locale;
    let (from, until) = grid.zone().days(decision.valid);
    let until = until.map_or_else(|| t!(locale, grid.detail.no_end).to_owned(), |day| grid.saying.date(day));
    let mut facts = vec![
        (t!(locale, grid.detail.by), author(grid, school, decision)),
        (t!(locale, grid.detail.since), grid.saying.date(from)),
        (t!(locale, grid.detail.until), until),
    ];
    if let Some(set) = set_of(school, decision).filter(|set| !set.reason.is_empty()) {
        facts.push((t!(locale, grid.detail.reason), t!(locale, grid.detail.quoted, reason = set.reason)));
    }
    facts
}

/// "Yes, given 12.08.2026 by Bo Ravnsborg".
fn words(grid: &Grid, school: &School, decision: &Decision) -> String {
    let locale = grid.saying.locale;
    let (from, author) = (grid.saying.day(decision.valid.from), author(grid, school, decision));
    match decision.effect {
        Effect::Give => t!(locale, grid.detail.given, day = from, author = author),
        Effect::Withhold => t!(locale, grid.detail.withheld, day = from, author = author),
        Effect::Clear => t!(locale, grid.detail.cleared, day = from, author = author),
    }
}

/// The pupil's scopes, the narrowest first.
fn pupil_chain(grid: &Grid, school: &School, target: Target, bearing: &[Bearing]) -> Vec<Link> {
    let Scope::Pupil(pupil) = target.scope else { return Vec::new() };
    let groups = 0..u16::try_from(school.roster.groups.len()).unwrap_or(u16::MAX);
    let groups = groups.map(domain::GroupIx).filter(|group| grid.scene.base().crowd().is_member(pupil, *group));
    let mut scopes = vec![target.scope];
    scopes.extend(groups.map(Scope::Group));
    scopes.extend(grid.scene.level_of(pupil).map(Scope::Level));
    scopes.push(Scope::School);
    let link = |scope: Scope| {
        let speaks = bearing.iter().find_map(|bearing| {
            let decision = decision(school, bearing.decision).filter(|decision| decision.scope == scope)?;
            match bearing.standing {
                Standing::Wins => Some((decision, true)),
                Standing::Overruled(_) => Some((decision, false)),
                _ => None,
            }
        });
        let won = speaks.is_some_and(|(_, won)| won);
        let mut text = match speaks {
            Some((decision, _)) => words(grid, school, &decision),
            None => t!(grid.saying.locale, grid.detail.nothing_said).to_owned(),
        };
        if won {
            text.push_str(t!(grid.saying.locale, grid.detail.counts));
        }
        Link { scope: scope_word(&grid.saying, grid, scope), text, won }
    };
    scopes.into_iter().map(link).collect()
}

/// The row itself and the rows above it.
fn row_chain(grid: &Grid, target: Target) -> Vec<Link> {
    let mut scopes = vec![target.scope];
    if let Scope::Group(group) = target.scope {
        scopes.extend(super::rows::usual_level(&grid.scene, group).map(Scope::Level));
    }
    if target.scope != Scope::School {
        scopes.push(Scope::School);
    }
    let school = grid.scene.school();
    let speaking: Vec<(Scope, Option<Decision>)> =
        scopes.into_iter().map(|scope| (scope, live_here(grid, Target { scope, ..target }))).collect();
    let winner = speaking.iter().position(|(_, decision)| decision.is_some());
    let link = |(place, (scope, decision)): (usize, (Scope, Option<Decision>))| Link {
        scope: scope_word(&grid.saying, grid, scope),
        text: decision.map_or_else(
            || t!(grid.saying.locale, grid.detail.nothing_said).to_owned(),
            |decision| words(grid, school, &decision),
        ),
        won: winner == Some(place) && grid.look_at(target).glyph != Glyph::No,
    };
    speaking.into_iter().enumerate().map(link).collect()
}

fn scope_word(saying: &Saying, grid: &Grid, scope: Scope) -> String {
    match scope {
        Scope::Pupil(_) => t!(saying.locale, grid.detail.the_pupil).to_owned(),
        Scope::Group(_) | Scope::Level(_) | Scope::School => grid.names.scope(scope),
    }
}

/// Every decision recorded for a row that is no pupil's.
fn recorded_here(school: &School, target: Target) -> Vec<Bearing> {
    let entry = school.roster.tests.get(usize::from(target.test.0));
    let bears = |decision: &Decision| {
        decision.teacher == target.teacher
            && decision.scope == target.scope
            && entry.is_some_and(|entry| decision.tests.covers(target.test, entry))
    };
    let all = (0_u32..).zip(&school.record.decisions).filter(|(_, decision)| bears(decision));
    let standing = school.record.standing(domain::Instant::DISTANT_FUTURE);
    all.map(|(place, decision)| {
        let stands = usize::try_from(place).ok().and_then(|place| standing.get(place)).copied().unwrap_or(false);
        let standing = if stands { Standing::Wins } else { Standing::TakenBack(decision.change_set) };
        Bearing { decision: place, standing }
    })
    .collect()
}

fn log_line(grid: &Grid, school: &School, bearing: Bearing) -> Option<(u32, String, String)> {
    let decision = decision(school, bearing.decision)?;
    let locale = grid.saying.locale;
    let day = if is_draft(grid, &decision) {
        t!(locale, grid.detail.draft).to_owned()
    } else {
        grid.saying.day(set_of(school, &decision)?.recorded)
    };
    let scope = grid.names.scope(decision.scope);
    let author = author(grid, school, &decision);
    let mut text = match decision.effect {
        Effect::Give => t!(locale, grid.detail.log_given, scope = scope, author = author),
        Effect::Withhold => t!(locale, grid.detail.log_withheld, scope = scope, author = author),
        Effect::Clear => t!(locale, grid.detail.log_cleared, scope = scope, author = author),
    };
    match bearing.standing {
        Standing::Ended => text.push_str(t!(locale, grid.detail.ended)),
        Standing::TakenBack(_) => text.push_str(t!(locale, grid.detail.taken_back)),
        Standing::NotYet => text.push_str(&t!(locale, grid.detail.not_yet, day = grid.saying.day(decision.valid.from))),
        Standing::Wins | Standing::Overruled(_) | Standing::Superseded(_) | Standing::Silences => {}
    }
    Some((bearing.decision, day, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::fixture::{AYA, BO, CLASS_4A, MATH_4, load};
    use crate::text::Locale;
    use domain::text::Alphabet;

    const PUPIL: Target = Target { teacher: BO, scope: Scope::Pupil(AYA), test: MATH_4 };
    const CLASS: Target = Target { scope: Scope::Group(CLASS_4A), ..PUPIL };

    fn grid() -> Grid {
        Grid::of(load(Vec::new()), Alphabet::Danish, Locale::da).0
    }

    #[test]
    fn nothing_said_is_said() {
        let detail = detail(&grid(), PUPIL);
        assert_eq!((detail.verdict.as_str(), detail.log.len(), detail.here), ("Nej.", 0, None));
        assert_eq!(detail.chain.len(), 5, "the pupil, two groups, the level, the school");
        assert!(detail.chain.iter().all(|link| !link.won));
    }

    #[test]
    fn the_narrowest_word_wins_and_is_marked() {
        let mut grid = grid();
        grid.toggle(CLASS).unwrap();
        let through = detail(&grid, PUPIL);
        assert_eq!(through.verdict, "Ja, gennem klassen, tilføjet i kladden.");
        assert_eq!(
            through.chain.iter().filter(|link| link.won).map(|link| link.scope.as_str()).collect::<Vec<_>>(),
            ["4.A"]
        );
        grid.toggle(PUPIL).unwrap();
        let own = detail(&grid, PUPIL);
        assert_eq!(own.here, Some(Effect::Withhold));
        assert!(own.chain.first().is_some_and(|link| link.won));
        assert_eq!(own.log.len(), 2);
        assert_eq!(own.facts.len(), 3);
    }

    #[test]
    fn a_class_shows_its_own_row_and_those_above() {
        let mut grid = grid();
        grid.toggle(CLASS).unwrap();
        let class = detail(&grid, CLASS);
        assert_eq!((class.chain.len(), class.here), (3, Some(Effect::Give)));
        assert!(class.chain.first().is_some_and(|link| link.won));
    }
}
