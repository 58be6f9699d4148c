-- Who waits for a name that somebody else has, in the order of their coming. An offer and its deadline are a pending action.
CREATE TABLE waiting_position (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- The contact that waits, as handles are compared.
    holder TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    -- waiting, offered, or accepted; then with the digest of the token that registers the name.
    state TEXT NOT NULL,
    token TEXT,
    UNIQUE (name, holder)
);
CREATE INDEX waiting_position_name ON waiting_position (name, id);
