//! `/help`: what people ask, answered, and every code with its cause and who can help. Open to
//! everybody, drawn by the server alone, and printed as it stands.

mod reader;
mod text;

use super::PageTitle;
use crate::document::loaded;
use crate::error::AppError;
use crate::server_context::ServerContext;
use crate::session_state::{SignInProblem, use_session};
use crate::t;
use crate::text::{Locale, use_locale};
use crate::ui::{help_anchor, sentence};
use domain::account::Keeper;
use domain::exchange::RefusalCode;
use leptos::prelude::*;
use reader::Reader;
use std::collections::BTreeMap;
use text::{Block, Entry, Piece, Section};

/// The part of the page that explains codes.
const CODES: &str = "codes";

/// The help, in the words of who reads it.
#[component]
pub fn HelpPage() -> impl IntoView {
    let locale = use_locale();
    let me = use_session().me;
    let context = use_context::<ServerContext>();
    let keepers = move || {
        let context = context.clone();
        async move {
            match context.and_then(|context| Some((context.service, context.actor?))) {
                Some((service, actor)) => service.helpers(&actor).await.map_err(AppError::from),
                None => Ok(Vec::new()),
            }
        }
    };
    let page = move |keepers| page(&Reader { locale, me: me.clone(), keepers });
    view! { <PageTitle name=t!(locale, help.title)/> {loaded(keepers, page)} }
}

fn page(reader: &Reader) -> AnyView {
    let (locale, sections) = (reader.locale, text::of(reader.locale));
    let contents = sections.iter().map(contents).collect_view();
    let sections = sections.iter().map(|section| section_view(reader, section)).collect_view();
    view! {
        <main class="page page--narrow help" id="content">
            <h1>{t!(locale, help.title)}</h1>
            <p class="lede">{t!(locale, help.lede)}</p>
            <nav class="help__contents" aria-labelledby="contents">
                <h2 id="contents">{t!(locale, help.contents)}</h2>
                <ul class="list">{contents}</ul>
            </nav>
            {sections}
        </main>
    }
    .into_any()
}

/// A line of the table of contents, with the questions beneath it. Codes are too many to name.
fn contents(section: &Section<'static>) -> AnyView {
    let link = |anchor: &str, title: &'static str| view! { <a href=format!("#{anchor}")>{title}</a> };
    let questions = section.entries.iter().filter(|entry| !entry.title.is_empty());
    let questions = questions.map(|entry| view! { <li>{link(entry.anchor, entry.title)}</li> }).collect::<Vec<_>>();
    let questions = (!questions.is_empty()).then(|| view! { <ul class="list">{questions}</ul> });
    view! { <li>{link(section.anchor, section.title)}{questions}</li> }.into_any()
}

fn section_view(reader: &Reader, section: &Section<'static>) -> AnyView {
    let anchor = section.anchor;
    let entries = if anchor == CODES {
        let sentences = codes(reader.locale);
        let sentence =
            |entry: &Entry<'static>| sentences.iter().find(|(number, _)| help_anchor(**number) == entry.anchor);
        section.entries.iter().filter_map(|entry| Some(code(reader, entry, sentence(entry)?))).collect_view().into_any()
    } else {
        section.entries.iter().map(|entry| question(reader, entry)).collect_view().into_any()
    };
    view! {
        <section aria-labelledby=anchor>
            <h2 id=anchor>{section.title}</h2>
            {blocks(reader, &section.blocks)}
            {entries}
        </section>
    }
    .into_any()
}

fn question(reader: &Reader, entry: &Entry<'static>) -> AnyView {
    view! {
        <div class="help__entry"><h3 id=entry.anchor>{entry.title}</h3>{blocks(reader, &entry.blocks)}</div>
    }
    .into_any()
}

