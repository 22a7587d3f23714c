-- The first schema. Its twin for the other engine has the same tables and columns.
--
-- Ids are UUIDv7 made by the caller. Instants are microseconds since 1970-01-01T00:00:00Z.
-- Dated facts carry when they hold (valid_…) and when they were known (recorded_…); they are
-- closed, never overwritten. A missing valid_from or valid_until leaves that side open.

-- Directory: what spans institutions.

CREATE TABLE authority (
    id uuid NOT NULL PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    country text NOT NULL CHECK (country IN ('dk', 'se'))
);

CREATE TABLE institution (
    id uuid NOT NULL PRIMARY KEY,
    authority_id uuid NOT NULL REFERENCES authority (id),
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    country text NOT NULL CHECK (country IN ('dk', 'se')),
    identity_source text NOT NULL CHECK (identity_source IN ('local', 'unilogin'))
);
CREATE INDEX institution_by_authority ON institution (authority_id);

CREATE TABLE person (
    id uuid NOT NULL PRIMARY KEY,
    given text NOT NULL,
    family text NOT NULL,
    protected boolean NOT NULL,
    created bigint NOT NULL
);

-- How the files of an institution or authority name a person.
CREATE TABLE person_source (
    owner_id uuid NOT NULL,
    source_id text NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    PRIMARY KEY (owner_id, source_id)
);
CREATE INDEX person_source_by_person ON person_source (person_id);

CREATE TABLE account (
    id uuid NOT NULL PRIMARY KEY,
    institution_id uuid NOT NULL REFERENCES institution (id),
    number bigint NOT NULL,
    user_name text NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES person (id),
    role text NOT NULL CHECK (role IN ('principal', 'test-administrator', 'leader', 'teacher')),
    created bigint NOT NULL,
    active_from bigint NOT NULL,
    active_until bigint,
    deactivated bigint,
    must_change_password boolean NOT NULL,
    UNIQUE (institution_id, number)
);
CREATE INDEX account_by_person ON account (person_id);

CREATE TABLE account_password (
    account_id uuid NOT NULL PRIMARY KEY REFERENCES account (id),
    phc text NOT NULL,
    issued boolean NOT NULL,
    failures bigint NOT NULL,
    wait_until bigint,
    dead boolean NOT NULL,
    changed bigint NOT NULL
);

CREATE TABLE matrix_card (
    id uuid NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    serial text NOT NULL,
    failures bigint NOT NULL,
    wait_until bigint,
    dead boolean NOT NULL,
    issued bigint NOT NULL,
    replaced bigint
);
CREATE UNIQUE INDEX matrix_card_in_use ON matrix_card (account_id) WHERE replaced IS NULL;

CREATE TABLE matrix_challenge (
    card_id uuid NOT NULL REFERENCES matrix_card (id),
    position bigint NOT NULL,
    coordinates text NOT NULL,
    phc text NOT NULL,
    used bigint,
    PRIMARY KEY (card_id, position)
);

CREATE TABLE session (
    token_hash bytea NOT NULL PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    account_id uuid NOT NULL REFERENCES account (id),
    person_id uuid NOT NULL,
    institution_id uuid NOT NULL,
    factors bigint NOT NULL,
    created bigint NOT NULL,
    last_seen bigint NOT NULL,
    absolute_end bigint NOT NULL,
    ended bigint
);
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (absolute_end);

-- A sign-in between its password and its second factor.
CREATE TABLE sign_in_pending (
    token_hash bytea NOT NULL PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account (id),
    created bigint NOT NULL
);
CREATE INDEX sign_in_pending_by_account ON sign_in_pending (account_id);

-- Appended only. The account is absent where the user name was unknown.
CREATE TABLE sign_in_event (
    id uuid NOT NULL PRIMARY KEY,
    occurred bigint NOT NULL,
    network text NOT NULL,
    account_id uuid,
    outcome text NOT NULL
);
CREATE INDEX sign_in_event_by_network ON sign_in_event (network, occurred);
CREATE INDEX sign_in_event_by_time ON sign_in_event (occurred);

-- Facts about this installation: the secrets' check value, the mark of demo data.
CREATE TABLE installation (
    key text NOT NULL PRIMARY KEY,
    value text NOT NULL
);

-- Everything below leads its key with the institution.

CREATE TABLE institution_state (
    institution_id uuid NOT NULL PRIMARY KEY REFERENCES institution (id),
    revision bigint NOT NULL,
    change_sets bigint NOT NULL,
    last_account_number bigint NOT NULL
);

CREATE TABLE affiliation (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL REFERENCES person (id),
    kind text NOT NULL CHECK (kind IN ('staff', 'pupil', 'external')),
    user_type text NOT NULL,
    source text NOT NULL,
    valid_from bigint,
    valid_until bigint,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE INDEX affiliation_by_person ON affiliation (person_id);

CREATE TABLE school_group (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('class', 'section')),
    subject text,
    source_id text,
    created bigint NOT NULL,
    gone bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE UNIQUE INDEX school_group_by_source ON school_group (institution_id, source_id);

CREATE TABLE membership (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    person_id uuid NOT NULL,
    valid_from bigint,
    valid_until bigint,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id),
    FOREIGN KEY (institution_id, group_id) REFERENCES school_group (institution_id, id)
);

