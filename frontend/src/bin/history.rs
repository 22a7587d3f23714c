//! The bundle of `/history`.

fn main() {
    app::live::start(app::pages::history::page);
}
