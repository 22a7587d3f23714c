//! What crosses between pages and the server: postcard, which is small and needs little code to read.
//!
//! A server function's arguments may come as JSON too, said by their content type, so that people
//! and tests can call one by hand. The browser never does, and has no parser of JSON.

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The codec of every server function, for its arguments and its answer.
pub type Wire = Post<WireEncoding>;

/// Postcard; on the server, JSON is understood too.
#[derive(Clone, Copy, Debug)]
pub struct WireEncoding;

impl ContentType for WireEncoding {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for WireEncoding {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for WireEncoding {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        postcard::to_allocvec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for WireEncoding {
    type Error = String;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        #[cfg(feature = "ssr")]
        if is_json() {
            return serde_json::from_slice(&bytes).map_err(|error| error.to_string());
        }
        postcard::from_bytes(&bytes).map_err(|error| error.to_string())
    }
}

/// Does the request that is being answered say that its body is JSON?
#[cfg(feature = "ssr")]
fn is_json() -> bool {
    let request = leptos::prelude::use_context::<http::request::Parts>();
    request.is_some_and(|request| {
        let kind = request.headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        kind.is_some_and(|kind| kind.starts_with("application/json"))
    })
}

/// A value as text that no attribute, script or storage needs to escape: postcard in hexadecimal digits.
#[must_use]
pub fn to_text(value: &impl Serialize) -> String {
    let bytes = postcard::to_allocvec(value).unwrap_or_default();
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Reads what [`to_text`] wrote; `None` for anything else.
#[must_use]
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    postcard::from_bytes(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_back_from_text() {
        let value = (300_u32, Some("Åse <b>".to_owned()), vec![-1_i64]);
        let text = to_text(&value);
        assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(from_text(&text), Some(value));
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in ["a", "zz", "ff", "å1"] {
            assert_eq!(from_text::<(u32, String)>(text), None, "{text}");
        }
    }
}
