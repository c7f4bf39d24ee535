-- A filled database of the first schema: later migrations must carry these rows along.
UPDATE meta SET value = 3 WHERE name = 'change_seq';
INSERT INTO bookings (id, number, number_key, service_code, service_name, category, organisation, address, zone, resource, starts_at, state, cancel_received_at, cancelled_at, document, cancel_letter, cancel_channel, cancellations, revision)
    VALUES (1, 'A-1', 'A-1', 'T-1', 'Приём терапевта', 'general', 'Поликлиника', 'ул. Мира, 1', 'Europe/Moscow', 'Кабинет 3', 1800864000000000, 'cancelled', 1799996401000000, 1800000000000000, 'A-1/1', 1, 'mail', 1, 1);
INSERT INTO bookings (id, number, number_key, service_code, service_name, category, organisation, address, zone, resource, starts_at, state, cancel_received_at, cancelled_at, document, cancel_letter, cancel_channel, cancellations, revision)
    VALUES (2, 'А-2', 'A-2', 'T-1', 'Приём терапевта', 'general', 'Поликлиника', 'ул. Мира, 1', 'Europe/Moscow', 'Кабинет 3', 1800864000000000, 'scheduled', NULL, NULL, NULL, NULL, NULL, 0, 0);
INSERT INTO citizens (booking_id, full_name, phone, citizen_id)
    VALUES (1, 'Иванова Анна Петровна', '+79161234567', NULL);
INSERT INTO citizens (booking_id, full_name, phone, citizen_id)
    VALUES (2, 'Иванова Анна Петровна', '+79161234567', NULL);
INSERT INTO booking_addresses (booking_id, position, address, person)
    VALUES (1, 0, 'citizen@example.org', X'1c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09');
INSERT INTO booking_addresses (booking_id, position, address, person)
    VALUES (1, 1, 'second@example.org', X'1c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09');
INSERT INTO booking_addresses (booking_id, position, address, person)
    VALUES (2, 0, 'citizen@example.org', X'1c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09');
INSERT INTO booking_addresses (booking_id, position, address, person)
    VALUES (2, 1, 'second@example.org', X'1c1cce6d3a7b9b95aae5aa592e11da44a8fed86a2dabac526046985b0885db09');
INSERT INTO slots (id, organisation, resource, service_code, starts_at, zone, state, booking_id)
    VALUES (1, 'Поликлиника', 'Кабинет 3', 'T-1', 1800864000000000, 'Europe/Moscow', 'free', NULL);
INSERT INTO slots (id, organisation, resource, service_code, starts_at, zone, state, booking_id)
    VALUES (2, 'Поликлиника', 'Кабинет 3', 'T-1', 1800864000000000, 'Europe/Moscow', 'booked', 2);
INSERT INTO letters (id, raw_hash, content_hash, received_at, size, state, attempts, decision, reason, booking_id, gates, place_folder, place_validity, place_key, taken_in_at, decided_at)
    VALUES (1, X'27acb33cdf6d8a84a08eddc776793aa41aa7f77aaa20646eb11651d4c190a30a', X'31cc9f1833f765590dfff24659de4d73fe339b489655c4037fee1ee3f2dc2050', 1799996401000000, 2000, 'filed', 1, 'cancelled', NULL, 1, '[]', 'inbox', 7, '1', 1800000000000000, 1800000000000000);
INSERT INTO letters (id, raw_hash, content_hash, received_at, size, state, attempts, decision, reason, booking_id, gates, place_folder, place_validity, place_key, taken_in_at, decided_at)
    VALUES (2, X'da748d86d156454c384560702a9089372288a804b9cd05ce6c2d910c36a4067c', X'9e0e7bd4d938d1f4e64ea8ec3124666db292808af9bedcfafa86dadc78e17bf9', 1799996402000000, 2000, 'held', 1, 'held', 'number_unknown', NULL, '[]', 'inbox', 7, '2', 1800000000000000, 1800000000000000);
