//! What the file holds, kind by kind.

use super::{Place, shown};
use crate::accounts::deeds_of;
use crate::fault::Fault;
use crate::retention::Retention;
use crate::sign_in::tries::tries;
use domain::exchange::RefusalCode;
use domain::exchange::accounts::{Anew, Wish};
use domain::exchange::person::{About, FileFact, FileRecord, FileSection, PersonFile};
use domain::{AccountId, Instant, InstitutionId, PersonId, Window};
use store::Read;
use store::directory::Person;
use store::material::opening::Opening;
use store::person::Dated;
use store::sign_in::StoredPasskey;

/// Attempts to sign in that a file shows; there are never as many in the time for which they are kept.
const TRIES_MAX: usize = 10_000;

/// A file, and whether its person's identity is protected.
pub(super) struct Gathered {
    pub(super) file: PersonFile,
    pub(super) is_protected: bool,
}

/// Gathers all of it.
pub(super) async fn gather(
    read: &mut Read,
    place: Place,
    known: Person,
    reveals: bool,
    retention: &Retention,
    now: Instant,
) -> Result<Gathered, Fault> {
    let Place { id: here, name: place_name, code, zone, authority } = place;
    let person = known.id;
    let places = store::person::places(read, here, person).await?;
    let is_pupil = places.iter().any(|place| place.kind == "pupil");
    let aliases = store::alias::of_institution(read, here).await?;
    let alias = aliases.iter().find(|(of, _)| *of == person).map(|(_, number)| *number);
    let is_alias = known.protected && !reveals;
    let name = shown(zone, is_pupil, alias, (&known.given, &known.family), is_alias);
    let mut file = Sections { retention, sections: Vec::new() };

    let mut identity = vec![lasting(FileFact::Name { name: name.clone() })];
    identity.extend(known.protected.then(|| lasting(FileFact::Protected)));
    let sources = store::person::sources(read, [here.0, authority.0], person).await?;
    identity.extend(sources.into_iter().map(|id| lasting(FileFact::RosterId { id })));
    identity.extend(
        store::broker::uni_id_of(read, person).await?.map(|id| lasting(FileFact::UniLogin { id: id.to_string() })),
    );
    let number = store::affiliation::number_kept(read, person).await?;
    identity.extend(number.map(|recorded| at(recorded, FileFact::NumberMark)));
    let ties = store::broker::ties_of(read, person).await?;
    identity.extend(ties.into_iter().map(|linked| at(linked, FileFact::BrokerTie)));
    file.add(About::Identity, identity);

    let affiliation = |place: store::person::Place| {
        let what = FileFact::Affiliation {
            user_type: place.user_type,
            by_file: matches!(place.source.as_str(), "file" | "list"),
        };
        held(place.valid, place.recorded, what)
    };
    file.add(About::Affiliations, places.into_iter().map(affiliation).collect());
    let flags = store::flag::ever_of(read, here, person).await?;
    let flag = |(flag, valid, recorded)| held(valid, recorded, FileFact::Flag { flag });
    file.add(About::Affiliations, flags.into_iter().map(flag).collect());
    file.add(About::Teaching, teaching(read, here, person).await?);
    file.add(About::Exemptions, exemptions(read, here, person).await?);
    let rights = store::person::rights(read, here, person).await?;
    let right = |(right, granted, recorded)| within(recorded, FileFact::StaffRight { right, granted });
    file.add(About::StaffRights, rights.into_iter().map(right).collect());
    file.add(About::Decisions, decisions(read, here, person).await?);

    for account in store::person::accounts(read, here, person).await? {
        of_account(read, &mut file, here, account, now).await?;
    }
    let tries = store::broker::tries_of(read, person).await?;
    // From where is not said: it may have been at another institution.
    let tried = |(occurred, let_in)| at(occurred, FileFact::BrokerTry { let_in });
    file.add(About::SignIns, tries.into_iter().map(tried).collect());
    let sessions = store::broker::session::live_of(read, here, person, now).await?;
    let session = |(created, last_seen, factors): (Instant, Instant, i64)| FileRecord {
        from: Some(created),
        until: Some(last_seen),
        what: FileFact::Session { two_factors: factors >= 2 },
    };
    file.add(About::Sessions, sessions.into_iter().map(session).collect());
    file.add(About::Notices, notices(read, here, person).await?);
    let openings = store::material::opening::of_person(read, here, person, i64::MAX).await?;
    let opening = |of: Opening| at(of.opened, FileFact::Opening { title: of.title, subject: of.subject });
    file.add(About::Openings, openings.into_iter().map(opening).collect());
    let [change_sets, staff_rights, exemptions, imports] = store::person::authored(read, here, person).await?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    if change_sets + staff_rights + exemptions + imports > 0 {
        let (change_sets, staff_rights) = (count(change_sets), count(staff_rights));
        let (exemptions, imports) = (count(exemptions), count(imports));
        let what = FileFact::Authored { change_sets, staff_rights, exemptions, imports };
        file.add(About::Authored, vec![lasting(what)]);
    }
    let draft = store::draft::kept(read, here, person).await?;
    file.add(About::Drafts, draft.into_iter().map(|draft| at(draft.kept, FileFact::Draft)).collect());
    let file = PersonFile {
        institution: place_name,
        institution_code: code,
        zone,
        made: now,
        person,
        name,
        is_alias,
        sections: file.in_order(),
    };
    Ok(Gathered { file, is_protected: known.protected })
}

