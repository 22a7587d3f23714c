//! A browser in its plainest form: sends requests, keeps the cookie, reads what came back.

use crate::place::{Place, Serving};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A password that the policy takes.
const OWN: &str = "vq8mfz2x-kastanjehest";

/// What came back.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
    /// The same as it came: server functions answer in bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Page {
    /// The value of the page's `csrf`.
    pub(crate) fn csrf(&self) -> &str {
        let (_, after) = self.body.split_once("name=\"csrf\" content=\"").unwrap();
        after.split_once('"').unwrap().0
    }

    #[track_caller]
    pub(crate) fn leads_to(&self, path: &str) {
        let location = self.headers.lines().find_map(|line| line.strip_prefix("location: "));
        assert_eq!((self.status, location), (303, Some(path)), "{}", self.body);
    }

    /// The page of an outage: a whole page, its words, and when to come again.
    #[track_caller]
    pub(crate) fn is_outage(&self, words: &str) {
        assert_eq!(self.status, 503, "{}", self.body);
        assert!(self.body.contains("<h1>The system is not working right now"), "{}", self.body);
        assert!(self.body.contains(words), "{}", self.body);
        assert!(self.headers.contains("retry-after: "), "{}", self.headers);
    }
}

pub(crate) struct Browser {
    port: u16,
    cookie: String,
}

impl Browser {
    pub(crate) fn of(serving: &Serving) -> Self {
        let port = serving.address.rsplit(':').next().unwrap().parse().unwrap();
        Self { port, cookie: String::new() }
    }

    /// The same browser at a server that was started again elsewhere.
    pub(crate) fn with_cookie_of(self, other: &Self) -> Self {
        Self { cookie: other.cookie.clone(), ..self }
    }

    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.send("GET", path, "")
    }

    /// Posts a form, with the token of the page at the same address.
    pub(crate) fn post(&mut self, path: &str, fields: &str) -> Page {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{}", page.body);
        self.send("POST", path, &format!("csrf={}&{fields}", page.csrf()))
    }

    /// Makes a teacher's account and signs it in; gives its user name.
    pub(crate) fn sign_in(&mut self, place: &Place, database: &[&str]) -> String {
        let create = [
            "admin",
            "account",
            "create",
            "--institution",
            "280001",
            "--role",
            "teacher",
            "--person",
            "T-17",
            "--json",
        ];
        let account = place.run(&[create.as_slice(), database].concat()).done().json();
        let word = |key: &str| account[key].as_str().unwrap().to_owned();
        self.post("/sign-in", &format!("username={}&password={}", word("username"), word("password")))
            .leads_to("/change-password");
        self.post("/change-password", &format!("password={OWN}&repeated={OWN}")).leads_to("/");
        word("username")
    }

    /// Signs in with the password that [`Browser::sign_in`] has set.
    pub(crate) fn sign_in_again(&mut self, user_name: &str) -> Page {
        self.cookie.clear();
        self.post("/sign-in", &format!("username={user_name}&password={OWN}"))
    }

    /// What the cookie holds: the session's token.
    pub(crate) fn token(&self) -> &str {
        self.cookie.trim_start_matches("adgang=")
    }

    /// Calls a server function.
    pub(crate) fn call(&mut self, name: &str, arguments: &Value) -> Page {
        let csrf = self.get("/account").csrf().to_owned();
        let headers = format!("x-csrf-token: {csrf}\r\ncontent-type: application/json");
        self.request("POST", &format!("/api/{name}"), &headers, &arguments.to_string())
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, form: &str) -> Page {
        self.request(method, path, "content-type: application/x-www-form-urlencoded", form)
    }

    fn request(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Page {
        let Self { port, cookie } = self;
        let mut stream = TcpStream::connect(("127.0.0.1", *port)).unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost:{port}\r\norigin: http://localhost:{port}\r\n\
             accept-language: en\r\ncookie: {cookie}\r\nconnection: close\r\n\
             {headers}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let text = String::from_utf8_lossy(&answer);
        let (headers, body) = text.split_once("\r\n\r\n").unwrap();
        let bytes = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let bytes = answer[bytes..].to_vec();
        let set = headers.lines().filter_map(|line| line.strip_prefix("set-cookie: adgang=")).next_back();
        if let Some((token, _)) = set.and_then(|set| set.split_once(';')) {
            self.cookie = format!("adgang={token}");
        }
        let status = headers.split(' ').nth(1).unwrap().parse().unwrap();
        Page { status, headers: headers.to_owned(), body: body.to_owned(), bytes }
    }
}
