-- A sealed journal, a key for documents, a change that the schedule does not take, and a purge.
INSERT INTO seals (position, at, last_id, heads, digest, previous, hash)
    VALUES (1, 1800000060000000, 7, 1, '\xb0ce0190d1ea3676bbe6095700fed1ee4a69273bc41dd64aaa3e0f0f83446af4', '\x0000000000000000000000000000000000000000000000000000000000000000', '\x984e247dae7408d22516b37d29222c25263ee860299a0a35f97341ed0776209c');
INSERT INTO sealed_heads (seal, chain, position, hash)
    VALUES (1, 'booking:1', 4, '\xd049a1c51cf271f47d5112bfa0ec2d3cb2ebca25a19d0c58ece1a27c38a1a3ec');
INSERT INTO document_key (id, seed, created_at)
    VALUES (1, '\x1111111111111111111111111111111111111111111111111111111111111111', 1800000000000000);
UPDATE registry SET told = 3, last_told_at = 1800000060000000, last_error = 'exit_1';
INSERT INTO registry_backlog (seq, booking_id, attempts, due_at)
    VALUES (2, 2, 1, 1800000120000000);
UPDATE letters SET purged_at = 1800000120000000 WHERE id = 2;
