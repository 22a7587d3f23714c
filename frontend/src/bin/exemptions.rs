//! The bundle of `/exemptions`.

fn main() {
    app::live::start(app::pages::exemptions::page);
}
