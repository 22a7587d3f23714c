-- The inbox as a whole: how a request ended, requests to unite accounts and for access to results,
-- what people were told, what they have read, and the mails that go out about either.

-- other_id is the account to unite with; words and choice (JSON of ids and codes) are what a teacher
-- needs to see.
ALTER TABLE account_request ADD COLUMN outcome text CHECK (outcome IN ('done', 'declined', 'void', 'withdrawn'));
ALTER TABLE account_request ADD COLUMN other_id uuid REFERENCES account (id);
ALTER TABLE account_request ADD COLUMN words text;
ALTER TABLE account_request ADD COLUMN choice text;
UPDATE account_request SET outcome = CASE WHEN reason IS NULL THEN 'done' ELSE 'declined' END WHERE closed IS NOT NULL;
DROP INDEX account_request_open;
CREATE UNIQUE INDEX account_request_open ON account_request (account_id, wish, COALESCE(other_id, account_id))
    WHERE closed IS NULL;

-- What somebody was told through one of their accounts, the receiver; account_id is the one it is about. mark makes a notice one: whoever makes it again finds it there.
CREATE TABLE notice (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    receiver_id uuid NOT NULL REFERENCES account (id),
    kind text NOT NULL,
    mark text NOT NULL,
    created bigint NOT NULL,
    account_id uuid REFERENCES account (id),
    request_id uuid,
    by_name text NOT NULL,
    until bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE UNIQUE INDEX notice_mark ON notice (institution_id, receiver_id, mark);

-- What somebody has read of their inbox: notices and requests.
CREATE TABLE inbox_read (
    institution_id uuid NOT NULL,
    person_id uuid NOT NULL,
    item_id uuid NOT NULL,
    seen bigint NOT NULL,
    PRIMARY KEY (institution_id, person_id, item_id)
);

-- What somebody does not want by mail, as words with spaces between, and their language.
CREATE TABLE mail_choice (
    institution_id uuid NOT NULL,
    person_id uuid NOT NULL,
    unwanted text NOT NULL,
    language text,
    PRIMARY KEY (institution_id, person_id)
);

-- Mails that are to go out, and those that did not. One that is sent is taken away. Whoever sends
-- one moves next_try first, so that no other server takes it meanwhile.
CREATE TABLE mail (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    kind text NOT NULL,
    language text NOT NULL,
    created bigint NOT NULL,
    tries bigint NOT NULL,
    next_try bigint NOT NULL,
    given_up bigint,
    trouble text,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX mail_next_try ON mail (next_try) WHERE given_up IS NULL;
