-- The whole life of accounts: those of authorities, e-mail and subjects, deactivation and deletion
-- with who did it, letters, and sign-ins that proved right on an account that is not open.
--
-- SQLite changes no constraint of a table that is there, so `account` is made anew and takes the
-- old one's place, as https://www.sqlite.org/lang_altertable.html#otheralter describes: foreign
-- keys are off meanwhile and checked at the end.

-- institution_id is an authority's id for an account held at the authority.
CREATE TABLE account_next (
    id BLOB NOT NULL PRIMARY KEY,
    institution_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    user_name TEXT NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('authority', 'principal', 'test-administrator', 'leader', 'teacher')),
    email TEXT,
    created INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    active_until INTEGER,
    deactivated INTEGER,
    deactivated_by BLOB,
    deleted INTEGER,
    deleted_by BLOB,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    UNIQUE (institution_id, number)
) STRICT;

INSERT INTO account_next (id, institution_id, number, user_name, person_id, role, created, active_from, active_until,
    deactivated, must_change_password)
SELECT id, institution_id, number, user_name, person_id, role, created, active_from, active_until, deactivated,
    must_change_password
FROM account;

DROP TABLE account;
ALTER TABLE account_next RENAME TO account;
CREATE INDEX account_by_person ON account (person_id);

-- A sign-in whose every factor proved right, on an account that may not be used: it may be told why.
ALTER TABLE sign_in_pending ADD COLUMN inactive INTEGER NOT NULL DEFAULT 0 CHECK (inactive IN (0, 1));

CREATE TABLE authority_state (
    authority_id BLOB NOT NULL PRIMARY KEY REFERENCES authority (id),
    last_account_number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO authority_state (authority_id, last_account_number) SELECT id, 0 FROM authority;

-- The subjects whose protected material an account opens, by the catalogue's slugs.
CREATE TABLE account_subject (
    institution_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    subject TEXT NOT NULL,
    PRIMARY KEY (institution_id, account_id, subject)
) STRICT, WITHOUT ROWID;

-- That credentials were handed out, and printed. What they are stands nowhere.
CREATE TABLE letter (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    holds TEXT NOT NULL CHECK (holds IN ('password', 'matrix', 'both')),
    serial TEXT,
    language TEXT NOT NULL,
    issued INTEGER NOT NULL,
    issued_by BLOB NOT NULL,
    issued_by_name TEXT NOT NULL,
    printed INTEGER,
    printed_by BLOB,
    printed_by_name TEXT,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX letter_by_account ON letter (account_id);
