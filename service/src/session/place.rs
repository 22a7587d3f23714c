//! Where a session that began at the broker acts: one institution or authority at a time, chosen after signing
//! in and changed in the header. What is done acts there alone.

use crate::fault::Fault;
use crate::service::Service;
use crate::session::Token;
use domain::exchange::{ChoosePlaces, ComingPlace, PlaceChoice, RefusalCode};
use domain::{Instant, InstitutionId};
use store::Read;
use store::broker::session::{BrokerPlace, BrokerSession};

impl Service {
    /// Where the person of a session can act now and will be able to; where the session acts is marked.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`] for a token of no such session; [`Fault::Store`].
    pub async fn places(&self, token: &Token) -> Result<ChoosePlaces, Fault> {
        let mut read = self.db.read().await?;
        let session = self.broker_session(&mut read, token).await?.ok_or(RefusalCode::NotSignedIn)?;
        self.choices(&mut read, &session).await
    }

    /// The same of a session.
    pub(super) async fn choices(&self, read: &mut Read, session: &BrokerSession) -> Result<ChoosePlaces, Fault> {
        let now = self.env.now();
        let here = session.place.as_ref().map(|place| place.id);
        let choice = |place: BrokerPlace| PlaceChoice {
            authority: (place.authority_name != place.name).then_some(place.authority_name),
            is_here: Some(place.id) == here,
            id: place.id,
            name: place.name,
        };
        let coming = |(place, from): (BrokerPlace, Instant)| ComingPlace { name: place.name, from, zone: place.zone };
        let places = store::broker::session::places_of(read, session.person, now).await?;
        let later = store::broker::session::coming_places(read, session.person, now).await?;
        Ok(ChoosePlaces {
            name: format!("{} {}", session.given, session.family).trim().to_owned(),
            // What begins later at a place where one is already is said there.
            coming: later.into_iter().filter(|(at, _)| !places.iter().any(|of| of.id == at.id)).map(coming).collect(),
            places: places.into_iter().map(choice).collect(),
            now,
        })
    }

    /// Lets the session act at another of its person's places, and remembers it. The browser gets a new token:
    /// a form or a call from a page of the place before belongs to the old one, and is turned away.
    ///
    /// # Errors
    /// [`RefusalCode::NotSignedIn`] for a token of no such session; [`RefusalCode::NotFound`] for a place that
    /// is none of the person's, whether there is such a place or not; [`Fault::Store`].
    pub async fn go_to_place(&self, token: &Token, place: InstitutionId) -> Result<Token, Fault> {
        let (now, old, new) = (self.env.now(), token.hash(), Token::draw(&self.env));
        store::write!(self.db, async |tx| {
            let session = self.broker_session(tx, token).await?.ok_or(RefusalCode::NotSignedIn)?;
            let places = store::broker::session::places_of(tx, session.person, now).await?;
            if !places.iter().any(|of| of.id == place) {
                return Err(Fault::from(RefusalCode::NotFound));
            }
            if !store::broker::session::go_to(tx, &old, &new.hash(), place).await? {
                return Err(RefusalCode::NotSignedIn.into());
            }
            store::broker::keep_place(tx, session.person, place.0, now).await?;
            Ok(())
        })?;
        Ok(new)
    }
}
