-- The whole life of accounts: those of authorities, e-mail and subjects, deactivation and deletion
-- with who did it, letters, and sign-ins that proved right on an account that is not open.

-- institution_id is an authority's id for an account held at the authority.
ALTER TABLE account DROP CONSTRAINT account_institution_id_fkey;
ALTER TABLE account DROP CONSTRAINT account_role_check;
ALTER TABLE account ADD CONSTRAINT account_role_check
    CHECK (role IN ('authority', 'principal', 'test-administrator', 'leader', 'teacher'));
ALTER TABLE account ADD COLUMN email text;
ALTER TABLE account ADD COLUMN deactivated_by uuid;
ALTER TABLE account ADD COLUMN deleted bigint;
ALTER TABLE account ADD COLUMN deleted_by uuid;

-- A sign-in whose every factor proved right, on an account that may not be used: it may be told why.
ALTER TABLE sign_in_pending ADD COLUMN inactive boolean NOT NULL DEFAULT FALSE;

CREATE TABLE authority_state (
    authority_id uuid NOT NULL PRIMARY KEY REFERENCES authority (id),
    last_account_number bigint NOT NULL
);
INSERT INTO authority_state (authority_id, last_account_number) SELECT id, 0 FROM authority;

-- The subjects whose protected material an account opens, by the catalogue's slugs.
CREATE TABLE account_subject (
    institution_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    subject text NOT NULL,
    PRIMARY KEY (institution_id, account_id, subject)
);

-- That credentials were handed out, and printed. What they are stands nowhere.
CREATE TABLE letter (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    holds text NOT NULL CHECK (holds IN ('password', 'matrix', 'both')),
    serial text,
    language text NOT NULL,
    issued bigint NOT NULL,
    issued_by uuid NOT NULL,
    issued_by_name text NOT NULL,
    printed bigint,
    printed_by uuid,
    printed_by_name text,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX letter_by_account ON letter (account_id);
