-- What the registry itself marks a domain with: a dispute, a violation, a lock, name servers taken away.
CREATE TABLE domain_mark (
    domain BIGINT NOT NULL REFERENCES domain (id) ON DELETE CASCADE,
    mark TEXT NOT NULL,
    -- In the operator's words: the dispute's kind, the rule that is violated.
    detail TEXT NOT NULL,
    since BIGINT NOT NULL,
    -- Until when something is to be done, or when it ends by itself.
    until BIGINT,
    PRIMARY KEY (domain, mark)
);
CREATE INDEX domain_mark_due ON domain_mark (mark, until);

-- Whether it was noted already that a window was used up.
ALTER TABLE rate_window ADD COLUMN noted BIGINT NOT NULL DEFAULT 0;

-- The address list of the portal, as that of EPP.
CREATE TABLE web_allow_entry (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    prefix TEXT NOT NULL,
    first_addr BYTEA NOT NULL,
    last_addr BYTEA NOT NULL,
    note TEXT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (registrar, prefix)
);

-- What a user logs in to the portal with; empty for none.
ALTER TABLE epp_user ADD COLUMN web_password TEXT NOT NULL DEFAULT '';
