//! The command line: what may be typed, and nothing of what it does.

mod account;
mod material;
mod person;
mod unilogin;

pub use account::{Account, AccountCreate, Role};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::Date;
pub use material::{Material, MaterialAdd, MaterialOpenings};
pub use person::{Language, Person, PersonFile, PersonPlace, Retention};
use std::path::PathBuf;
pub use unilogin::{Unilogin, UniloginAdministrator, UniloginOversight, UniloginSource};

/// Decides and shows who may do what with national school tests.
#[derive(Debug, Parser)]
#[command(name = "adgang", version, arg_required_else_help = true)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// The database: `sqlite:PATH` or `postgres://USER@HOST/NAME` [default: sqlite:data/adgang.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// The folder of the keys [default: beside the SQLite file, under its name with `.secrets`]
    #[arg(long, global = true, value_name = "DIR")]
    pub secrets: Option<PathBuf>,
    /// A configuration file (TOML); `adgang config print` shows what it may hold
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the pages
    Serve(Serve),
    /// Make the database, or bring its schema up to this program
    Migrate,
    /// Look at the configuration
    #[command(subcommand)]
    Config(Config),
    /// Look at the audit log
    #[command(subcommand)]
    Audit(Audit),
    /// Look for what is wrong with this installation
    Doctor,
    /// Look after the keys
    #[command(subcommand)]
    Secrets(Secrets),
    /// Copy the database to PATH while it is in use
    Backup {
        /// The file to write; a manifest is written beside it
        path: PathBuf,
    },
    /// Put a copy in the place of the database; every session ends
    Restore {
        /// The file that `backup` wrote
        path: PathBuf,
    },
    /// Make authorities, institutions and accounts; look after assessment material
    #[command(subcommand)]
    Admin(Admin),
    /// Write out what is held about a person, or erase them
    #[command(subcommand)]
    Person(Person),
    /// Look after how long data is kept
    #[command(subcommand)]
    Retention(Retention),
    /// Import a roster: OneRoster (zip or folder), a document of UNI-Login, or a staff list (CSV)
    Import(Import),
    /// List the tests that can be given rights to in this school year
    Tests(Tests),
    /// Look at a draft of decisions, or apply it
    #[command(subcommand)]
    Draft(Draft),
    /// May this teacher see this pupil's result in this test, and why?
    Check(Check),
    /// Whose results may this teacher see?
    Rights(Rights),
    /// Who may see this pupil's results?
    WhoSees(WhoSees),
}

/// `adgang serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen [default: 127.0.0.1:3000]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// The address that people type
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// A proxy in front whose `X-Forwarded-For` is believed; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub trusted_proxy: Vec<String>,
    /// Fill an empty database with the demo schools, and offer their people at sign-in
    #[arg(long)]
    pub demo: bool,
    /// Let the demo stand at another day, such as 2027-08-01: to see what the turn of the school year brings
    #[arg(long, value_name = "DAY", requires = "demo")]
    pub day: Option<Date>,
}

/// `adgang config`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Config {
    /// Is the configuration understood, and can it work?
    Check,
    /// Every setting, its value and where it comes from
    Print,
}

/// `adgang audit`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Find edits, deletions, swaps, cut tails and rollbacks
    Verify {
        /// Signed checkpoints that were kept elsewhere
        #[arg(long, value_name = "FILES", num_args = 1..)]
        checkpoints: Vec<PathBuf>,
    },
    /// Print a signed checkpoint, to be kept elsewhere
    Checkpoint,
}

/// `adgang secrets`
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Secrets {
    /// Add a newer key for each use; older ones stay, and what was made with them stays good
    Rotate,
}

/// `adgang admin`
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Authorities: kommuner and huvudmän
    #[command(subcommand)]
    Authority(Authority),
    /// Institutions: schools
    #[command(subcommand)]
    Institution(Institution),
    /// Local accounts
    #[command(subcommand)]
    Account(Account),
    /// Assessment material of the portal
    #[command(subcommand)]
    Material(Material),
    /// Institutions and authorities that are run from UNI-Login
    #[command(subcommand)]
    Unilogin(Unilogin),
}

/// `adgang admin authority`
#[derive(Debug, Subcommand)]
pub enum Authority {
    /// Make an authority
    Create {
        /// Its code
        #[arg(long)]
        code: String,
        /// Its name
        #[arg(long)]
        name: String,
        /// Its country
        #[arg(long)]
        country: Country,
    },
}

/// A country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Country {
    /// Denmark
    Dk,
    /// Sweden
    Se,
}

impl Country {
    /// Its code in the database.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Dk => "dk",
            Self::Se => "se",
        }
    }
}

/// `adgang admin institution`
#[derive(Debug, Subcommand)]
pub enum Institution {
    /// Make an institution
    Create {
        /// The code of its authority
        #[arg(long)]
        authority: String,
        /// Its code
        #[arg(long)]
        code: String,
        /// Its name
        #[arg(long)]
        name: String,
    },
}

