//! What may be typed about persons, and about how long data is kept.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `adgang person`
#[derive(Debug, Subcommand)]
pub enum Person {
    /// Write out everything that an institution holds about a person
    File(PersonFile),
    /// Erase a person who has left: the name and all that is personal; what was recorded stays
    Erase {
        /// The person: our id or the roster's
        #[arg(value_name = "ID")]
        person: String,
        /// The code of the institution
        #[arg(long, value_name = "CODE")]
        institution: String,
        /// Why; stands in the audit log
        #[arg(long)]
        reason: String,
    },
}

/// `adgang person file`
#[derive(Debug, Args)]
pub struct PersonFile {
    /// The person: our id or the roster's
    #[arg(value_name = "ID")]
    pub person: String,
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The file to write, ending in .html (to print) or .json
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The language of the page
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<Language>,
    /// Show the name of a person whose identity is protected, for this reason; stands in the audit log
    #[arg(long, value_name = "REASON")]
    pub reveal: Option<String>,
}

/// A language that pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// Danish
    Da,
    /// Swedish
    Sv,
    /// English
    En,
}

/// `adgang retention`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Retention {
    /// Forget what has been kept long enough; a running server does so hourly
    Run {
        /// Count only, and forget nothing
        #[arg(long)]
        dry_run: bool,
    },
}
