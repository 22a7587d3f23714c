//! How much of a bundle is read at most.

/// Limits on a bundle. What goes beyond one is an error, and reading stops there.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest zip file, in bytes.
    pub zip_bytes: u64,
    /// Largest unpacked file, in bytes.
    pub file_bytes: u64,
    /// Most unpacked bytes in all.
    pub total_bytes: u64,
    /// How many times larger than its packed form a file may be.
    pub ratio: u64,
    /// Most entries of a zip or folder.
    pub files: usize,
    /// Most rows of one file; of a document, most persons, most groups, and most places of persons in groups.
    pub rows: u64,
    /// Most elements of a document in XML.
    pub elements: u64,
    /// Longest name or title, in characters.
    pub name_chars: usize,
    /// Longest value of any other field, in bytes.
    pub field_bytes: usize,
}

impl Limits {
    /// On a page, where several may import at once beside all who read and sign in: room for a large
    /// municipality's bundle, of which the page takes one school.
    #[must_use]
    pub fn of_page() -> Self {
        Self {
            file_bytes: 128 * 1024 * 1024,
            total_bytes: 192 * 1024 * 1024,
            rows: 1_000_000,
            elements: 8_000_000,
            ..Self::default()
        }
    }
}

impl Default for Limits {
    /// On the command line, where nothing else goes on. Room for a country's largest municipality, a few times over.
    fn default() -> Self {
        Self {
            zip_bytes: 128 * 1024 * 1024,
            file_bytes: 512 * 1024 * 1024,
            total_bytes: 768 * 1024 * 1024,
            ratio: 100,
            files: 64,
            rows: 3_000_000,
            elements: 60_000_000,
            name_chars: 200,
            field_bytes: 4096,
        }
    }
}

/// Files up to this size are never held to be a bomb, however well they pack.
pub(super) const RATIO_FREE_BYTES: u64 = 4 * 1024 * 1024;
