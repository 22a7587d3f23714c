-- Accounts that were united with another one, and what is needed to separate them again.

ALTER TABLE account ADD COLUMN merged INTEGER;
ALTER TABLE account ADD COLUMN merged_into BLOB;

-- subjects and rights are words with spaces between: what the account that stays got by it.
CREATE TABLE account_merge (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    into_id BLOB NOT NULL REFERENCES account (id),
    merged INTEGER NOT NULL,
    subjects TEXT NOT NULL,
    rights TEXT NOT NULL,
    change_set INTEGER,
    was_deactivated INTEGER,
    has_left INTEGER NOT NULL CHECK (has_left IN (0, 1)),
    separated INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_merge_by_account ON account_merge (account_id);
