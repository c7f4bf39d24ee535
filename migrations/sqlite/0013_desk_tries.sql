-- A letter on which the program dies is not read for ever because staff want it read again.
ALTER TABLE desk ADD COLUMN tries INTEGER NOT NULL DEFAULT 0; -- readings for an act that did not end
