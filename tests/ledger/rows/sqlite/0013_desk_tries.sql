-- A letter on which the program died twice.
UPDATE desk SET tries = 2 WHERE letter_id = 2;
