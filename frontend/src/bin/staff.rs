//! The bundle of `/rights/staff`.

fn main() {
    app::live::start(app::pages::staff::page);
}
