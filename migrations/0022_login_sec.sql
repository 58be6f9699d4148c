-- Since when a user has its password for EPP; of those that were there before it is known no better.
ALTER TABLE epp_user ADD COLUMN password_at BIGINT NOT NULL DEFAULT 0;
UPDATE epp_user SET password_at = updated_at;

-- What program a login came from, by its own word.
ALTER TABLE login_attempt ADD COLUMN agent_app TEXT;
ALTER TABLE login_attempt ADD COLUMN agent_tech TEXT;
ALTER TABLE login_attempt ADD COLUMN agent_os TEXT;
