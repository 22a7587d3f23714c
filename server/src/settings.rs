//! The one table of settings. The struct, the file's keys, the environment's names and the
//! documentation all come from it, so none of them can say something else.
//!
//! A value comes, in this order, from the command line, the environment (`ADGANG_…`, or
//! `ADGANG_…_FILE` for a file that holds it), the configuration file, the default.

mod broker;
mod layers;
mod mail;
mod value;

pub use broker::Issuer;
pub use layers::{Layer, Source};
pub use mail::{MailServer, MailSettings, MailWay, Secret, Sender, Tls};
pub use value::{DatabaseUrl, LogFormat, PublicUrl, Value};

use domain::effect::TakesEffect;
use domain::unilogin::Assurance;
use service::matrix::CellUse;
use service::retention::{Days, Retention};
use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Why the configuration cannot be used: one sentence, without the value of a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(pub(crate) String);

/// One row of the documentation.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// The key in the configuration file.
    pub key: &'static str,
    /// The default, as one would write it; empty for none.
    pub default: &'static str,
    /// What of the value is never printed?
    pub secrecy: Secrecy,
    /// What it is.
    pub doc: &'static str,
}

/// What of a value is never printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Nothing.
    Open,
    /// A password in an address.
    Password,
    /// All of it.
    Whole,
}

impl Described {
    /// The name in the environment.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("ADGANG_{}", self.key.to_uppercase())
    }
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $key:ident: $kind:ty = $default:literal $(, $secrecy:ident)?;)+) => {
        /// Every setting, read and understood.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $key: $kind,)+
        }

        /// The documentation of every setting, in the order of the table.
        pub const TABLE: &[Described] = &[$(Described {
            key: stringify!($key),
            default: $default,
            secrecy: settings!(@secrecy $($secrecy)?),
            doc: concat!($($doc),+),
        },)+];

        impl Settings {
            /// Reads every setting from the first layer that has it.
            ///
            /// # Errors
            /// If a layer holds an unknown key, or a value is not understood.
            pub fn read(layers: &[Layer]) -> Result<Self, SettingsError> {
                layers::refuse_unknown(layers)?;
                Ok(Self { $($key: layers::read(layers, stringify!($key))?,)+ })
            }
        }
    };
    (@secrecy $secrecy:ident) => { Secrecy::$secrecy };
    (@secrecy) => { Secrecy::Open };
}

