-- The lists of a zone: names that are reserved, blocked, or sold at the prices of a class.
CREATE TABLE listed_name (
    id BIGINT NOT NULL PRIMARY KEY,
    zone TEXT NOT NULL REFERENCES zone (name),
    name TEXT NOT NULL,
    -- reserved, blocked or premium.
    list TEXT NOT NULL,
    -- Of a premium name; empty for others.
    class TEXT NOT NULL,
    -- What a registrar is told; empty for the usual word.
    reason TEXT NOT NULL,
    from_at BIGINT,
    until_at BIGINT,
    UNIQUE (name, list)
);
CREATE INDEX listed_name_zone ON listed_name (zone, id);

-- Prices have a class: '' is every name's, unless its class has a price of its own.
CREATE TABLE price_by_class (
    op TEXT NOT NULL,
    currency TEXT NOT NULL,
    class TEXT NOT NULL,
    zone TEXT NOT NULL,
    years BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    amount BIGINT,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (op, currency, class, zone, years, from_at)
);
INSERT INTO price_by_class (op, currency, class, zone, years, from_at, amount, set_at)
    SELECT op, currency, '', zone, years, from_at, amount, set_at FROM price;
DROP TABLE price;
ALTER TABLE price_by_class RENAME TO price;
