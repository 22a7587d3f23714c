//! National numbers (CPR, personnummer): the one place where an import meets them.

/// What is made of a national number that a file carries: nothing. It is not kept, not logged and not said.
pub(super) const fn national_number(_written: &str) {}

/// Is an id nothing but this number, however the two are written?
pub(super) fn is_number(id: &str, number: &str) -> bool {
    // With the century or without, with a sign or without.
    let bare = |text: &str| {
        let bare: String = text.chars().filter(|c| !matches!(c, '-' | '+' | ' ')).collect();
        match bare.len() {
            12 => bare.get(2..).map(ToOwned::to_owned),
            10 => Some(bare),
            _ => None,
        }
    };
    bare(number).is_some_and(|number| bare(id) == Some(number))
}
