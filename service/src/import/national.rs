//! National numbers (CPR, personnummer): the one place where an import meets them.

/// What is made of a national number that a file carries: nothing. It is not kept, not logged and not said.
pub(super) const fn national_number(_written: &str) {}

/// Is an id nothing but this number, however the two are written?
pub(super) fn is_number(id: &str, number: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let number = bare(number);
    !number.is_empty() && bare(id) == number
}
