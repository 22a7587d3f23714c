-- What somebody asks of those who keep an account: to open it again, to issue it anew, to delete it.

-- asked_account is the account that was signed in with; none at the command line.
-- One open request for each account and wish: who asks again adds to times. A reason stands where the
-- answer was no.
CREATE TABLE account_request (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    wish text NOT NULL,
    asked bigint NOT NULL,
    asked_last bigint NOT NULL,
    times bigint NOT NULL,
    asked_by uuid NOT NULL,
    asked_account uuid REFERENCES account (id),
    asked_by_name text NOT NULL,
    closed bigint,
    closed_by_name text,
    reason text,
    PRIMARY KEY (institution_id, id)
);
CREATE UNIQUE INDEX account_request_open ON account_request (account_id, wish) WHERE closed IS NULL;
