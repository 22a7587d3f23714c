//! Fills a folder with the large school, signs its test administrator in, and prints what a
//! benchmark of the page needs: the database, the keys, and the session's cookie.
//!
//! `cargo run --release --package service --example large_school -- FOLDER`

use service::demo::large;
use service::env::Env;
use service::session::Token;
use service::sign_in::change::Change;
use service::sign_in::network::Network;
use service::sign_in::{Next, Outcome};
use service::{Installation, Service, Settings};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

type Failure = Box<dyn std::error::Error>;

const PUPILS: u32 = 1_000;
const TEACHERS: u32 = 90;
const DECISIONS: usize = 3_200;
/// In place of the issued password.
const OWN_PASSWORD: &str = "violin-kompas-havregryn-88";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("which folder?")?);
    std::fs::create_dir_all(&folder)?;
    let database = format!("sqlite:{}", folder.join("adgang.db").display());
    let secrets = folder.join("secrets");
    let settings = Settings::default();
    let installation = Installation { database: database.clone(), secrets: secrets.clone(), catalogue: None, settings };
    let service = installation.create(Env::system()).await?;
    let large = large::fill(&service, PUPILS, TEACHERS, DECISIONS).await?;
    let token = sign_in(&service, &large.administrator).await?;
    service.close().await;
    let told = serde_json::json!({ "database": database, "secrets": secrets, "cookie": token.text().as_str(),
        "teacher": large.plain_teacher });
    println!("{told}");
    Ok(())
}

/// Signs in as a person does: password, matrix, a password of one's own.
async fn sign_in(service: &Service, account: &service::accounts::IssuedAccount) -> Result<Token, Failure> {
    let network = Network::of(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let tried = service.sign_in_with_password(&account.user_name, &account.password, &network).await?;
    let Outcome::Next(Next::Matrix, token) = tried else { return Err("the password is not taken".into()) };
    let matrix = account.matrix.as_ref().ok_or("no matrix")?;
    let presence = service.presence(Some(&token), service.env().id()).await?;
    let service::session::Presence::Matrix { asked: Some(asked), .. } = presence else {
        return Err("nothing asked".into());
    };
    let cells = asked.places().map(|place| matrix.cell(place));
    let typed = cells.each_ref().map(|cell| cell.as_str());
    let Outcome::Next(Next::ChangePassword, token) = service.sign_in_with_matrix(&token, &typed, &network).await?
    else {
        return Err("the matrix is not taken".into());
    };
    let changed = service.change_password(&token, "", OWN_PASSWORD, service.env().id()).await?;
    let Change::Done(token) = changed else { return Err("the password is not changed".into()) };
    Ok(token)
}
