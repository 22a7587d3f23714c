//! The bundle of `/rights/review`.

fn main() {
    app::live::start(app::grid::review::page);
}
