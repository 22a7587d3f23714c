//! The one error that crosses the wire: a stable code and who can help, never an inner detail.

use domain::exchange::{Refusal, RefusalCode};
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fmt;

/// Why a server function gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppError {
    /// The server refused; the code picks the sentence, `help` names who can help.
    Refused(Refusal),
    /// The server could not be reached. Born in the browser.
    Offline,
    /// Page and server do not understand each other, as after an upgrade. Born in the browser.
    Unreadable,
}

impl AppError {
    /// The refusal's code, if the server refused.
    #[must_use]
    pub fn code(&self) -> Option<RefusalCode> {
        match self {
            Self::Refused(refusal) => Some(refusal.code),
            Self::Offline | Self::Unreadable => None,
        }
    }

    /// The number that the help page explains it under.
    #[must_use]
    pub const fn number(&self) -> u8 {
        match self {
            Self::Refused(refusal) => refusal.code.number(),
            Self::Offline => 95,
            Self::Unreadable => 96,
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Offline => f.write_str("the server could not be reached"),
            Self::Unreadable => f.write_str("page and server do not understand each other"),
        }
    }
}

impl std::error::Error for AppError {}

impl From<RefusalCode> for AppError {
    fn from(code: RefusalCode) -> Self {
        Self::Refused(code.into())
    }
}

/// An error as lines of text: the word of its code, with the day from which it would be none, then
/// the names of who can help.
///
/// Readable by hand, and by the browser without a parser.
#[derive(Clone, Copy, Debug)]
pub struct ErrorText;

impl ContentType for ErrorText {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}

impl FormatType for ErrorText {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<AppError> for ErrorText {
    type Error = Infallible;

    fn encode(error: &AppError) -> Result<Bytes, Self::Error> {
        let text = match error {
            AppError::Refused(Refusal { code, day, help }) => {
                let day = day.map(|day| format!(" {day}")).unwrap_or_default();
                let help: String = help.iter().map(|name| format!("\n{name}")).collect();
                format!("{}{day}{help}", code.word())
            }
            AppError::Offline => "offline".to_owned(),
            AppError::Unreadable => "unreadable".to_owned(),
        };
        Ok(text.into())
    }
}

impl Decodes<AppError> for ErrorText {
    type Error = Infallible;

    fn decode(bytes: Bytes) -> Result<AppError, Self::Error> {
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        let mut words = lines.next().unwrap_or_default().split(' ');
        let word = words.next().unwrap_or_default();
        let day = words.next().and_then(|day| day.parse().ok());
        Ok(match RefusalCode::of_word(word) {
            Some(code) => AppError::Refused(Refusal { code, day, help: lines.map(str::to_owned).collect() }),
            None if word == "offline" => AppError::Offline,
            None => AppError::Unreadable,
        })
    }
}

impl FromServerFnError for AppError {
    type Encoder = ErrorText;

    /// What the framework met by itself. Its texts stay behind: they may hold what was sent.
    fn from_server_fn_error(met: ServerFnErrorErr) -> Self {
        match met {
            ServerFnErrorErr::Request(_) => Self::Offline,
            ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreadable,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => answer(RefusalCode::BadInput.into()),
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Response(_) => answer(RefusalCode::Internal.into()),
        }
    }
}

/// A refusal as the answer: on the server it also sets the response's status.
#[must_use]
pub fn answer(refusal: Refusal) -> AppError {
    #[cfg(feature = "ssr")]
    if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status(refusal.code));
    }
    AppError::Refused(refusal)
}

/// The HTTP status that goes with a refusal.
#[cfg(feature = "ssr")]
#[must_use]
pub fn status(code: RefusalCode) -> http::StatusCode {
    use http::StatusCode;
    match code {
        RefusalCode::NotSignedIn => StatusCode::UNAUTHORIZED,
        RefusalCode::NotAllowed
        | RefusalCode::SecondFactorNeeded
        | RefusalCode::OnlyPrincipal
        | RefusalCode::OnlyAuthority
        | RefusalCode::OwnAccount
        | RefusalCode::OwnTeacherAccount
        | RefusalCode::LastSecondFactor => StatusCode::FORBIDDEN,
        RefusalCode::NotFound => StatusCode::NOT_FOUND,
        RefusalCode::BadInput | RefusalCode::DateInPast | RefusalCode::OwnLastCapacity => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        RefusalCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalCode::Stale
        | RefusalCode::Conflict
        | RefusalCode::AlreadyTakenBack
        | RefusalCode::TooLate
        | RefusalCode::TooEarly
        | RefusalCode::NameFromRoster => StatusCode::CONFLICT,
        RefusalCode::Busy | RefusalCode::Unavailable | RefusalCode::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
        RefusalCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(feature = "ssr")]
impl From<service::Fault> for AppError {
    /// Keeps the public half; the inner half is logged here, once.
    fn from(fault: service::Fault) -> Self {
        let refusal = fault.public();
        if fault.is_ours() {
            tracing::error!(error = %fault, "a use case failed");
        }
        answer(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_framework_says_never_reaches_the_wire() {
        let secret = || "cell B4 is K7".to_owned();
        let met = [
            ServerFnErrorErr::Registration(secret()),
            ServerFnErrorErr::UnsupportedRequestMethod(secret()),
            ServerFnErrorErr::Request(secret()),
            ServerFnErrorErr::ServerError(secret()),
            ServerFnErrorErr::MiddlewareError(secret()),
            ServerFnErrorErr::Deserialization(secret()),
            ServerFnErrorErr::Serialization(secret()),
            ServerFnErrorErr::Args(secret()),
            ServerFnErrorErr::MissingArg(secret()),
            ServerFnErrorErr::Response(secret()),
        ];
        for error in met {
            let wire = AppError::from_server_fn_error(error).ser();
            assert!(!String::from_utf8_lossy(&wire).contains("B4"));
        }
    }

    #[test]
    fn errors_read_back() {
        let help = vec!["Karen Østergård".to_owned(), "Bo Holm".to_owned()];
        let helped = AppError::Refused(Refusal { code: RefusalCode::NotAllowed, day: None, help });
        let day = domain::Date::new(2027, 8, 1);
        let early = AppError::Refused(Refusal { day, ..RefusalCode::TooEarly.into() });
        assert_eq!(early.ser(), "too_early 2027-08-01");
        assert_eq!(helped.ser(), "not_allowed\nKaren Østergård\nBo Holm");
        for error in [AppError::Offline, AppError::Unreadable, RefusalCode::Stale.into(), helped, early] {
            assert_eq!(AppError::de(error.ser()), error);
        }
    }

    #[test]
    fn what_is_not_ours_is_unreadable() {
        assert_eq!(AppError::de("<html>".into()), AppError::Unreadable);
        assert_eq!(AppError::de("".into()), AppError::Unreadable);
    }
}
