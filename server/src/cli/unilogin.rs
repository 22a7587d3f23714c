//! `adgang admin unilogin`

use clap::{Args, Subcommand, ValueEnum};
use domain::IdentitySource;

/// `adgang admin unilogin`
#[derive(Debug, Subcommand)]
pub enum Unilogin {
    /// Say where an institution or authority takes its administrative capacities from; the other gives none there
    Source(UniloginSource),
    /// Make somebody the first user administrator of an institution that takes its capacities from UNI-Login
    Administrator(UniloginAdministrator),
    /// Untie a UNI-Login id that was typed wrongly, and end its person's sessions
    Untie {
        /// The id
        #[arg(long, value_name = "ID")]
        uni_login: String,
    },
    /// Let somebody oversee an authority (Eval.kom), or no more
    Oversight(UniloginOversight),
}

/// `adgang admin unilogin source`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("source_of").required(true).args(["institution", "authority"])))]
pub struct UniloginSource {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// The code of the authority
    #[arg(long, value_name = "CODE")]
    pub authority: Option<String>,
    /// Where from
    pub source: Source,
}

/// Where administrative capacities come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Source {
    /// Local accounts
    Local,
    /// UNI-Login's flags
    Unilogin,
}

impl From<Source> for IdentitySource {
    fn from(source: Source) -> Self {
        match source {
            Source::Local => Self::Local,
            Source::Unilogin => Self::Unilogin,
        }
    }
}

/// `adgang admin unilogin administrator`
#[derive(Debug, Args)]
pub struct UniloginAdministrator {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: String,
    /// The person's UNI-Login id
    #[arg(long, value_name = "ID")]
    pub uni_login: String,
    /// A person who is there already
    #[arg(long, value_name = "ID", conflicts_with_all = ["given", "family"], required_unless_present_all = ["given", "family"])]
    pub person: Option<String>,
    /// The given name of a new person
    #[arg(long, value_name = "NAME", requires = "family")]
    pub given: Option<String>,
    /// The family name of a new person
    #[arg(long, value_name = "NAME", requires = "given")]
    pub family: Option<String>,
}

/// `adgang admin unilogin oversight`
#[derive(Debug, Args)]
pub struct UniloginOversight {
    /// The code of the authority
    #[arg(long, value_name = "CODE")]
    pub authority: String,
    /// The person's UNI-Login id
    #[arg(long, value_name = "ID")]
    pub uni_login: String,
    /// The given name of somebody who is not known by the id
    #[arg(long, value_name = "NAME", requires = "family", required_unless_present = "end")]
    pub given: Option<String>,
    /// The family name
    #[arg(long, value_name = "NAME", requires = "given")]
    pub family: Option<String>,
    /// Take it away again
    #[arg(long, conflicts_with_all = ["given", "family"])]
    pub end: bool,
}
