-- What the office owes is made good whatever stands against the citizen.
ALTER TABLE waiting_list ADD COLUMN exempt BOOLEAN NOT NULL DEFAULT FALSE; -- sanctions do not count for it
