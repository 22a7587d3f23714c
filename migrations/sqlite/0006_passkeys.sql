-- Passkeys (WebAuthn), which stand in for the matrix, and the ceremonies by which they are added and used.

-- credential is what the authenticator gave: its public key and how far its count of signatures has come.
CREATE TABLE passkey (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    credential_id BLOB NOT NULL UNIQUE,
    credential TEXT NOT NULL,
    sign_count INTEGER NOT NULL,
    name TEXT NOT NULL,
    failures INTEGER NOT NULL,
    wait_until INTEGER,
    dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
    created INTEGER NOT NULL,
    used INTEGER
) STRICT;
CREATE INDEX passkey_by_account ON passkey (account_id);

-- One for each session (adding) or sign-in under way (using), whose token's hash names it. Taken out when it
-- is answered, rightly or not.
CREATE TABLE passkey_ceremony (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    adds INTEGER NOT NULL CHECK (adds IN (0, 1)),
    state TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_ceremony_by_account ON passkey_ceremony (account_id);

-- The passkey that a session was begun with; it ends with it.
ALTER TABLE session ADD COLUMN passkey_id BLOB;
