//! What each command does: read what was typed, call `service`, show the answer.

mod admin;
mod audit;
mod backup;
mod bar;
mod config;
mod doctor;
mod draft;
mod import;
mod material;
mod person;
mod questions;
mod retention;
mod secrets;
mod serve;
mod tests;
mod unilogin;

use crate::answer::{Answer, Failure};
use crate::cli::{Cli, Command, Global, Serve};
use crate::logging;
use crate::settings::{Layer, Settings, Source};
use domain::Zone;
use serde::Serialize;
use service::catalogue::Catalogue;
use service::env::{MovedClock, SystemRandomness};
use service::{Env, Installation, Service};
use std::path::Path;
use std::sync::Arc;

/// What commands work with.
struct Context {
    settings: Settings,
    layers: Vec<Layer>,
    env: Env,
    /// Is one JSON object wanted?
    json: bool,
}

/// Runs what was typed.
///
/// # Errors
/// One sentence, where nothing was done.
pub async fn run(cli: Cli) -> Result<Answer, Failure> {
    let layers = layers(&cli)?;
    let settings = Settings::read(&layers)?;
    // A command that ends by itself says what matters in its answer; its log is for what goes wrong.
    let log = if matches!(cli.command, Command::Serve(_)) { settings.log.as_str() } else { "warn" };
    logging::start(log, settings.log_format)?;
    let context = Context { settings, layers, env: env_of(&cli.command), json: cli.global.json };
    match cli.command {
        Command::Serve(arguments) => serve::serve(&context, arguments.demo).await,
        Command::Migrate => context.migrate().await,
        Command::Config(command) => config::run(&context, command),
        Command::Audit(command) => audit::run(&context, &command).await,
        Command::Doctor => doctor::run(&context).await,
        Command::Secrets(crate::cli::Secrets::Rotate) => secrets::rotate(&context).await,
        Command::Backup { path } => backup::backup(&context, &path).await,
        Command::Restore { path } => backup::restore(&context, &path).await,
        Command::Admin(command) => admin::run(&context, command).await,
        Command::Person(command) => person::run(&context, &command).await,
        Command::Retention(command) => retention::run(&context, command).await,
        Command::Import(arguments) => import::run(&context, &arguments).await,
        Command::Tests(arguments) => tests::run(&context, &arguments).await,
        Command::Draft(command) => draft::run(&context, &command).await,
        Command::Check(arguments) => questions::check(&context, &arguments).await,
        Command::Rights(arguments) => questions::rights(&context, &arguments).await,
        Command::WhoSees(arguments) => questions::who_sees(&context, &arguments).await,
    }
}

/// The machine's time and randomness. Only the demo, on this machine and its own database alone, may
/// stand at another day; and it says so.
fn env_of(command: &Command) -> Env {
    match command {
        Command::Serve(Serve { demo: true, day: Some(day), .. }) => {
            tracing::warn!(%day, "the clock is moved: the demo stands at another day");
            Env::new(Arc::new(MovedClock::to(*day, Zone::Copenhagen)), Arc::new(SystemRandomness))
        }
        _ => Env::system(),
    }
}

/// Where settings come from, first the strongest.
fn layers(cli: &Cli) -> Result<Vec<Layer>, Failure> {
    let mut typed = cli.global.values();
    if let Command::Serve(arguments) = &cli.command {
        typed.extend(arguments.values());
    }
    let environment: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let file = file_of(&cli.global, &environment);
    let mut layers = vec![Layer::new(Source::CommandLine, typed), Layer::environment(environment)?];
    if let Some(path) = file {
        layers.push(Layer::file(Path::new(&path))?);
    }
    Ok(layers)
}

fn file_of(global: &Global, environment: &[(String, String)]) -> Option<String> {
    let named = environment.iter().find(|(name, _)| name == "ADGANG_CONFIG").map(|(_, value)| value.clone());
    global.config.as_ref().map(|path| path.display().to_string()).or(named)
}

impl Context {
    /// Where this installation lies and what it has chosen.
    fn installation(&self) -> Installation {
        Installation {
            database: self.settings.database.as_str().to_owned(),
            secrets: self.settings.secrets_folder(),
            catalogue: self.settings.catalogue.clone(),
            settings: service::Settings {
                cell_use: self.settings.cell_use,
                mails: self.settings.sends_mails(),
                broker_minimum: self.settings.broker_minimum,
                takes_effect: self.settings.affiliations_take_effect,
                leaders_see_without_teaching: self.settings.leaders_see_without_teaching,
                retention: self.settings.retention(),
                ..service::Settings::default()
            },
        }
    }

    /// The use cases over what is there already.
    async fn open(&self) -> Result<Service, Failure> {
        Ok(self.installation().open(self.env.clone()).await?)
    }

    /// The use cases, after making or bringing up the database.
    async fn create(&self) -> Result<Service, Failure> {
        Ok(self.installation().create(self.env.clone()).await?)
    }

    async fn migrate(&self) -> Result<Answer, Failure> {
        self.create().await?.close().await;
        let schema = service::installation::SCHEMA;
        Ok(Answer::done(format!("The database has schema {schema}."), serde_json::json!({ "schema": schema })))
    }

    /// The test catalogue, which needs no database.
    fn catalogue(&self) -> Result<Catalogue, Failure> {
        Catalogue::load(self.settings.catalogue.as_deref()).map_err(|error| Failure::BadInput(error.to_string()))
    }
}

/// The JSON form of an answer; plain data always has one.
fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
