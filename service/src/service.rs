//! What every use case needs: the database, time and randomness, the catalogue, the secrets.

use crate::catalogue::Catalogue;
use crate::env::Env;
use crate::import::{Limits, Queue as ImportQueue};
use crate::matrix::CellUse;
use crate::passkeys::RelyingParty;
use crate::password::{HashCost, HashLimits, Hasher};
use crate::retention::Retention;
use crate::rights::cache::{SCHOOLS_KEPT, SchoolCache};
use crate::secrets::Secrets;
use domain::effect::TakesEffect;
use domain::unilogin::Assurance;
use std::fmt;
use std::sync::Arc;
use store::Db;

/// What an installation may choose.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Demo people may sign in without a password; only ever on a database that demo filled.
    pub demo: bool,
    /// How often the cells of a matrix are asked for.
    pub cell_use: CellUse,
    /// What one hash of a password or matrix answer costs.
    pub hash_cost: HashCost,
    /// How many hashes run and wait at a time.
    pub hash_limits: HashLimits,
    /// Are mails sent from here? Without, the pages say so and offer a list to print.
    pub mails: bool,
    /// When what UNI-Login's user administration adds takes effect.
    pub takes_effect: TakesEffect,
    /// How surely somebody must have signed in at the broker (UNI-Login).
    pub broker_minimum: Assurance,
    /// Leaders see the school's results although they are no teachers (Lærer) there. The
    /// authorities' texts ask for the user type; hence off by default.
    pub leaders_see_without_teaching: bool,
    /// For how long each kind of data is kept.
    pub retention: Retention,
    /// How much of a roster's files is read that come by page.
    pub page_limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            demo: false,
            cell_use: CellUse::default(),
            hash_cost: HashCost::STANDARD,
            hash_limits: HashLimits::for_this_machine(),
            mails: false,
            takes_effect: TakesEffect::default(),
            broker_minimum: Assurance::TwoFactors,
            leaders_see_without_teaching: false,
            retention: Retention::default(),
            page_limits: Limits::of_page(),
        }
    }
}

/// The use cases. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Service {
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) secrets: Arc<Secrets>,
    pub(crate) hasher: Hasher,
    pub(crate) settings: Settings,
    pub(crate) schools: Arc<SchoolCache>,
    /// Whose import by page goes on.
    pub(crate) imports: ImportQueue,
    /// Where passkeys belong; none before the address is known, nor at an address that is a number.
    pub(crate) relying_party: Option<Arc<RelyingParty>>,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Service {
    /// The use cases over an open database whose secrets have been checked.
    #[must_use]
    pub fn new(db: Db, env: Env, catalogue: Catalogue, secrets: Secrets, settings: Settings) -> Self {
        let hasher = Hasher::new(settings.hash_cost, secrets.pepper.clone(), settings.hash_limits, &env);
        Self {
            db,
            env,
            catalogue: Arc::new(catalogue),
            secrets: Arc::new(secrets),
            settings,
            schools: Arc::new(SchoolCache::of(SCHOOLS_KEPT)),
            imports: ImportQueue::new(),
            hasher,
            relying_party: None,
        }
    }

    /// The same use cases, reached at an origin such as `https://adgang.example.org`: passkeys belong there.
    #[must_use]
    pub fn at(self, origin: &str) -> Self {
        Self { relying_party: RelyingParty::at(origin).map(Arc::new), ..self }
    }

    /// Can passkeys be had at this installation's address?
    #[must_use]
    pub const fn has_passkeys(&self) -> bool {
        self.relying_party.is_some()
    }

    /// Where use cases get time, randomness and ids from.
    #[must_use]
    pub const fn env(&self) -> &Env {
        &self.env
    }

    /// The test catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
}
