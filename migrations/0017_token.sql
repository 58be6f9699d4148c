-- Codes of the registry's making that open a domain to another registrar. One for each domain: a new one takes the
-- place of the old. Object identifiers are unique over all kinds.

CREATE TABLE auth_token (
    object BIGINT NOT NULL PRIMARY KEY,
    -- TRANSFER or REDEL, and REG, OWN, NSA or PXY.
    operation TEXT NOT NULL,
    role TEXT NOT NULL,
    issuer TEXT NOT NULL,
    -- The code itself stands nowhere: seed and the server's key give it, digest proves it.
    seed TEXT NOT NULL,
    digest TEXT NOT NULL,
    mails BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    retracted_at BIGINT,
    -- When its end is noted; NULL once it ended.
    due_at BIGINT
);
CREATE INDEX auth_token_due ON auth_token (due_at);

-- Wrong codes, by object (domain:foo.example), who tried them, and day (days since 1970, UTC).
CREATE TABLE wrong_code (
    object TEXT NOT NULL,
    registrar TEXT NOT NULL,
    day BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (object, registrar, day)
);
CREATE INDEX wrong_code_day ON wrong_code (day);

-- What a transfer took the place of, to undo it: a JSON document; NULL where nothing moved.
ALTER TABLE transfer ADD COLUMN before_it TEXT;
