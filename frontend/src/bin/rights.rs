//! The bundle of `/rights`.

fn main() {
    app::live::start(app::grid::page::page);
}
