-- What was asked for and waits: for the terms to be accepted, for an identity to be controlled, for somebody's consent.
CREATE TABLE pending_action (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    -- The object it is about: its number, and its name or handle.
    object BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- Who asked, and is told how it ends.
    registrar TEXT NOT NULL REFERENCES registrar (id),
    started_at BIGINT NOT NULL,
    -- What it waits for, and until when.
    state TEXT NOT NULL,
    deadline BIGINT NOT NULL,
    -- The command that asked for it, which the message about its end refers to.
    cltrid TEXT,
    svtrid TEXT NOT NULL,
    -- What is to be done, as JSON by kind.
    data TEXT NOT NULL
);
CREATE INDEX pending_action_deadline ON pending_action (deadline, id);
CREATE INDEX pending_action_object ON pending_action (object);

-- When the identity behind a contact was controlled with success.
ALTER TABLE contact ADD COLUMN identified_at BIGINT;
