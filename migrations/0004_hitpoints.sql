-- Hitpoints: what a registrar's faulty commands cost it.

-- How an account stands. Days and months are keys in the zone of its profile (20260331, 202603); a row of an earlier
-- day or month counts as zero there, so that nothing has to run at midnight.
CREATE TABLE hit_state (
    registrar TEXT NOT NULL PRIMARY KEY REFERENCES registrar (id),
    -- Grows with every change, which it guards.
    version BIGINT NOT NULL,
    day BIGINT NOT NULL,
    points BIGINT NOT NULL,
    -- The limit of that day, from the portfolio it began with.
    day_limit BIGINT NOT NULL,
    exceeded_at BIGINT,
    blocked_until BIGINT,
    month BIGINT NOT NULL,
    -- Times the registrar unblocked itself in that month.
    unblocks BIGINT NOT NULL,
    -- The operator's own limit in the place of the portfolio's.
    limit_override BIGINT
);

-- Every fault that cost points.
CREATE TABLE hit_event (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    at BIGINT NOT NULL,
    object TEXT NOT NULL,
    communication TEXT NOT NULL,
    -- The svTRID of the command.
    reference TEXT NOT NULL,
    points BIGINT NOT NULL,
    code BIGINT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE INDEX hit_event_registrar ON hit_event (registrar, at);
CREATE INDEX hit_event_at ON hit_event (at);

-- Every block that was lifted, by the registrar itself or by the operator.
CREATE TABLE hit_unblock (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    at BIGINT NOT NULL,
    month BIGINT NOT NULL,
    by_self BIGINT NOT NULL,
    points BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);
CREATE INDEX hit_unblock_registrar ON hit_unblock (registrar, at);
