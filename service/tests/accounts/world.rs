//! Three schools of two authorities, with everybody who keeps their accounts.

pub(crate) use domain::account::{Action, State};
pub(crate) use domain::exchange::accounts::{
    AccountChange, AccountFilter, AccountLine, Anew, Double, Language, Likeness, Outgoing, Registration, Typed, Which,
    WhyInactive,
};
pub(crate) use domain::exchange::{Refusal, RefusalCode, StaffChange};
pub(crate) use domain::{AccountId, AccountRole, Date, Instant, InstitutionId, PersonId, UserType};
pub(crate) use service::accounts::{AccountOrder, Holder, IssuedAccount, Letter, Registered};
pub(crate) use service::session::Presence;
pub(crate) use service::sign_in::{Next, Outcome};
pub(crate) use service::{Actor, Fault, Installation, Service, Settings, Via};
pub(crate) use store::testing::{TestDb, on_both};
pub(crate) use uuid::Uuid;

use domain::{Window, Zone};
use service::catalogue::Catalogue;
use service::env::{Env, SeededRandomness, SetClock};
use service::matrix::CellUse;
use service::password::{HashCost, HashLimits};
use service::secrets::Secrets;
use service::session::{SignedIn, Token};
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Db;
use store::directory::Person;
use store::import::{FILE_SOURCE, NewAffiliation, Recording};
use tempfile::TempDir;

/// 18 November 2026, 13:06:40 in Copenhagen.
pub(crate) const START: Instant = Instant(1_795_000_000_000_000);
/// A password that the policy takes.
pub(crate) const OWN: &str = "vq8mfz2x-kastanjehest";

/// The codes of an authority and of its two schools, and of another authority and its school.
pub(crate) const AUTHORITY: &str = "851";
pub(crate) const HERE: &str = "280101";
pub(crate) const SISTER: &str = "280102";
pub(crate) const OTHER_AUTHORITY: &str = "852";
pub(crate) const FOREIGN: &str = "290101";

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) service: Service,
    pub(crate) clock: Arc<SetClock>,
    folder: TempDir,
    /// One account of each role that a place has, by the place's code.
    pub(crate) accounts: BTreeMap<(String, AccountRole), IssuedAccount>,
    pub(crate) places: BTreeMap<String, InstitutionId>,
}

pub(crate) async fn on_worlds(mut body: impl AsyncFnMut(World, &TestDb)) {
    let done = on_both(async |test: &TestDb| body(world(test).await, test).await).await;
    done.expect("the databases");
}

pub(crate) fn settings() -> Settings {
    Settings {
        hash_cost: HashCost::LEAST,
        hash_limits: HashLimits { running: 2, waiting: 200 },
        cell_use: CellUse::Strict,
        ..Settings::default()
    }
}

pub(crate) async fn world(test: &TestDb) -> World {
    let clock = Arc::new(SetClock::at(START));
    let env = Env::new(Arc::<SetClock>::clone(&clock), Arc::new(SeededRandomness::new(33)));
    let folder = tempfile::tempdir().expect("a folder");
    let secrets = Secrets::open(&test.db, &folder.path().join("secrets"), &env).await.expect("keys");
    let catalogue = Catalogue::load(None).expect("the embedded catalogue");
    let service = Service::new(test.db.clone(), env, catalogue, secrets, settings());
    let mut places = BTreeMap::new();
    for (authority, name, schools) in
        [(AUTHORITY, "Lindely Kommune", &[HERE, SISTER][..]), (OTHER_AUTHORITY, "Engby Kommune", &[FOREIGN])]
    {
        let id = service.create_authority(authority, name, "dk").await.expect("an authority");
        places.insert(authority.to_owned(), id.as_place());
        for code in schools {
            let id = service.create_institution(authority, code, &format!("Skolen {code}")).await.expect("a school");
            places.insert((*code).to_owned(), id);
        }
    }
    let mut world = World { db: test.db.clone(), service, clock, folder, accounts: BTreeMap::new(), places };
    for place in [AUTHORITY, HERE, SISTER, OTHER_AUTHORITY, FOREIGN] {
        for role in roles_at(place) {
            let (given, family) = name_of(role);
            let holder = Holder::New { given: given.to_owned(), family: family.to_owned() };
            let order = AccountOrder { holder, role: *role, matrix: false };
            let made = world.service.create_account(&world.operator_at(place), &order).await.expect("an account");
            world.accounts.insert((place.to_owned(), *role), made);
        }
    }
    world
}

pub(crate) fn roles_at(place: &str) -> &'static [AccountRole] {
    match place {
        AUTHORITY | OTHER_AUTHORITY => &[AccountRole::Authority],
        _ => &[AccountRole::Principal, AccountRole::TestAdministrator, AccountRole::Leader, AccountRole::Teacher],
    }
}

pub(crate) fn name_of(role: &AccountRole) -> (&'static str, &'static str) {
    match role {
        AccountRole::Authority => ("Hanne", "Vang"),
        AccountRole::Principal => ("Birthe", "Krag"),
        AccountRole::TestAdministrator => ("Karen", "Øster"),
        AccountRole::Leader => ("Henrik", "Dal"),
        AccountRole::Teacher => ("Mette", "Lind"),
    }
}