/// The sections of a file while they are gathered.
struct Sections<'a> {
    retention: &'a Retention,
    sections: Vec<FileSection>,
}

impl Sections<'_> {
    /// Adds records to a kind; nothing where there are none.
    fn add(&mut self, about: About, records: Vec<FileRecord>) {
        if records.is_empty() {
            return;
        }
        match self.sections.iter_mut().find(|section| section.about == about) {
            Some(section) => section.records.extend(records),
            None => self.sections.push(FileSection { about, keep_days: keep_days(self.retention, about), records }),
        }
    }

    fn in_order(mut self) -> Vec<FileSection> {
        self.sections.sort_by_key(|section| section.about);
        for section in &mut self.sections {
            section.records.sort_by_key(|record| record.from);
        }
        self.sections
    }
}

/// Days for which a kind is kept after its end. What has none of its own stays until the person is
/// erased, and then stands for nobody.
const fn keep_days(retention: &Retention, about: About) -> Option<u32> {
    Some(match about {
        About::Identity => retention.people.0,
        About::SignIns => retention.sign_ins.0,
        About::Sessions => retention.sessions.0,
        About::Letters => retention.letters.0,
        About::Passkeys => retention.unused_accounts.0,
        About::Requests => retention.requests.0,
        About::Notices => retention.notices.0,
        About::Openings => retention.openings.0,
        About::Deeds => retention.words.0,
        About::Drafts => retention.drafts.0,
        About::Accounts => retention.unused_accounts.0,
        About::Affiliations
        | About::Teaching
        | About::Exemptions
        | About::StaffRights
        | About::Decisions
        | About::Authored => return None,
    })
}

const fn lasting(what: FileFact) -> FileRecord {
    FileRecord { from: None, until: None, what }
}

const fn at(from: Instant, what: FileFact) -> FileRecord {
    FileRecord { from: Some(from), until: None, what }
}

fn within(window: Window, what: FileFact) -> FileRecord {
    FileRecord { from: Some(window.from).filter(|from| *from > Instant::DISTANT_PAST), until: window.until, what }
}

