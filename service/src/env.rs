//! Time, randomness and ids, as parameters.

use domain::{Date, Instant, Zone};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Instant;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Instant {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The machine's clock, moved by a fixed time: for a demo that is to stand at another day.
#[derive(Clone, Copy, Debug)]
pub struct MovedClock {
    microseconds: i64,
}

impl MovedClock {
    /// A clock that shows the present time of day on this day, and goes on from there.
    #[must_use]
    pub fn to(day: Date, zone: Zone) -> Self {
        let today = zone.date_of(SystemClock.now());
        Self { microseconds: zone.start_of(day).0.saturating_sub(zone.start_of(today).0) }
    }
}

impl Clock for MovedClock {
    fn now(&self) -> Instant {
        Instant(SystemClock.now().0.saturating_add(self.microseconds))
    }
}

/// A clock that stands still until it is moved: for tests, demo data and commands with `--at`.
#[derive(Debug)]
pub struct SetClock(AtomicI64);

impl SetClock {
    /// A clock that shows `now`.
    #[must_use]
    pub const fn at(now: Instant) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Moves the clock.
    pub fn set(&self, now: Instant) {
        self.0.store(now.0, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// A source of random bytes.
pub trait Randomness: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's randomness: for every secret and every id of a real installation.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's randomness is read")]
    fn fill(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // Without randomness no secret can be made; going on would make guessable ones.
            std::process::abort();
        }
    }
}

/// Random bytes from a seed: for tests and demo data, never for a secret of a real installation.
pub struct SeededRandomness(std::sync::Mutex<rand::rngs::StdRng>);

impl SeededRandomness {
    /// The stream of bytes of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        use rand::SeedableRng;
        Self(std::sync::Mutex::new(rand::rngs::StdRng::seed_from_u64(seed)))
    }
}

impl fmt::Debug for SeededRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededRandomness")
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng;
        let mut rng = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rng.fill_bytes(bytes);
    }
}

/// Where use cases get time, randomness and ids from.
#[derive(Clone)]
pub struct Env {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}

impl Env {
    /// From a clock and a source of randomness.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self { clock, randomness }
    }

    /// The machine's clock and randomness.
    #[must_use]
    pub fn system() -> Self {
        Self::new(Arc::new(SystemClock), Arc::new(SystemRandomness))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Fresh random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// Fills a slice with fresh random bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.randomness.fill(bytes);
    }

    /// A fresh random number below `bound`, each equally likely; 0 for a bound of 0.
    #[must_use]
    pub fn below(&self, bound: u32) -> u32 {
        // Draws from the incomplete last stretch are thrown away: a remainder alone would favour
        // the small numbers.
        let fair = (u32::MAX / bound.max(1)).saturating_mul(bound);
        loop {
            let drawn = u32::from_le_bytes(self.random());
            if drawn < fair || bound == 0 {
                return drawn.checked_rem(bound).unwrap_or(0);
            }
        }
    }

    /// One of the items, each equally likely; `None` of none.
    #[must_use]
    pub fn choose<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let length = u32::try_from(items.len()).unwrap_or(u32::MAX);
        items.get(self.below(length) as usize)
    }

    /// Puts the items into an order, each equally likely.
    pub fn shuffle<T>(&self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(u32::try_from(end + 1).unwrap_or(u32::MAX)) as usize;
            items.swap(end, other);
        }
    }

    /// A fresh id: UUIDv7 from this clock and this randomness.
    #[must_use]
    pub fn id(&self) -> Uuid {
        let millis = u64::try_from(self.now().0.div_euclid(1000)).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.random()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(seed: u64) -> Env {
        Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(seed)))
    }

    #[test]
    fn every_number_below_the_bound_is_equally_likely() {
        let env = env(5);
        let mut counts = [0_u32; 7];
        for _ in 0..7_000 {
            counts[env.below(7) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (880..1_120).contains(count)), "{counts:?}");
        assert_eq!((env.below(1), env.below(0)), (0, 0));
        assert_eq!(env.choose::<u8>(&[]), None);
    }

    #[test]
    fn every_order_is_equally_likely() {
        let env = env(6);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6_000 {
            let mut items = [1, 2, 3];
            env.shuffle(&mut items);
            *counts.entry(items).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (880..1_120).contains(count)), "{counts:?}");
    }

    #[test]
    fn a_moved_clock_stands_at_its_day_and_goes_on() {
        let (zone, day) = (Zone::Copenhagen, "2027-08-01".parse().unwrap());
        let clock = MovedClock::to(day, zone);
        let (first, second) = (clock.now(), clock.now());
        assert!(first <= second);
        // At midnight the day may have turned between the two looks.
        assert!([day, day.next()].contains(&zone.date_of(first)), "{first:?}");
    }

    #[test]
    fn ids_carry_the_clock_and_differ() {
        let env = Env::new(Arc::new(SetClock::at(Instant(1_795_000_000_000_000))), Arc::new(SeededRandomness::new(7)));
        let (a, b) = (env.id(), env.id());
        assert_ne!(a, b);
        assert_eq!(a.get_version_num(), 7);
        assert_eq!(a.get_timestamp().map(|t| t.to_unix().0), Some(1_795_000_000));
    }
}
