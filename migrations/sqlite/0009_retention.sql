-- What is kept no longer: whom this installation has forgotten, and the way from an account to the
-- attempts to sign in with it.

-- Somebody whose name and whatever else is personal was erased. Holds ids and times alone, and no end.
CREATE TABLE erasure (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    erased INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_event_by_account ON sign_in_event (account_id, occurred);
