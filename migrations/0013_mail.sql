-- Where registrars want to have their notices, and the mail that is on its way to them.

-- What a registrar chose about its notices; one without a row chose nothing. poll is null until it is switched,
-- langs are tags with blanks between them, in the order of multilingual mail.
CREATE TABLE mail_settings (
    registrar TEXT NOT NULL PRIMARY KEY REFERENCES registrar (id),
    poll BIGINT,
    automated TEXT,
    langs TEXT NOT NULL,
    reminded_at BIGINT
);

-- Addresses of the categories of mail, in the order given. A category without one has the general address or none.
CREATE TABLE mail_address (
    registrar TEXT NOT NULL REFERENCES registrar (id),
    category TEXT NOT NULL,
    position BIGINT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (registrar, category, position)
);

-- Mail, written with its cause. state is 0 while it waits, 1 once it was sent, 2 when nobody tries any more. Whoever
-- sends one moves next_at behind its lease first, so that no other does, and so that it is tried again should the
-- sender die.
CREATE TABLE mail_outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    registrar TEXT NOT NULL REFERENCES registrar (id),
    queued_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    sent_at BIGINT,
    error TEXT NOT NULL
);
CREATE INDEX mail_outbox_due ON mail_outbox (state, next_at, id);
CREATE INDEX mail_outbox_state ON mail_outbox (state, queued_at, id);
CREATE INDEX mail_outbox_registrar ON mail_outbox (registrar, queued_at, id);

-- The log of logins forgets what is old.
CREATE INDEX login_attempt_at ON login_attempt (at);
