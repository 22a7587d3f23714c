//! A server on a database of its own, and people who are signed in there.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use domain::AccountRole;
use http::{HeaderMap, Request, StatusCode, header};
use server::settings::{Layer, PublicUrl, Settings as ServerSettings, Source, Value};
use server::web::{AppState, router};
use service::accounts::{AccountOrder, Holder};
use service::matrix::CellUse;
use service::password::{HashCost, HashLimits};
use service::session::{Presence, Token};
use service::sign_in::Outcome;
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use service::{Env, Installation, Service, Settings};
use std::net::Ipv4Addr;
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub(crate) struct Site {
    router: Router,
    pub(crate) service: Service,
    /// Database and keys.
    pub(crate) _folder: TempDir,
}

pub(crate) async fn site(address: &str) -> Site {
    site_with(address, CellUse::default()).await
}

/// A site with an authority of two schools: Lindelyskolen (280101) and Engskolen (280102).
pub(crate) async fn place() -> Site {
    let site = site("http://localhost:3000").await;
    site.service.create_authority("851", "Lindely Kommune", "dk").await.unwrap();
    for (code, name) in [("280101", "Lindelyskolen"), ("280102", "Engskolen")] {
        site.service.create_institution("851", code, name).await.unwrap();
    }
    site
}

/// A site whose cards are asked for as often as this.
pub(crate) async fn site_with(address: &str, cell_use: CellUse) -> Site {
    site_in(address, cell_use, Env::system()).await
}

/// A site in surroundings that the test moves.
pub(crate) async fn site_in(address: &str, cell_use: CellUse, env: Env) -> Site {
    site_of(address, cell_use, env, None).await
}

/// The same, whose people can sign in through a broker.
pub(crate) async fn site_of(address: &str, cell_use: CellUse, env: Env, broker: Option<broker::Broker>) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let installation = Installation {
        database: format!("sqlite:{}", folder.path().join("test.db").display()),
        secrets: folder.path().join("secrets"),
        catalogue: None,
        settings: Settings {
            hash_cost: HashCost::LEAST,
            hash_limits: HashLimits { running: 1, waiting: 1 },
            cell_use,
            ..Settings::default()
        },
    };
    let service = installation.create(env.clone()).await.unwrap();
    let small = Layer::new(Source::CommandLine, [("import_megabytes".to_owned(), "1".to_owned())]);
    let settings = ServerSettings::read(&[small]).unwrap();
    let state = AppState::new(service.clone(), env, PublicUrl::read(address).unwrap(), &settings).with_broker(broker);
    Site { router: router(state).unwrap(), service, _folder: folder }
}

impl Site {
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> (StatusCode, HeaderMap, String) {
        let response = self.answer(method, path, headers, body).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, headers, String::from_utf8_lossy(&body).into_owned())
    }
}

impl Site {
    /// The answer before its body is read.
    pub(crate) async fn answer(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Body) -> Response {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:3000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap()
    }
}

/// A signed-in session, as a browser would send it: cookie and token.
pub(crate) struct Session {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Site {
    /// Makes an account at the school of this code, or at its authority, and signs it in, with every
    /// factor it has.
    pub(crate) async fn signed_in(&self, school: &str, role: AccountRole) -> Session {
        let service = &self.service;
        let operator = match role {
            AccountRole::Authority => service.operator_anywhere(service.authority("851").await.unwrap().as_place()),
            _ => service.operator(school).await.unwrap(),
        };
        let holder = Holder::New { given: "Åse".to_owned(), family: "Lind".to_owned() };
        let order = AccountOrder { holder, role, matrix: false };
        let account = service.create_account(&operator, &order).await.unwrap();
        let network = Network::of(Ipv4Addr::LOCALHOST.into());
        let mut outcome = service.sign_in_with_password(&account.user_name, &account.password, &network).await.unwrap();
        if let Some(card) = &account.matrix {
            let token = token(outcome);
            let Presence::Matrix { asked: Some(asked), .. } =
                service.presence(Some(&token), Uuid::nil()).await.unwrap()
            else {
                panic!("the matrix comes next")
            };
            let codes: Vec<String> = asked.places().iter().map(|place| card.cell(*place).to_string()).collect();
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            outcome = service.sign_in_with_matrix(&token, &codes, &network).await.unwrap();
        }
        let changed = service.change_password(&token(outcome), "", "vq8mfz2x-kastanjehest", Uuid::nil()).await.unwrap();
        let Change::Done(token) = changed else { panic!("the password is a good one") };
        Session { csrf: service.csrf(&token), cookie: format!("adgang={}", token.text().as_str()) }
    }
}

fn token(outcome: Outcome) -> Token {
    match outcome {
        Outcome::Next(_, token) => token,
        other => panic!("{other:?}"),
    }
}
