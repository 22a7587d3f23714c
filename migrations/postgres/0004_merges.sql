-- Accounts that were united with another one, and what is needed to separate them again.

ALTER TABLE account ADD COLUMN merged bigint;
ALTER TABLE account ADD COLUMN merged_into uuid;

-- subjects and rights are words with spaces between: what the account that stays got by it.
CREATE TABLE account_merge (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    into_id uuid NOT NULL REFERENCES account (id),
    merged bigint NOT NULL,
    subjects text NOT NULL,
    rights text NOT NULL,
    change_set bigint,
    was_deactivated bigint,
    has_left boolean NOT NULL,
    separated bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX account_merge_by_account ON account_merge (account_id);