INSERT INTO letters (id, raw_hash, content_hash, received_at, size, state, attempts, decision, reason, booking_id, gates, place_folder, place_validity, place_key, taken_in_at, decided_at)
    VALUES (3, X'd23a87ebdf6010877e70ac3eb7cb446d301f48b7bb4a01715baf5753a9b6e47a', X'bd53fa2ef2f476623dd52e3cd100ea2886f99480870e06fbd24a88f295b28d39', 1799996403000000, 2000, 'decided', 1, 'confirm_first', NULL, 2, '[]', 'inbox', 7, '3', 1800000000000000, 1800000000000000);
INSERT INTO letters (id, raw_hash, content_hash, received_at, size, state, attempts, decision, reason, booking_id, gates, place_folder, place_validity, place_key, taken_in_at, decided_at)
    VALUES (4, X'49937b10c6750992023e5180bd52371617af73f39ae35561ef9fbbc5563c8971', NULL, 1799996404000000, 2000, 'taken_in', 1, NULL, NULL, NULL, NULL, 'inbox', 7, '4', 1800000000000000, NULL);
INSERT INTO letter_words (letter_id, sender, subject, reading)
    VALUES (1, 'citizen@example.org', 'Отмена записи', '{"intent":"cancel","number":"A-1","quoted_number":null,"date":null,"time":null,"full_name":null,"phone":null,"reason":null,"problems":[]}');
INSERT INTO letter_words (letter_id, sender, subject, reading)
    VALUES (2, 'citizen@example.org', 'Отмена записи', '{"intent":"cancel","number":"Б-404","quoted_number":null,"date":null,"time":null,"full_name":null,"phone":null,"reason":null,"problems":[]}');
INSERT INTO letter_words (letter_id, sender, subject, reading)
    VALUES (3, 'citizen@example.org', 'Отмена записи', '{"intent":"cancel","number":"А-2","quoted_number":null,"date":null,"time":null,"full_name":null,"phone":null,"reason":null,"problems":[]}');
INSERT INTO challenges (id, booking_id, letter_id, received_at, opened_at, expires_at, state, reason)
    VALUES (4862526699521167827, 2, 3, 1799996403000000, 1800000000000000, 1800172800000000, 'open', 'заболела');
INSERT INTO outbox (id, kind, answers, booking_id, recipient, message_id, thread, reply_to, date, verified, data, state, attempts, created_at, not_before, due_at, leased_until, sent_at, last_error, document_hash)
    VALUES (1, 'cancelled', 1, 1, 'citizen@example.org', 'answer-1@otmena.example', '["letter-1@example.org"]', 'cancel+token@example.org', 1800000000000000, TRUE, '{"version":1,"booking":null,"received_at":null,"deadline":null,"cancelled_at":null,"document":"A-1/1","document_token":null,"answer_until":null,"challenge":null,"masked_sender":null,"reason":null,"problem":null,"answer_address":null}', 'sent', 1, 1800000000000000, 1800000000000000, 1800000000000000, 0, 1800000000000000, NULL, X'47ca6985c938bd8bb4f217b991def2757fa38e02bdbf5bf46b5fad9247d4c755');
INSERT INTO outbox (id, kind, answers, booking_id, recipient, message_id, thread, reply_to, date, verified, data, state, attempts, created_at, not_before, due_at, leased_until, sent_at, last_error, document_hash)
    VALUES (2, 'cancelled', 3, 2, 'citizen@example.org', 'answer-3@otmena.example', '["letter-3@example.org"]', 'cancel+token@example.org', 1800000000000000, TRUE, '{"version":1,"booking":null,"received_at":null,"deadline":null,"cancelled_at":null,"document":"А-2/1","document_token":null,"answer_until":null,"challenge":null,"masked_sender":null,"reason":null,"problem":null,"answer_address":null}', 'due', 0, 1800000000000000, 1800000000000000, 1800000000000000, 0, NULL, NULL, NULL);
INSERT INTO filings (letter_id, place_folder, place_validity, place_key, target, keywords, note, attempts, due_at, done)
    VALUES (1, 'inbox', 7, '1', 'processed', '[]', NULL, 0, 1800000000000000, TRUE);
