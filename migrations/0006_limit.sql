-- Limits: what was counted, and what single registrars are allowed instead of the profile's numbers.

-- Commands counted by a rate rule in one window of time, for one address or account. A process takes some of what
-- is left in one go, so this counts what was taken, not what was asked.
CREATE TABLE rate_window (
    rule TEXT NOT NULL,
    key TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (rule, key, begins_at)
);
CREATE INDEX rate_window_end ON rate_window (ends_at);

-- Transactions that changed a zone, by the day's beginning.
CREATE TABLE protected_day (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    day BIGINT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (registrar, day)
);
CREATE INDEX protected_day_day ON protected_day (day);

-- A registrar's own number for a rate rule of that name, or for protected transactions.
CREATE TABLE limit_override (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    rule TEXT NOT NULL,
    max BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (registrar, rule)
);

-- Addresses that were turned away, added up by the hour and by the door they came to.
CREATE TABLE refused_address (
    address TEXT NOT NULL,
    hour BIGINT NOT NULL,
    door TEXT NOT NULL,
    count BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (address, hour, door)
);
CREATE INDEX refused_address_hour ON refused_address (hour);
