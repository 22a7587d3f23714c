//! Builds the server again when the site that it embeds has changed.

fn main() -> std::io::Result<()> {
    // Without the folder, as in a check before any client was built, there would be nothing to embed or to watch.
    std::fs::create_dir_all("../target/site/pkg")?;
    println!("cargo:rerun-if-changed=../target/site/pkg");
    Ok(())
}
