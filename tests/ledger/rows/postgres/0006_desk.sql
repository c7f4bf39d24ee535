-- A dead letter on the desk with its note, and an order that waits.
INSERT INTO desk (letter_id, seen_at, place_validity, place_key, missing_since, reported_at, deadline, act, outcome, actor, acted_at, act_folder, act_validity, act_key)
    VALUES (2, 1800000000000000, 9, '4', NULL, NULL, 1800777600000000, 'cancel', 'number_unknown', 'cancel@otmena.example', 1800000000000000, 'cancel_booking', 9, '1');
INSERT INTO desk_notes (message_id, letter_id, size, place_validity, place_key, obsolete)
    VALUES ('note.1@otmena.example', 2, 3000, 9, '5', FALSE);
INSERT INTO desk_orders (letter_id, act, booking, reason, words, actor, ordered_at)
    VALUES (2, 'cancel', 'А-2', 'by_phone', 'Как договорились.', 'operator', 1800000000000000);
