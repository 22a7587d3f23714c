-- Who asks for what somebody else has asked for already: they wait for the same answer.

-- One row for each account besides the one that asked first; goes with the request.
CREATE TABLE account_request_asker (
    institution_id BLOB NOT NULL,
    request_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    asked INTEGER NOT NULL,
    PRIMARY KEY (institution_id, request_id, account_id),
    FOREIGN KEY (institution_id, request_id) REFERENCES account_request (institution_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX account_request_asker_by_account ON account_request_asker (account_id);
