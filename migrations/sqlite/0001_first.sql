-- The first schema. Its twin for the other engine has the same tables and columns.
--
-- Ids are UUIDv7 made by the caller. Instants are microseconds since 1970-01-01T00:00:00Z.
-- Dated facts carry when they hold (valid_…) and when they were known (recorded_…); they are
-- closed, never overwritten. A missing valid_from or valid_until leaves that side open.

-- Directory: what spans institutions.

CREATE TABLE authority (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    country TEXT NOT NULL CHECK (country IN ('dk', 'se'))
) STRICT;

CREATE TABLE institution (
    id BLOB NOT NULL PRIMARY KEY,
    authority_id BLOB NOT NULL REFERENCES authority (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    country TEXT NOT NULL CHECK (country IN ('dk', 'se')),
    identity_source TEXT NOT NULL CHECK (identity_source IN ('local', 'unilogin'))
) STRICT;
CREATE INDEX institution_by_authority ON institution (authority_id);

CREATE TABLE person (
    id BLOB NOT NULL PRIMARY KEY,
    given TEXT NOT NULL,
    family TEXT NOT NULL,
    protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
    created INTEGER NOT NULL
) STRICT;

-- How the files of an institution or authority name a person.
CREATE TABLE person_source (
    owner_id BLOB NOT NULL,
    source_id TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (owner_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_source_by_person ON person_source (person_id);

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    institution_id BLOB NOT NULL REFERENCES institution (id),
    number INTEGER NOT NULL,
    user_name TEXT NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('principal', 'test-administrator', 'leader', 'teacher')),
    created INTEGER NOT NULL,
    active_from INTEGER NOT NULL,
    active_until INTEGER,
    deactivated INTEGER,
    must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
    UNIQUE (institution_id, number)
) STRICT;
CREATE INDEX account_by_person ON account (person_id);

CREATE TABLE account_password (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES account (id),
    phc TEXT NOT NULL,
    issued INTEGER NOT NULL CHECK (issued IN (0, 1)),
    failures INTEGER NOT NULL,
    wait_until INTEGER,
    dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
    changed INTEGER NOT NULL
) STRICT;

CREATE TABLE matrix_card (
    id BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    serial TEXT NOT NULL,
    failures INTEGER NOT NULL,
    wait_until INTEGER,
    dead INTEGER NOT NULL CHECK (dead IN (0, 1)),
    issued INTEGER NOT NULL,
    replaced INTEGER
) STRICT;
CREATE UNIQUE INDEX matrix_card_in_use ON matrix_card (account_id) WHERE replaced IS NULL;

CREATE TABLE matrix_challenge (
    card_id BLOB NOT NULL REFERENCES matrix_card (id),
    position INTEGER NOT NULL,
    coordinates TEXT NOT NULL,
    phc TEXT NOT NULL,
    used INTEGER,
    PRIMARY KEY (card_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    account_id BLOB NOT NULL REFERENCES account (id),
    person_id BLOB NOT NULL,
    institution_id BLOB NOT NULL,
    factors INTEGER NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    absolute_end INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_account ON session (account_id);
CREATE INDEX session_by_end ON session (absolute_end);

-- A sign-in between its password and its second factor.
CREATE TABLE sign_in_pending (
    token_hash BLOB NOT NULL PRIMARY KEY,
    account_id BLOB NOT NULL REFERENCES account (id),
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_pending_by_account ON sign_in_pending (account_id);

-- Appended only. The account is absent where the user name was unknown.
CREATE TABLE sign_in_event (
    id BLOB NOT NULL PRIMARY KEY,
    occurred INTEGER NOT NULL,
    network TEXT NOT NULL,
    account_id BLOB,
    outcome TEXT NOT NULL
) STRICT;
CREATE INDEX sign_in_event_by_network ON sign_in_event (network, occurred);
CREATE INDEX sign_in_event_by_time ON sign_in_event (occurred);

-- Facts about this installation: the secrets' check value, the mark of demo data.
CREATE TABLE installation (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Everything below leads its key with the institution.

CREATE TABLE institution_state (
    institution_id BLOB NOT NULL PRIMARY KEY REFERENCES institution (id),
    revision INTEGER NOT NULL,
    change_sets INTEGER NOT NULL,
    last_account_number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE affiliation (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('staff', 'pupil', 'external')),
    user_type TEXT NOT NULL,
    source TEXT NOT NULL,
    valid_from INTEGER,
    valid_until INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX affiliation_by_person ON affiliation (person_id);

CREATE TABLE school_group (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('class', 'section')),
    subject TEXT,
    source_id TEXT,
    created INTEGER NOT NULL,
    gone INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX school_group_by_source ON school_group (institution_id, source_id);

CREATE TABLE membership (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    group_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    valid_from INTEGER,
    valid_until INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id),
    FOREIGN KEY (institution_id, group_id) REFERENCES school_group (institution_id, id)
) STRICT, WITHOUT ROWID;

-- level is absent where the roster's own word (raw) names no level that the rule knows.
CREATE TABLE pupil_level (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    level TEXT,
    raw TEXT NOT NULL,
    valid_from INTEGER,
    valid_until INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE teaches (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    group_id BLOB NOT NULL,
    valid_from INTEGER,
    valid_until INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id),
    FOREIGN KEY (institution_id, group_id) REFERENCES school_group (institution_id, id)
) STRICT, WITHOUT ROWID;

-- A protected pupil's number here: "Beskyttet elev 3". Never given to another.
CREATE TABLE pupil_alias (
    institution_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (institution_id, person_id),
    UNIQUE (institution_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff_right (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('booking', 'running')),
    granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX staff_right_now ON staff_right (institution_id, person_id, kind) WHERE recorded_until IS NULL;

-- revision is the institution's revision that the change set made; it says what a draft made on an
-- earlier one has not seen.
CREATE TABLE change_set (
    institution_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    via TEXT NOT NULL,
    reason TEXT NOT NULL,
    takes_back INTEGER,
    takes_back_positions TEXT,
    own_right INTEGER NOT NULL CHECK (own_right IN (0, 1)),
    PRIMARY KEY (institution_id, number)
) STRICT, WITHOUT ROWID;

-- scope_id names the group or pupil; tests_code the subject's slug or the test's code.
CREATE TABLE decision (
    institution_id BLOB NOT NULL,
    change_set INTEGER NOT NULL,
    position INTEGER NOT NULL,
    teacher_id BLOB NOT NULL,
    scope_kind TEXT NOT NULL CHECK (scope_kind IN ('school', 'level', 'group', 'pupil')),
    scope_level TEXT,
    scope_id BLOB,
    tests_kind TEXT NOT NULL CHECK (tests_kind IN ('all', 'subject', 'test')),
    tests_code TEXT,
    effect TEXT NOT NULL CHECK (effect IN ('give', 'withhold', 'clear')),
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    PRIMARY KEY (institution_id, change_set, position),
    FOREIGN KEY (institution_id, change_set) REFERENCES change_set (institution_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE exemption (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    test_code TEXT NOT NULL,
    school_year INTEGER NOT NULL,
    note TEXT NOT NULL,
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_until INTEGER,
    withdrawn_by TEXT,
    PRIMARY KEY (institution_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX exemption_now ON exemption (institution_id, person_id, test_code, school_year)
    WHERE recorded_until IS NULL;

CREATE TABLE draft (
    institution_id BLOB NOT NULL,
    person_id BLOB NOT NULL,
    based_on INTEGER NOT NULL,
    edits TEXT NOT NULL,
    kept INTEGER NOT NULL,
    PRIMARY KEY (institution_id, person_id)
) STRICT;

CREATE TABLE import_run (
    institution_id BLOB NOT NULL,
    id BLOB NOT NULL,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('held', 'applied', 'refused', 'rejected')),
    author_id BLOB NOT NULL,
    author_name TEXT NOT NULL,
    started INTEGER NOT NULL,
    finished INTEGER,
    counts TEXT NOT NULL,
    held_reason TEXT,
    payload BLOB,
    PRIMARY KEY (institution_id, id)
) STRICT;

-- The audit chain. institution_id is an authority's id for what is done at the authority.
-- body holds ids and codes only; personal words stand in audit_personal, and the chain holds
-- a salted commitment to them, so that erasing them keeps the chain whole.
CREATE TABLE audit_entry (
    institution_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    object TEXT NOT NULL,
    request BLOB NOT NULL,
    body TEXT NOT NULL,
    commitment BLOB NOT NULL,
    previous BLOB NOT NULL,
    mac BLOB NOT NULL,
    key_id TEXT NOT NULL,
    PRIMARY KEY (institution_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_personal (
    institution_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (institution_id, number)
) STRICT, WITHOUT ROWID;

-- The end of each chain; its row is the lock under which the next entry is written.
CREATE TABLE audit_head (
    institution_id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    mac BLOB NOT NULL
) STRICT, WITHOUT ROWID;
