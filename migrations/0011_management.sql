-- Who manages an object: its registrar or the registrant; and what an account has new objects managed by (NULL: the profile's).
ALTER TABLE domain ADD COLUMN management TEXT NOT NULL DEFAULT 'registrar';
ALTER TABLE contact ADD COLUMN management TEXT NOT NULL DEFAULT 'registrar';
ALTER TABLE host ADD COLUMN management TEXT NOT NULL DEFAULT 'registrar';
ALTER TABLE registrar ADD COLUMN management TEXT;
