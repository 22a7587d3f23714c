//! The demo's accounts, and the file that says how to sign in.

use crate::Fault;
use crate::accounts::IssuedAccount;
use crate::matrix::Matrix;
use domain::{AccountId, AccountRole};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use zeroize::Zeroizing;

/// An account of the demo, with what is shown once.
#[derive(Debug)]
pub struct DemoAccount {
    /// Our id.
    pub id: AccountId,
    /// The user name, such as `1001-999014`.
    pub user_name: String,
    /// The person's name.
    pub name: String,
    /// Its role.
    pub role: AccountRole,
    /// The school's name.
    pub institution: String,
    password: Zeroizing<String>,
    matrix: Option<Matrix>,
}

/// The accounts made so far.
#[derive(Debug, Default)]
pub(super) struct Accounts(Vec<DemoAccount>);

impl Accounts {
    pub(super) fn add(&mut self, name: &str, role: AccountRole, institution: &str, issued: IssuedAccount) {
        let IssuedAccount { id, user_name, password, matrix, .. } = issued;
        let (name, institution) = (name.to_owned(), institution.to_owned());
        self.0.push(DemoAccount { id, user_name, name, role, institution, password, matrix });
    }

    pub(super) fn all(&self) -> &[DemoAccount] {
        &self.0
    }

    pub(super) fn into_all(self) -> Vec<DemoAccount> {
        self.0
    }

    pub(super) fn ids(&self) -> Vec<AccountId> {
        self.0.iter().map(|account| account.id).collect()
    }

    /// Writes user names, passwords and matrices to a file that only its owner may read.
    pub(super) fn write(&self, path: &Path) -> Result<(), Fault> {
        let mut text = Zeroizing::new(String::from("Demo accounts. The people and schools are made up.\n"));
        for account in &self.0 {
            describe(&mut text, account);
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| Fault::Internal(format!("the demo's credentials cannot be written: {error}")))
    }
}

/// Writing to a String cannot fail.
fn describe(text: &mut String, account: &DemoAccount) {
    let DemoAccount { user_name, name, role, institution, password, matrix, .. } = account;
    let _ = writeln!(text, "\n{name}, {} at {institution}", role.code());
    let _ = writeln!(text, "  user name  {user_name}\n  password   {}", password.as_str());
    let Some(matrix) = matrix else { return };
    let _ = write!(text, "  matrix     ");
    for row in matrix_rows(matrix) {
        let _ = write!(text, "{}\n             ", row.as_str());
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
}

/// The matrix as it is printed: a line of letters, then ten numbered lines.
fn matrix_rows(matrix: &Matrix) -> Vec<Zeroizing<String>> {
    let head = ('A'..='J').fold(String::from("   "), |line, letter| line + &format!(" {letter} "));
    let mut rows = vec![Zeroizing::new(head)];
    for number in 1..=10 {
        let mut row = Zeroizing::new(format!("{number:>2} "));
        for letter in 'A'..='J' {
            let cell = matrix.cells().find(|(place, _)| place.to_string() == format!("{letter}{number}"));
            row.push_str(cell.as_ref().map_or("  ", |(_, cell)| cell.as_str()));
            row.push(' ');
        }
        rows.push(row);
    }
    rows
}
