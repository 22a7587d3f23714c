//! `adgang admin unilogin`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::cli::{Unilogin, UniloginAdministrator, UniloginOversight, UniloginSource};
use domain::IdentitySource;
use serde_json::json;
use service::people::Named;

/// Lets an institution or authority be run from UNI-Login.
pub(super) async fn run(context: &Context, command: Unilogin) -> Result<Answer, Failure> {
    match command {
        Unilogin::Source(of) => source(context, of).await,
        Unilogin::Administrator(order) => administrator(context, order).await,
        Unilogin::Untie { uni_login } => {
            context.open().await?.untie_uni_login(&uni_login).await?;
            Ok(Answer::done(format!("{uni_login} is nobody's any more."), json!({ "untied": uni_login })))
        }
        Unilogin::Oversight(order) => oversight(context, order).await,
    }
}

async fn source(context: &Context, of: UniloginSource) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let source = IdentitySource::from(of.source);
    let place = match (&of.institution, &of.authority) {
        (Some(code), _) => {
            service.set_source_of_institution(code, source).await?;
            format!("Institution {code}")
        }
        (None, Some(code)) => {
            service.set_source_of_authority(code, source).await?;
            format!("Authority {code}")
        }
        (None, None) => return Err(Failure::BadInput("name --institution or --authority".to_owned())),
    };
    let from = match source {
        IdentitySource::Local => "local accounts",
        IdentitySource::Unilogin => "UNI-Login",
    };
    let text = format!("{place} takes its administrative capacities from {from} now.");
    Ok(Answer::done(text, json!({ "source": source.code() })))
}

async fn administrator(context: &Context, order: UniloginAdministrator) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let who = match (&order.person, order.given, order.family) {
        (Some(id), _, _) => {
            let operator = service.operator(&order.institution).await?;
            let person = service.ids(&operator).await?.person(id);
            Named::Known(person.ok_or_else(|| Failure::BadInput("no such person is known here".to_owned()))?)
        }
        (None, Some(given), Some(family)) => Named::New { given, family },
        _ => {
            return Err(Failure::BadInput(
                "name a person with --person, or a new one with --given and --family".to_owned(),
            ));
        }
    };
    let person = service.first_user_administrator(&order.institution, &who, &order.uni_login).await?;
    let text = format!("{} keeps the people of institution {} now.", order.uni_login, order.institution);
    Ok(Answer::done(text, json!({ "person": person })))
}

async fn oversight(context: &Context, order: UniloginOversight) -> Result<Answer, Failure> {
    let service = context.open().await?;
    let (authority, uni_id) = (&order.authority, &order.uni_login);
    if order.end {
        service.take_oversight(authority, uni_id).await?;
        return Ok(Answer::done(format!("{uni_id} oversees authority {authority} no more."), json!({ "held": false })));
    }
    let (Some(given), Some(family)) = (order.given, order.family) else {
        return Err(Failure::BadInput("name the person with --given and --family".to_owned()));
    };
    let person = service.give_oversight(authority, &Named::New { given, family }, uni_id).await?;
    Ok(Answer::done(format!("{uni_id} oversees authority {authority} now."), json!({ "person": person, "held": true })))
}
