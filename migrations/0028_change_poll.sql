-- What was done to the object that a message shows, where its reader did not do it (RFC 8590).
ALTER TABLE poll_message ADD COLUMN change TEXT NOT NULL DEFAULT '';
