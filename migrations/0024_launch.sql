-- Applications for names in the phases of a launch (RFC 8334). Several may be for one name; one that was decided stays.
CREATE TABLE launch_application (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    created_at BIGINT NOT NULL,
    updater TEXT,
    updated_at BIGINT,
    phase TEXT NOT NULL,
    phase_name TEXT,
    status TEXT NOT NULL,
    status_name TEXT,
    note TEXT,
    -- Digest of the authorization information the domain is to have.
    auth TEXT,
    -- The command that made it, which the message about its end refers to.
    cltrid TEXT,
    svtrid TEXT NOT NULL,
    -- What is to be registered, and the proofs and notices that came with it, as JSON.
    data TEXT NOT NULL
);
CREATE INDEX launch_application_name ON launch_application (name, id);
CREATE INDEX launch_application_status ON launch_application (status, id);

-- The contacts and hosts that applications name, which are not deleted meanwhile.
CREATE TABLE launch_link (
    application BIGINT NOT NULL REFERENCES launch_application (id),
    object BIGINT NOT NULL,
    PRIMARY KEY (application, object)
);
CREATE INDEX launch_link_object ON launch_link (object);

-- In which phase a domain was registered, and by what proofs, as JSON.
CREATE TABLE launch_registration (
    domain BIGINT NOT NULL PRIMARY KEY,
    phase TEXT NOT NULL,
    phase_name TEXT,
    application BIGINT,
    proofs TEXT NOT NULL
);

-- Labels that match a trademark, by validator, with the key of the notice.
CREATE TABLE launch_claim (
    id BIGINT NOT NULL PRIMARY KEY,
    validator TEXT NOT NULL,
    label TEXT NOT NULL,
    claim_key TEXT NOT NULL,
    listed_at BIGINT NOT NULL,
    UNIQUE (label, validator)
);
CREATE INDEX launch_claim_validator ON launch_claim (validator, id);

-- Signed marks that their issuer revoked.
CREATE TABLE launch_revoked (
    id BIGINT NOT NULL PRIMARY KEY,
    smd_id TEXT NOT NULL UNIQUE,
    revoked_at BIGINT NOT NULL
);

-- Root certificates of signers of marks, and lists of revoked certificates, in base64.
CREATE TABLE launch_trust (
    kind TEXT NOT NULL,
    digest TEXT NOT NULL,
    der TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    PRIMARY KEY (kind, digest)
);

-- What was loaded last.
CREATE TABLE launch_list (
    kind TEXT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL,
    loaded_at BIGINT NOT NULL,
    entries BIGINT NOT NULL
);
