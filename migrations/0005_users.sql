-- Service users and their meta-roles, and what the throttle of logins counts.

-- The one service a user belongs to: epp, das or dsu.
ALTER TABLE epp_user ADD COLUMN service TEXT NOT NULL DEFAULT 'epp';
-- Its meta-roles, with blanks between them. A user that was there before roles has all of them.
ALTER TABLE epp_user ADD COLUMN roles TEXT NOT NULL DEFAULT 'registrar proxy payer name_server_administrator';
-- When it was deleted. The row stays, so that its name is given to nobody else and what it did stays its own.
ALTER TABLE epp_user ADD COLUMN deleted_at BIGINT;

-- Whether the throttle counts the attempt: a failure that no success and no operator has wiped out since.
ALTER TABLE login_attempt ADD COLUMN counted BIGINT NOT NULL DEFAULT 0;
CREATE INDEX login_attempt_user_counted ON login_attempt (user_id, counted, at);
CREATE INDEX login_attempt_address_counted ON login_attempt (address, counted, at);
