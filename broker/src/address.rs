//! Which addresses a broker may stand at.

use url::{Host, Url};

/// Why an issuer cannot be one, in one sentence for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is no address.
    #[error("it is no address such as https://broker.example.org/auth/realms/broker")]
    NoAddress,
    /// Others could read along.
    #[error("it must begin with https://; http:// is for a broker on this machine alone")]
    NotSecret,
    /// An issuer has neither (OpenID Connect Discovery 1.0 §3).
    #[error("it must have neither a query nor a fragment, a user nor a password")]
    TooMuch,
}

/// An issuer that may be asked: https, or http on this machine itself.
///
/// # Errors
/// [`AddressError`], which says what is wrong with it.
pub fn checked_issuer(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|_| AddressError::NoAddress)?;
    if !is_secret(&url) {
        return Err(AddressError::NotSecret);
    }
    let bare =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if bare { Ok(url) } else { Err(AddressError::TooMuch) }
}

/// Can nobody read what is sent there? Holds of https, and of what never leaves this machine.
pub(crate) fn is_secret(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.host().is_some() && (url.scheme() == "https" || (url.scheme() == "http" && is_here))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_asked_where_nobody_reads_along() {
        for good in ["https://broker.example.org/auth/realms/broker", "http://localhost:4000", "http://127.0.0.1:4000/"]
        {
            checked_issuer(good).unwrap();
        }
        for (bad, why) in [
            ("broker.example.org", AddressError::NoAddress),
            ("http://broker.example.org", AddressError::NotSecret),
            ("http://192.0.2.7", AddressError::NotSecret),
            ("file:///etc/passwd", AddressError::NotSecret),
            ("https://broker.example.org/?realm=x", AddressError::TooMuch),
            ("https://broker.example.org/#x", AddressError::TooMuch),
            ("https://user:word@broker.example.org/", AddressError::TooMuch),
        ] {
            assert_eq!(checked_issuer(bad).unwrap_err(), why, "{bad}");
        }
    }
}
