-- Somebody who waits, somebody who has an offer, and a code that was typed wrongly.
INSERT INTO waiting_list (id, person, service_code, organisation, wanted_from, wanted_until, joined_at, priority, state, slot_id, restores)
    VALUES (1, X'1c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09', 'T-1', 'Поликлиника', '', '9999', 1799990000000000, 0, 'waiting', NULL, NULL);
INSERT INTO waiting_list (id, person, service_code, organisation, wanted_from, wanted_until, joined_at, priority, state, slot_id, restores)
    VALUES (2, X'2c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09', 'T-1', 'Поликлиника', '2027-01-01T00:00', '2027-12-31T23:59', 1799980000000000, 0, 'offered', NULL, NULL);
INSERT INTO waiting_persons (waiting_id, full_name, email, phone, citizen_id)
    VALUES (1, 'Петров Пётр Ильич', 'petr@example.org', NULL, NULL);
INSERT INTO waiting_persons (waiting_id, full_name, email, phone, citizen_id)
    VALUES (2, 'Орлова Ольга Ивановна', 'olga@example.org', '+79160000000', '17');
INSERT INTO offers (id, slot_id, waiting_id, offered_at, expires_at, state, closed_at)
    VALUES (7, 1, 2, 1800000000000000, 1800007200000000, 'open', NULL);
UPDATE slots SET held_until = 1800007200000000 WHERE id = 1;
INSERT INTO restoration_tries (booking_id, cancellation, sender, wrong)
    VALUES (1, 1, X'3c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09', 2);
