-- The second e-mail address of a contact (RFC 9873): the address and whether it is the one to use first, as JSON.
ALTER TABLE contact ADD COLUMN addl_email TEXT;
