-- UNI-Login: who somebody is at a broker, sessions begun there, the flags of its user administration, and
-- people who are at an institution because somebody there said so.

ALTER TABLE authority ADD COLUMN identity_source TEXT NOT NULL DEFAULT 'local'
    CHECK (identity_source IN ('local', 'unilogin'));

-- Directory: what spans institutions.

-- UNI-Login's id of a person, in small letters; kept for life.
CREATE TABLE uni_login (
    uni_id TEXT NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL UNIQUE REFERENCES person (id),
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Known already by their UNI-Login when this owner's files named them first: their name is what another's say.
ALTER TABLE person_source ADD COLUMN met INTEGER NOT NULL DEFAULT 0 CHECK (met IN (0, 1));

-- Whom a broker means by its word for a person.
CREATE TABLE broker_identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    linked INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX broker_identity_by_person ON broker_identity (person_id);

-- The keyed hash of a national number (CPR, personnummer): matches, and says nothing else.
CREATE TABLE national_number (
    hash BLOB NOT NULL PRIMARY KEY,
    person_id BLOB NOT NULL UNIQUE REFERENCES person (id),
    recorded INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A sign-in under way at the broker: what comes back with the answer, and to which browser. Taken out
-- when the answer comes, right or not.
CREATE TABLE broker_sign_in (
    state_hash BLOB NOT NULL PRIMARY KEY,
    browser_hash BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- place_id is an institution's or an authority's; none until it is chosen. broker_session is the broker's
-- word for its own session.
CREATE TABLE broker_session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES person (id),
    place_id BLOB,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    broker_session TEXT,
    factors INTEGER NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    absolute_end INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX broker_session_by_person ON broker_session (person_id);
CREATE INDEX broker_session_by_subject ON broker_session (issuer, subject);
CREATE INDEX broker_session_by_end ON broker_session (absolute_end);

-- A broker's messages that a session has ended; each is heard once.
CREATE TABLE broker_logout (
    issuer TEXT NOT NULL,
    id TEXT NOT NULL,
    good_until INTEGER NOT NULL,
    PRIMARY KEY (issuer, id)
) STRICT, WITHOUT ROWID;

-- Where a person went last, to go there again.
CREATE TABLE place_choice (
    person_id BLOB NOT NULL PRIMARY KEY REFERENCES person (id),
    place_id BLOB NOT NULL,
    chosen INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who signed in or tried to, where there is no account.
ALTER TABLE sign_in_event ADD COLUMN person_id BLOB;

-- Below: the institution leads the key.

-- institution_id is an authority's id for a flag that is held there.
CREATE TABLE person_flag (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    flag TEXT NOT NULL CHECK (flag IN ('Inst.ledelse', 'Eval.adm', 'Brugeradministrator', 'Eval.kom')),
    source TEXT NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_flag_by_person ON person_flag (person_id);
CREATE UNIQUE INDEX person_flag_now ON person_flag (institution_id, person_id, flag) WHERE recorded_until IS NULL;