/// A fact with both its times: it is shown from when to when it was both true and known.
fn held(valid: Window, recorded: Window, what: FileFact) -> FileRecord {
    let until = match (valid.until, recorded.until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    within(Window { from: valid.from, until }, what)
}

async fn teaching(read: &mut Read, here: InstitutionId, person: PersonId) -> Result<Vec<FileRecord>, Fault> {
    let mut records = Vec::new();
    let group = |Dated { word, valid, recorded }| held(valid, recorded, FileFact::Group { name: word });
    records.extend(store::person::groups(read, here, person).await?.into_iter().map(group));
    let level = |Dated { word, valid, recorded }| held(valid, recorded, FileFact::Level { level: word });
    records.extend(store::person::levels(read, here, person).await?.into_iter().map(level));
    let teaches = |Dated { word, valid, recorded }| held(valid, recorded, FileFact::Teaches { name: word });
    records.extend(store::person::taught(read, here, person).await?.into_iter().map(teaches));
    Ok(records)
}

async fn exemptions(read: &mut Read, here: InstitutionId, person: PersonId) -> Result<Vec<FileRecord>, Fault> {
    let all = store::exemption::all(read, here).await?;
    let own = all.into_iter().filter(|exemption| exemption.pupil == person);
    let record = |of: store::exemption::Exemption| {
        within(of.recorded, FileFact::Exemption { test: of.test, school_year: of.year.0, note: of.note })
    };
    Ok(own.map(record).collect())
}

async fn decisions(read: &mut Read, here: InstitutionId, person: PersonId) -> Result<Vec<FileRecord>, Fault> {
    let decided = store::person::decided(read, here, person).await?;
    let record = |of: store::person::Decided| FileRecord {
        from: Some(of.recorded),
        until: of.valid.until,
        what: FileFact::Decision { as_teacher: of.as_teacher, effect: of.effect, scope: of.scope, tests: of.tests },
    };
    Ok(decided.into_iter().map(record).collect())
}

/// What the inbox says, what did not go out by mail, and what is not to.
async fn notices(read: &mut Read, here: InstitutionId, person: PersonId) -> Result<Vec<FileRecord>, Fault> {
    let told = store::notice::of_person(read, here, person, Instant::DISTANT_PAST).await?;
    let mut records: Vec<_> = told.into_iter().map(|of| at(of.created, FileFact::Notice { kind: of.kind })).collect();
    let unsent = store::mail::of_place(read, here).await?.into_iter().filter(|mail| mail.person == person);
    records.extend(unsent.map(|of| at(of.created, FileFact::UnsentMail { kind: of.kind })));
    let kinds = store::mail::choice(read, here, person).await?.unwanted;
    records.extend((!kinds.is_empty()).then(|| lasting(FileFact::NoMails { kinds })));
    Ok(records)
}

async fn of_account(
    read: &mut Read,
    file: &mut Sections<'_>,
    here: InstitutionId,
    account: AccountId,
    now: Instant,
) -> Result<(), Fault> {
    let record = store::account::life::by_id(read, account, now).await?.ok_or(RefusalCode::NotFound)?;
    let subjects = store::account::subject::of_account(read, account).await?;
    let (user_name, role, email) = (record.user_name.clone(), record.role, record.email);
    let until = record.deleted.or(record.merged.map(|(at, _)| at)).or(record.deactivated).or(record.active_until);
    let what = FileFact::Account { user_name, role, email, subjects };
    file.add(About::Accounts, vec![FileRecord { from: Some(record.created), until, what }]);
    let deed = |(when, what)| at(when, FileFact::Deed { user_name: record.user_name.clone(), what });
    file.add(About::Deeds, deeds_of(read, here, account).await?.into_iter().map(deed).collect());
    let letters = store::account::letter::of_account(read, account).await?;
    let letter = |(issued, holds, printed): store::account::letter::LetterOf| {
        Some(at(issued, FileFact::Letter { what: Anew::of_code(&holds)?, printed }))
    };
    file.add(About::Letters, letters.into_iter().filter_map(letter).collect());
    let passkeys = store::sign_in::passkeys(read, account).await?;
    let passkey = |of: StoredPasskey| at(of.created, FileFact::Passkey { name: of.name, used: of.used });
    file.add(About::Passkeys, passkeys.into_iter().map(passkey).collect());
    let requests = store::account::request::of_account(read, account).await?;
    let request = |of: store::account::request::RequestOf| {
        let wish = Wish::of_code(&of.wish)?;
        Some(FileRecord { from: Some(of.asked), until: of.closed, what: FileFact::Request { wish, words: of.words } })
    };
    file.add(About::Requests, requests.into_iter().filter_map(request).collect());
    let (tried, _) = tries(read, account, Instant(i64::MAX), TRIES_MAX).await?;
    let tried = tried
        .into_iter()
        .map(|of| at(of.at, FileFact::SignIn { factor: of.factor, outcome: of.outcome, network: of.network }));
    file.add(About::SignIns, tried.collect());
    let sessions = store::session::live_of_account(read, account, Instant::DISTANT_PAST, now).await?;
    let session = |of: store::session::ListedSession| FileRecord {
        from: Some(of.created),
        until: Some(of.last_seen),
        what: FileFact::Session { two_factors: of.factors >= 2 },
    };
    file.add(About::Sessions, sessions.into_iter().map(session).collect());
    Ok(())
}