settings! {
    /// The database: `sqlite:PATH`, or `postgres://USER:PASSWORD@HOST/NAME`.
    database: DatabaseUrl = "sqlite:data/adgang.db", Password;
    /// The folder of the keys. Without one: beside the SQLite file, under its name with `.secrets`; `data/secrets` for PostgreSQL.
    secrets: Option<PathBuf> = "";
    /// Where the server listens. Other than this machine itself only together with an https `public_url`.
    listen: SocketAddr = "127.0.0.1:3000";
    /// The address that people type, such as `https://adgang.example.org`.
    public_url: Option<PublicUrl> = "";
    /// Addresses of the proxies in front, separated by commas, whose `X-Forwarded-For` is believed.
    trusted_proxy: Vec<IpAddr> = "";
    /// A folder of further test catalogues (TOML), read beside those that ship with the program.
    catalogue: Option<PathBuf> = "";
    /// The largest roster file that the page of imports takes, in megabytes; unpacked its files may be 192 together. The command line takes up to 128, and 768 unpacked.
    import_megabytes: u64 = "64";
    /// The largest file of assessment material that `adgang admin material add` takes, in megabytes; at most 1000.
    material_megabytes: u64 = "200";
    /// How often the cells of a card (matrix) are asked for: `strict` (33 sign-ins, no cell twice), `limited` (100, no cell more than three times) or `free` (those 100 over and over).
    cell_use: CellUse = "limited";
    /// The server that mails go out through: `smtps://HOST[:PORT]`, or `smtp://HOST[:PORT]` for STARTTLS. Without one nothing is mailed, and the pages offer a list to print.
    smtp: Option<MailServer> = "";
    /// The address that mails come from, such as `Adgang <adgang@example.org>`.
    smtp_from: Option<Sender> = "";
    /// The user name at the mail server, where it asks for one.
    smtp_user: Option<String> = "";
    /// The password at the mail server.
    smtp_password: Option<Secret> = "", Whole;
    /// A folder that mails are written into instead, one file each: for trying out.
    mail_folder: Option<PathBuf> = "";
    /// The broker that people sign in through with UNI-Login: its issuer, exactly as it writes it. Without one there is no such button.
    broker_issuer: Option<Issuer> = "";
    /// Our name at the broker.
    broker_client_id: Option<String> = "";
    /// What proves it to be us there.
    broker_client_secret: Option<Secret> = "", Whole;
    /// What is asked of the broker, separated by spaces.
    broker_scopes: String = "openid";
    /// How surely people are to sign in, in the broker's words (`acr_values`); asked for where it is set.
    broker_level: Option<String> = "";
    /// The least that is taken: `two-factors`, or `one-factor`, with which nothing opens but one's own pages.
    broker_minimum: Assurance = "two-factors";
    /// When what is added to an institution's people takes effect, where it is run from UNI-Login: a time of day such as `04:00` (the next night), or `at-once`.
    affiliations_take_effect: TakesEffect = "04:00";
    /// Do leaders see the school's results although they are no teachers (Lærer) there?
    leaders_see_without_teaching: bool = "false";
    /// Days for which attempts to sign in are kept; `docs/retention.md` says why, here and below.
    keep_sign_ins_days: Days = "180";
    /// Days for which sessions and sign-ins are kept that have ended.
    keep_sessions_days: Days = "1";
    /// Days that an import waits for a yes.
    keep_held_imports_days: Days = "7";
    /// Days for which a draft is kept that nobody goes on with.
    keep_drafts_days: Days = "180";
    /// Days for which requests about accounts are kept after their answer.
    keep_requests_days: Days = "400";
    /// Days for which notices in inboxes are kept.
    keep_notices_days: Days = "400";
    /// Days for which mails are kept that did not go out.
    keep_unsent_mails_days: Days = "180";
    /// Days for which it is kept who issued and printed a letter.
    keep_letters_days: Days = "730";
    /// Days for which it is kept who opened protected material.
    keep_openings_days: Days = "1826";
    /// Days after which an account is deleted that lapsed or was closed and was not opened again.
    keep_unused_accounts_days: Days = "1096";
    /// Days after which what a united account signed in with is forgotten; 30 at least.
    keep_united_accounts_days: Days = "30";
    /// Days for which contact details of deleted accounts are kept.
    keep_deleted_contacts_days: Days = "90";
    /// Days after which people are erased who have left and hold no account.
    keep_people_days: Days = "1826";
    /// Days for which names, reasons and notes are kept in the audit log.
    keep_audit_words_days: Days = "1826";
    /// What the log holds: `error`, `warn`, `info`, `debug`, or directives such as `info,sqlx=warn`.
    log: String = "info";
    /// How the log is written, to standard error: `json`, `text`, or `auto` (text on a terminal).
    log_format: LogFormat = "auto";
    /// Seconds that running requests get when the server is told to stop.
    stop_seconds: u64 = "10";
}

/// The documentation as a Markdown table, as it stands in the README.
#[must_use]
pub fn markdown() -> String {
    let mut table = String::from("| key | environment | default | what it is |\n|---|---|---|---|\n");
    for row in TABLE {
        let default = if row.default.is_empty() { "–".to_owned() } else { format!("`{}`", row.default) };
        let _ = writeln!(table, "| `{}` | `{}` | {default} |{} |", row.key, row.variable(), row.doc);
    }
    table
}

impl Settings {
    /// For how long each kind of data is kept.
    #[must_use]
    pub const fn retention(&self) -> Retention {
        Retention {
            sign_ins: self.keep_sign_ins_days,
            sessions: self.keep_sessions_days,
            held_imports: self.keep_held_imports_days,
            drafts: self.keep_drafts_days,
            requests: self.keep_requests_days,
            notices: self.keep_notices_days,
            mails: self.keep_unsent_mails_days,
            letters: self.keep_letters_days,
            openings: self.keep_openings_days,
            unused_accounts: self.keep_unused_accounts_days,
            united: self.keep_united_accounts_days,
            contacts: self.keep_deleted_contacts_days,
            people: self.keep_people_days,
            words: self.keep_audit_words_days,
        }
    }

