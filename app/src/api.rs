//! What a page may ask of the server. Each function is a public address under `/api/`: it decodes,
//! calls one use case of `service` as the request's actor, and encodes. None decides anything.
//!
//! All are POST, with the session's token in a header ([`crate::client::SessionClient`]).

#[expect(missing_docs, reason = "the fields of the structs that #[server] makes are the parameters")]
pub mod exemptions;
#[expect(missing_docs, reason = "the fields of the structs that #[server] makes are the parameters")]
pub mod history;
#[expect(missing_docs, reason = "the fields of the structs that #[server] makes are the parameters")]
pub mod imports;
pub mod my_rights;
#[expect(missing_docs, reason = "the fields of the structs that #[server] makes are the parameters")]
pub mod rights;
pub mod session;
#[expect(missing_docs, reason = "the fields of the structs that #[server] makes are the parameters")]
pub mod staff;

/// What an open page asks by itself, with nobody at it: such a call does not count as a use of the
/// session. Each of them has [`crate::client::PageClient`].
pub const ASKED_BY_THE_PAGE: [&str; 3] = ["/api/rights/conflicts", "/api/rights/load", "/api/rights/news"];

#[cfg(all(test, feature = "ssr"))]
mod tests {
    #[test]
    fn the_public_may_call_these_addresses_and_no_others() {
        let mut paths: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
        paths.sort_unstable();
        let allowed = [
            "/api/exemptions",
            "/api/exemptions/set",
            "/api/history",
            "/api/imports",
            "/api/imports/accept",
            "/api/imports/held",
            "/api/imports/reject",
            "/api/my-rights",
            "/api/rights/apply",
            "/api/rights/conflicts",
            "/api/rights/draft",
            "/api/rights/load",
            "/api/rights/news",
            "/api/rights/review",
            "/api/session",
            "/api/staff",
            "/api/staff/set",
        ];
        assert_eq!(paths, allowed);
        assert!(super::ASKED_BY_THE_PAGE.iter().all(|path| allowed.contains(path)));
    }
}
