//! What may be typed about the accounts that the operator makes and keeps.

use clap::{Args, Subcommand, ValueEnum};

/// `adgang admin account`
#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account, and print its user name, password and matrix once
    Create(AccountCreate),
    /// Issue password and matrix of an authority's account anew, and print them once; the old ones
    /// are dead
    Reissue {
        /// The account's user name
        #[arg(value_name = "USERNAME")]
        user_name: String,
    },
    /// Close an authority's account until it is opened again; its sessions end
    Close {
        /// The account's user name
        #[arg(value_name = "USERNAME")]
        user_name: String,
    },
    /// Open an authority's account that was closed
    Open {
        /// The account's user name
        #[arg(value_name = "USERNAME")]
        user_name: String,
    },
    /// Delete an authority's account for good; what was done with it stays readable
    Delete {
        /// The account's user name
        #[arg(value_name = "USERNAME")]
        user_name: String,
    },
}

/// `adgang admin account create`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("place").required(true).args(["institution", "authority"])))]
pub struct AccountCreate {
    /// The code of the institution
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// The code of the authority, for an account with the role `authority`
    #[arg(long, value_name = "CODE")]
    pub authority: Option<String>,
    /// What the account may act as
    #[arg(long)]
    pub role: Role,
    /// A person who is there already
    #[arg(long, value_name = "ID", conflicts_with_all = ["given", "family", "authority"], required_unless_present_all = ["given", "family"], required_unless_present_any = ["same_as"])]
    pub person: Option<String>,
    /// The person of this account: a principal of a school of the same authority
    #[arg(long, value_name = "USERNAME", conflicts_with_all = ["person", "given", "family", "authority"])]
    pub same_as: Option<String>,
    /// The given name of a new person
    #[arg(long, value_name = "NAME", requires = "family")]
    pub given: Option<String>,
    /// The family name of a new person
    #[arg(long, value_name = "NAME", requires = "given")]
    pub family: Option<String>,
    /// Give a teacher or leader a matrix too; all others always get one
    #[arg(long)]
    pub matrix: bool,
}

/// What an account may act as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// huvudman, kommune: hands the principals their accounts
    Authority,
    /// rektor
    Principal,
    /// testadministrator, provadministratör
    TestAdministrator,
    /// leder
    Leader,
    /// lærer, lärare
    Teacher,
}