impl World {
    pub(crate) fn at(&self, place: &str) -> InstitutionId {
        self.places[place]
    }

    pub(crate) fn account(&self, place: &str, role: AccountRole) -> &IssuedAccount {
        &self.accounts[&(place.to_owned(), role)]
    }

    pub(crate) fn id(&self, role: AccountRole) -> AccountId {
        self.account(if role == AccountRole::Authority { AUTHORITY } else { HERE }, role).id
    }

    pub(crate) fn operator_at(&self, place: &str) -> Actor {
        self.service.operator_anywhere(self.at(place))
    }

    /// The holder of this role at a place, as a session of every factor would act.
    pub(crate) fn actor_at(&self, place: &str, role: AccountRole) -> Actor {
        let (given, family) = name_of(&role);
        Actor {
            person: self.account(place, role).person,
            account: Some(self.account(place, role).id),
            name: format!("{given} {family}"),
            institution: self.at(place),
            capacities: role.capacities().to_vec(),
            two_factors: true,
            via: Via::Session,
            request: Uuid::from_u128(7),
        }
    }

    pub(crate) fn principal(&self) -> Actor {
        self.actor_at(HERE, AccountRole::Principal)
    }

    pub(crate) fn administrator(&self) -> Actor {
        self.actor_at(HERE, AccountRole::TestAdministrator)
    }

    pub(crate) fn authority(&self) -> Actor {
        self.actor_at(AUTHORITY, AccountRole::Authority)
    }

    /// The same installation, with mails being sent.
    pub(crate) async fn sending(&self) -> Service {
        let env = self.service.env().clone();
        let secrets = Secrets::open(&self.db, &self.folder.path().join("secrets"), &env).await.expect("keys");
        let catalogue = Catalogue::load(None).expect("the embedded catalogue");
        Service::new(self.db.clone(), env, catalogue, secrets, Settings { mails: true, ..settings() })
    }

    pub(crate) fn set_day(&self, day: &str) {
        self.clock.set(start_of(day));
    }

    /// How many entries all audit logs have together: what leaves no trace raises it by nothing.
    pub(crate) async fn entries(&self) -> i64 {
        let mut read = self.db.read().await.expect("a read");
        store::audit::heads(&mut read).await.expect("heads").iter().map(|(_, head)| head.number).sum()
    }

    pub(crate) async fn line(&self, actor: &Actor, account: AccountId) -> AccountLine {
        self.service.account(actor, account).await.expect("an account")
    }

    pub(crate) async fn state(&self, account: AccountId) -> State {
        self.line(&self.principal(), account).await.state
    }

    pub(crate) async fn list(&self, actor: &Actor, filter: AccountFilter) -> Vec<AccountLine> {
        self.service.accounts(actor, &filter).await.expect("a list").accounts
    }

    pub(crate) async fn register(&self, actor: &Actor, order: &Registration) -> Letter {
        match self.service.register_account(actor, order).await.expect("registered") {
            Registered::Done(letter) => *letter,
            Registered::Doubles(doubles) => panic!("{doubles:?}"),
        }
    }

    pub(crate) async fn register_doubles(&self, actor: &Actor, order: &Registration) -> Vec<Double> {
        match self.service.register_account(actor, order).await.expect("an answer") {
            Registered::Doubles(doubles) => doubles,
            Registered::Done(letter) => panic!("registered: {}", letter.user_name),
        }
    }

    pub(crate) fn order(&self, role: AccountRole, given: &str, family: &str) -> Registration {
        Registration {
            institution: self.at(HERE),
            role,
            holder: Holder::New { given: given.to_owned(), family: family.to_owned() },
            email: None,
            external: None,
            subjects: Vec::new(),
            matrix: false,
            despite_doubles: None,
            language: Language::Da,
        }
    }

    /// Members of staff whom a roster names, as teachers or something else.
    pub(crate) async fn roster(&self, staff: &[(&str, &str, UserType)]) -> Vec<PersonId> {
        let env = self.service.env();
        let people: Vec<PersonId> = staff.iter().map(|_| PersonId(env.id())).collect();
        let at = Recording { institution: self.at(HERE), now: env.now() };
        let done = store::write!(self.db, async |tx| {
            store::revision::raise(tx, at.institution).await?;
            let person = |(id, (given, family, _)): (&PersonId, &(&str, &str, UserType))| Person {
                id: *id,
                given: (*given).to_owned(),
                family: (*family).to_owned(),
                protected: false,
                created: at.now,
            };
            let persons: Vec<Person> = people.iter().zip(staff).map(person).collect();
            store::directory::insert_persons(tx, &persons).await?;
            let sources: Vec<(String, PersonId)> =
                people.iter().enumerate().map(|(nth, id)| (format!("T-{nth}"), *id)).collect();
            store::directory::insert_sources(tx, at.institution.0, &sources).await?;
            let affiliation = |(id, (_, _, user_type)): (&PersonId, &(&str, &str, UserType))| NewAffiliation {
                id: env.id(),
                person: *id,
                user_type: *user_type,
                valid: Window::since(at.now),
            };
            let rows: Vec<NewAffiliation> = people.iter().zip(staff).map(affiliation).collect();
            store::import::add_affiliations(tx, at, FILE_SOURCE, &rows, &mut |_| {}).await?;
            Ok::<_, Fault>(())
        });
        done.expect("a roster");
        people
    }