-- level is absent where the roster's own word (raw) names no level that the rule knows.
CREATE TABLE pupil_level (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    level text,
    raw text NOT NULL,
    valid_from bigint,
    valid_until bigint,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id)
);

CREATE TABLE teaches (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    group_id uuid NOT NULL,
    valid_from bigint,
    valid_until bigint,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id),
    FOREIGN KEY (institution_id, group_id) REFERENCES school_group (institution_id, id)
);

-- A protected pupil's number here: "Beskyttet elev 3". Never given to another.
CREATE TABLE pupil_alias (
    institution_id uuid NOT NULL,
    person_id uuid NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (institution_id, person_id),
    UNIQUE (institution_id, number)
);

CREATE TABLE staff_right (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('booking', 'running')),
    granted boolean NOT NULL,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    PRIMARY KEY (institution_id, id)
);
CREATE UNIQUE INDEX staff_right_now ON staff_right (institution_id, person_id, kind) WHERE recorded_until IS NULL;

-- revision is the institution's revision that the change set made; it says what a draft made on an
-- earlier one has not seen.
CREATE TABLE change_set (
    institution_id uuid NOT NULL,
    number bigint NOT NULL,
    revision bigint NOT NULL,
    recorded bigint NOT NULL,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    via text NOT NULL,
    reason text NOT NULL,
    takes_back bigint,
    takes_back_positions text,
    own_right boolean NOT NULL,
    PRIMARY KEY (institution_id, number)
);

-- scope_id names the group or pupil; tests_code the subject's slug or the test's code.
CREATE TABLE decision (
    institution_id uuid NOT NULL,
    change_set bigint NOT NULL,
    position bigint NOT NULL,
    teacher_id uuid NOT NULL,
    scope_kind text NOT NULL CHECK (scope_kind IN ('school', 'level', 'group', 'pupil')),
    scope_level text,
    scope_id uuid,
    tests_kind text NOT NULL CHECK (tests_kind IN ('all', 'subject', 'test')),
    tests_code text,
    effect text NOT NULL CHECK (effect IN ('give', 'withhold', 'clear')),
    valid_from bigint NOT NULL,
    valid_until bigint,
    PRIMARY KEY (institution_id, change_set, position),
    FOREIGN KEY (institution_id, change_set) REFERENCES change_set (institution_id, number)
);

CREATE TABLE exemption (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    test_code text NOT NULL,
    school_year bigint NOT NULL,
    note text NOT NULL,
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    recorded_from bigint NOT NULL,
    recorded_until bigint,
    withdrawn_by text,
    PRIMARY KEY (institution_id, id)
);
CREATE UNIQUE INDEX exemption_now ON exemption (institution_id, person_id, test_code, school_year)
    WHERE recorded_until IS NULL;

CREATE TABLE draft (
    institution_id uuid NOT NULL,
    person_id uuid NOT NULL,
    based_on bigint NOT NULL,
    edits text NOT NULL,
    kept bigint NOT NULL,
    PRIMARY KEY (institution_id, person_id)
);

CREATE TABLE import_run (
    institution_id uuid NOT NULL,
    id uuid NOT NULL,
    file_name text NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'applied', 'refused', 'rejected')),
    author_id uuid NOT NULL,
    author_name text NOT NULL,
    started bigint NOT NULL,
    finished bigint,
    counts text NOT NULL,
    held_reason text,
    payload bytea,
    PRIMARY KEY (institution_id, id)
);

-- The audit chain. institution_id is an authority's id for what is done at the authority.
-- body holds ids and codes only; personal words stand in audit_personal, and the chain holds
-- a salted commitment to them, so that erasing them keeps the chain whole.
CREATE TABLE audit_entry (
    institution_id uuid NOT NULL,
    number bigint NOT NULL,
    recorded bigint NOT NULL,
    action text NOT NULL,
    actor text NOT NULL,
    object text NOT NULL,
    request uuid NOT NULL,
    body text NOT NULL,
    commitment bytea NOT NULL,
    previous bytea NOT NULL,
    mac bytea NOT NULL,
    key_id text NOT NULL,
    PRIMARY KEY (institution_id, number)
);

CREATE TABLE audit_personal (
    institution_id uuid NOT NULL,
    number bigint NOT NULL,
    salt bytea NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (institution_id, number)
);

-- The end of each chain; its row is the lock under which the next entry is written.
CREATE TABLE audit_head (
    institution_id uuid NOT NULL PRIMARY KEY,
    number bigint NOT NULL,
    mac bytea NOT NULL
);
