-- Assessment material of the portal, and who opened what of its protected part.

-- Material is a country's and no institution's. One that was taken back keeps its row, so that what
-- was opened stays readable, and loses its bytes.
CREATE TABLE material (
    id uuid NOT NULL PRIMARY KEY,
    country text NOT NULL CHECK (country IN ('dk', 'se')),
    subject text NOT NULL,
    school_form text,
    title text NOT NULL,
    protected boolean NOT NULL,
    file_name text NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    added bigint NOT NULL,
    withdrawn bigint
);

-- first is the place of the chunk's first byte in the file.
CREATE TABLE material_chunk (
    material_id uuid NOT NULL REFERENCES material (id),
    first bigint NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (material_id, first)
);

-- Appended only.
CREATE TABLE material_opening (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    material_id uuid NOT NULL REFERENCES material (id),
    account_id uuid NOT NULL REFERENCES account (id),
    person_id uuid NOT NULL REFERENCES person (id),
    opened bigint NOT NULL,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX material_opening_by_material ON material_opening (material_id, account_id, opened);
CREATE INDEX material_opening_by_person ON material_opening (person_id, opened);
