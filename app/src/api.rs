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
