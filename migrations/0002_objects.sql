-- Contacts, hosts, domains and their transfers.

CREATE TABLE contact (
    id BIGINT NOT NULL PRIMARY KEY,
    handle TEXT NOT NULL,
    handle_key TEXT NOT NULL UNIQUE,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    creator TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updater TEXT,
    updated_at BIGINT,
    transferred_at BIGINT,
    statuses TEXT NOT NULL,
    postal_int TEXT,
    postal_loc TEXT,
    voice TEXT,
    fax TEXT,
    email TEXT NOT NULL,
    disclose TEXT,
    auth TEXT
);
CREATE INDEX contact_registrar ON contact (registrar);

CREATE TABLE domain (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    zone TEXT NOT NULL,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    creator TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updater TEXT,
    updated_at BIGINT,
    transferred_at BIGINT,
    expires_at BIGINT NOT NULL,
    registrant BIGINT REFERENCES contact (id),
    statuses TEXT NOT NULL,
    auth TEXT,
    -- When a deleted domain is purged; NULL while it is registered.
    purge_at BIGINT,
    -- The command that deleted it, which the message about the purge refers to.
    delete_cltrid TEXT,
    delete_svtrid TEXT
);
CREATE INDEX domain_registrar ON domain (registrar);
CREATE INDEX domain_registrant ON domain (registrant);
CREATE INDEX domain_purge ON domain (purge_at);
CREATE INDEX domain_expiry ON domain (expires_at);

CREATE TABLE domain_contact (
    domain BIGINT NOT NULL REFERENCES domain (id),
    role TEXT NOT NULL,
    contact BIGINT NOT NULL REFERENCES contact (id),
    PRIMARY KEY (domain, role, contact)
);
CREATE INDEX domain_contact_contact ON domain_contact (contact);

-- Host objects, and the attribute hosts of a domain, which are private to it (private_to is its id, else 0).
CREATE TABLE host (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    private_to BIGINT NOT NULL,
    -- The domain of this registry the host lies below, or the one it is private to; NULL for an object elsewhere.
    superordinate BIGINT REFERENCES domain (id),
    registrar TEXT NOT NULL REFERENCES registrar (id),
    creator TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updater TEXT,
    updated_at BIGINT,
    transferred_at BIGINT,
    statuses TEXT NOT NULL,
    addrs TEXT NOT NULL,
    UNIQUE (name, private_to)
);
CREATE INDEX host_superordinate ON host (superordinate);
CREATE INDEX host_registrar ON host (registrar);

CREATE TABLE domain_ns (
    domain BIGINT NOT NULL REFERENCES domain (id),
    host BIGINT NOT NULL REFERENCES host (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (domain, host)
);
CREATE INDEX domain_ns_host ON domain_ns (host);

-- The last transfer of each object. Object identifiers are unique over all kinds.
CREATE TABLE transfer (
    object BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    requester TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    -- Who sponsored the object when it was asked for.
    loser TEXT NOT NULL,
    actor TEXT NOT NULL,
    acted_at BIGINT NOT NULL,
    -- Months the transfer adds, and where the registration then ends.
    months BIGINT NOT NULL,
    expires_at BIGINT,
    cltrid TEXT,
    svtrid TEXT NOT NULL,
    -- When the server decides by itself; NULL once decided.
    due_at BIGINT
);
CREATE INDEX transfer_due ON transfer (due_at);
