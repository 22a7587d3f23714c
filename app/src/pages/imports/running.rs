//! Sending a file and reading the stream that answers.

use crate::api::imports::{ImportMessage, ImportStep, ImportWork, run_import};
use crate::error::AppError;
use crate::t;
use crate::text::{Locale, number};
use domain::import::ImportOutcome;
use futures::StreamExt;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// The largest file that goes by the page, in bytes; larger ones go by the command line.
pub(super) const PAGE_BYTES_MAX: usize = 2_000_000;

/// A chosen file, in the browser's memory until it is applied or thrown away.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub(super) name: String,
    bytes: Vec<u8>,
}

/// Why a chosen file is not even sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Complaint {
    None,
    NotZip,
    TooLarge,
    Unreadable,
}

impl Complaint {
    pub(super) fn words(self, locale: Locale) -> String {
        match self {
            Self::None => t!(locale, import.choose_file).to_owned(),
            Self::NotZip => t!(locale, import.not_zip).to_owned(),
            Self::TooLarge => t!(locale, import.too_large, megabytes = PAGE_BYTES_MAX / 1_000_000),
            Self::Unreadable => t!(locale, import.unreadable).to_owned(),
        }
    }
}

/// The file that the person chose in this field.
pub(super) async fn chosen_file(id: &str) -> Result<Chosen, Complaint> {
    let field = document().get_element_by_id(id).and_then(|found| found.dyn_into::<web_sys::HtmlInputElement>().ok());
    let file = field.and_then(|field| field.files()).and_then(|files| files.get(0)).ok_or(Complaint::None)?;
    if !file.name().to_lowercase().ends_with(".zip") {
        return Err(Complaint::NotZip);
    }
    if file.size() > PAGE_BYTES_MAX as f64 {
        return Err(Complaint::TooLarge);
    }
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| Complaint::Unreadable)?;
    Ok(Chosen { name: file.name(), bytes: js_sys::Uint8Array::new(&buffer).to_vec() })
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
    let mut stream = Box::pin(run_import(chosen.name, chosen.bytes, step).await?.into_inner());
    // Chunks end anywhere; messages end with a line break.
    let mut pending: Vec<u8> = Vec::new();
    while let Some(chunk) = stream.next().await {
        pending.extend_from_slice(&chunk?);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let rest = pending.split_off(end + 1);
            let message = serde_json::from_slice(&std::mem::replace(&mut pending, rest));
            match message.map_err(|_| AppError::Unreadable)? {
                ImportMessage::Progress { step, done, of } => shown.set(Shown { work: Some(step), done, of }),
                ImportMessage::Outcome(outcome) => return Ok(*outcome),
                ImportMessage::Refused(error) => return Err(error),
            }
        }
    }
    // The line was lost before the end; whether it was applied shows when the file is read again.
    Err(AppError::Offline)
}
