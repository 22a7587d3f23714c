//! Sending a file, or a yes, and reading the stream that answers.

use super::upload;
use crate::api::imports::{ImportMessage, ImportStep, ImportWork, accept_import};
use crate::error::AppError;
use crate::t;
use crate::text::{Locale, number};
use crate::wire::from_text;
use domain::ImportId;
use domain::import::ImportOutcome;
use futures::{Stream, StreamExt};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A chosen file, as it lies on the disk: it is sent from there.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) file: web_sys::File,
}

/// Why a chosen file is not even sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    None,
    /// With the largest size, in bytes.
    TooLarge(u64),
}

impl Complaint {
    pub(super) fn words(self, locale: Locale) -> String {
        match self {
            Self::None => t!(locale, import.choose_file).to_owned(),
            Self::TooLarge(bytes_max) => t!(locale, import.too_large, megabytes = bytes_max / 1_000_000),
        }
    }
}

/// The file that the person chose in this field.
pub(super) fn chosen_file(id: &str, bytes_max: Option<u64>) -> Result<Chosen, Complaint> {
    let field = document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok());
    let file = field.and_then(|field| field.files()).and_then(|files| files.get(0)).ok_or(Complaint::None)?;
    match bytes_max {
        Some(bytes_max) if file.size() > bytes_max as f64 => Err(Complaint::TooLarge(bytes_max)),
        _ => Ok(Chosen { file }),
    }
}

/// The progress as the page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    work: Option<ImportWork>,
    done: u64,
    pub(super) of: Option<u64>,
}

impl Shown {
    /// How full the bar is; a step of unknown length moves nothing.
    pub(super) fn value(&self) -> f64 {
        if self.of.is_some() { self.done as f64 } else { 0.0 }
    }

    pub(super) fn words(&self, locale: Locale) -> String {
        let rows = match self.of {
            Some(of) => t!(locale, import.row_of, done = number(locale, self.done), of = number(locale, of)),
            None => t!(locale, import.rows, done = number(locale, self.done)),
        };
        match &self.work {
            None => t!(locale, import.sending).to_owned(),
            Some(ImportWork::Reading(file)) => t!(locale, import.reading, file = file, rows = rows),
            Some(ImportWork::Comparing) => t!(locale, import.comparing).to_owned(),
            Some(ImportWork::Writing) => t!(locale, import.writing, rows = rows),
        }
    }
}

/// Sends a file and follows the answer to its end.
pub(super) async fn run(chosen: Chosen, step: ImportStep, shown: RwSignal<Shown>) -> Result<ImportOutcome, AppError> {
    shown.set(Shown::default());
    follow(upload::send(&chosen.file, step).await?, shown).await
}

/// Says yes to an import that waits, and follows the answer to its end.
pub(super) async fn accept(id: ImportId, reason: String, shown: RwSignal<Shown>) -> Result<ImportOutcome, AppError> {
    shown.set(Shown::default());
    follow(accept_import(id, reason).await?.into_inner(), shown).await
}

/// Shows the messages of a stream as they come; answers with the last one.
async fn follow<B: AsRef<[u8]>>(
    stream: impl Stream<Item = Result<B, AppError>>,
    shown: RwSignal<Shown>,
) -> Result<ImportOutcome, AppError> {
    let mut stream = Box::pin(stream);
    // Chunks end anywhere; messages end with a line break.
    let mut pending: Vec<u8> = Vec::new();
    while let Some(chunk) = stream.next().await {
        pending.extend_from_slice(chunk?.as_ref());
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let rest = pending.split_off(end + 1);
            let line = String::from_utf8_lossy(&std::mem::replace(&mut pending, rest)).into_owned();
            match from_text(line.trim_end()).ok_or(AppError::Unreadable)? {
                ImportMessage::Progress { step, done, of } => shown.set(Shown { work: Some(step), done, of }),
                ImportMessage::Outcome(outcome) => return Ok(*outcome),
                ImportMessage::Refused(error) => return Err(error),
            }
        }
    }
    // The line was lost before the end; whether it was applied shows in the list of imports.
    Err(AppError::Offline)
}
