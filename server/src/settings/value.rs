//! How the text of a setting becomes its value.

use service::matrix::CellUse;
use service::retention::Days;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// What a setting can be.
pub trait Value: Sized {
    /// Reads the text; the error says what it should have been.
    ///
    /// # Errors
    /// What a good value looks like, to follow "is not".
    fn read(text: &str) -> Result<Self, &'static str>;
}

impl Value for String {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a text") } else { Ok(text.to_owned()) }
    }
}

impl Value for PathBuf {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a path") } else { Ok(text.into()) }
    }
}

impl Value for SocketAddr {
    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "an address and a port, such as 127.0.0.1:3000")
    }
}

impl Value for u64 {
    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "a whole number")
    }
}

/// A day at least, so that nothing goes that is still at work; a century at most.
impl Value for Days {
    fn read(text: &str) -> Result<Self, &'static str> {
        let days = text.parse().ok().filter(|days| (1..=36_500).contains(days));
        days.map(Days).ok_or("a number of days from 1 to 36500")
    }
}

impl Value for bool {
    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "true or false")
    }
}

impl Value for CellUse {
    fn read(text: &str) -> Result<Self, &'static str> {
        Self::ALL.into_iter().find(|of| of.code() == text).ok_or("one of strict, limited, free")
    }
}

impl<T: Value> Value for Option<T> {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Ok(None) } else { T::read(text).map(Some) }
    }
}

impl Value for Vec<IpAddr> {
    fn read(text: &str) -> Result<Self, &'static str> {
        let addresses = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        addresses.map(|part| part.parse().map_err(|_| "a list of addresses, such as 10.0.0.1, 10.0.0.2")).collect()
    }
}

/// Where the database is. Its `Debug` form shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The SQLite file; `None` on PostgreSQL.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let path = self.0.strip_prefix("sqlite:")?;
        Some(path.strip_prefix("//").unwrap_or(path).into())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl")
    }
}

impl Value for DatabaseUrl {
    fn read(text: &str) -> Result<Self, &'static str> {
        let known = ["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
        if known {
            Ok(Self(text.to_owned()))
        } else {
            Err("a database address: `sqlite:PATH` or `postgres://USER@HOST/NAME`")
        }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person on a terminal, for a program otherwise.
    Auto,
    /// One JSON object a line.
    Json,
    /// Lines to read.
    Text,
}

impl Value for LogFormat {
    fn read(text: &str) -> Result<Self, &'static str> {
        match text {
            "auto" => Ok(Self::Auto),
            "json" => Ok(Self::Json),
            "text" => Ok(Self::Text),
            _ => Err("one of auto, json, text"),
        }
    }
}

/// Scheme, host and port that people type; never a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    /// Host, and port where it is not the scheme's own.
    authority: String,
}

impl PublicUrl {
    /// This machine itself.
    #[must_use]
    pub fn localhost(port: u16) -> Self {
        Self { https: false, authority: format!("localhost:{port}") }
    }

    /// Does it begin with `https`?
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// The host, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.split(':').next().unwrap_or_default()
    }

    /// Does it name this machine itself?
    #[must_use]
    pub fn is_localhost(&self) -> bool {
        self.host() == "localhost"
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.https { "https" } else { "http" }, self.authority)
    }
}

impl Value for PublicUrl {
    fn read(text: &str) -> Result<Self, &'static str> {
        const GOOD: &str = "an address such as https://adgang.example.org, without a path";
        let (scheme, authority) = text.trim_end_matches('/').split_once("://").ok_or(GOOD)?;
        let https = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(GOOD),
        };
        let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
        let letters =
            |text: &str| text.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || "-.".contains(it));
        let sound = !host.is_empty() && letters(host) && port.is_none_or(|port| port.parse::<u16>().is_ok());
        if sound { Ok(Self { https, authority: authority.to_owned() }) } else { Err(GOOD) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin() {
        for good in ["https://adgang.example.org", "http://localhost:3000", "https://a.example:8443"] {
            assert_eq!(PublicUrl::read(good).unwrap().to_string(), good);
        }
        assert_eq!(PublicUrl::read("https://a.example/").unwrap().to_string(), "https://a.example");
        for bad in [
            "",
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example/path",
            "https://u:p@a.example",
            "https://A.example",
            "https://a.example:x",
        ] {
            PublicUrl::read(bad).unwrap_err();
        }
    }
}
