-- Assessment material of the portal, and who opened what of its protected part.

-- Material is a country's and no institution's. One that was taken back keeps its row, so that what
-- was opened stays readable, and loses its bytes.
CREATE TABLE material (
    id BLOB NOT NULL PRIMARY KEY,
    country TEXT NOT NULL CHECK (country IN ('dk', 'se')),
    subject TEXT NOT NULL,
    school_form TEXT,
    title TEXT NOT NULL,
    protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    added INTEGER NOT NULL,
    withdrawn INTEGER
) STRICT;

-- first is the place of the chunk's first byte in the file.
CREATE TABLE material_chunk (
    material_id BLOB NOT NULL REFERENCES material (id),
    first INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (material_id, first)
) STRICT;

-- Appended only.
CREATE TABLE material_opening (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    material_id BLOB NOT NULL REFERENCES material (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    opened INTEGER NOT NULL,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX material_opening_by_material ON material_opening (material_id, account_id, opened);
CREATE INDEX material_opening_by_person ON material_opening (person_id, opened);
