//! The cookies of a browser: the session's token, and three short-lived ones of the sign-in.
//!
//! On https their names begin with `__Host-`, which browsers keep to this very host and to https.
//! Over http, on this machine alone, they go without.

use crate::settings::PublicUrl;
use app::session_state::SignInProblem;
use app::theme::Theme;
use domain::exchange::own::PasswordHint;
use http::{HeaderMap, HeaderValue, header};
use service::session::Token;

/// Seconds that the outcome of a form waits for the page that shows it.
const PROBLEM_SECONDS: u32 = 60;
/// Seconds that the page asked for waits for the sign-in.
const NEXT_SECONDS: u32 = 15 * 60;
/// Seconds that a choice of language, or of light and dark, is kept.
const CHOICE_SECONDS: u32 = 365 * 24 * 3_600;
/// The longest address kept.
const NEXT_MAX: usize = 512;

/// The cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cookie {
    /// The session's token.
    Session,
    /// What to say about the form that was sent last.
    Problem,
    /// What made a refused password easy to guess; never anything of the password.
    Hints,
    /// Where to go after signing in.
    Next,
}

impl Cookie {
    fn name(self, address: &PublicUrl) -> String {
        let name = match self {
            Self::Session => "adgang",
            Self::Problem => "adgang-problem",
            Self::Hints => "adgang-hints",
            Self::Next => "adgang-next",
        };
        if address.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }
}

/// What a request's cookies say.
#[derive(Clone, Debug, Default)]
pub(super) struct Cookies {
    /// The session's token, if it is one of our making.
    pub(super) token: Option<Token>,
    /// What to say about the form that was sent last.
    pub(super) problem: Option<SignInProblem>,
    /// What made a refused password easy to guess.
    pub(super) hints: Vec<PasswordHint>,
    /// Where to go after signing in.
    pub(super) next: Option<String>,
}

impl Cookies {
    /// Reads the request's cookies; what cannot be ours is left out.
    pub(super) fn read(headers: &HeaderMap, address: &PublicUrl) -> Self {
        let value = |cookie: Cookie| {
            let name = cookie.name(address);
            pairs(headers).find_map(|(key, value)| (key == name).then(|| value.to_owned()))
        };
        Self {
            token: value(Cookie::Session).and_then(|text| Token::read(&text)),
            problem: value(Cookie::Problem).and_then(|code| SignInProblem::from_code(&code)),
            hints: value(Cookie::Hints)
                .iter()
                .flat_map(|codes| codes.split('.'))
                .filter_map(PasswordHint::of_code)
                .collect(),
            next: value(Cookie::Next).filter(|path| is_own_page(path)),
        }
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

/// Is it a path of ours that a page may be at: nothing that a browser could take for another host?
pub(super) fn is_own_page(path: &str) -> bool {
    let rest = path.strip_prefix('/');
    let is_path = rest.is_some_and(|rest| !rest.starts_with('/'));
    let harmless = |c: char| c.is_ascii_alphanumeric() || "/-._~%?&=+:@!$'()*".contains(c);
    let signing = ["/sign-in", "/sign-out", "/change-password", "/api/"];
    is_path && path.len() <= NEXT_MAX && path.chars().all(harmless) && !signing.iter().any(|own| path.starts_with(own))
}

/// Cookies to be set with an answer.
#[derive(Debug)]
pub(super) struct SetCookies<'a> {
    address: &'a PublicUrl,
    headers: &'a mut HeaderMap,
}

impl<'a> SetCookies<'a> {
    pub(super) const fn on(headers: &'a mut HeaderMap, address: &'a PublicUrl) -> Self {
        Self { address, headers }
    }

    /// The token of a session, a sign-in under way, or a browser before either. Without an age: it
    /// goes when the browser closes, and what it stands for is ended by the server.
    pub(super) fn session(&mut self, token: &Token) {
        self.set(Cookie::Session, &token.text(), None);
    }

    /// What the next page is to say.
    pub(super) fn problem(&mut self, problem: SignInProblem) {
        self.set(Cookie::Problem, problem.code(), Some(PROBLEM_SECONDS));
    }

    /// What made a refused password easy to guess.
    pub(super) fn hints(&mut self, hints: &[PasswordHint]) {
        let codes: Vec<&str> = hints.iter().map(|hint| hint.code()).collect();
        self.set(Cookie::Hints, &codes.join("."), Some(PROBLEM_SECONDS));
    }

    /// Where to go after signing in; the path must be checked.
    pub(super) fn next(&mut self, path: &str) {
        self.set(Cookie::Next, path, Some(NEXT_SECONDS));
    }

