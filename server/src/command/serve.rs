//! `adgang serve`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::mail::{self, Post};
use crate::settings::{PublicUrl, Settings};
use crate::web::{self, AppState};
use axum::Router;
use broker::Broker;
use domain::exchange::RefusalCode;
use serde_json::json;
use service::{Fault, Service, demo};
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How often a server looks after what nobody asks for.
const HOUR: Duration = Duration::from_secs(3600);

/// Serves until it is told to stop.
pub(super) async fn serve(context: &Context, demo: bool) -> Result<Answer, Failure> {
    let settings = &context.settings;
    let address = settings.address()?;
    if demo && !(settings.listen.ip().is_loopback() && settings.public_url.is_none()) {
        return Err(Failure::Refused("--demo signs anybody in, so it works on this machine alone".to_owned()));
    }
    // The address first: a server that cannot be reached should not have made a database.
    let listener = listen(settings.listen).await?;
    let address = match listener.local_addr() {
        Ok(bound) if settings.public_url.is_none() => PublicUrl::localhost(bound.port()),
        _ => address,
    };
    let post = settings.mail()?.map(|mail| Post::of(&mail, &address)).transpose()?;
    let broker = settings.broker(&address)?.map(Broker::new).transpose();
    let broker = broker.map_err(|error| Failure::Refused(error.to_string()))?;
    let service = open(context, demo).await?;
    let state = AppState::new(service.clone(), context.env.clone(), address.clone(), settings).with_broker(broker);
    let router = web::router(state).map_err(|error| Failure::BadInput(error.to_string()))?;
    let shown = match (context.json, demo) {
        (true, true) => demo_object(context, &service, &address).await?.to_string(),
        (true, false) => json!({ "address": address.to_string() }).to_string(),
        (false, true) => format!("Adgang is at {address}{}", greeting(context, &service).await?),
        (false, false) => format!("Adgang is at {address}"),
    };
    // Whoever reads the address may already tell the server to stop.
    let stop = stop_signal();
    // Whoever started the server may have closed its output.
    let _ = std::io::stdout().write_all(format!("{shown}\n").as_bytes());
    tracing::info!(listen = %settings.listen, address = %address, demo, "serving");
    let posting = mail::send_all(post, service.clone(), format!("{address}/inbox"));
    tokio::select! {
        ended = run(listener, router, &service, settings, stop) => ended?,
        () = posting => {}
    }
    service.close().await;
    tracing::info!("stopped");
    // The one object has told where; nothing comes after it.
    Ok(Answer::done("", serde_json::Value::Null))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::Refused(format!(
            "{address} is taken by another program: stop it, or listen elsewhere with --listen"
        )),
        ErrorKind::PermissionDenied => {
            Failure::Refused(format!("{address} needs a right that this program does not have"))
        }
        _ => Failure::BadInput(format!("{address} cannot be listened on: {error}")),
    })
}

async fn open(context: &Context, demo: bool) -> Result<Service, Failure> {
    let mut installation = context.installation();
    installation.settings.demo = demo;
    let service = installation.create(context.env.clone()).await?;
    if demo && service.demo_is_partial().await? {
        service.close().await;
        return Err(Failure::Refused(only_in_part(&context.settings)));
    }
    if demo && service.demo_people().await?.is_empty() {
        fill(&service, &credentials(context)).await?;
    }
    Ok(service)
}

/// What to do about a demo whose filling was interrupted. What it is about is deleted by who owns it: a
/// program that deletes databases by itself is one day wrong about one.
fn only_in_part(settings: &Settings) -> String {
    let keys = settings.secrets_folder();
    let keys = keys.display();
    match settings.database.file() {
        Some(file) => {
            let file = file.display();
            format!(
                "the demo in {file} was filled only in part: delete {file} (with {file}-wal and {file}-shm, where they \
                 are there) and the folder {keys}, then start again"
            )
        }
        None => format!(
            "the demo in this database was filled only in part: make the database anew, delete the folder {keys}, \
             then start again"
        ),
    }
}

