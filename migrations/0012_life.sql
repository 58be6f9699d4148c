-- How a registration goes on and ends, and the grace periods of a domain.

ALTER TABLE domain ADD COLUMN auto_renew BIGINT NOT NULL DEFAULT 1;
-- When the registry renews it or ends it, where that is later than its end.
ALTER TABLE domain ADD COLUMN renew_at BIGINT;
-- When it is deleted, as its sponsor asked.
ALTER TABLE domain ADD COLUMN delete_at BIGINT;
-- Deleted or suspended: how, since when, until when it can be brought back, and the end the registration had.
ALTER TABLE domain ADD COLUMN hold_cause TEXT;
ALTER TABLE domain ADD COLUMN hold_since BIGINT;
ALTER TABLE domain ADD COLUMN hold_until BIGINT;
ALTER TABLE domain ADD COLUMN hold_expires_at BIGINT;
-- By when the report of a restore that was asked for must be there.
ALTER TABLE domain ADD COLUMN report_due_at BIGINT;
-- The first moment at which the registry does something with it by itself; follows from the other columns.
ALTER TABLE domain ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;

UPDATE domain SET hold_cause = 'deleted', hold_since = COALESCE(updated_at, created_at), hold_until = purge_at,
    hold_expires_at = expires_at WHERE purge_at IS NOT NULL;
UPDATE domain SET due_at = COALESCE(purge_at, expires_at);

DROP INDEX domain_purge;
CREATE INDEX domain_due ON domain (due_at, id);

CREATE TABLE grace (
    domain BIGINT NOT NULL REFERENCES domain (id),
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    -- Months that step added to the registration.
    months BIGINT NOT NULL,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    PRIMARY KEY (domain, kind, since)
);

-- Whether the domains of an account are renewed by the registry, unless said otherwise: NULL for the profile's.
ALTER TABLE registrar ADD COLUMN auto_renew BIGINT;
