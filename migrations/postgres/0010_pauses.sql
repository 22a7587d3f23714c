-- When accounts that are open again were closed: what is asked about the past needs to know.

-- From closed until opened nobody could sign in with the account.
CREATE TABLE account_pause (
    institution_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    closed bigint NOT NULL,
    opened bigint NOT NULL,
    PRIMARY KEY (institution_id, account_id, closed)
);