/// A code: its number and sentence, then why it is said and who can help.
fn code(reader: &Reader, entry: &Entry<'static>, (number, sentence): (&u8, &&'static str)) -> AnyView {
    let labels = [t!(reader.locale, help.cause), t!(reader.locale, help.who)];
    let facts = labels.into_iter().zip(&entry.blocks).map(|(label, block)| {
        view! { <dt>{label}</dt><dd>{blocks(reader, std::slice::from_ref(block))}</dd> }
    });
    view! {
        <div class="help__entry">
            <h3 id=entry.anchor>{t!(reader.locale, help.code, n = number)}": "{*sentence}</h3>
            <dl class="dl">{facts.collect_view()}</dl>
        </div>
    }
    .into_any()
}

/// Names are given once in what is read together; after that the role will do.
fn blocks(reader: &Reader, blocks: &[Block<'static>]) -> AnyView {
    let mut named = Vec::new();
    let block = |block: &Block<'static>| match block {
        Block::Paragraph(line) => view! { <p>{pieces(reader, line, &mut named)}</p> }.into_any(),
        Block::List(points) => {
            let points = points.iter().map(|line| view! { <li>{pieces(reader, line, &mut named)}</li> });
            view! { <ul class="list">{points.collect_view()}</ul> }.into_any()
        }
    };
    blocks.iter().map(block).collect_view().into_any()
}

fn pieces(reader: &Reader, line: &[Piece<'static>], named: &mut Vec<Keeper>) -> AnyView {
    let piece = |piece: &Piece<'static>| match piece {
        Piece::Link { words, href } if reader.may_follow(href) => view! { <a href=*href>{*words}</a> }.into_any(),
        Piece::Words(words) | Piece::Link { words, .. } => (*words).into_any(),
        Piece::Who { keeper, begins } => {
            let is_first = !named.contains(keeper);
            named.push(*keeper);
            reader.who(*keeper, *begins, is_first).into_any()
        }
    };
    line.iter().map(piece).collect_view().into_any()
}

/// Every code by its number, with the sentence that it is said with.
fn codes(locale: Locale) -> BTreeMap<u8, &'static str> {
    let met = [AppError::Offline, AppError::Unreadable];
    let refusals = RefusalCode::ALL.into_iter().map(AppError::from).chain(met);
    let refusals = refusals.map(|error| (error.number(), sentence(locale, &error)));
    let sign_in = SignInProblem::ALL.into_iter().filter_map(|problem| {
        let sentence = match problem {
            SignInProblem::Inactive => t!(locale, sign_in.inactive_title),
            SignInProblem::Wrong => t!(locale, sign_in.wrong_title),
            SignInProblem::WrongCodes => t!(locale, sign_in.codes_wrong_title),
            SignInProblem::WrongPasskey => t!(locale, passkeys.wrong_title),
            SignInProblem::CardUsedUp => t!(locale, sign_in.used_up_title),
            SignInProblem::PasswordShort => t!(locale, sign_in.change_wrong_title),
            SignInProblem::BrokerUnreachable => t!(locale, broker.unreachable_title),
            SignInProblem::BrokerRefused => t!(locale, broker.refused_title),
            SignInProblem::NotForThem => t!(locale, broker.not_for_title),
            SignInProblem::NotSureEnough => t!(locale, broker.not_sure_title),
            SignInProblem::BrokerUnknown => t!(locale, broker.unknown_title),
            _ => return None,
        };
        Some((problem.number()?, sentence))
    });
    refusals.chain(sign_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_number_of_its_own_that_is_explained() {
        let explained = codes(Locale::da);
        let mut numbers: Vec<u8> = RefusalCode::ALL.map(RefusalCode::number).to_vec();
        numbers.extend([
            AppError::Offline.number(),
            AppError::Unreadable.number(),
            31,
            32,
            33,
            34,
            35,
            36,
            61,
            62,
            63,
            64,
            65,
        ]);
        numbers.sort_unstable();
        assert_eq!(numbers, explained.keys().copied().collect::<Vec<_>>(), "each once");
        for problem in SignInProblem::ALL {
            let number = problem.number();
            assert!(number.is_none_or(|number| explained.contains_key(&number)), "{problem:?}");
            let is_news =
                matches!(problem, SignInProblem::SignedOut | SignInProblem::PasskeyRemoved | SignInProblem::AskedAnew);
            assert_eq!(number.is_none(), is_news, "{problem:?}");
        }
    }
}
