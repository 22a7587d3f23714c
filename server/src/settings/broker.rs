//! The broker that people sign in through (UNI-Login), and who we are there.

use super::{PublicUrl, Settings, SettingsError, Value};
use domain::effect::TakesEffect;
use domain::unilogin::Assurance;
use std::fmt;

/// A broker's issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Value for Issuer {
    fn read(text: &str) -> Result<Self, &'static str> {
        match broker::checked_issuer(text) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => {
                Err("an address such as https://broker.example.org/auth/realms/broker, or http:// on this machine")
            }
        }
    }
}

impl Value for Assurance {
    fn read(text: &str) -> Result<Self, &'static str> {
        Self::from_code(text).ok_or("`one-factor` or `two-factors`")
    }
}

impl Value for TakesEffect {
    fn read(text: &str) -> Result<Self, &'static str> {
        Self::from_code(text).ok_or("a time of day such as 04:00, or at-once")
    }
}

impl Settings {
    /// The broker, where there is one.
    ///
    /// # Errors
    /// If only a part of what it takes is set.
    pub fn broker(&self, address: &PublicUrl) -> Result<Option<broker::Client>, SettingsError> {
        let parts = (&self.broker_issuer, &self.broker_client_id, &self.broker_client_secret);
        let (issuer, id, secret) = match parts {
            (None, None, None) => return Ok(None),
            (Some(issuer), Some(id), Some(secret)) => (issuer, id, secret),
            _ => {
                return Err(SettingsError(
                    "`broker_issuer`, `broker_client_id` and `broker_client_secret` go together: set all three or none"
                        .to_owned(),
                ));
            }
        };
        let here = |path: &str| {
            let url = format!("{address}{path}").parse();
            url.map_err(|_| SettingsError(format!("{address} is no address that a broker can send people back to")))
        };
        let issuer = broker::checked_issuer(&issuer.0)
            .map_err(|error| SettingsError(format!("`broker_issuer` is not understood: {error}")))?;
        Ok(Some(broker::Client {
            issuer,
            id: id.clone(),
            secret: secret.as_str().to_owned().into(),
            redirect: here("/sign-in/broker/back")?,
            signed_out: here("/sign-in")?,
            scopes: self.broker_scopes.clone(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Layer, Source};
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Settings::read(&[Layer::new(Source::CommandLine, values)])
    }

    const WHOLE: [(&str, &str); 3] = [
        ("broker_issuer", "https://broker.example.org/auth/realms/broker"),
        ("broker_client_id", "adgang"),
        ("broker_client_secret", "a secret"),
    ];

    #[test]
    fn a_broker_is_whole_or_none() {
        let address = PublicUrl::read("https://adgang.example.org").unwrap();
        assert!(read(&[]).unwrap().broker(&address).unwrap().is_none());
        let client = read(&WHOLE).unwrap().broker(&address).unwrap().unwrap();
        assert_eq!(client.redirect.as_str(), "https://adgang.example.org/sign-in/broker/back");
        assert_eq!(client.signed_out.as_str(), "https://adgang.example.org/sign-in");
        assert!(!format!("{client:?} {:?}", read(&WHOLE).unwrap()).contains("a secret"));
        for missing in 0..WHOLE.len() {
            let part: Vec<_> =
                WHOLE.into_iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, it)| it).collect();
            let error = read(&part).unwrap().broker(&address).unwrap_err().to_string();
            assert!(error.contains("all three or none"), "{error}");
        }
        for bad in ["http://broker.example.org", "broker", "https://broker.example.org/?realm=x"] {
            read(&[("broker_issuer", bad)]).unwrap_err();
        }
    }

    #[test]
    fn two_factors_are_asked_for_unless_one_is_said_to_be_enough() {
        assert_eq!(read(&[]).unwrap().broker_minimum, Assurance::TwoFactors);
        assert_eq!(read(&[("broker_minimum", "one-factor")]).unwrap().broker_minimum, Assurance::OneFactor);
        read(&[("broker_minimum", "none")]).unwrap_err();
    }
}
