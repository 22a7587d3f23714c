//! Tests of the import, from bundles written here.

mod applying;
mod authority;
mod bad_input;
mod bundle;
mod days;
mod held;
mod merging;
mod random;
mod united;
mod world;

/// A roster that another program wrote, kept beside this checkout.
fn outside(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/oneroster").join(name)
}
