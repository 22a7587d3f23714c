-- UNI-Login: who somebody is at a broker, sessions begun there, the flags of its user administration, and
-- people who are at an institution because somebody there said so.

ALTER TABLE authority ADD COLUMN identity_source text NOT NULL DEFAULT 'local'
    CHECK (identity_source IN ('local', 'unilogin'));

-- Directory: what spans institutions.

-- UNI-Login's id of a person, in small letters; kept for life.
CREATE TABLE uni_login (
    uni_id text NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL UNIQUE REFERENCES person (id),
    recorded bigint NOT NULL
);

-- Known already by their UNI-Login when this owner's files named them first: their name is what another's say.
ALTER TABLE person_source ADD COLUMN met boolean NOT NULL DEFAULT false;

-- Whom a broker means by its word for a person.
CREATE TABLE broker_identity (
    issuer text NOT NULL,
    subject text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    linked bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX broker_identity_by_person ON broker_identity (person_id);

-- The keyed hash of a national number (CPR, personnummer): matches, and says nothing else.
CREATE TABLE national_number (
    hash bytea NOT NULL PRIMARY KEY,
    person_id uuid NOT NULL UNIQUE REFERENCES person (id),
    recorded bigint NOT NULL
);

-- A sign-in under way at the broker: what comes back with the answer, and to which browser. Taken out
-- when the answer comes, right or not.
CREATE TABLE broker_sign_in (
    state_hash bytea NOT NULL PRIMARY KEY,
    browser_hash bytea NOT NULL,
    created bigint NOT NULL
);

-- place_id is an institution's or an authority's; none until it is chosen. broker_session is the broker's
-- word for its own session.
CREATE TABLE broker_session (
    token_hash bytea NOT NULL PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES person (id),
    place_id uuid,
    issuer text NOT NULL,
    subject text NOT NULL,
    broker_session text,
    factors bigint NOT NULL,
    created bigint NOT NULL,
    last_seen bigint NOT NULL,
    absolute_end bigint NOT NULL,
    ended bigint
);
CREATE INDEX broker_session_by_person ON broker_session (person_id);
CREATE INDEX broker_session_by_subject ON broker_session (issuer, subject);
CREATE INDEX broker_session_by_end ON broker_session (absolute_end);

-- A broker's messages that a session has ended; each is heard once.
CREATE TABLE broker_logout (
    issuer text NOT NULL,
    id text NOT NULL,
    good_until bigint NOT NULL,
    PRIMARY KEY (issuer, id)
);

-- Where a person went last, to go there again.
CREATE TABLE place_choice (
    person_id uuid NOT NULL PRIMARY KEY REFERENCES person (id),
    place_id uuid NOT NULL,
    chosen bigint NOT NULL
);

-- Who signed in or tried to, where there is no account.
ALTER TABLE sign_in_event ADD COLUMN person_id uuid;

-- Below: the institution leads the key.

-- institution_id is an authority's id for a flag that is held there.
CREATE TABLE person_flag (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    flag text NOT NULL CHECK (flag IN ('Inst.ledelse', 'Eval.adm', 'Brugeradministrator', 'Eval.kom')),
    source text NOT NULL,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    valid_from bigint NOT NULL,
    valid_until bigint,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX person_flag_by_person ON person_flag (person_id);
CREATE UNIQUE INDEX person_flag_now ON person_flag (institution_id, person_id, flag) WHERE recorded_until IS NULL;
