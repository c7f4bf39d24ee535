-- A late cancellation with its documents, and a sanction that was proposed.
UPDATE challenges SET shown = '{"number":2,"fine_roubles":500,"block_days":0,"same_service_days":14,"waiting_list_days":30}';
INSERT INTO received_documents (letter_id, position, name, media_type, size, sha256)
    VALUES (2, 0, 'spravka.pdf', 'application/pdf', 40000, X'abababababababababababababababababababababababababababababababab');
INSERT INTO reviews (letter_id, booking_id, received_at, slot_released, follow_up, state, opened_at, decided_at)
    VALUES (2, 1, 1800000000000000, 0, 1, 'open', 1800000000000000, NULL);
INSERT INTO counted_cancellations (id, booking_id, document, citizen, service_code, received_at, cancelled_at, timeliness, reason_code, documents_until, policy)
    VALUES (1, 1, 'A-1/1', X'abababababababababababababababababababababababababababababababab', 'T-1', 1799996401000000, 1800000000000000, 'untimely', 'illness', 1801209600000000, 'default-2');
INSERT INTO sanctions (id, booking_id, document, citizen, service_code, kind, amount, state, policy, proposed_at, decided_at, until)
    VALUES (1, 1, 'A-1/1', X'abababababababababababababababababababababababababababababababab', 'T-1', 'fine', 500, 'proposed', 'default-2', 1800000000000000, NULL, NULL);
