//! `adgang admin`: authorities, institutions, accounts

use super::{Context, material, unilogin};
use crate::answer::{Answer, Failure};
use crate::cli::{Account, AccountCreate, Admin, Authority, Country, Institution, Role};
use domain::{AccountRole, InstitutionId};
use serde_json::json;
use service::accounts::{AccountOrder, Holder, IssuedAccount};
use service::{Actor, Service};
use std::fmt::Write;
use uuid::Uuid;

/// Makes what nobody could sign in to make.
pub(super) async fn run(context: &Context, command: Admin) -> Result<Answer, Failure> {
    match command {
        Admin::Authority(Authority::Create { code, name, country }) => authority(context, &code, &name, country).await,
        Admin::Institution(Institution::Create { authority, code, name }) => {
            let service = context.open().await?;
            let id = service.create_institution(&authority, &code, &name).await?;
            Ok(Answer::done(format!("Institution {code} is made."), json!({ "id": id, "code": code })))
        }
        Admin::Account(Account::Create(order)) => account(context, order).await,
        Admin::Account(Account::Reissue { user_name }) => reissue(context, &user_name).await,
        Admin::Account(Account::Close { user_name }) => {
            let (service, operator) = anywhere(context).await?;
            service.close_for_operator(&operator, &user_name).await?;
            Ok(Answer::done(format!("Account {user_name} is closed."), json!({ "username": user_name, "open": false })))
        }
        Admin::Account(Account::Open { user_name }) => {
            let (service, operator) = anywhere(context).await?;
            service.open_for_operator(&operator, &user_name).await?;
            Ok(Answer::done(format!("Account {user_name} is open."), json!({ "username": user_name, "open": true })))
        }
        Admin::Account(Account::Delete { user_name }) => {
            let (service, operator) = anywhere(context).await?;
            service.delete_for_operator(&operator, &user_name).await?;
            let json = json!({ "username": user_name, "deleted": true });
            Ok(Answer::done(format!("Account {user_name} is deleted."), json))
        }
        Admin::Material(command) => material::run(context, &command).await,
        Admin::Unilogin(command) => unilogin::run(context, command).await,
    }
}

/// The first thing that an installation needs, so it makes the database too.
async fn authority(context: &Context, code: &str, name: &str, country: Country) -> Result<Answer, Failure> {
    let id = context.create().await?.create_authority(code, name, country.code()).await?;
    Ok(Answer::done(format!("Authority {code} is made."), json!({ "id": id, "code": code })))
}

async fn account(context: &Context, order: AccountCreate) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let operator = match (&order.institution, &order.authority) {
        (Some(code), _) => service.operator(code).await?,
        (None, Some(code)) => service.operator_anywhere(service.authority(code).await?.as_place()),
        (None, None) => return Err(Failure::BadInput("name --institution or --authority".to_owned())),
    };
    let holder = holder(&service, &operator, &order).await?;
    let order = AccountOrder { holder, role: role(order.role), matrix: order.matrix };
    Ok(issued(&service.create_account(&operator, &order).await?))
}

/// The service, and the operator at no place of its own.
async fn anywhere(context: &Context) -> Result<(Service, Actor), Failure> {
    let service = context.open().await?;
    let operator = service.operator_anywhere(InstitutionId(Uuid::nil()));
    Ok((service, operator))
}

/// The way back for an authority's people who are locked out.
async fn reissue(context: &Context, user_name: &str) -> Result<Answer, Failure> {
    let (service, operator) = anywhere(context).await?;
    Ok(issued(&service.reissue_for_operator(&operator, user_name).await?.into()))
}

/// An existing person, or a new one; the command line has seen to it that one of them is named.
async fn holder(service: &Service, operator: &Actor, order: &AccountCreate) -> Result<Holder, Failure> {
    if let Some(user_name) = &order.same_as {
        return Ok(Holder::Known(service.principal_named(operator, user_name).await?));
    }
    match (&order.person, &order.given, &order.family) {
        (Some(id), _, _) => {
            let ids = service.ids(operator).await?;
            Ok(Holder::Known(
                ids.person(id).ok_or_else(|| Failure::BadInput("no such person is known here".to_owned()))?,
            ))
        }
        (None, Some(given), Some(family)) => Ok(Holder::New { given: given.clone(), family: family.clone() }),
        _ => Err(Failure::BadInput("name a person with --person, or a new one with --given and --family".to_owned())),
    }
}

const fn role(role: Role) -> AccountRole {
    match role {
        Role::Authority => AccountRole::Authority,
        Role::Principal => AccountRole::Principal,
        Role::TestAdministrator => AccountRole::TestAdministrator,
        Role::Leader => AccountRole::Leader,
        Role::Teacher => AccountRole::Teacher,
    }
}

/// Shows user name, password and card, for the only time.
fn issued(account: &IssuedAccount) -> Answer {
    let mut text = format!("User name: {}\nPassword:  {}\n", account.user_name, account.password.as_str());
    let mut matrix = serde_json::Value::Null;
    if let Some(card) = &account.matrix {
        let mut object = serde_json::Map::new();
        let mut row = None;
        for (place, cell) in card.cells() {
            let place = place.to_string();
            let letter = place.chars().next();
            if row != letter {
                text.push('\n');
                row = letter;
            }
            let _ = write!(text, "{place:>4} {}", cell.as_str());
            object.insert(place, cell.as_str().into());
        }
        text.push('\n');
        matrix = object.into();
    }
    text.push_str("The password is good for one sign-in. None of this can be shown again.");
    let json = json!({ "username": account.user_name, "password": account.password.as_str(), "matrix": matrix });
    Answer::done(text, json)
}
