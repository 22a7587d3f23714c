-- When accounts that are open again were closed: what is asked about the past needs to know.

-- From closed until opened nobody could sign in with the account.
CREATE TABLE account_pause (
    institution_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    closed INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    PRIMARY KEY (institution_id, account_id, closed)
) STRICT, WITHOUT ROWID;
