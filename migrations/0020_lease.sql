-- Timed work that several servers share, and what registrars are told once a month.

-- Who does a kind of timed work, and until when that is so unless it goes on. Work that nobody does has no row.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    -- The number of a process.
    holder BIGINT NOT NULL,
    until BIGINT NOT NULL
);

-- The last month, as 202603, for which it was looked whether an account can pay the renewals to come.
CREATE TABLE shortfall (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    currency TEXT NOT NULL,
    month BIGINT NOT NULL,
    PRIMARY KEY (registrar, currency)
);

-- What of a registrar's domains is due next.
CREATE INDEX domain_registrar_due ON domain (registrar, due_at);