    /// Takes the session's token away.
    pub(super) fn forget_session(&mut self) {
        self.set(Cookie::Session, "", Some(0));
    }

    /// Takes away what was to be said.
    pub(super) fn forget_problem(&mut self) {
        self.set(Cookie::Problem, "", Some(0));
        self.set(Cookie::Hints, "", Some(0));
    }

    /// Takes away where to go.
    pub(super) fn forget_next(&mut self) {
        self.set(Cookie::Next, "", Some(0));
    }

    /// The person's choice of language; no secret, and read by pages without a session.
    pub(super) fn language(&mut self, code: &str) {
        self.write(app::text::LANGUAGE_COOKIE, code, Some(CHOICE_SECONDS));
    }

    /// The person's choice of light or dark; without one, the cookie goes.
    pub(super) fn theme(&mut self, theme: Theme) {
        let seconds = if theme == Theme::System { 0 } else { CHOICE_SECONDS };
        self.write(app::theme::THEME_COOKIE, theme.code(), Some(seconds));
    }

    fn set(&mut self, cookie: Cookie, value: &str, seconds: Option<u32>) {
        self.write(&cookie.name(self.address), value, seconds);
    }

    fn write(&mut self, name: &str, value: &str, seconds: Option<u32>) {
        let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        let secure = if self.address.is_https() { "; Secure" } else { "" };
        let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
        if let Ok(mut line) = HeaderValue::try_from(line) {
            line.set_sensitive(true);
            self.headers.append(header::SET_COOKIE, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Value;
    use service::Env;

    fn https() -> PublicUrl {
        PublicUrl::read("https://adgang.example.org").unwrap()
    }

    fn sent(lines: &[String]) -> HeaderMap {
        lines.iter().map(|line| (header::COOKIE, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[test]
    fn only_pages_of_ours_are_gone_to() {
        for good in ["/", "/rights", "/rights?teacher=0191&view=pupil", "/history?q=%C3%A5", "/my-rights"] {
            assert!(is_own_page(good), "{good}");
        }
        for bad in [
            "",
            "rights",
            "//example.org",
            "/\\example.org",
            "https://example.org",
            "/rights\r\nx",
            "/a b",
            "/é",
            "/a;b",
            "/a\"b",
            "/sign-in",
            "/sign-in/matrix",
            "/sign-out",
            "/change-password",
            "/api/session",
            "/%00#x",
        ] {
            assert!(!is_own_page(bad), "{bad:?}");
        }
        assert!(!is_own_page(&format!("/{}", "x".repeat(NEXT_MAX))));
    }

    #[test]
    fn cookies_are_kept_to_this_host_and_away_from_scripts() {
        let (mut headers, address) = (HeaderMap::new(), https());
        let token = Token::draw(&Env::system());
        let mut cookies = SetCookies::on(&mut headers, &address);
        cookies.session(&token);
        cookies.problem(SignInProblem::Wrong);
        let lines: Vec<&str> = headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
        let text = token.text();
        assert_eq!(lines[0], format!("__Host-adgang={}; Path=/; HttpOnly; SameSite=Lax; Secure", *text));
        assert_eq!(lines[1], "__Host-adgang-problem=wrong; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");

        let (mut headers, address) = (HeaderMap::new(), PublicUrl::localhost(3000));
        SetCookies::on(&mut headers, &address).session(&token);
        let line = headers.get(header::SET_COOKIE).unwrap();
        assert_eq!(line.to_str().unwrap(), format!("adgang={}; Path=/; HttpOnly; SameSite=Lax", *text));
        assert!(line.is_sensitive());
    }

    #[test]
    fn what_is_not_ours_is_left_out() {
        let token = Token::draw(&Env::system());
        let text = token.text();
        let read = |line: &str, address: &PublicUrl| Cookies::read(&sent(&[line.to_owned()]), address);
        let both = format!("language=sv; __Host-adgang={}; __Host-adgang-next=/rights", *text);
        let cookies = read(&both, &https());
        assert_eq!(cookies.token.map(|read| read.hash()), Some(token.hash()));
        assert_eq!(cookies.next.as_deref(), Some("/rights"));
        assert!(read(&format!("adgang={}", *text), &https()).token.is_none(), "the prefix is needed on https");
        assert!(read("__Host-adgang=x", &https()).token.is_none());
        assert!(read("__Host-adgang-next=//example.org", &https()).next.is_none());
        assert_eq!(read("adgang-problem=busy", &PublicUrl::localhost(1)).problem, Some(SignInProblem::Busy));
        assert!(read("adgang-problem=<script>", &PublicUrl::localhost(1)).problem.is_none());
    }
}
