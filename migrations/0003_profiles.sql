-- The profile whose account rules a registrar is under; NULL for the server's.
ALTER TABLE registrar ADD COLUMN profile TEXT;
