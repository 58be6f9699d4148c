-- Mail that brings a transfer code. The body has a mark where the code stands: the code itself is worked out when the
-- mail is sent, from the code's row (see auth_token), and is nowhere in this table.

-- The domain whose code it brings, and the seed of that code, by which another one made since is told from it; NULL
-- for all other mail.
ALTER TABLE mail_outbox ADD COLUMN code_domain BIGINT;
ALTER TABLE mail_outbox ADD COLUMN code_seed TEXT;