    /// Protects the identity of somebody here, as an import would.
    pub(crate) async fn protect(&self, person: PersonId) {
        let here = self.at(HERE);
        let done = store::write!(self.db, async |tx| {
            store::revision::raise(tx, here).await?;
            store::directory::protect_person(tx, person, true).await?;
            store::alias::give(tx, here, &[person]).await?;
            Ok::<_, Fault>(())
        });
        done.expect("protected");
    }

    pub(crate) async fn password(&self, user_name: &str, password: &str) -> Outcome {
        self.service.sign_in_with_password(user_name, password, &network()).await.expect("an answer")
    }

    /// Signs in with every factor the account has; `password` may be an issued one or one's own.
    pub(crate) async fn sign_in(&self, account: &IssuedAccount, password: &str) -> Outcome {
        let outcome = self.password(&account.user_name, password).await;
        let Outcome::Next(Next::Matrix, token) = outcome else { return outcome };
        let Presence::Matrix { asked: Some(asked), .. } = self.presence(&token).await else { panic!("no challenge") };
        let matrix = account.matrix.as_ref().expect("a matrix");
        let cells: Vec<String> = asked.places().iter().map(|place| matrix.cell(*place).to_string()).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        self.service.sign_in_with_matrix(&token, &cells, &network()).await.expect("an answer")
    }

    /// A session of an account whose password is [`OWN`] from then on.
    pub(crate) async fn settled(&self, account: &IssuedAccount) -> Token {
        let token = through(self.sign_in(account, &account.password).await);
        match self.service.change_password(&token, "", OWN, Uuid::nil()).await.expect("an answer") {
            Change::Done(token) => token,
            other => panic!("not changed: {other:?}"),
        }
    }

    /// The change that gives or removes somebody's rights to book and to run, made on what is seen now.
    pub(crate) async fn staff_change(
        &self,
        actor: &Actor,
        person: PersonId,
        booking: bool,
        running: bool,
    ) -> StaffChange {
        let rows = self.service.staff_rights(actor).await.expect("the employees");
        let row = rows.iter().find(|row| row.person == person).expect("an employee");
        row.change(Some(booking), Some(running))
    }

    pub(crate) async fn presence(&self, token: &Token) -> Presence {
        self.service.presence(Some(token), Uuid::nil()).await.expect("an answer")
    }

    pub(crate) async fn signed_in(&self, token: &Token) -> Option<SignedIn> {
        match self.presence(token).await {
            Presence::SignedIn(who) => Some(*who),
            _ => None,
        }
    }

    /// What the program does when it opens a database that an older one left.
    pub(crate) async fn end_endless(&self, test: &TestDb) {
        let installation = Installation {
            database: test.url.clone(),
            secrets: self.folder.path().join("secrets"),
            catalogue: None,
            settings: settings(),
        };
        installation.create(self.service.env().clone()).await.expect("opened").close().await;
    }

    /// The folder of the keys.
    pub(crate) fn secrets(&self) -> std::path::PathBuf {
        self.folder.path().join("secrets")
    }

    pub(crate) async fn verified(&self) {
        assert_eq!(self.service.verify_audit(&[]).await.expect("read").findings, []);
    }
}

pub(crate) fn network() -> Network {
    Network::of(std::net::Ipv4Addr::new(192, 0, 2, 1).into())
}

pub(crate) fn through(outcome: Outcome) -> Token {
    match outcome {
        Outcome::Next(_, token) => token,
        other => panic!("not in: {other:?}"),
    }
}

pub(crate) fn start_of(day: &str) -> Instant {
    Zone::Copenhagen.start_of(date(day))
}

pub(crate) fn date(day: &str) -> Date {
    day.parse().expect("a day")
}

/// Why an account is made although somebody very like its person is there.
pub(crate) fn despite() -> Option<String> {
    Some("two people".to_owned())
}

/// What a use case was refused with.
#[track_caller]
pub(crate) fn refusal<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> Refusal {
    match outcome {
        Err(Fault::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[track_caller]
pub(crate) fn assert_refused<T: std::fmt::Debug>(outcome: Result<T, Fault>, code: RefusalCode) {
    assert_eq!(refusal(outcome).code, code);
}

pub(crate) fn names(lines: &[AccountLine]) -> Vec<String> {
    lines.iter().map(AccountLine::name).collect()
}

/// A letter as the account it is for.
pub(crate) fn issued(letter: Letter) -> IssuedAccount {
    letter.into()
}
