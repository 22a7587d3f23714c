//! The secret that a browser's cookie carries, and the token that its forms carry beside it.

use crate::env::Env;
use crate::service::Service;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 256 random bits. Names a session, a sign-in under way, or a browser before either.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Token([u8; 32]);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// A fresh token.
    #[must_use]
    pub fn draw(env: &Env) -> Self {
        Self(env.random())
    }

    /// Reads a cookie's value; `None` for anything that [`Token::text`] did not write.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        bytes.as_slice().try_into().ok().map(Self)
    }

    /// The cookie's value: 43 characters of base64url.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0))
    }

    /// What the database holds of it. A plain hash is enough for 256 random bits.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

impl Service {
    /// The token that unsafe requests carry beside the cookie: derived from the cookie's token, so
    /// that only who was given a page of ours in this very session knows it.
    #[must_use]
    pub fn csrf(&self, token: &Token) -> String {
        let (_, key) = self.secrets.session.newest();
        URL_SAFE_NO_PAD.encode(key.mac("csrf", &[&token.0]))
    }

    /// Is this the token that belongs to the cookie, made with the newest key or an older one?
    #[must_use]
    pub fn is_csrf(&self, token: &Token, given: &str) -> bool {
        let Ok(given) = URL_SAFE_NO_PAD.decode(given) else { return false };
        self.secrets.session.iter().any(|(_, key)| key.mac("csrf", &[&token.0]).as_slice().ct_eq(&given).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::{SeededRandomness, SetClock};
    use domain::Instant;
    use std::sync::Arc;

    #[test]
    fn tokens_read_back_and_nothing_else_does() {
        let env = Env::new(Arc::new(SetClock::at(Instant(0))), Arc::new(SeededRandomness::new(1)));
        let (token, other) = (Token::draw(&env), Token::draw(&env));
        assert_eq!(token.text().len(), 43);
        assert_eq!(Token::read(&token.text()).expect("a token").hash(), token.hash());
        assert_ne!(token.hash(), other.hash());
        assert_ne!(token.hash().as_slice(), token.0.as_slice());
        assert_eq!(format!("{token:?}"), "Token");
        let text = token.text();
        for wrong in [
            "",
            "x",
            text.get(..42).unwrap(),
            &format!("{}=", *text),
            &format!("{}A", *text),
            &text.replace(text.get(3..4).unwrap(), "!"),
        ] {
            assert!(Token::read(wrong).is_none(), "{wrong:?}");
        }
    }
}