async fn fill(service: &Service, credentials: &Path) -> Result<(), Failure> {
    eprintln!("Filling the database with the demo schools; this takes some seconds.");
    match demo::fill(service, credentials).await {
        Ok(_) => Ok(()),
        Err(Fault::Refused(refusal)) if refusal.code == RefusalCode::Conflict => Err(Failure::Refused(
            "--demo works only on a database that it filled itself: name another with --database".to_owned(),
        )),
        Err(fault) => Err(fault.into()),
    }
}

/// Where the demo's passwords and cards stand: in the folder that only its owner may read.
fn credentials(context: &Context) -> PathBuf {
    context.settings.secrets_folder().join("demo-accounts.txt")
}

/// How to sign in to the demo.
async fn greeting(context: &Context, service: &Service) -> Result<String, Failure> {
    let mut text = String::from("\n\nThe sign-in page offers these people, one button each:\n");
    for person in service.demo_people().await? {
        let role = person.role.code();
        let _ = writeln!(text, "  {:<14} {:<18} {}, {}", person.user_name, role, person.name, person.institution);
    }
    let credentials = credentials(context);
    let _ = write!(text, "\nTheir passwords and cards, for signing in the real way: {}", credentials.display());
    Ok(text)
}

/// The same for a program.
async fn demo_object(context: &Context, service: &Service, address: &PublicUrl) -> Result<serde_json::Value, Failure> {
    let people = service.demo_people().await?.into_iter().map(|person| {
        let role = person.role.code();
        json!({ "username": person.user_name, "role": role, "name": person.name, "institution": person.institution })
    });
    let credentials = credentials(context).display().to_string();
    let people: Vec<_> = people.collect();
    Ok(json!({ "address": address.to_string(), "people": people, "credentials": credentials }))
}

/// Serves until `stop`; then lets running requests end, for as long as the settings say.
async fn run(
    listener: TcpListener,
    router: Router,
    service: &Service,
    settings: &Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Failure> {
    let (tell, mut told) = watch::channel(());
    let serving = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
    let serving = serving.with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("told to stop");
        let _ = tell.send(());
    });
    let patience = Duration::from_secs(settings.stop_seconds);
    let out_of_patience = async {
        // An error means that nobody will tell any more: serving has ended by itself.
        if told.changed().await.is_ok() {
            tokio::time::sleep(patience).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = serving => ended.map_err(|error| Failure::Refused(format!("the server stopped by itself: {error}"))),
        () = out_of_patience => {
            tracing::warn!(patience_s = patience.as_secs(), "stopped with requests still running");
            Ok(())
        }
        () = hourly(service) => Ok(()),
    }
}

/// Sends checkpoints out with the log, lays aside imports that waited too long, reminds those whose
/// accounts lapse soon and forgets what has been kept long enough, for ever.
async fn hourly(service: &Service) {
    loop {
        match service.enforce_retention().await {
            Ok(done) if done.all() == 0 => {}
            Ok(done) => {
                for (kind, count) in done.0.into_iter().filter(|(_, count)| *count > 0) {
                    tracing::info!(setting = kind.described().setting, count, "kept long enough");
                }
            }
            Err(fault) => tracing::error!(error = %fault, "what has been kept long enough could not be forgotten"),
        }
        if let Err(fault) = service.remind_of_lapsing().await {
            tracing::error!(error = %fault, "those whose accounts lapse soon could not be reminded");
        }
        match service.audit_checkpoint().await {
            Ok(checkpoint) => tracing::info!(checkpoint = checkpoint.line(), "audit checkpoint"),
            Err(fault) => tracing::error!(error = %fault, "no audit checkpoint could be taken"),
        }
        tokio::time::sleep(HOUR).await;
    }
}

/// Waits for Ctrl-C, or for what service managers send; both are listened for from the call on.
fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let told = {
        use tokio::signal::unix::{SignalKind, signal};
        let wait = |kind| {
            let listening = signal(kind);
            async move {
                match listening {
                    Ok(mut signal) => signal.recv().await,
                    Err(_) => std::future::pending().await,
                }
            }
        };
        let (interrupted, terminated) = (wait(SignalKind::interrupt()), wait(SignalKind::terminate()));
        async move {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated => {}
            }
        }
    };
    #[cfg(not(unix))]
    let told = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    told
}
