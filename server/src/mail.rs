//! Mails: the task that takes them from the database, and the two ways they go out.
//!
//! A mail says what kind of thing waits and where; whom or what it is about stands in the inbox. What
//! a mail server answers may repeat an address, so only its code reaches the log.

use crate::settings::{MailServer, MailSettings, MailWay, PublicUrl, SettingsError, Tls};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use service::accounts::{Outgoing, Sending};
use service::{Fault, Service};
use std::path::PathBuf;
use std::time::Duration;

/// How often is looked whether there is anything to send.
const LOOK: Duration = Duration::from_secs(10);
/// The longest that a mail server is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// What carries mails.
#[derive(Debug)]
pub struct Post {
    way: Way,
    from: Mailbox,
    /// What ids of mails end in.
    host: String,
}

#[derive(Debug)]
enum Way {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(AsyncFileTransport<Tokio1Executor>, PathBuf),
}

impl Post {
    /// What carries mails as the settings say, from the server that people reach at this address.
    ///
    /// # Errors
    /// If the mail server's name is none.
    pub fn of(settings: &MailSettings, address: &PublicUrl) -> Result<Self, SettingsError> {
        let host = address.host().to_owned();
        let way = match &settings.way {
            MailWay::Folder(folder) => Way::Folder(AsyncFileTransport::new(folder), folder.clone()),
            MailWay::Server(server, login) => {
                let MailServer { host: name, port, tls } = server;
                let builder = match tls {
                    Tls::Always => AsyncSmtpTransport::<Tokio1Executor>::relay(name),
                    Tls::Start => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(name),
                    Tls::Local => Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(name)),
                };
                let mut builder =
                    builder.map_err(|_| SettingsError(format!("`smtp`: `{name}` is no server's name")))?;
                builder = builder.timeout(Some(PATIENCE)).hello_name(ClientId::Domain(host.clone()));
                if let Some(port) = port {
                    builder = builder.port(*port);
                }
                if let Some((user, password)) = login {
                    builder = builder.credentials(Credentials::new(user.clone(), password.as_str().to_owned()));
                }
                Way::Server(builder.build())
            }
        };
        Ok(Self { way, from: settings.from.clone(), host })
    }

    /// Can mails be handed over? Says why not.
    ///
    /// # Errors
    /// One sentence.
    pub async fn reach(&self) -> Result<(), String> {
        match &self.way {
            Way::Folder(_, folder) if folder.is_dir() => Ok(()),
            Way::Folder(_, folder) => Err(format!("{} is not a folder", folder.display())),
            Way::Server(server) => match server.test_connection().await {
                Ok(true) => Ok(()),
                Ok(false) => Err("the mail server hangs up".to_owned()),
                Err(error) => Err(format!("the mail server cannot be reached: {error}")),
            },
        }
    }

    /// Sends the next mail that waits, if there is one, and records what became of it; tells whether
    /// there was one.
    ///
    /// # Errors
    /// What the database says.
    pub async fn send_next(&self, service: &Service, link: &str) -> Result<bool, Fault> {
        let Some(mail) = service.next_mail().await? else { return Ok(false) };
        let sending = self.send(&mail, link).await;
        service.mail_sent(&mail, sending).await?;
        Ok(true)
    }

    async fn send(&self, mail: &Outgoing, link: &str) -> Sending {
        let Some(message) = self.message(mail, link) else {
            tracing::warn!(mail = %mail.id, "a mail's address is none");
            return Sending::Refused;
        };
        match &self.way {
            Way::Folder(folder, _) => match folder.send(message).await {
                Ok(_) => Sending::Sent,
                Err(error) => {
                    tracing::warn!(mail = %mail.id, %error, "a mail could not be written");
                    Sending::Failed
                }
            },
            Way::Server(server) => match server.send(message).await {
                Ok(_) => Sending::Sent,
                Err(error) => {
                    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
                    let is_final = error.is_permanent();
                    tracing::warn!(mail = %mail.id, code, is_final, "a mail could not be sent");
                    if is_final { Sending::Refused } else { Sending::Failed }
                }
            },
        }
    }

    /// The mail in words; `None` for an address that is none.
    fn message(&self, mail: &Outgoing, link: &str) -> Option<Message> {
        let words = app::mail::words(mail.language, mail.kind, link);
        let to: Address = mail.to.parse().ok()?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // The same at every try, so that whoever got it twice can tell.
            .message_id(Some(format!("<{}@{}>", mail.id, self.host)))
            .subject(words.subject)
            .header(ContentType::TEXT_PLAIN);
        let mut message = message.body(words.body).ok()?;
        // Nobody answers it, and no machine should (RFC 3834).
        let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).ok()?;
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Some(message)
    }
}

/// Sends what waits, for ever; where nothing is mailed, waits for ever.
pub async fn send_all(post: Option<Post>, service: Service, link: String) {
    let Some(post) = post else { return std::future::pending().await };
    loop {
        match post.send_next(&service, &link).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(LOOK).await,
            Err(fault) => {
                tracing::error!(error = %fault, "mails that wait could not be looked for");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}
