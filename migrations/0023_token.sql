-- How long resolvers keep the records of a domain or host, where its registrar chose (RFC 9803). Object identifiers are
-- unique over all kinds.
CREATE TABLE record_ttl (
    object BIGINT NOT NULL,
    -- The record type's mnemonic.
    record TEXT NOT NULL,
    seconds BIGINT NOT NULL,
    PRIMARY KEY (object, record)
);

-- Work on the service that the operator announces (RFC 9167).
CREATE TABLE maintenance (
    id BIGINT NOT NULL PRIMARY KEY,
    -- The object as its item shows it: a JSON document.
    item TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    cancelled_at BIGINT,
    -- When registrars are told next by the clock, and of what: courtesy or end. NULL once nothing is left to tell.
    due_at BIGINT,
    due TEXT
);
CREATE INDEX maintenance_due ON maintenance (due_at);
CREATE INDEX maintenance_end ON maintenance (ends_at, id);

-- Allocation tokens (RFC 8495), made in batches that say what they open.
CREATE TABLE allocation_batch (
    id BIGINT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    -- What a token of it fits: a JSON document.
    terms TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE TABLE allocation_token (
    id BIGINT NOT NULL PRIMARY KEY,
    batch BIGINT NOT NULL REFERENCES allocation_batch (id),
    -- The part of the token that finds it; it opens nothing.
    selector TEXT NOT NULL UNIQUE,
    -- Salted digest of the whole token, which stands nowhere.
    digest TEXT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT,
    -- Who used it, for what and for which object.
    registrar TEXT,
    operation TEXT,
    object TEXT
);
CREATE INDEX allocation_token_batch ON allocation_token (batch, id);
CREATE INDEX allocation_token_object ON allocation_token (object);
