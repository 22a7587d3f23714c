-- When accounts that are open again were closed: what is asked about the past needs to know. And whose
-- the roster's names were before two persons became one.

-- From closed until opened nobody could sign in with the account.
CREATE TABLE account_pause (
    institution_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    closed INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    PRIMARY KEY (institution_id, account_id, closed)
) STRICT, WITHOUT ROWID;

-- What files call the person of an account that was united with another person's is that other
-- person's; moved_from is whose it was, and is again when the two are separated.
ALTER TABLE person_source ADD COLUMN moved_from BLOB REFERENCES person (id);
