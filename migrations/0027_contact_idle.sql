-- Contacts that may be removed because no domain has them, and since when that is so. A contact that a domain has by now
-- can still have its row: whoever cleans up looks, and takes the row away.
CREATE TABLE contact_idle (
    contact BIGINT NOT NULL PRIMARY KEY,
    -- Whether a domain ever had it.
    used BIGINT NOT NULL,
    -- Ahead of now while an action waits in which it is named.
    since BIGINT NOT NULL
);
CREATE INDEX contact_idle_since ON contact_idle (used, since, contact);

-- Nobody noted when the contacts of now were last used: their time begins with the last thing that was done here.
INSERT INTO contact_idle (contact, used, since)
SELECT c.id, 1, COALESCE((SELECT MAX(a.at) FROM audit a), c.created_at) FROM contact c
WHERE NOT EXISTS (SELECT 1 FROM domain d WHERE d.registrant = c.id)
AND NOT EXISTS (SELECT 1 FROM domain_contact l WHERE l.contact = c.id);

-- Who waits for a name is not idle.
CREATE INDEX waiting_position_holder ON waiting_position (holder);
