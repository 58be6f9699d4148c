-- Who uses the registry, and the registry's own bookkeeping.
-- Portable SQL: BIGINT, TEXT and BYTEA only; see the top of src/store/mod.rs.

-- Numbers that only grow, such as the next process number.
CREATE TABLE counter (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('process', 0);

-- Running servers. A row whose seen_at is old belongs to a server that is gone.
CREATE TABLE process (
    id BIGINT NOT NULL PRIMARY KEY,
    node TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX process_node ON process (node);

CREATE TABLE registrar (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT,
    enabled BIGINT NOT NULL,
    max_sessions BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- EPP users: the login names of a registrar.
CREATE TABLE epp_user (
    id TEXT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    password TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX epp_user_registrar ON epp_user (registrar);

-- Client certificates a user may come with. A user without a pin may come with any certificate of the CA whose
-- subject names it, where the profile allows that.
CREATE TABLE cert_pin (
    user_id TEXT NOT NULL REFERENCES epp_user (id),
    sha256 BYTEA NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, sha256)
);

-- Addresses a registrar connects from: a prefix as its first and last address, 16 bytes each, IPv4 in its
-- v4-mapped form, so that one comparison serves both families.
CREATE TABLE allow_entry (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    prefix TEXT NOT NULL,
    first_addr BYTEA NOT NULL,
    last_addr BYTEA NOT NULL,
    note TEXT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (registrar, prefix)
);
CREATE INDEX allow_entry_range ON allow_entry (first_addr, last_addr);

-- Logged-in sessions, for the caps that hold over all processes and for the operator's list.
CREATE TABLE session (
    id BIGINT NOT NULL PRIMARY KEY,
    process BIGINT NOT NULL,
    registrar TEXT NOT NULL,
    user_id TEXT NOT NULL,
    address TEXT NOT NULL,
    tls TEXT NOT NULL,
    login_at BIGINT NOT NULL
);
CREATE INDEX session_registrar ON session (registrar, process);
CREATE INDEX session_process ON session (process);

-- Every login that was tried (S85).
CREATE TABLE login_attempt (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    registrar TEXT,
    address TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE INDEX login_attempt_user ON login_attempt (user_id, at);

-- Zones this registry serves; each picks its rules. Overrides is a piece of TOML laid over the profile.
CREATE TABLE zone (
    name TEXT NOT NULL PRIMARY KEY,
    profile TEXT NOT NULL,
    overrides TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What every command that could change something did or was refused for. Append only.
CREATE TABLE audit (
    id BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    registrar TEXT NOT NULL,
    user_id TEXT NOT NULL,
    source TEXT NOT NULL,
    command TEXT NOT NULL,
    object TEXT NOT NULL,
    code BIGINT NOT NULL,
    reason TEXT NOT NULL,
    cltrid TEXT,
    svtrid TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_object ON audit (object, at);
CREATE INDEX audit_registrar ON audit (registrar, at);

-- Messages that wait for a registrar (RFC 5730 section 2.9.2.3). An acknowledged message is deleted; that it was
-- there and was acknowledged stays in audit.
CREATE TABLE poll_message (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    queued_at BIGINT NOT NULL,
    text TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE INDEX poll_message_queue ON poll_message (registrar, queued_at, id);
