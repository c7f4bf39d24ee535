UPDATE letter_words SET evidence = '{"tokens":[],"expired":[],"dkim":{"checked":false,"signatures":[],"addressed_to_us":false,"date_apart":null},"relay":"aligned","content":null}'
    WHERE letter_id = 1;
INSERT INTO dns_waits (letter_id, since, due_at, attempts, sender, number_key)
    VALUES (4, 1800000000000000, 1800000060000000, 1, X'abababababababababababababababababababababababababababababababab', 'A-2');
INSERT INTO signed_letters (content, booking_id, letter_id, decided_at)
    VALUES (X'abababababababababababababababababababababababababababababababab', 1, 1, 1800000000000000);
