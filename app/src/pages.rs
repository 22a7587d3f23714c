//! The pages, one module each.

pub mod exemptions;
pub mod front;
pub mod history;
pub mod imports;
pub mod missing;
pub mod my_rights;
pub mod rights;
pub mod staff;
// Pages without client state are the server's alone; their code stays out of the wasm.
#[cfg(feature = "ssr")]
pub mod about;
#[cfg(not(feature = "ssr"))]
pub mod plain;
#[cfg(feature = "ssr")]
pub mod sign_in;

#[cfg(feature = "ssr")]
pub use about::AboutPage;
pub use exemptions::ExemptionsPage;
pub use front::Front;
pub use history::HistoryPage;
pub use imports::ImportsPage;
pub use missing::NotFound;
pub use my_rights::MyRightsPage;
#[cfg(not(feature = "ssr"))]
pub use plain::{AboutPage, ChangePasswordPage, MatrixPage, SignInPage};
pub use rights::{RightsPage, RightsReviewPage};
#[cfg(feature = "ssr")]
pub use sign_in::{ChangePasswordPage, MatrixPage, SignInPage};
pub use staff::StaffPage;