    /// The folder of the keys: the one that is named, or the one that goes with the database.
    #[must_use]
    pub fn secrets_folder(&self) -> PathBuf {
        if let Some(folder) = &self.secrets {
            return folder.clone();
        }
        match self.database.file() {
            Some(file) => file.with_extension("secrets"),
            None => PathBuf::from("data/secrets"),
        }
    }

    /// The address that people type; on this machine itself that is `http://localhost:PORT`,
    /// because passkeys know names and no numbers.
    ///
    /// # Errors
    /// If the server would listen for others without https in front.
    pub fn address(&self) -> Result<PublicUrl, SettingsError> {
        let loopback = self.listen.ip().is_loopback();
        match &self.public_url {
            Some(url) if url.is_https() || (loopback && url.is_localhost()) => Ok(url.clone()),
            Some(url) => Err(SettingsError(format!(
                "`public_url` is {url}, but people reach the server over https or on this machine itself as http://localhost"
            ))),
            None if loopback => Ok(PublicUrl::localhost(self.listen.port())),
            None => Err(SettingsError(format!(
                "{} can be reached from other machines: name the https address in front of it with --public-url, or listen on 127.0.0.1",
                self.listen
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use service::retention::Kind;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let values = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Settings::read(&[Layer::new(Source::CommandLine, values)])
    }

    #[test]
    fn defaults_are_understood_and_listen_on_this_machine_alone() {
        let settings = read(&[]).unwrap();
        assert!(settings.listen.ip().is_loopback());
        assert_eq!(settings.address().unwrap().to_string(), "http://localhost:3000");
        assert_eq!(settings.secrets_folder(), PathBuf::from("data/adgang.secrets"));
    }

    #[test]
    fn others_reach_the_server_over_https_only() {
        let at = |listen, url| read(&[("listen", listen), ("public_url", url)]).unwrap().address();
        assert_eq!(at("0.0.0.0:80", "https://adgang.example.org").unwrap().to_string(), "https://adgang.example.org");
        assert_eq!(at("127.0.0.1:80", "https://adgang.example.org").unwrap().to_string(), "https://adgang.example.org");
        assert_eq!(at("127.0.0.1:80", "http://localhost:8080").unwrap().to_string(), "http://localhost:8080");
        for (listen, url) in [
            ("0.0.0.0:80", ""),
            ("[::]:80", ""),
            ("192.0.2.7:80", "http://adgang.example.org"),
            ("0.0.0.0:80", "http://localhost"),
            ("127.0.0.1:80", "http://adgang.example.org"),
        ] {
            at(listen, url).unwrap_err();
        }
    }

    #[test]
    fn keys_lie_beside_the_database_unless_named() {
        let folder =
            |database, secrets| read(&[("database", database), ("secrets", secrets)]).unwrap().secrets_folder();
        assert_eq!(folder("sqlite:/var/lib/a.db", ""), PathBuf::from("/var/lib/a.secrets"));
        assert_eq!(folder("sqlite:///var/lib/a.db", ""), PathBuf::from("/var/lib/a.secrets"));
        assert_eq!(folder("postgres://db/adgang", ""), PathBuf::from("data/secrets"));
        assert_eq!(folder("sqlite:a.db", "keys"), PathBuf::from("keys"));
    }

    #[test]
    fn each_kind_of_data_has_its_setting_and_the_same_default() {
        assert_eq!(read(&[]).unwrap().retention(), Retention::default());
        for kind in Kind::ALL {
            let key = kind.described().setting;
            let settings = read(&[(key, "4321")]).unwrap();
            assert_eq!(settings.retention().of(*kind), Days(4321), "{key}");
            for bad in ["0", "-1", "36501", "7 days"] {
                read(&[(key, bad)]).unwrap_err();
            }
        }
    }

    #[test]
    fn an_unknown_key_and_a_bad_value_are_refused_with_their_name() {
        assert!(read(&[("lissten", "x")]).unwrap_err().to_string().contains("lissten"));
        assert!(read(&[("listen", "everywhere")]).unwrap_err().to_string().contains("listen"));
        let error = read(&[("stop_seconds", "-1")]).unwrap_err().to_string();
        assert!(error.contains("stop_seconds") && error.contains("-1"), "{error}");
    }
}
