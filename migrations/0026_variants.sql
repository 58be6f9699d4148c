-- Internationalised labels. A domain has a row where its label is internationalised, or something in it has a variant;
-- all others are their own index and need none. What was registered before is given its row by timed work, which
-- variant_state says the progress of.
CREATE TABLE domain_label (
    domain BIGINT NOT NULL PRIMARY KEY REFERENCES domain (id) ON DELETE CASCADE,
    -- The index label with its zone: the same for all variants of one another, whether they are registered or not.
    variant_index TEXT NOT NULL,
    -- The table that took the label; NULL for one of letters, digits and hyphens.
    idn_table TEXT
);
CREATE INDEX domain_label_index ON domain_label (variant_index);

-- Variants that a domain brings with it, as A-labels.
CREATE TABLE domain_variant (
    name TEXT NOT NULL PRIMARY KEY,
    domain BIGINT NOT NULL REFERENCES domain (id) ON DELETE CASCADE
);
CREATE INDEX domain_variant_domain ON domain_variant (domain);

-- By which variants the labels of a zone are indexed. No row: by none.
CREATE TABLE variant_state (
    zone TEXT NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    -- Those it is being indexed by, and the last domain that was done.
    building TEXT NOT NULL,
    after_id BIGINT NOT NULL
);
