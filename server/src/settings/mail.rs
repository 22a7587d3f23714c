//! How mails go out: through a server, into a folder, or not at all.

use super::{Settings, SettingsError, Value};
use lettre::message::Mailbox;
use std::fmt;
use std::path::PathBuf;

/// A mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port; `None` for the usual one.
    pub port: Option<u16>,
    /// How what is said to it is kept from others.
    pub tls: Tls,
}

/// How what is said to a mail server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte.
    Always,
    /// From STARTTLS on, before anything of a mail.
    Start,
    /// Not at all: the server is this machine itself.
    Local,
}

impl fmt::Display for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)
    }
}

impl Value for MailServer {
    fn read(text: &str) -> Result<Self, &'static str> {
        const GOOD: &str = "a mail server, such as smtps://mail.example.org or smtp://mail.example.org:587";
        let (scheme, rest) = text.trim_end_matches('/').split_once("://").ok_or(GOOD)?;
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) => (host, Some(port.parse().map_err(|_| GOOD)?)),
            None => (rest, None),
        };
        let letters = |text: &str| text.chars().all(|it| it.is_ascii_alphanumeric() || "-.".contains(it));
        if host.is_empty() || !letters(host) {
            return Err(GOOD);
        }
        let tls = match scheme {
            "smtps" => Tls::Always,
            "smtp" if host == "localhost" || host == "127.0.0.1" => Tls::Local,
            "smtp" => Tls::Start,
            _ => return Err(GOOD),
        };
        Ok(Self { host: host.to_owned(), port, tls })
    }
}

/// A name and address that mails come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender(pub Mailbox);

impl Value for Sender {
    fn read(text: &str) -> Result<Self, &'static str> {
        text.parse().map(Self).map_err(|_| "an address such as adgang@example.org, or Adgang <adgang@example.org>")
    }
}

/// A value that is never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Value for Secret {
    fn read(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() { Err("a text") } else { Ok(Self(text.to_owned())) }
    }
}

/// How mails go out, and from whom they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// Which way.
    pub way: MailWay,
    /// From whom.
    pub from: Mailbox,
}

/// Which way mails go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailWay {
    /// Through a server, with user name and password where it asks for them.
    Server(MailServer, Option<(String, Secret)>),
    /// Into a folder.
    Folder(PathBuf),
}

impl fmt::Display for MailWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(server, _) => write!(f, "{server}"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

impl Settings {
    /// Are mails sent from here?
    #[must_use]
    pub const fn sends_mails(&self) -> bool {
        self.smtp.is_some() || self.mail_folder.is_some()
    }

    /// How mails go out; `None` where nothing is mailed.
    ///
    /// # Errors
    /// If the settings of mails do not go together.
    pub fn mail(&self) -> Result<Option<MailSettings>, SettingsError> {
        let wrong = |text: &str| Err(SettingsError(text.to_owned()));
        let login = match (&self.smtp_user, &self.smtp_password) {
            (Some(user), Some(password)) => Some((user.clone(), password.clone())),
            (None, None) => None,
            _ => return wrong("`smtp_user` and `smtp_password` go together: one of them is missing"),
        };
        let way = match (&self.smtp, &self.mail_folder) {
            (None, None) if login.is_some() || self.smtp_from.is_some() => {
                return wrong("`smtp` is missing: the other settings of mails say nothing without it");
            }
            (None, None) => return Ok(None),
            (Some(server), None) => MailWay::Server(server.clone(), login),
            (None, Some(folder)) => MailWay::Folder(folder.clone()),
            (Some(_), Some(_)) => return wrong("`smtp` and `mail_folder` are two ways for the same mails; keep one"),
        };
        match &self.smtp_from {
            Some(Sender(from)) => Ok(Some(MailSettings { way, from: from.clone() })),
            None => wrong("`smtp_from` is missing: mails come from somebody"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Layer, Source};
    use super::*;

    fn mail(pairs: &[(&str, &str)]) -> Result<Option<MailSettings>, SettingsError> {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Settings::read(&[Layer::new(Source::CommandLine, values)])?.mail()
    }

    #[test]
    fn a_mail_server_is_spoken_to_in_secret_unless_it_is_this_machine() {
        for (text, host, port, tls) in [
            ("smtps://mail.example.org", "mail.example.org", None, Tls::Always),
            ("smtp://mail.example.org:587", "mail.example.org", Some(587), Tls::Start),
            ("smtp://localhost:25", "localhost", Some(25), Tls::Local),
            ("smtps://localhost", "localhost", None, Tls::Always),
            ("smtp://localhost.example.org", "localhost.example.org", None, Tls::Start),
        ] {
            let server = MailServer::read(text).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.tls), (host, port, tls), "{text}");
        }
        for bad in ["", "mail.example.org", "http://a.example", "smtp://", "smtp://u:p@a.example", "smtps://a:x"] {
            MailServer::read(bad).unwrap_err();
        }
    }

    #[test]
    fn settings_of_mails_go_together_or_are_refused() {
        let (smtp, from) = (("smtp", "smtps://mail.example.org"), ("smtp_from", "Adgang <adgang@example.org>"));
        assert_eq!(mail(&[]).unwrap(), None);
        assert!(mail(&[smtp, from]).unwrap().is_some());
        assert!(mail(&[("mail_folder", "mails"), from]).unwrap().is_some());
        let login = [("smtp_user", "adgang"), ("smtp_password", "hunter2")];
        assert!(mail(&[smtp, from, login[0], login[1]]).unwrap().is_some());
        for wrong in [
            vec![smtp],
            vec![from],
            vec![smtp, from, login[0]],
            vec![smtp, from, login[1]],
            vec![login[0], login[1]],
            vec![smtp, from, ("mail_folder", "mails")],
            vec![smtp, ("smtp_from", "nobody")],
        ] {
            let error = mail(&wrong).unwrap_err().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}
