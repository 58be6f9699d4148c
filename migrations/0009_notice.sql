-- Notices: what kind a message is of, and what it says as pairs. Messages queued before have neither.
ALTER TABLE poll_message ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE poll_message ADD COLUMN fields TEXT NOT NULL DEFAULT '';
