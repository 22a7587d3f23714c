//! Demo data: a Danish authority with two schools and a Swedish one with one, made up by this
//! program from a fixed seed. Nobody in it exists.
//!
//! Everything goes through the real use cases under a clock that walks through the weeks before
//! today: the rosters are imported, accounts are made, test administrators decide, change their
//! minds and take back. So whatever day it is filled on, it looks like a school in the middle of
//! its year.

mod accounts;
mod days;
pub mod large;
mod materials;
mod names;
mod roster;
mod schools;
mod story;

pub use accounts::DemoAccount;

use crate::env::{SetClock, SystemRandomness};
use crate::matrix::CellUse;
use crate::service::{Service, Settings};
use crate::sign_in::demo;
use crate::{Env, Fault};
use accounts::Accounts;
use days::Days;
use domain::exchange::RefusalCode;
use domain::{SchoolYear, Zone};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The seed that the schools are made up from.
const SEED: u64 = 0x0ADC_A46E;

/// What was filled in, for the terminal.
#[derive(Debug)]
pub struct Filled {
    /// The accounts, test administrators first.
    pub accounts: Vec<DemoAccount>,
    /// The file that holds their passwords and matrices.
    pub credentials: PathBuf,
}

/// Fills an unused database with the demo's schools, and writes the accounts' passwords and
/// matrices to the file `credentials`, which only its owner may read.
///
/// The mark that makes it a demo database is set first, so that a database of which only a part
/// was filled is never taken for somebody's own; whom the demo offers is said last, so that such a
/// database is never taken for a whole one ([`Service::demo_is_partial`]).
///
/// # Errors
/// [`RefusalCode::Conflict`] where the database holds anything already; [`Fault::Internal`] where
/// the file cannot be written.
pub async fn fill(service: &Service, credentials: &Path) -> Result<Filled, Fault> {
    let now = service.env.now();
    store::write!(service.db, async |tx| {
        if !store::installation::is_unused(tx).await? || demo::is_marked(tx).await? {
            return Err(Fault::from(RefusalCode::Conflict));
        }
        demo::mark(tx, &[]).await
    })?;
    let clock = Arc::new(SetClock::at(now));
    let env = Env::new(clock.clone(), Arc::new(SystemRandomness));
    // Few people sign in to a demo: a third of the challenges takes a third of the time.
    let settings = Settings { cell_use: CellUse::Strict, ..service.settings };
    let filling = Service { env, settings, ..service.clone() };
    let mut rng = StdRng::seed_from_u64(SEED);
    let mut accounts = Accounts::default();
    for (authority, zone) in [(&schools::SOENDERMARK, Zone::Copenhagen), (&schools::NORRAASA, Zone::Stockholm)] {
        let days = Days::before(now, zone, &clock);
        let made = authority.make_up(SchoolYear::of(zone.date_of(now)), &mut rng);
        story::tell(&filling, authority, &made, &days, &mut accounts).await?;
    }
    clock.set(now);
    let user_names: Vec<&str> = accounts.all().iter().map(|account| account.user_name.as_str()).collect();
    accounts.write(credentials)?;
    filling.keep_demo_passwords(&accounts.ids()).await?;
    store::write!(service.db, async |tx| { demo::mark(tx, &user_names).await })?;
    Ok(Filled { accounts: accounts.into_all(), credentials: credentials.to_owned() })
}

#[cfg(test)]
mod tests;
