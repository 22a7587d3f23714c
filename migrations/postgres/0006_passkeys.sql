-- Passkeys (WebAuthn), which stand in for the matrix, and the ceremonies by which they are added and used.

-- credential is what the authenticator gave: its public key and how far its count of signatures has come.
CREATE TABLE passkey (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    credential_id bytea NOT NULL UNIQUE,
    credential text NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    failures bigint NOT NULL,
    wait_until bigint,
    dead boolean NOT NULL,
    created bigint NOT NULL,
    used bigint
);
CREATE INDEX passkey_by_account ON passkey (account_id);

-- One for each session (adding) or sign-in under way (using), whose token's hash names it. Taken out when it
-- is answered, rightly or not.
CREATE TABLE passkey_ceremony (
    token_hash bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    adds boolean NOT NULL,
    state text NOT NULL,
    created bigint NOT NULL
);
CREATE INDEX passkey_ceremony_by_account ON passkey_ceremony (account_id);

-- The passkey that a session was begun with; it ends with it.
ALTER TABLE session ADD COLUMN passkey_id uuid;
