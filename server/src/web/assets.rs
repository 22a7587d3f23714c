//! The site that the binary carries: script, wasm and style.
//!
//! Their addresses carry a hash of their bytes, so a browser may keep them for ever and never
//! mixes two releases. A development build reads `target/site` at each request instead.

use app::live::Bundle;
use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::RustEmbed;
use std::fmt::Write;
use std::sync::OnceLock;

#[derive(RustEmbed)]
#[folder = "../target/site/pkg"]
struct Site;

/// What the file names begin with on disk.
const STEM: &str = "adgang";

/// The kinds of files, by the end of their names.
const KINDS: [(&str, &str); 3] =
    [(".js", "text/javascript"), (".wasm", "application/wasm"), (".css", "text/css; charset=utf-8")];

/// What the file names begin with in the browser: the stem and a hash of what is served.
pub fn versioned_stem() -> &'static str {
    static VERSIONED: OnceLock<String> = OnceLock::new();
    VERSIONED.get_or_init(|| {
        let mut name = format!("{STEM}-");
        let hashes: Vec<_> = Site::iter().filter_map(|file| Some(Site::get(&file)?.metadata.sha256_hash())).collect();
        // Eight bytes name a release among the few that one browser ever meets.
        for at in 0..8 {
            let byte = hashes.iter().filter_map(|hash| hash.get(at)).fold(0_u8, |sum, byte| sum ^ byte);
            let _ = write!(name, "{byte:02x}");
        }
        name
    })
}

/// Is there a site to serve? A server built without `cargo xtask` has none.
#[must_use]
pub fn present() -> bool {
    let bundles = Bundle::ALL.map(Bundle::name);
    let files = bundles.iter().flat_map(|name| [format!("-{name}.js"), format!("-{name}_bg.wasm")]);
    files.chain([".css".to_owned()]).all(|suffix| file(&suffix, "").is_some())
}

fn file(suffix: &str, encoding: &str) -> Option<rust_embed::EmbeddedFile> {
    Site::get(&format!("{STEM}{suffix}{encoding}"))
}

/// Answers `/pkg/{name}`: the smallest form that the browser takes, kept for a year.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let kind = KINDS.into_iter().find(|(end, _)| name.ends_with(end));
    let (Some(suffix), Some((_, content_type))) = (name.strip_prefix(versioned_stem()), kind) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    for (encoding, extension) in [("br", ".br"), ("gzip", ".gz"), ("", "")] {
        if accepts(&headers, encoding)
            && let Some(found) = file(suffix, extension)
        {
            let mut response = Response::new(Body::from(found.data));
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
            headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
            if !encoding.is_empty() {
                headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            return response;
        }
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Does the browser take this encoding? A weight of zero is not looked for: no browser sends one.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    encoding.is_empty()
        || headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|offer| offer.split(';').next().is_some_and(|name| name.trim() == encoding))
}
