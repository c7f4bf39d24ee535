-- A place in the list that the office owes.
UPDATE waiting_list SET exempt = 1 WHERE restores IS NULL;
