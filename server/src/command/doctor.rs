//! `adgang doctor`

use super::Context;
use crate::answer::{Answer, Failure};
use crate::mail::Post;
use crate::web::assets;
use serde::Serialize;
use serde_json::json;
use service::Service;
use std::fmt::Write;

#[derive(Serialize)]
struct Finding {
    name: &'static str,
    sound: bool,
    text: String,
}

/// Looks at everything that the installation stands on, one after the other.
pub(super) async fn run(context: &Context) -> Result<Answer, Failure> {
    let mut findings = vec![
        finding("configuration", context.settings.address().map(|address| format!("people type {address}"))),
        finding("catalogue", context.catalogue().map(|found| format!("{} tests", found.entries().len()))),
        finding(
            "site",
            if assets::present() { Ok("the pages are in the binary") } else { Err("the pages were not built") },
        ),
    ];
    match context.open().await {
        Err(failure) => findings.push(finding::<String, _>("database and keys", Err(failure))),
        Ok(service) => {
            findings.push(finding("database and keys", Ok::<_, Failure>("they belong together")));
            findings.push(finding("structure", context.structure().await));
            let audit = service.verify_audit(&[]).await.map_err(Failure::from).and_then(|report| {
                match report.findings.first() {
                    None => Ok(format!("{} entries, as they were written", report.entries)),
                    Some(first) => Err(Failure::Refused(first.to_string())),
                }
            });
            findings.push(finding("audit log", audit));
            findings.push(finding("mail", context.mail(&service).await));
        }
    }
    let sound = findings.iter().all(|finding| finding.sound);
    let mut text = String::new();
    for Finding { name, sound, text: said } in &findings {
        let _ = writeln!(text, "{} {name}: {said}", if *sound { "ok   " } else { "WRONG" });
    }
    let answer = Answer::done(text, json!({ "sound": sound, "checks": findings }));
    let wrong: Vec<&str> = findings.iter().filter(|finding| !finding.sound).map(|finding| finding.name).collect();
    Ok(if sound { answer } else { answer.refused(format!("something is wrong with: {}", wrong.join(", "))) })
}

impl Context {
    /// Do mails go out, and did they?
    async fn mail(&self, service: &Service) -> Result<String, Failure> {
        let Some(mail) = self.settings.mail()? else {
            return Ok("nothing is mailed; the pages offer a list to print".to_owned());
        };
        let way = mail.way.clone();
        let post = Post::of(&mail, &self.settings.address()?)?;
        post.reach().await.map_err(Failure::Refused)?;
        let (waiting, given_up) = service.mail_counts().await?;
        Ok(format!("{way} takes mails; {waiting} wait, {given_up} could not be sent"))
    }

    /// Is the database's file whole? PostgreSQL looks after its own.
    async fn structure(&self) -> Result<String, Failure> {
        match self.installation().damage().await? {
            None => Ok("PostgreSQL's own".to_owned()),
            Some(found) => match found.first() {
                None => Ok("the file is whole".to_owned()),
                Some(first) => Err(Failure::Refused(first.clone())),
            },
        }
    }
}

fn finding<T: ToString, E: ToString>(name: &'static str, outcome: Result<T, E>) -> Finding {
    match outcome {
        Ok(said) => Finding { name, sound: true, text: said.to_string() },
        Err(said) => Finding { name, sound: false, text: said.to_string() },
    }
}
