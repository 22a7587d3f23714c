-- Who asks for what somebody else has asked for already: they wait for the same answer.

-- One row for each account besides the one that asked first; goes with the request.
CREATE TABLE account_request_asker (
    institution_id uuid NOT NULL,
    request_id uuid NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    asked bigint NOT NULL,
    PRIMARY KEY (institution_id, request_id, account_id),
    FOREIGN KEY (institution_id, request_id) REFERENCES account_request (institution_id, id) ON DELETE CASCADE
);
CREATE INDEX account_request_asker_by_account ON account_request_asker (account_id);
