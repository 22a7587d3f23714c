//! What may be typed about persons, and about how long data is kept.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// `adgang person`
#[derive(Debug, Subcommand)]
pub enum Person {
    /// Write out everything that an institution or authority holds about a person
    File(PersonFile),
    /// Erase a person who has left: the name and all that is personal; what was recorded stays
    Erase {
        /// The person: our id, the roster's, or the user name of an account there
        #[arg(value_name = "ID")]
        person: String,
        /// Where they are, or were.
        #[command(flatten)]
        place: PersonPlace,
        /// Why; stands in the audit log
        #[arg(long)]
        reason: String,
    },
}

/// `adgang person file`
#[derive(Debug, Args)]
pub struct PersonFile {
    /// The person: our id, the roster's, or the user name of an account there
    #[arg(value_name = "ID")]
    pub person: String,
    /// Where they are, or were.
    #[command(flatten)]
    pub place: PersonPlace,
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

/// Where a person is, or was.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct PersonPlace {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// The code of the authority, for somebody who has or had an account there
    #[arg(long, value_name = "CODE")]
    pub authority: Option<String>,
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
