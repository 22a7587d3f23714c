-- When accounts that are open again were closed: what is asked about the past needs to know. And whose
-- the roster's names were before two persons became one.

-- From closed until opened nobody could sign in with the account.
CREATE TABLE account_pause (
    institution_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    closed bigint NOT NULL,
    opened bigint NOT NULL,
    PRIMARY KEY (institution_id, account_id, closed)
);

-- What files call the person of an account that was united with another person's is that other
-- person's; moved_from is whose it was, and is again when the two are separated.
ALTER TABLE person_source ADD COLUMN moved_from uuid REFERENCES person (id);
