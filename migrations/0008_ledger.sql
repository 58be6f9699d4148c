-- Money: what registrars have, how it came about, and what operations cost.

-- How an account stands in a currency. Amounts are in the currency's smallest unit.
CREATE TABLE balance (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    currency TEXT NOT NULL,
    -- Grows with every change, which it guards.
    version BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    -- What waiting charges of operations that need funds take of it.
    reserved BIGINT NOT NULL,
    -- How many entries of the ledger made it.
    entries BIGINT NOT NULL,
    -- The account's own in the place of the profile's.
    credit_limit BIGINT,
    -- Until when nothing waits for funds.
    unlocked_until BIGINT,
    -- The month, as 202603, and how often the registrar unlocked itself in it.
    month BIGINT NOT NULL,
    unlocks BIGINT NOT NULL,
    PRIMARY KEY (registrar, currency)
);

-- Every movement, never changed and never deleted.
CREATE TABLE ledger (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL,
    currency TEXT NOT NULL,
    -- 1, 2, 3 and so on within the account and currency.
    entry BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- What was charged, of which object, in which zone, for how many years; empty and 0 where nothing was.
    op TEXT NOT NULL,
    object TEXT NOT NULL,
    zone TEXT NOT NULL,
    years BIGINT NOT NULL,
    -- What it added to the balance, and the balance afterwards.
    amount BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    -- The transaction of the command, or of the operator's or the job's work.
    svtrid TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    user_id TEXT NOT NULL,
    -- The charge a refund gives back.
    refunds BIGINT,
    FOREIGN KEY (registrar, currency) REFERENCES balance (registrar, currency)
);
CREATE UNIQUE INDEX ledger_entry ON ledger (registrar, currency, entry);
CREATE UNIQUE INDEX ledger_refunds ON ledger (refunds);
CREATE INDEX ledger_object ON ledger (object, registrar, op, at);

-- Charges that wait: for the end of their month, or until what was asked for is done.
CREATE TABLE ledger_waiting (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    currency TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- When the month ends; NULL until what was asked for is done.
    due_at BIGINT,
    op TEXT NOT NULL,
    object TEXT NOT NULL,
    zone TEXT NOT NULL,
    years BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    svtrid TEXT NOT NULL,
    source TEXT NOT NULL,
    user_id TEXT NOT NULL
);
CREATE INDEX ledger_waiting_due ON ledger_waiting (due_at, id);
CREATE INDEX ledger_waiting_registrar ON ledger_waiting (registrar, currency, due_at, id);
CREATE INDEX ledger_waiting_object ON ledger_waiting (object, registrar, op, at);

-- The operator's prices. Zone '' means every zone, years 0 means each year; an amount of NULL ends a price.
CREATE TABLE price (
    op TEXT NOT NULL,
    currency TEXT NOT NULL,
    zone TEXT NOT NULL,
    years BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    amount BIGINT,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (op, currency, zone, years, from_at)
);
