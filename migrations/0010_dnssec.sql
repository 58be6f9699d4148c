-- DNSSEC data of domains: a delegation signer each, and the key it was made from where that is known.

CREATE TABLE domain_ds (
    domain BIGINT NOT NULL REFERENCES domain (id),
    key_tag BIGINT NOT NULL,
    alg BIGINT NOT NULL,
    digest_type BIGINT NOT NULL,
    -- Upper case hexadecimal digits.
    digest TEXT NOT NULL,
    key_flags BIGINT,
    key_protocol BIGINT,
    -- Base64; the key's algorithm is alg.
    pub_key TEXT,
    position BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (domain, key_tag, alg, digest_type, digest)
);