/// `adgang import`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("into").required(true).args(["institution", "authority"])))]
pub struct Import {
    /// The file; its content says which format it has
    pub file: PathBuf,
    /// Import the one school of the file into this institution
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// Import every school of the file, making institutions of this authority
    #[arg(long, value_name = "CODE")]
    pub authority: Option<String>,
    /// Show what would change, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Apply even where more than a tenth of a kind would be gone
    #[arg(long)]
    pub accept_large_change: bool,
    /// Apply even though the file is of another school year than the one before it
    #[arg(long)]
    pub accept_new_school_year: bool,
}

/// `adgang draft`
#[derive(Debug, Subcommand)]
pub enum Draft {
    /// Show what a draft would change
    Preview(DraftFile),
    /// Apply a draft
    Apply(DraftFile),
}

/// A draft, where, and as whom.
#[derive(Debug, Args)]
pub struct DraftFile {
    /// The draft (JSON)
    pub file: PathBuf,
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The test administrator it is done as
    #[arg(long = "as", value_name = "USERNAME")]
    pub user_name: String,
}

/// `adgang tests`
#[derive(Debug, Args)]
pub struct Tests {
    /// Only those of the institution with this code
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// The whole catalogue, of every country and school year
    #[arg(long, conflicts_with = "institution")]
    pub all: bool,
}

/// `adgang check`
#[derive(Debug, Args)]
pub struct Check {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The teacher: our id or the roster's
    #[arg(long, value_name = "ID")]
    pub teacher: String,
    /// The pupil: our id or the roster's
    #[arg(long, value_name = "ID")]
    pub pupil: String,
    /// The test
    #[arg(long, value_name = "CODE")]
    pub test: String,
    /// RFC 3339, or a date: its start in the institution's zone [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// `adgang rights`
#[derive(Debug, Args)]
pub struct Rights {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The teacher: our id or the roster's
    #[arg(long, value_name = "ID")]
    pub teacher: String,
    /// RFC 3339, or a date: its start in the institution's zone [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// `adgang who-sees`
#[derive(Debug, Args)]
pub struct WhoSees {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The pupil: our id or the roster's
    #[arg(long, value_name = "ID")]
    pub pupil: String,
    /// One test alone
    #[arg(long, value_name = "CODE")]
    pub test: Option<String>,
    /// RFC 3339, or a date: its start in the institution's zone [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

impl Global {
    /// The settings that stand on the command line.
    pub(crate) fn values(&self) -> Vec<(String, String)> {
        let secrets = self.secrets.as_ref().map(|path| path.display().to_string());
        pairs([("database", self.database.clone()), ("secrets", secrets)])
    }
}

impl Serve {
    /// The settings that stand on the command line.
    pub(crate) fn values(&self) -> Vec<(String, String)> {
        let proxies = (!self.trusted_proxy.is_empty()).then(|| self.trusted_proxy.join(","));
        pairs([("listen", self.listen.clone()), ("public_url", self.public_url.clone()), ("trusted_proxy", proxies)])
    }
}

fn pairs<const N: usize>(given: [(&str, Option<String>); N]) -> Vec<(String, String)> {
    given.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_import_goes_into_one_place_and_an_account_to_one_person() {
        let parses = |line: &str| Cli::try_parse_from(line.split(' ')).is_ok();
        assert!(parses("adgang import a.zip --institution 280001"));
        assert!(parses("adgang import a.zip --authority 751 --dry-run --json"));
        assert!(!parses("adgang import a.zip"));
        assert!(!parses("adgang import a.zip --institution 280001 --authority 751"));
        let account = "adgang admin account create --institution 280001 --role teacher";
        assert!(parses(&format!("{account} --person x")));
        assert!(parses(&format!("{account} --given Ane --family Holm")));
        assert!(parses(&format!("{account} --same-as 1001-280002")));
        for wrong in [
            "",
            " --given Ane",
            " --family Holm",
            " --person x --given Ane --family Holm",
            " --same-as x --person x",
            " --same-as x --given Ane --family Holm",
        ] {
            assert!(!parses(&format!("{account}{wrong}")), "{wrong}");
        }
        let authority = "adgang admin account create --authority 751 --role authority";
        assert!(parses(&format!("{authority} --given Ane --family Holm")));
        for wrong in [" --person x", " --same-as x", " --institution 280001 --given Ane --family Holm"] {
            assert!(!parses(&format!("{authority}{wrong}")), "{wrong}");
        }
        assert!(parses("adgang admin account reissue 1001-751 --json"));
        assert!(!parses("adgang admin account reissue"));
        for what in ["close", "open", "delete"] {
            assert!(parses(&format!("adgang admin account {what} 1001-751 --json")));
            assert!(!parses(&format!("adgang admin account {what}")));
        }
        assert!(parses("adgang person file x --institution 280001 --out x.html --language sv"));
        assert!(!parses("adgang person file x --institution 280001"));
        assert!(parses("adgang person file x --authority 751 --out x.json"));
        assert!(!parses("adgang person file x --out x.json"));
        assert!(!parses("adgang person file x --institution 280001 --authority 751 --out x.json"));
        assert!(parses("adgang person erase x --authority 751 --reason x"));
        assert!(!parses("adgang person erase x --reason x"));
        assert!(!parses("adgang person erase x --institution 280001"), "not without a reason");
        assert!(parses("adgang retention run --dry-run"));
    }
}
