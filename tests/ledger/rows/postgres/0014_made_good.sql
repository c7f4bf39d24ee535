-- A place in the list that the office owes.
UPDATE waiting_list SET exempt = TRUE WHERE restores IS NULL;