INSERT INTO filings (letter_id, place_folder, place_validity, place_key, target, keywords, note, attempts, due_at, done)
    VALUES (2, 'inbox', 7, '2', 'dead_letter', '["Number"]', NULL, 0, 1800000000000000, FALSE);
INSERT INTO filings (letter_id, place_folder, place_validity, place_key, target, keywords, note, attempts, due_at, done)
    VALUES (3, 'inbox', 7, '3', 'processed', '[]', NULL, 0, 1800000000000000, FALSE);
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (1, 'booking:1', 1, 'booking_imported', 'operator', 1800000000000000, '{"revision":0,"starts_at":1800864000000000}', X'0000000000000000000000000000000000000000000000000000000000000000', X'fd73b3ae21b0f30f7860c4cbf4a480fe4713f3ef4ae6a1aeee6af2d106987c5c');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (2, 'booking:2', 1, 'booking_imported', 'operator', 1800000000000000, '{"revision":0,"starts_at":1800864000000000}', X'0000000000000000000000000000000000000000000000000000000000000000', X'6ff57719f1ae109a54e716724a9db5aae5c4cd2a4f9bdadb9f95b95a465969d7');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (3, 'booking:1', 2, 'booking_cancelled', 'daemon', 1800000000000000, '{"letter":1}', X'fd73b3ae21b0f30f7860c4cbf4a480fe4713f3ef4ae6a1aeee6af2d106987c5c', X'0580aa5263479dc3b55c93f8422aa01235db143f4c4864f63240b7ff8a6c0396');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (4, 'booking:1', 3, 'slot_freed', 'daemon', 1800000000000000, '{"slot":1}', X'0580aa5263479dc3b55c93f8422aa01235db143f4c4864f63240b7ff8a6c0396', X'1a40f487f6618189cd38768d613985b794b9d1afcc225a8d2f2e721d4f47b162');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (5, 'letter:2', 1, 'letter_held', 'daemon', 1800000000000000, '{"letter":2}', X'0000000000000000000000000000000000000000000000000000000000000000', X'46ae1fc196f484879f213b51e300c7d21e7f08921c56efcab57808dbfae0e96b');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (6, 'booking:2', 2, 'booking_cancelled', 'daemon', 1800000000000000, '{"letter":3}', X'6ff57719f1ae109a54e716724a9db5aae5c4cd2a4f9bdadb9f95b95a465969d7', X'e584cc0f148dbec7b167d73dca326c454dcaaa287c4df8ec4eb05330ceb49b33');
INSERT INTO journal (id, chain, position, kind, actor, at, data, previous, hash)
    VALUES (7, 'booking:1', 4, 'document_issued', 'daemon', 1800000000000000, '{"document":"A-1/1","sha256":"47ca6985c938bd8bb4f217b991def2757fa38e02bdbf5bf46b5fad9247d4c755"}', X'1a40f487f6618189cd38768d613985b794b9d1afcc225a8d2f2e721d4f47b162', X'd049a1c51cf271f47d5112bfa0ec2d3cb2ebca25a19d0c58ece1a27c38a1a3ec');
INSERT INTO changes (seq, at, booking_id, number, kind, state, starts_at, channel)
    VALUES (1, 1800000000000000, 1, 'A-1', 'imported', 'scheduled', 1800864000000000, 'command');
INSERT INTO changes (seq, at, booking_id, number, kind, state, starts_at, channel)
    VALUES (2, 1800000000000000, 2, 'А-2', 'imported', 'scheduled', 1800864000000000, 'command');
INSERT INTO changes (seq, at, booking_id, number, kind, state, starts_at, channel)
    VALUES (3, 1800000000000000, 1, 'A-1', 'cancelled', 'cancelled', 1800864000000000, 'mail');
INSERT INTO documents (number, hash, booking_id, first_sent_at)
    VALUES ('A-1/1', X'47ca6985c938bd8bb4f217b991def2757fa38e02bdbf5bf46b5fad9247d4c755', 1, 1800000000000000);
