//! The bundle of `/imports`.

fn main() {
    app::live::start(app::pages::imports::page);
}
