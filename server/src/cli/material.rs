//! `adgang admin material`: what may be typed.

use super::Country;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `adgang admin material`
#[derive(Debug, Subcommand)]
pub enum Material {
    /// Put a file into the portal
    Add(MaterialAdd),
    /// List all material, that which was taken back too
    List,
    /// Take material back: it is gone from the portal, and its file from the database
    Withdraw {
        /// Its id, as `list` shows it
        id: String,
    },
    /// List who opened protected material, the newest first
    Openings(MaterialOpenings),
}

/// `adgang admin material add`
#[derive(Debug, Args)]
pub struct MaterialAdd {
    /// The file
    pub file: PathBuf,
    /// Its subject, by the slug that `adgang tests` shows
    #[arg(long, value_name = "SLUG")]
    pub subject: String,
    /// The form of schooling it is for, such as folkeskole or grundskola [default: every one]
    #[arg(long, value_name = "FORM")]
    pub school_form: Option<String>,
    /// What it is called [default: the file's name]
    #[arg(long)]
    pub title: Option<String>,
    /// The country it is for, where both have the subject
    #[arg(long)]
    pub country: Option<Country>,
    /// Only for teachers whose accounts were given the subject
    #[arg(long)]
    pub protected: bool,
}

/// `adgang admin material openings`
#[derive(Debug, Args)]
pub struct MaterialOpenings {
    /// Only with accounts of the institution with this code
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// Only of the material with this id
    #[arg(long, value_name = "ID", conflicts_with = "institution")]
    pub material: Option<String>,
}
