-- What somebody asks of those who keep an account: to open it again, to issue it anew, to delete it.

-- asked_account is the account that was signed in with; none at the command line.
-- One open request for each account and wish: who asks again adds to times. A reason stands where the
-- answer was no.
CREATE TABLE account_request (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    wish TEXT NOT NULL,
    asked INTEGER NOT NULL,
    asked_last INTEGER NOT NULL,
    times INTEGER NOT NULL,
    asked_by BLOB NOT NULL,
    asked_account BLOB REFERENCES account (id),
    asked_by_name TEXT NOT NULL,
    closed INTEGER,
    closed_by_name TEXT,
    reason TEXT,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_request_open ON account_request (account_id, wish) WHERE closed IS NULL;
