//! Identifiers. All are made by us (UUIDv7) in `service`; `domain` only carries them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id! {
    /// A municipality (kommune) or other responsible body (huvudman).
    AuthorityId
}
id! {
    /// An import of a roster into one institution.
    ImportId
}
id! {
    /// A school (institution, skole, skolenhet).
    InstitutionId
}
id! {
    /// A person, whatever the person is at each institution.
    PersonId
}
id! {
    /// A class or another group of pupils.
    GroupId
}
id! {
    /// A local account (inloggning).
    AccountId
}
id! {
    /// A signed-in session.
    SessionId
}
id! {
    /// A passkey of an account.
    PasskeyId
}

id! {
    /// A piece of assessment material.
    MaterialId
}

impl AuthorityId {
    /// The authority as a place: what is held or done at the authority itself, such as an account,
    /// an actor or an audit entry, stands under its id where an institution's would. Ids of the two
    /// never meet, so a use case of an institution finds nothing there.
    #[must_use]
    pub const fn as_place(self) -> InstitutionId {
        InstitutionId(self.0)
    }
}
