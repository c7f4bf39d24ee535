-- What the office owes is made good whatever stands against the citizen.
ALTER TABLE waiting_list ADD COLUMN exempt INTEGER NOT NULL DEFAULT 0 CHECK (exempt IN (0, 1)); -- sanctions do not count for it
