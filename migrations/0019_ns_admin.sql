-- The contact that administers a name server; NULL while its registrar does.
ALTER TABLE host ADD COLUMN admin BIGINT REFERENCES contact (id);
CREATE INDEX host_admin ON host (admin);
